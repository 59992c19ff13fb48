r"""Prints hnswlib with and without native instructions, usearch and exact NumPy side by side.

    python benchmarks/bench_graphs.py --vectors vectors.npz --size 42386 --native DIR

All get the same vectors and questions as in bench_search.py, the same number of links and the same
breadths. Each runs in a process of its own. What is not installed is named and left out: usearch is
a package; for hnswlib with native instructions, tell pip to put it into a folder:

    python -m pip install --no-build-isolation --no-deps --no-cache-dir --no-binary :all: \
        --target DIR hnswlib
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from bench_search import nearest
from grown_vectors import grow, read_real
from machine import cores, describe
from search_stages import COUNT, measure

from fashion_finder.domain import Vectors
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.paths import model_path
from fashion_finder.search import exact
from fashion_finder.search.hnsw import BUILD_BREADTH, LINKS, SEARCH_BREADTH

BLOCK = 4096

Search = Callable[[Vectors], list[tuple[int, float]]]


def main() -> int:
    """Measure all contenders and print a table, or JSON."""
    options = _arguments()
    if options.contender:
        print(json.dumps(contend(options.contender, options.folder)))
        return 0
    info = OnnxEmbedder(options.model or model_path(), 1).info
    real = read_real(options.vectors, info.dimension, info.parts)
    result: dict[str, Any] = {"machine": describe(), "vectors": real.label, "size": options.size}
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as scratch:
        folder = Path(scratch)
        vectors = grow(real, options.size, info.parts)
        np.save(folder / "vectors.npy", vectors)
        np.save(folder / "questions.npy", real.questions)
        (folder / "truth.json").write_text(json.dumps(nearest(vectors, real.questions)))
        result["raw_mb"] = vectors.nbytes / 1e6
        del vectors
        result["contenders"] = {
            name: run(name, folder, options.native) for name in (*CONTENDERS, NATIVE)
        }
    print(table(result), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(result))
    return 0


def run(name: str, folder: Path, native: Path | None) -> dict[str, Any] | str:
    """One contender's figures, or why there are none."""
    environment = dict(os.environ)
    contender = name
    if name == NATIVE:
        if native is None:
            return "not given: see --native"
        if not list(native.glob("hnswlib*")):
            return f"not in {native}"
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(native), environment.get("PYTHONPATH", "")]
        )
        contender = PORTABLE
    elif name == USEARCH and importlib.util.find_spec("usearch") is None:
        return "not installed"
    command = [sys.executable, __file__, "--contender", contender, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def contend(name: str, folder: Path) -> dict[str, Any]:
    """Build and ask, in this process."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    questions = np.load(folder / "questions.npy")
    truth = json.loads((folder / "truth.json").read_text())
    before = psutil.Process().memory_full_info().uss
    started = time.perf_counter()
    search = CONTENDERS[name](vectors)
    seconds = time.perf_counter() - started
    del vectors  # the file's pages are not the contender's
    memory = psutil.Process().memory_full_info().uss - before
    found = measure(search, questions, truth)
    return {"build_seconds": seconds, "memory_mb": memory / 1e6, **found}


# ---------------------------------------------------------------- the contenders


def _exact(vectors: Vectors) -> Search:
    held = np.array(vectors)
    labels = np.arange(1, len(held) + 1, dtype=np.int64)
    return lambda query: exact.nearest(labels, held, query, COUNT)


def _hnswlib(vectors: Vectors) -> Search:
    import hnswlib

    index = hnswlib.Index(space="ip", dim=vectors.shape[1])
    index.init_index(len(vectors), M=LINKS, ef_construction=BUILD_BREADTH, random_seed=1)
    for start in range(0, len(vectors), BLOCK):
        block = np.array(vectors[start : start + BLOCK])
        index.add_items(block, np.arange(start, start + len(block)) + 1, num_threads=cores())
    index.set_ef(SEARCH_BREADTH)

    def search(query: Vectors) -> list[tuple[int, float]]:
        labels, distances = index.knn_query(query, k=COUNT, num_threads=1)
        return list(zip(labels[0].tolist(), distances[0].tolist(), strict=True))

    return search


def _usearch(vectors: Vectors) -> Search:
    from usearch.index import Index

    index = Index(
        ndim=vectors.shape[1],
        metric="ip",
        dtype="f32",
        connectivity=LINKS,
        expansion_add=BUILD_BREADTH,
        expansion_search=SEARCH_BREADTH,
    )
    for start in range(0, len(vectors), BLOCK):
        block = np.array(vectors[start : start + BLOCK])
        index.add(np.arange(start, start + len(block)) + 1, block, threads=cores())

    def search(query: Vectors) -> list[tuple[int, float]]:
        found = index.search(query, COUNT, threads=1)
        return list(zip(found.keys.tolist(), found.distances.tolist(), strict=True))

    return search


PORTABLE, NATIVE, USEARCH = "hnswlib, any processor", "hnswlib, native", "usearch"

CONTENDERS: dict[str, Callable[[Vectors], Search]] = {
    "exact NumPy": _exact,
    PORTABLE: _hnswlib,
    USEARCH: _usearch,
}


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine = result["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores"
    lines = [
        f"{result['size']:,} vectors: {result['vectors']}, {result['raw_mb']:.0f} MB; {where}",
        "",
        f"  {'':<24}{'build':>9}{'p50':>10}{'p95':>10}{'recall@5':>10}{'memory':>10}",
    ]
    for name, one in result["contenders"].items():
        if isinstance(one, str):
            lines.append(f"  {name:<24}{one}")
            continue
        lines.append(
            f"  {name:<24}{one['build_seconds']:>7.1f} s{one['p50_ms']:>7.2f} ms"
            f"{one['p95_ms']:>7.2f} ms{one['recall']:>10.4f}"
            f"{one['memory_mb'] / result['raw_mb']:>8.2f} x"
        )
    if machine["others_were_busy"]:
        lines.append(f"  Something else was running (load {machine['load_before']}).")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Graphs side by side.")
    parser.add_argument("--size", type=int, default=42_386)
    parser.add_argument("--vectors", type=Path, help="a file of real_vectors.py")
    parser.add_argument("--native", type=Path, help="a folder with hnswlib for this processor")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
