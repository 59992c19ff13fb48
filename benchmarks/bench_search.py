"""Prints how fast and how right the search is: graph, filters, start, additions, memory.

    .venv/bin/python benchmarks/bench_search.py --sizes 42386 200000 --data-dir INDEXED

Vectors are convex mixes of two real ones that were recognised as the same type, plus noise at the
median distance of a real one's fifth neighbour; questions are real ones that were left out. Without
`--data-dir`, the folder of a catalogue that was indexed before, clusters drawn by chance stand in for
the real ones, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from machine import describe

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import FileStamp, Part, Vectors
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.paths import model_path
from fashion_finder.search import exact
from fashion_finder.search.index import SearchIndex
from fashion_finder.search.snapshot import Shelf
from fashion_finder.settings import inference_threads

COUNT = 5
QUESTIONS = 200
SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001)
BATCH = 4096
STAMP = "benchmark"


def main() -> int:
    """Measure every size and print a table, or JSON."""
    options = _arguments()
    info = OnnxEmbedder(options.model or model_path(), 1).info
    chance = np.random.default_rng(0)
    real, types = (
        _real(options.data_dir, info.stamp)
        if options.data_dir is not None
        else _drawn(info.dimension, info.parts, chance)
    )
    held_out = chance.permutation(len(real))[:QUESTIONS]
    questions = real[held_out]
    kept = np.setdiff1d(np.arange(len(real)), held_out)
    result: dict[str, Any] = {
        "machine": describe(),
        "vectors": str(options.data_dir or "drawn by chance"),
        "sizes": {},
    }
    for size in options.sizes:
        print(f"{size} vectors", file=sys.stderr)
        vectors = _grown(real[kept], types[kept], size, info.parts, chance)
        result["sizes"][str(size)] = _measure(vectors, questions, info.parts, chance)
    out = sys.stderr if options.json else sys.stdout
    print(json.dumps(result, indent=2), file=out)
    if options.json:
        print(json.dumps(result))
    return 0


# ---------------------------------------------------------------- vectors


def _real(data_dir: Path, stamp: str) -> tuple[Vectors, np.ndarray[Any, np.dtype[np.int64]]]:
    catalogue = Catalogue(data_dir)
    try:
        labels, vectors = catalogue.vectors_after(0, stamp)
        tags = catalogue.tagged(stamp, "type")
    finally:
        catalogue.close()
    if len(labels) < 2 * QUESTIONS:
        raise SystemExit(f"{data_dir} holds {len(labels)} pictures of this model: too few")
    type_of = dict(zip(tags.contents.tolist(), tags.places.tolist(), strict=True))
    return vectors, np.array([type_of.get(label, -1) for label in labels], np.int64)


def _drawn(
    dimension: int, parts: tuple[Part, ...], chance: np.random.Generator
) -> tuple[Vectors, np.ndarray[Any, np.dtype[np.int64]]]:
    types = chance.integers(0, 60, 4000)
    centres = chance.normal(size=(60, dimension))
    vectors = centres[types] + 0.8 * chance.normal(size=(len(types), dimension))
    return _unit(vectors.astype(np.float32), parts), types


def _grown(
    real: Vectors,
    types: np.ndarray[Any, np.dtype[np.int64]],
    size: int,
    parts: tuple[Part, ...],
    chance: np.random.Generator,
) -> Vectors:
    """The real ones, and mixes of two of one type until there are `size`."""
    if size <= len(real):
        return real[:size]
    order = np.argsort(types, kind="stable")
    starts = np.searchsorted(types[order], types)
    stops = np.searchsorted(types[order], types, side="right")
    some = chance.permutation(len(real))[:200]
    distances = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * np.sort(real[some] @ real.T)[:, -6]))
    noise = float(np.median(distances)) / np.sqrt(real.shape[1])
    grown = np.empty((size, real.shape[1]), np.float32)
    grown[: len(real)] = real
    for start in range(len(real), size, BATCH):
        rows = min(BATCH, size - start)
        one = chance.integers(0, len(real), rows)
        other = order[chance.integers(starts[one], stops[one])]
        share = chance.random((rows, 1))
        mixed = share * real[one] + (1 - share) * real[other]
        mixed += noise * chance.normal(size=mixed.shape)
        grown[start : start + rows] = _unit(mixed.astype(np.float32), parts)
    return grown


def _unit(vectors: Vectors, parts: tuple[Part, ...]) -> Vectors:
    """Each part as long as the root of its weight, as the model contract has it."""
    for part in parts:
        stretch = vectors[:, part.start : part.stop]
        stretch *= np.sqrt(part.weight) / np.linalg.norm(stretch, axis=1, keepdims=True)
    return vectors


# ---------------------------------------------------------------- measuring


def _measure(
    vectors: Vectors, questions: Vectors, parts: tuple[Part, ...], chance: np.random.Generator
) -> dict[str, Any]:
    size = len(vectors)
    labels = np.arange(1, size + 1, dtype=np.int64)  # the catalogue numbers contents from 1
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        _fill(data, vectors)
        catalogue = Catalogue(data)
        index = SearchIndex(data / "index", catalogue, STAMP, vectors.shape[1])
        index.load()
        found["build_seconds"] = _seconds(lambda: index.rebuild(inference_threads()))
        weighed = {"the model's weights": questions}
        for part in parts:
            only = np.zeros_like(questions)
            stretch = slice(part.start, part.stop)
            only[:, stretch] = questions[:, stretch] / part.weight
            weighed[f"only {part.name}"] = only
        shelf = index.shelf
        found["search"] = {
            name: _compared(
                asked,
                lambda query: shelf.current.nearest(query, COUNT),
                lambda query: exact.nearest(labels, vectors, query, COUNT),
            )
            for name, asked in weighed.items()
        }
        found["filtered"] = {}
        for share in SHARES:
            allowed = np.sort(chance.permutation(labels)[: max(COUNT, int(share * size))])
            rows = allowed - 1
            inside = vectors[rows]
            found["filtered"][f"{share:.1%}"] = _compared(
                questions,
                partial(_nearest_in, shelf, allowed),
                partial(_exact_in, allowed, inside),
            )
        started = time.perf_counter()
        reopened = SearchIndex(data / "index", catalogue, STAMP, vectors.shape[1])
        reopened.load()
        reopened.shelf.current.nearest(questions[0], COUNT)
        found["start_to_first_answer_seconds"] = round(time.perf_counter() - started, 3)
        found["graph_loaded"] = reopened.shelf.current.base is not None
        new = list(range(size + 1, size + 101))
        found["add_100_ms"] = round(1e3 * _seconds(lambda: index.add(new, questions[:100])), 2)
        found["rebuild_due_after_100"] = index.rebuild_is_due
        found["graph_file_to_raw"] = round(
            (data / "index" / "graph.bin").stat().st_size / vectors.nbytes, 3
        )
        found["process_to_raw"] = round(psutil.Process().memory_info().rss / vectors.nbytes, 2)
        catalogue.close()
    return found


def _nearest_in(shelf: Shelf, allowed: exact.Labels, query: Vectors) -> exact.Neighbours:
    return shelf.current.nearest(query, COUNT, allowed)


def _exact_in(allowed: exact.Labels, inside: Vectors, query: Vectors) -> exact.Neighbours:
    return exact.nearest(allowed, inside, query, COUNT)


def _fill(data: Path, vectors: Vectors) -> None:
    catalogue = Catalogue(data)
    root = catalogue.add_root(Path("/benchmark"))
    for start in range(0, len(vectors), BATCH):
        numbers = range(start, min(start + BATCH, len(vectors)))
        digests = [number.to_bytes(8, "big") for number in numbers]
        contents = [
            NewContent(digest, 1, 1, 1, vectors[number], ())
            for number, digest in zip(numbers, digests, strict=True)
        ]
        files = [
            Filed(FileStamp(f"{number}.jpg", 1, 1), "disk", digest)
            for number, digest in zip(numbers, digests, strict=True)
        ]
        catalogue.file_batch(root.id, STAMP, contents, files)
    catalogue.close()


def _compared(
    questions: Vectors,
    search: Callable[[Vectors], exact.Neighbours],
    truth: Callable[[Vectors], exact.Neighbours],
) -> dict[str, float]:
    search(questions[0])
    times, exact_times, recall, least = [], [], 0.0, COUNT
    for query in questions:
        started = time.perf_counter()
        found = search(query)
        times.append(time.perf_counter() - started)
        started = time.perf_counter()
        right = truth(query)
        exact_times.append(time.perf_counter() - started)
        recall += len({one for one, _ in found} & {one for one, _ in right}) / len(right)
        least = min(least, len(found))
    return {
        "p50_ms": round(1e3 * float(np.percentile(times, 50)), 2),
        "p95_ms": round(1e3 * float(np.percentile(times, 95)), 2),
        "exact_p50_ms": round(1e3 * float(np.percentile(exact_times, 50)), 2),
        "recall": round(recall / len(questions), 4),
        "fewest_answers": least,
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 5)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast and how right the search is.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[42_386, 200_000])
    parser.add_argument("--data-dir", type=Path, help="an indexed data folder, for real vectors")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
