"""Seconds for bringing unchanged photos up to date, beside a bare walk with stat of the same tree.

    python benchmarks/bench_rescan.py --count 42386
    python benchmarks/bench_rescan.py --folder ~/Pictures --data-dir DIR    # a folder indexed before

Without a folder, the photos are hard links to a few drawn ones: what a second run costs depends on
how many files there are and not on what they show.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from machine import describe
from photo_source import draw

from fashion_finder.engine import Engine
from fashion_finder.paths import model_path

COUNT = 42_386  # the photos of the training data set, and the size named in the issue
IN_A_FOLDER = 150
DRAWN = 64
RUNS = 5


def main() -> int:
    """Measure and print."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as work:
        folder = options.folder or make_tree(Path(work) / "photos", options.count)
        data = options.data_dir or Path(work) / "data"
        with Engine.open(data, options.model or model_path()) as engine:
            result = measure(engine, folder.resolve())
    result["machine"] = describe()
    print(json.dumps(result) if options.json else table(result))
    return 0


def measure(engine: Engine, folder: Path) -> dict[str, Any]:
    """The best of several runs of each, in turn; the first sync is not counted."""
    first = engine.sync([folder])
    bare, again = [], []
    for _ in range(RUNS):
        bare.append(_timed(lambda: walk(folder)))
        again.append(_timed(lambda: engine.sync([folder])))
    return {
        "files": first.found,
        "bare_seconds": min(bare),
        "rescan_seconds": min(again),
        "ratio": min(again) / min(bare),
    }


def make_tree(folder: Path, count: int) -> Path:
    """`count` pictures in folders of their own."""
    folder.mkdir()
    drawn = []
    for number in range(DRAWN):
        path = folder / f"{number:03}.jpg"
        drawn.append(draw(path, number))
    for number in range(count - DRAWN):
        inner = folder / f"{number // IN_A_FOLDER:04}"
        inner.mkdir(exist_ok=True)
        os.link(drawn[number % DRAWN], inner / f"{number:06}.jpg")
    return folder


def walk(folder: Path) -> int:
    """The bytes of all files of a tree: every name and every stat, and nothing else."""
    total, waiting = 0, [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    total += entry.stat().st_size
    return total


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine = result["machine"]
    lines = [
        f"{result['files']} unchanged files; {machine['processor']}, {machine['cores']} cores",
        "",
        f"  a walk with stat      {result['bare_seconds']:8.3f} s",
        f"  the second sync       {result['rescan_seconds']:8.3f} s",
        "",
        f"  {result['ratio']:.2f} times the bare walk",
    ]
    if machine["others_were_busy"]:
        lines.append(f"  Something else was running (load {machine['load_before']}): do not quote.")
    return "\n".join(lines)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Seconds for a second run over unchanged photos.")
    parser.add_argument("--count", type=int, default=COUNT, help="files to make")
    parser.add_argument("--folder", type=Path, help="a folder of yours instead")
    parser.add_argument("--data-dir", type=Path, help="a data folder that knows it already")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true", help="one line for programs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
