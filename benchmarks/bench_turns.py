"""How long the window's thread keeps a key press waiting while it indexes, searches, scrolls, drags.

    python benchmarks/bench_turns.py --photos photos.zip --within aspect-225x300 --limit 400

The real window on the real engine. A timer in the window's thread beats every millisecond; what lies
between two beats is a turn of its event loop, as long as anything else had to wait. For scrolling, the
catalogue is filled up to 42,386 pictures with drawn vectors, and with the thumbnails of the photos
over and over. Without a display the window is drawn offscreen, by the processor alone.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from bench_question import ask, make_questions, wait_for
from filled_catalogue import fill
from machine import describe
from photo_source import PhotoSet, gather
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from fashion_finder.app import Session, WindowOptions
from fashion_finder.paths import model_path
from fashion_finder.ui.shell.main_window import MainWindow

PICTURES = 42_386
FRAME_MS = 1000 / 60
QUESTION_SIZE = (1155, 866)  # a megapixel
SCROLL_SECONDS = 12.0
DRAG_SECONDS = 6.0
LONGEST_INDEXING_MS = 30 * 60 * 1000

Lengths = npt.NDArray[np.float64]
"""Of turns, milliseconds, [N]."""


@dataclass
class Turns:
    """The turns of one activity, in milliseconds."""

    whole: list[float] = field(default_factory=list)  # as anybody else waited
    own: list[float] = field(default_factory=list)  # of that, what the thread itself computed

    def figures(self) -> dict[str, float]:
        """The longest turn, the one not passed for 99 % of the time, and time above a frame."""
        lengths = np.array(self.whole)
        return {
            "seconds": round(float(lengths.sum()) / 1000, 1),
            "longest_ms": round(float(lengths.max()), 1),
            "p99_ms": round(_not_passed_for(lengths, lengths), 1),
            "above_a_frame": round(float(lengths[lengths > FRAME_MS].sum() / lengths.sum()), 3),
            "longest_own_ms": round(max(self.own), 1),
            "p99_own_ms": round(_not_passed_for(np.array(self.own), np.array(self.whole)), 1),
        }


class Beat(QObject):
    """Beats in the thread it is made in, and notes how far apart the beats come."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._last = (0.0, 0.0)

    @contextmanager
    def during(self) -> Iterator[Turns]:
        """The turns of what happens inside."""
        self.turns = Turns()
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()
        try:
            yield self.turns
        finally:
            self._beat()  # what was going on when it ended counts, too
            self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.turns.whole.append(1000 * (now[0] - self._last[0]))
        self.turns.own.append(1000 * (now[1] - self._last[1]))
        self._last = now


def main() -> int:
    """Measure and print."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as folder:
        work = Path(folder)
        photos = gather(options.photos, options.within, options.limit, work)
        if not photos.real:
            print("No --photos given: the pictures are drawn, not photographed.", file=sys.stderr)
        result = measure(photos, options.model or model_path(), work, options)
    print(table(result), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(result))
    return 0


def measure(
    photos: PhotoSet, model: Path, work: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """All figures of one run."""
    machine = describe()
    questions = make_questions(photos, QUESTION_SIZE, options.questions, work / "questions")
    application, beat = QApplication(sys.argv[:1]), Beat()
    data = work / "data"
    found: dict[str, Turns] = {}

    with open_window(application, data, model) as window:
        measure_questions(window, beat, found, photos, questions)
    print(f"filling up to {options.pictures} pictures", file=sys.stderr)
    fill(data, model, options.pictures)
    with open_window(application, data, model) as window:
        measure_browsing(window, beat, found, options.pictures)
    return {
        "photos": photos.label,
        "real": photos.real,
        "machine": machine,
        "window": application.platformName(),
        "turns": {name: turns.figures() for name, turns in found.items()},
    }


def measure_questions(
    window: MainWindow,
    beat: Beat,
    found: dict[str, Turns],
    photos: PhotoSet,
    questions: Sequence[Path],
) -> None:
    """Index the photos, ask, and ask about parts."""
    print("indexing", file=sys.stderr)
    with beat.during() as found["indexing"]:
        wait_for(
            window.indexing.ended,
            lambda: window.indexing.index_one(photos.folder),
            "the photos are not indexed",
            LONGEST_INDEXING_MS,
        )
    print("searching", file=sys.stderr)
    with beat.during() as found["searching"]:
        for question in questions:
            ask(window, question)
    print("dragging the crop box", file=sys.stderr)
    with beat.during() as found["dragging the crop box"]:
        drag_the_box(window)


def measure_browsing(
    window: MainWindow, beat: Beat, found: dict[str, Turns], pictures: int
) -> None:
    """Open everything, scroll through it, find in it, and change the window's size."""
    browse = window.browse
    # The counts of the chips are made behind the window, once: not while what is measured.
    until(browse.filters.types.isEnabled)
    print("browsing", file=sys.stderr)
    with beat.during() as found["opening everything"]:
        window.browsing.open()
        until(lambda: browse.model.count >= pictures and browse.grid.all_painted)
    with beat.during() as found[f"scrolling {browse.model.count:,} thumbnails"]:
        scroll(window)
    with beat.during() as found["finding by name"]:
        for words in ("IMG_0", "generated jpg", "IMG_00777", "zorbing"):
            browse.filters.field.setText(words)
            browse.filters.apply_words()
            until(lambda: not window.browsing.is_waiting)
        browse.filters.clear()
        until(lambda: not window.browsing.is_waiting)
    with beat.during() as found["resizing the window"]:
        for step in range(30):
            window.resize(900 + 12 * step, 600 + 6 * step)
            run(0.03)


@contextmanager
def open_window(application: QApplication, data: Path, model: Path) -> Iterator[MainWindow]:
    """The program's window, its engine open; taken apart afterwards, in the thread it belongs to."""
    session = Session(application, WindowOptions(data, model, picture=None))
    window = session.window
    try:
        window.resize(1180, 780)
        window.show()
        wait_for(window.catalogue_status.changed, window.begin, "the engine has not opened")
        yield window
    finally:
        session.close()
        application.removeEventFilter(session.later_starts)
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del session, window
        # What is left of it must not be collected later by a thread of the next engine.
        gc.collect()


# ---------------------------------------------------------------- what a hand does


def drag_the_box(window: MainWindow) -> None:
    """Draw a box on the question and lead its corner round in circles, 125 times a second."""
    picture = window.results.question.picture
    width, height = picture.width(), picture.height()

    def mouse(kind: QEvent.Type, across: float, down: float, button: Qt.MouseButton) -> None:
        at = QPointF(across * width, down * height)
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else _LEFT
        event = QMouseEvent(
            kind, at, QPointF(picture.mapToGlobal(at.toPoint())), button, held, _NO_KEYS
        )
        QApplication.sendEvent(picture, event)

    begun = time.perf_counter()
    mouse(QEvent.Type.MouseButtonPress, 0.3, 0.3, _LEFT)

    def move() -> None:
        turn = 4 * (time.perf_counter() - begun)
        mouse(
            QEvent.Type.MouseMove,
            0.6 + 0.15 * math.cos(turn),
            0.6 + 0.15 * math.sin(turn),
            Qt.MouseButton.NoButton,
        )

    run(DRAG_SECONDS, move, 8)
    mouse(QEvent.Type.MouseButtonRelease, 0.6, 0.6, _LEFT)
    until(lambda: not window.search.is_waiting)


def scroll(window: MainWindow) -> None:
    """Turn the wheel at 60 steps a second, and drag the scroll bar through the whole range."""
    view = window.browse.grid.viewport()
    bar = window.browse.grid.verticalScrollBar()
    middle = QPointF(view.rect().center())
    begun = time.perf_counter()

    def step() -> None:
        spent = (time.perf_counter() - begun) / SCROLL_SECONDS
        if spent < 0.5:
            event = QWheelEvent(
                middle,
                QPointF(view.mapToGlobal(middle.toPoint())),
                QPoint(),
                QPoint(0, -120),
                Qt.MouseButton.NoButton,
                _NO_KEYS,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(view, event)
        else:
            bar.setValue(round(bar.maximum() * (2 * spent - 1)))

    run(SCROLL_SECONDS, step, 16)


def run(seconds: float, step: Callable[[], None] | None = None, every_ms: int = 16) -> None:
    """Let the window live for a while, and do something in every step of it."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(every_ms)
    if step is not None:
        timer.timeout.connect(step)
        timer.start()
    loop.exec()
    timer.stop()


def until(condition: Callable[[], bool], longest: float = 120.0) -> None:
    """Let the window live until something is true of it."""
    give_up = time.perf_counter() + longest
    while not condition():
        if time.perf_counter() > give_up:
            raise SystemExit("the window did not come to the state that was to be measured")
        run(0.005)


# ---------------------------------------------------------------- telling


def _not_passed_for(values: Lengths, lengths: Lengths, share: float = 0.99) -> float:
    """What the values of turns of these lengths do not pass for this share of the time."""
    order = np.argsort(values)
    spent = np.cumsum(lengths[order]) / lengths.sum()
    return float(values[order][min(len(values) - 1, int(np.searchsorted(spent, share)))])


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    machine = result["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores; window: {result['window']}"
    lines = [
        f"{result['photos']}; {where}",
        "",
        f"  {'turns of the window':<34}  longest      p99  above 1/60 s  own work: longest      p99",
    ]
    for name, one in result["turns"].items():
        lines.append(
            f"  {name:<34}{one['longest_ms']:6.1f} ms{one['p99_ms']:6.1f} ms"
            f"{one['above_a_frame']:12.1%}{one['longest_own_ms']:17.1f} ms{one['p99_own_ms']:6.1f} ms"
            f"   ({one['seconds']:.0f} s)"
        )
    lines.append(
        "  p99: for 99 % of the time the turn under way was no longer. Own work: what the thread\n"
        "  computed itself, without what it waited for the processor and for other threads."
    )
    if machine["others_were_busy"]:
        lines.append(f"  Something else was running (load {machine['load_before']}): do not quote.")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How long the window keeps a key press waiting.")
    parser.add_argument("--photos", type=Path, help="a zip or a folder; without it, drawn pictures")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--limit", type=int, help="a sample of so many, the same every time")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--pictures", type=int, default=PICTURES, help="in the grid of everything")
    parser.add_argument("--json", action="store_true", help="one line for programs on stdout")
    return parser.parse_args()


_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier

if __name__ == "__main__":
    sys.exit(main())
