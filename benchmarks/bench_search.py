"""Prints how fast, how right and how large the search is, at any size.

    python benchmarks/real_vectors.py photos.zip vectors.npz
    python benchmarks/bench_search.py --vectors vectors.npz --sizes 42386 200000 --keep DIR

Beyond the real vectors there are convex mixes of two of one type, plus noise at the median distance
of a real one's fifth neighbour; questions are real ones that were left out. Without `--vectors`,
clusters drawn by chance stand in for the real ones, and the table says so. With `--keep`, what was
prepared and built stays, and a later run measures only.

Every stage runs in a process of its own, watched from outside: building all graphs, extending them,
and searching. The search is the program's engine, opened on a catalogue of that many photos.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from grown_vectors import Real, grow, read_real
from machine import MemoryWatch, Stopwatch, describe
from photo_source import draw

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import FileStamp, ModelInfo, Recognised, Vectors
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.paths import model_path

HERE = Path(__file__).parent
COUNT = 5
SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001)
FILTERED_QUESTIONS = 60
COMPARED = 20  # questions whose similarities to all are held at a time
BATCH = 4096


def main() -> int:
    """Measure every size and print a table, or JSON."""
    options = _arguments()
    model = options.model or model_path()
    info = OnnxEmbedder(model, 1).info
    real = read_real(options.vectors, info.dimension, info.parts)
    result: dict[str, Any] = {"machine": describe(), "vectors": real.label, "sizes": {}}
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as scratch:
        for size in options.sizes:
            folder = (options.keep or Path(scratch)) / str(size)
            _say(f"{size} vectors in {folder}")
            result["sizes"][str(size)] = measure(folder, real, size, info, model)
            _say(table({**result, "sizes": {str(size): result["sizes"][str(size)]}}))
    print(table(result), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(result))
    return 0


def measure(folder: Path, real: Real, size: int, info: ModelInfo, model: Path) -> dict[str, Any]:
    """All figures of one size; what was prepared and built before is read from its folder."""
    notes = folder / "notes.json"
    if not notes.exists():
        prepared = prepare(folder, real, size, info)
        prepared["build"] = stage("build", folder, model)
        notes.write_text(json.dumps(prepared))
    raw = 4 * size * info.dimension
    found: dict[str, Any] = json.loads(notes.read_text())
    found["extend"] = stage("extend", folder, model)
    found |= stage("search", folder, model)
    found.pop("peak_mb")
    index = [path.stat().st_size for path in (folder / "data" / "index").iterdir()]
    found["raw_mb"] = raw / 1e6
    found["index_mb"] = sum(index) / 1e6
    found["catalogue_mb"] = (folder / "data" / "catalogue.sqlite3").stat().st_size / 1e6
    return found


def stage(name: str, folder: Path, model: Path) -> dict[str, Any]:
    """Run one stage of search_stages.py and watch its memory."""
    command = [sys.executable, str(HERE / "search_stages.py"), name, str(folder), str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        with MemoryWatch(process.pid) as memory:
            output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the stage {name} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(output)
    return found | {"peak_mb": memory.peak / 1e6}


# ---------------------------------------------------------------- preparing


def prepare(folder: Path, real: Real, size: int, info: ModelInfo) -> dict[str, Any]:
    """The catalogue, the questions and the true answers."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = grow(real, size, info.parts)
    np.save(folder / "vectors.npy", vectors)
    draw(folder / "question.jpg", 7)
    questions = {"the model's weights": real.questions}
    for part in info.parts:
        stretch = slice(part.start, part.stop)
        only = np.zeros_like(real.questions)
        only[:, stretch] = real.questions[:, stretch] / part.weight
        questions[f"only {part.name}"] = only
    np.savez(folder / "questions.npz", **questions)  # type: ignore[arg-type]  # names are no options
    chance = np.random.default_rng(size)
    labels = np.arange(1, size + 1, dtype=np.int64)  # the catalogue numbers contents from 1
    allowed = {
        f"{share:.1%}": np.sort(chance.permutation(labels)[: max(COUNT, int(share * size))])
        for share in SHARES
    }
    for name, some in allowed.items():
        np.save(folder / f"allowed-{name}.npy", some)
    truth: dict[str, Any] = {name: nearest(vectors, asked) for name, asked in questions.items()}
    few = real.questions[:FILTERED_QUESTIONS]
    truth["filtered"] = {name: nearest(vectors, few, some - 1) for name, some in allowed.items()}
    (folder / "truth.json").write_text(json.dumps(truth))
    watch = Stopwatch()
    fill(folder / "data", vectors, info.stamp)
    return {"fill_seconds": watch.seconds}


def nearest(
    vectors: Vectors, questions: Vectors, rows: np.ndarray[Any, Any] | None = None
) -> list[list[int]]:
    """The labels of the truly nearest, among some rows only when they are given."""
    found = []
    for start in range(0, len(questions), COMPARED):
        similarities = questions[start : start + COMPARED] @ vectors.T
        if rows is not None:
            similarities = similarities[:, rows]
        best = np.argpartition(-similarities, COUNT - 1, axis=1)[:, :COUNT]
        places = best if rows is None else rows[best]
        found += (places + 1).tolist()
    return found


def fill(data: Path, vectors: Vectors, stamp: str) -> None:
    """A catalogue of so many photos, as a sync leaves it."""
    data.mkdir()
    catalogue = Catalogue(data)
    root = catalogue.roots.add(Path("/benchmark"))
    for start in range(0, len(vectors), BATCH):
        numbers = range(start, min(start + BATCH, len(vectors)))
        digests = [number.to_bytes(32, "big") for number in numbers]
        contents = [
            NewContent(digest, number, 225, 300, vectors[number], _tags(number))
            for number, digest in zip(numbers, digests, strict=True)
        ]
        files = [
            Filed(FileStamp(f"{number // 500:04}/{number:07}.jpg", number, 1), "disk", digest)
            for number, digest in zip(numbers, digests, strict=True)
        ]
        catalogue.files.record(root.id, stamp, contents, files)
    catalogue.roots.mark(root.id, unfinished=False)
    catalogue.close()


def _tags(number: int) -> tuple[Recognised, ...]:
    return (
        Recognised("type", f"type {number % 91}", 0.9),
        Recognised("colour_name", f"colour {number % 42}", 0.8),
    )


# ---------------------------------------------------------------- telling


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine = result["machine"]
    lines = [f"vectors: {result['vectors']}; {machine['processor']}, {machine['cores']} cores"]
    for size, one in result["sizes"].items():
        raw = one["raw_mb"]
        lines += ["", f"{int(size):,} vectors, {raw:.0f} MB as float32"]
        for name, row in (*one["search"].items(), ("through the engine", one["engine"])):
            lines.append(_row(name, row))
        lines += [_row(f"{name} left by a filter", row) for name, row in one["filtered"].items()]
        built, extended = one["build"], one["extend"]
        due = "due" if one["rebuild_due_after_adding"] else "not due"
        lines += [
            f"  start to first answer {one['start_to_first_answer_seconds']:.2f} s",
            f"  adding 100 vectors {one['add_ms']:.1f} ms; a rebuild is then {due}",
            f"  building {built['graphs']} graphs {built['seconds']:.0f} s",
            f"  building one more for {extended['added']} additions {extended['seconds']:.1f} s",
        ]
        for name, memory in (
            ("while searching", one["steady_mb"]),
            ("while building all", built["peak_mb"]),
            ("while extending", extended["peak_mb"]),
        ):
            lines.append(
                f"  memory of the program {name}: {memory:.0f} MB = {memory / raw:.2f} x raw,"
                f" or 1.3 x raw + {memory - 1.3 * raw:.0f} MB"
            )
    if machine["others_were_busy"]:
        lines += ["", f"  Something else was running (load {machine['load_before']})."]
    return "\n".join(lines)


def _row(name: str, row: dict[str, float]) -> str:
    right = f"   recall@5 {row['recall']:.4f}" if "recall" in row else ""
    return f"  {name:<28} p50 {row['p50_ms']:7.2f} ms   p95 {row['p95_ms']:7.2f} ms{right}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast, right and large the search is.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[42_386, 200_000])
    parser.add_argument("--vectors", type=Path, help="a file of real_vectors.py")
    parser.add_argument("--keep", type=Path, help="a folder for what is prepared and built")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
