"""From a picture dropped on the real window to its five answers painted: p50 and p95.

    python benchmarks/bench_question.py --photos photos.zip --within aspect-225x300 --limit 1000
    python benchmarks/bench_question.py --photos photos.zip --limit 4000 --while-indexing 3000

The window runs on the engine over an index of the photos. Every question is a JPEG of its own, dropped
as a file; the clock stops when the last of its five answers has been drawn with its thumbnail. Questions
of 1 and 12 megapixels are made here: a photo scaled up, with the grain of a sensor, so that they cost
as much to decode as those of a camera. Without a display the window is drawn offscreen.

With `--while-indexing N`, N of the photos are not indexed before: the window indexes them while the
questions are asked, of all sizes in turn, as long as it does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import describe
from photo_source import PhotoSet, gather
from PIL import Image

if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is loaded

from PySide6.QtCore import QEventLoop, QMimeData, QPointF, Qt, QTimer, QUrl, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from fashion_finder.app import Session, WindowOptions
from fashion_finder.paths import model_path
from fashion_finder.ui.shell.main_window import MainWindow

SIZES = {"1 megapixel": (1155, 866), "12 megapixels": (4000, 3000)}
GRAIN = 8.0  # standard deviation in levels; a 12-megapixel JPEG then takes about 5 MB
WARM_UP = 3
FEWEST = 20  # questions of each size while indexing, to speak of p95
LONGEST_MS = 30_000


def main() -> int:
    """Measure and print."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as folder:
        work = Path(folder)
        photos = gather(options.photos, options.within, options.limit, work)
        if not photos.real:
            print("No --photos given: the pictures are drawn, not photographed.", file=sys.stderr)
        later = set_aside(photos, options.while_indexing, work) if options.while_indexing else None
        result = measure(photos, options.model or model_path(), work, options.questions, later)
    print(table(result), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(result))
    return 0


def measure(
    photos: PhotoSet, model: Path, work: Path, count: int, later: Path | None
) -> dict[str, Any]:
    """All figures of one run, in milliseconds; with `later`, while that folder is indexed."""
    machine = describe()
    index(photos.folder, work / "data", model)
    application = QApplication(sys.argv[:1])
    session = Session(application, WindowOptions(work / "data", model, picture=None))
    window = session.window
    try:
        window.show()
        wait_for(window.catalogue_status.changed, window.begin, "the engine has not opened")
        questions = {
            name: make_questions(photos, size, count + WARM_UP, work / name.split()[0])
            for name, size in SIZES.items()
        }
        if later is not None:
            window.indexing.index_one(later)
        spans = ask_in_turn(window, questions, busy=later is not None)
        sizes = {
            name: {
                "questions": len(some[WARM_UP:]),
                "file_mb": statistics.fmean(file.stat().st_size for file in questions[name]) / 1e6,
                "p50_ms": statistics.median(some[WARM_UP:]),
                "p95_ms": float(np.percentile(some[WARM_UP:], 95)),
                "max_ms": max(some[WARM_UP:]),
            }
            for name, some in spans.items()
        }
        platform = application.platformName()
    finally:
        session.close()
    return {
        "photos": photos.label,
        "real": photos.real,
        "machine": machine,
        "window": platform,
        "while_indexing": later is not None,
        "sizes": sizes,
    }


def index(folder: Path, data: Path, model: Path) -> None:
    """Index the photos with the program itself."""
    command = [sys.executable, "-m", "fashion_finder", "index", str(folder)]
    command += ["--data-dir", str(data), "--model", str(model)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def make_questions(photos: PhotoSet, size: tuple[int, int], count: int, to: Path) -> list[Path]:
    """Photos of the set, scaled up and with grain, as a camera's JPEGs."""
    to.mkdir()
    chance = np.random.default_rng(0)
    grain = chance.normal(0, GRAIN, (size[1], size[0], 1)).astype(np.float32)
    there = tuple(file for file in photos.files if file.exists())
    step = max(1, len(there) // count)
    files = []
    for number, source in enumerate((there * count)[::step][:count]):
        with Image.open(source) as photo:
            large = np.asarray(photo.convert("RGB").resize(size, Image.Resampling.BICUBIC))
        grainy = (large + np.roll(grain, number, axis=0)).clip(0, 255).astype(np.uint8)
        files.append(to / f"{number:03}.jpg")
        Image.fromarray(grainy).save(files[-1], quality=92)
    return files


def set_aside(photos: PhotoSet, count: int, work: Path) -> Path:
    """Move some of the photos to a folder that is indexed later."""
    later = work / "later"
    for file in photos.files[-count:]:
        target = later / file.relative_to(photos.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    return later


def ask_in_turn(
    window: MainWindow, questions: dict[str, list[Path]], *, busy: bool
) -> dict[str, list[float]]:
    """Milliseconds of every question, of all sizes in turn; `busy`: as long as it indexes."""
    spans: dict[str, list[float]] = {name: [] for name in questions}
    for some in zip(*questions.values(), strict=True):
        for name, question in zip(questions, some, strict=True):
            span = ask(window, question) * 1000
            if busy and not window.indexing.is_busy:
                if min(map(len, spans.values())) < FEWEST + WARM_UP:
                    raise SystemExit("indexing was over too soon: set more photos aside for it")
                return spans
            spans[name].append(span)
    return spans


def ask(window: MainWindow, question: Path) -> float:
    """Drop one picture; returns the seconds until the last answer was painted."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(question))])
    where = QPointF(window.rect().center())
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, mime, left, none)
    QApplication.sendEvent(window, enter)
    drop = QDropEvent(where, copy, mime, left, none)
    start = time.perf_counter()
    wait_for(
        window.results.grid.pictures_painted,
        lambda: QApplication.sendEvent(window, drop),
        f"{question} is not answered",
    )
    return time.perf_counter() - start


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine = result["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores; window: {result['window']}"
    lines = [
        f"{result['photos']}; {where}",
        "While the window indexes more photos:" if result["while_indexing"] else "",
        "  a dropped JPEG of      file     p50      p95      max",
    ]
    for name, one in result["sizes"].items():
        lines.append(
            f"  {name:<18}{one['file_mb']:5.1f} MB{one['p50_ms']:5.0f} ms{one['p95_ms']:6.0f} ms"
            f"{one['max_ms']:6.0f} ms   ({one['questions']} questions)"
        )
    if machine["others_were_busy"]:
        lines.append(f"  Something else was running (load {machine['load_before']}).")
    return "\n".join(lines)


def wait_for(
    done: SignalInstance, begin: Callable[[], object], what: str, longest_ms: int = LONGEST_MS
) -> None:
    """Begin something and run the window until it is done."""
    loop = QEventLoop()
    too_long = QTimer(singleShot=True, interval=longest_ms)
    too_long.timeout.connect(lambda: loop.exit(1))
    too_long.start()
    done.connect(loop.quit)
    begin()
    failed = loop.exec()
    done.disconnect(loop.quit)
    if failed:
        raise SystemExit(f"after {longest_ms / 1000:.0f} s: {what}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="From a dropped picture to painted answers.")
    parser.add_argument("--photos", type=Path, help="a zip or a folder; without it, drawn pictures")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--limit", type=int, help="a sample of so many, the same every time")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--questions", type=int, default=40, help="of each size")
    parser.add_argument("--while-indexing", type=int, metavar="N", help="N photos meanwhile")
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
