"""What bench_search.py measures in processes of their own, so that their memory is theirs alone.

    python benchmarks/search_stages.py build|extend|search DIR MODEL

Prints one line of JSON. `DIR` is what bench_search.py has prepared.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from machine import memory_now

from fashion_finder.domain import Part, PictureFile, Vectors
from fashion_finder.engine import Engine
from fashion_finder.search.query_vector import balance, effort
from fashion_finder.search.snapshot import Snapshot
from fashion_finder.settings import inference_threads

COUNT = 5
ADDED = 100
WARM_UP = 5


def main() -> int:
    """Do one stage."""
    parser = argparse.ArgumentParser(description="One stage of bench_search.py.")
    parser.add_argument("stage", choices=["build", "extend", "search"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    options = parser.parse_args()
    stage = {"build": build, "extend": extend, "search": search}[options.stage]
    print(json.dumps(stage(options.folder, options.model)))
    return 0


def build(folder: Path, model: Path) -> dict[str, Any]:
    """The first graphs of all there is, as after the first sync: the program builds them itself."""
    started = time.perf_counter()
    with Engine.open(folder / "data", model) as engine:
        opened = time.perf_counter() - started
        for thread in engine._background:
            thread.join()
        return {
            "seconds": time.perf_counter() - started - opened,
            "graphs": len(engine._index.current.graphs),
        }


def extend(folder: Path, model: Path) -> dict[str, Any]:
    """So many additions that the next graph is due, beside all that is there."""
    with Engine.open(folder / "data", model) as engine, tempfile.TemporaryDirectory() as elsewhere:
        index = engine._index
        index._folder = Path(elsewhere)  # what is kept stays as it is
        engine._catalogue.vectors.draw_graph_token = lambda: "none"  # type: ignore[method-assign]
        current = index.current
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        label = first = len(vectors)
        while not index.rebuild_is_due:
            some = range(label + 1, label + 257)
            start = (label - first) % (
                first - len(some)
            )  # in a row: what is touched is memory, too
            index.add(some, vectors[start : start + len(some)] * np.float32(0.999))
            label += len(some)
        started = time.perf_counter()
        built = index.rebuild(inference_threads(), lambda linked, total: True)
        return {
            "seconds": time.perf_counter() - started,
            "added": label - len(vectors),
            "built": built,
            "kept": sum(one in index.current.graphs for one in current.graphs),
        }


def search(folder: Path, model: Path) -> dict[str, Any]:
    """Start, then questions of every kind, then additions."""
    started = time.perf_counter()
    with Engine.open(folder / "data", model) as engine:
        engine.find_similar(PictureFile(folder / "question.jpg"))
        found: dict[str, Any] = {"start_to_first_answer_seconds": time.perf_counter() - started}
        snapshot = engine._index.current
        found["in_graphs"] = sum(map(len, snapshot.graphs)) / len(snapshot)
        with np.load(folder / "questions.npz") as file:
            questions = {name: file[name] for name in file.files}
        truth = json.loads((folder / "truth.json").read_text())
        plain = next(iter(questions))
        found["search"] = {
            name: measure(weighed(snapshot, name, engine.info.parts), asked, truth[name])
            for name, asked in questions.items()
        }
        found["engine"] = through_engine(engine, folder / "question.jpg", questions[plain])
        found["filtered"] = {}
        for name, right in truth["filtered"].items():
            allowed = np.load(folder / f"allowed-{name}.npy")
            asked = questions[plain][: len(right)]
            found["filtered"][name] = measure(filtered(snapshot, allowed), asked, right)
        gc.collect()
        found["steady_mb"] = memory_now(os.getpid())[0] / 1e6
        last = max(int(graph.labels[-1]) for graph in snapshot.graphs)
        added = range(last + 1, last + 1 + ADDED)
        started = time.perf_counter()
        engine._index.add(added, questions[plain][:ADDED])
        found["add_ms"] = 1e3 * (time.perf_counter() - started)
        found["rebuild_due_after_adding"] = engine._index.rebuild_is_due
    return found


def weighed(snapshot: Snapshot, name: str, parts: Sequence[Part]) -> Callable[[Vectors], Any]:
    """A search as broad as the program makes it: "only PART" puts all weight on one part."""
    only = name.removeprefix("only ")
    weights = balance(parts, {} if only == name else {only: 1.0})
    breadth = effort(parts, weights)
    return lambda query: snapshot.nearest(query, COUNT, effort=breadth)


def filtered(snapshot: Snapshot, allowed: np.ndarray[Any, Any]) -> Callable[[Vectors], Any]:
    """A search among some labels only."""
    return lambda query: snapshot.nearest(query, COUNT, allowed)


def through_engine(engine: Engine, question: Path, vectors: Vectors) -> dict[str, float]:
    """A whole question but for reading its picture and for the model, which are kept from before.

    The picture's embedding is replaced by one vector after the other.
    """
    picture = engine.find_similar(PictureFile(question)).picture
    waiting = iter(vectors)
    engine._query_vectors.vector = lambda *arguments: next(waiting)  # type: ignore[method-assign]
    times = []
    for _ in range(len(vectors)):
        started = time.perf_counter()
        engine.find_similar(PictureFile(question), picture=picture)
        times.append(time.perf_counter() - started)
    return percentiles(times[WARM_UP:])


def measure(
    search: Callable[[Vectors], list[tuple[int, float]]],
    questions: Vectors,
    right: Sequence[Sequence[int]],
) -> dict[str, float]:
    """Times, and how many of the truly nearest are among the answers."""
    for query in questions[:WARM_UP]:
        search(query)
    times, hits, wanted, fewest = [], 0, 0, COUNT
    for query, labels in zip(questions, right, strict=True):
        started = time.perf_counter()
        found = search(query)
        times.append(time.perf_counter() - started)
        hits += len({label for label, _ in found} & set(labels))
        wanted += len(labels)
        fewest = min(fewest, len(found))
    return percentiles(times) | {"recall": round(hits / wanted, 4), "fewest_answers": fewest}


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    return {
        f"p{share}_ms": round(1e3 * float(np.percentile(times, share)), 2) for share in (50, 95)
    }


if __name__ == "__main__":
    sys.exit(main())
