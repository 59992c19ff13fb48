"""Pictures indexed per second from a folder, beside the model alone and beside the usual way.

    python benchmarks/bench_index.py --photos photos.zip --within aspect-225x300 --limit 1000 --keras

The program is started as a person starts it, on a fresh data folder, and watched from outside. In
the same run, on the same cores: the bare onnxruntime session on squares prepared beforehand (before
and after, since other work on the machine shows as a difference between the two), decoding alone on
one core, and with --keras one `predict` per picture through Keras' ResNet50.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from machine import MemoryWatch, Stopwatch, cores, describe
from photo_source import PhotoSet, gather

from fashion_finder.domain import Pixels
from fashion_finder.images.read import read_picture
from fashion_finder.paths import model_path

HERE = Path(__file__).parent
KERAS_PYTHON = HERE.parent / ".venv-export" / "bin" / "python"
BATCHES = (1, 4, 8, 16)
SQUARES = 256
BARE_SECONDS = 4.0  # per batch size
UNQUIET = 1.15  # the bare session, before against after


def main() -> int:
    """Measure and print."""
    options = _arguments()
    model = options.model or model_path()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as folder:
        work = Path(folder)
        photos = gather(options.photos, options.within, options.limit, work)
        if not photos.real:
            print("No --photos given: the pictures are drawn, not photographed.", file=sys.stderr)
        result = measure(photos, model, work, keras=options.keras, python=options.keras_python)
    print(table(result), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(result))
    return 0


def measure(
    photos: PhotoSet, model: Path, work: Path, *, keras: int | None, python: Path
) -> dict[str, Any]:
    """All figures of one run; rates are pictures per second."""
    result: dict[str, Any] = {"photos": photos.label, "real": photos.real, "machine": describe()}
    squares, decode = prepare(photos)
    before = bare_rates(model, squares)
    result["index"] = index(photos.folder, work / "data", model)
    after = bare_rates(model, squares)
    best = max(BATCHES, key=lambda batch: before[batch] + after[batch])
    bare = (before[best] + after[best]) / 2
    possible = cores() / (decode + cores() / bare)
    rate = result["index"]["rate"]
    result |= {
        "decode_ms": decode * 1000,
        "bare": {"rate": bare, "batch": best, "before": before[best], "after": after[best]},
        "possible_rate": possible,
        "ratio_to_bare": rate / bare,
        "ratio_to_possible": rate / possible,
    }
    if keras:
        result["keras"] = keras_way(photos, keras, python)
        result["ratio_to_keras"] = rate / result["keras"]["rate"]
    return result


def prepare(photos: PhotoSet) -> tuple[Pixels, float]:
    """Some of the photos as the model's input, [N, 224, 224, 3], and one core's seconds for each."""
    step = max(1, len(photos.files) // SQUARES)
    squares = []
    read_picture(photos.files[0])  # loads the codecs
    start = time.process_time()
    for file in photos.files[::step][:SQUARES]:
        read = read_picture(file)
        if not isinstance(read, bytes):
            squares.append(read.square)
    return np.stack(squares), (time.process_time() - start) / len(squares)


def bare_rates(model: Path, squares: Pixels) -> dict[int, float]:
    """The session alone with its default options, for several sizes of batch."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as the program does
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    rates = {}
    for batch in BATCHES:
        session.run(["embedding"], {"image": squares[:batch]})
        done, watch = 0, Stopwatch()
        while watch.seconds < BARE_SECONDS:
            start = done % max(1, len(squares) - batch)
            session.run(["embedding"], {"image": squares[start : start + batch]})
            done += len(squares[start : start + batch])
        rates[batch] = done / watch.seconds
    return rates


def index(folder: Path, data: Path, model: Path) -> dict[str, Any]:
    """Index a folder with the program itself, in processes of its own."""
    command = [sys.executable, "-m", "fashion_finder", "index", str(folder), "--json"]
    command += ["--data-dir", str(data), "--model", str(model)]
    watch = Stopwatch()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        with MemoryWatch(program.pid) as memory:
            output, messages = program.communicate()
    if program.returncode:
        raise SystemExit(f"the program ended with {program.returncode}:\n{messages.decode()}")
    summary: dict[str, Any] = json.loads(output)
    return summary | {
        "rate": summary["added"] / summary["seconds"],
        "seconds_with_start": watch.seconds,
        "peak_mb": memory.peak / 1e6,
        "memory_is": f"sum of {memory.kind} over {memory.processes} processes",
    }


def keras_way(photos: PhotoSet, count: int, python: Path) -> dict[str, Any]:
    """One Keras `predict` per picture, on a sample of the photos."""
    if not python.exists():
        raise SystemExit(f"{python} is missing: make test-export sets it up")
    step = max(1, len(photos.files) // count)
    names = "\n".join(map(str, photos.files[::step][:count]))
    done = subprocess.run(
        [python, HERE / "keras_way.py"],
        input=names,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},  # same cores
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"rate": result["pictures"] / result["seconds"]}


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine, ran, bare = result["machine"], result["index"], result["bare"]
    rows = [
        (
            "Fashion Finder, from folder to catalogue",
            ran["rate"],
            f"{ran['added']} in {ran['seconds']:.1f} s",
        ),
        (
            f"the model alone, batches of {bare['batch']}",
            bare["rate"],
            f"{bare['before']:.1f} before, {bare['after']:.1f} after",
        ),
        (
            "possible: cores / (decoding + inference)",
            result["possible_rate"],
            f"decoding {result['decode_ms']:.1f} ms of one core",
        ),
    ]
    ratios = [
        f"{result['ratio_to_bare']:.2f} of the model alone",
        f"{result['ratio_to_possible']:.2f} of the possible",
    ]
    if "keras" in result:
        usual = result["keras"]
        why = f"{usual['pictures']} in {usual['seconds']:.1f} s"
        rows.append(("the usual way: Keras, one predict a picture", usual["rate"], why))
        ratios.append(f"{result['ratio_to_keras']:.1f} times the usual way")
    lines = [f"{result['photos']}; {machine['processor']}, {machine['cores']} cores", ""]
    lines += [f"  {what:<44}{rate:8.1f} pictures/s   ({why})" for what, rate, why in rows]
    lines += [
        "",
        f"  {', '.join(ratios)}",
        f"  peak memory {ran['peak_mb']:.0f} MB ({ran['memory_is']})",
    ]
    if max(bare["before"], bare["after"]) > UNQUIET * min(bare["before"], bare["after"]):
        lines.append("  Other work on the machine: before and after differ, so do not quote this.")
    elif machine["others_were_busy"]:
        load = machine["load_before"]
        lines.append(f"  Something else was running (load {load}): mind the ratios, not the rates.")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Pictures indexed per second, from a folder.")
    parser.add_argument("--photos", type=Path, help="a zip or a folder; without it, drawn pictures")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--limit", type=int, help="a sample of so many, the same every time")
    parser.add_argument("--model", type=Path)
    parser.add_argument(
        "--keras", type=int, nargs="?", const=60, metavar="N", help="also the usual way, N pictures"
    )
    parser.add_argument("--keras-python", type=Path, default=KERAS_PYTHON)
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
