"""Take the pictures of the documentation from the real window, on the real engine.

    python scripts/take_screenshots.py --output docs/screenshots [--photos FOLDER] [--model FILE]

Without `--photos` the sample wardrobe is shown. Writes first-start, indexing, results, error,
results-dark, first-start-dark, results-2x, the five flows (flow-part, flow-colour, flow-why, flow-words)
and copies, each as a PNG of a few dozen kilobytes. `--all` adds what a question and its answers can
become: part, colours, another-colour, marked, more, filtered, nothing-left, preview and why, and
everything as a grid: browse, found-by-name, no-such-name and browse-preview; these and the flows in
the dark theme, too.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_flows import Flows

from fashion_finder.app import Session, WindowOptions
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import Filters
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.sample import EXAMPLE, copy_wardrobe
from fashion_finder.ui.shell.main_window import MainWindow

SIZE = (1120, 740)
LONGEST_MS = 20 * 60 * 1000
LARGEST = 290_000  # bytes; above that a picture is saved with fewer colours


class Camera:
    """Grabs one window into files."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self._window = window
        self.folder = folder

    def take(self, name: str) -> None:
        """Save what the window shows now."""
        until(lambda: not self._window.loader.is_loading)
        path = self.folder / f"{name}.png"
        if not self._window.grab().save(str(path)):
            raise SystemExit(f"{path} cannot be written")
        shrink(path)
        print(f"{path}  {path.stat().st_size // 1000} KB")


def shrink(path: Path) -> None:
    """Pack a PNG as tightly as it goes; photos may need a palette."""
    with Image.open(path) as picture:
        plain = picture.convert("RGB")
    plain.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        plain.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def until(condition: Callable[[], bool]) -> None:
    """Let the window live until something is true of it."""
    loop = QEventLoop()
    look = QTimer()
    look.setInterval(10)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    limit = QTimer()
    limit.setSingleShot(True)
    limit.setInterval(LONGEST_MS)
    limit.timeout.connect(loop.quit)
    look.start()
    limit.start()
    loop.exec()
    if not condition():
        raise SystemExit("the window did not come to the state that was to be shown")


def photograph(
    session: Session, options: argparse.Namespace, scratch: Path, photos: Path, question: Path
) -> None:
    """Lead the window through its states."""
    window = session.window
    camera, scale = Camera(window, options.output), options.scale
    window.begin()
    window.setFixedSize(*SIZE)
    window.show()
    until(lambda: window.is_settled)
    if scale == 1:
        for dark in (False, True):
            wear(session, dark=dark)
            camera.take("first-start-dark" if dark else "first-start")
        wear(session, dark=False)

    half = Progress(window)
    window.indexing.index_one(photos)
    if scale == 1:
        until(lambda: half.is_reached)
        ask(window, question)
        camera.take("indexing")
        if not window.indexing.is_busy:
            raise SystemExit("indexing was over before it could be shown: give more photos")
    until(lambda: not window.indexing.is_busy)
    window.progress.hide()
    ask(window, question)
    if scale > 1:
        camera.take(f"results-{scale}x")
        if options.all:
            browse(window, camera, f"-{scale}x")
        return
    flows = Flows(window, camera, lambda: ask(window, question), until)
    for dark in (False, True):
        wear(session, dark=dark)
        camera.take("results-dark" if dark else "results")
        if options.all or not dark:
            flows.take_all("-dark" if dark else "")
        if options.all:
            refine(window, camera, question, "-dark" if dark else "")
            browse(window, camera, "-dark" if dark else "")
            ask(window, question)
    for dark in (True, False) if options.all else (False,):
        wear(session, dark=dark)
        flows.copies("-dark" if dark else "", scratch / "Exports")

    broken = scratch / "Downloads" / "screenshot.jpg"
    broken.parent.mkdir()
    broken.write_text("not a picture")
    window.search.ask_file(broken)
    until(lambda: window.results.contents.currentWidget() is window.results.state)
    camera.take("error")


def refine(window: MainWindow, camera: Camera, question: Path, suffix: str) -> None:
    """Show what can be wanted differently, and what can be known of an answer."""
    search, filters = window.search, window.results.filters

    def answered(act: Callable[[], object]) -> None:
        before = window.results.answer
        act()
        until(lambda: window.results.answer is not before and not window.search.is_waiting)

    answered(window.search.find_main_piece)
    camera.take(f"part{suffix}")
    colour = window.results.question.tools.colour
    colour.open_popup()
    popup = colour.popup
    if popup is not None:
        QApplication.processEvents()
        popup.grab().save(str(camera.folder / f"colours{suffix}.png"))
        popup.close()
    answered(lambda: search.refine(colour="Red"))
    camera.take(f"another-colour{suffix}")
    first, second = window.results.model.matches[:2]
    answered(lambda: search.add_example(first, is_more=True))
    answered(lambda: search.add_example(second, is_more=False))
    camera.take(f"marked{suffix}")
    ask(window, question)
    window.results.toggle_more()
    camera.take(f"more{suffix}")
    window.results.toggle_more()
    filters.field.setText("green dress")
    answered(filters.apply_words)
    camera.take(f"filtered{suffix}")
    answered(lambda: filters.set_filters(Filters(types=("Watches",), colours=("Green",))))
    camera.take(f"nothing-left{suffix}")
    answered(filters.clear)
    preview = window.results.preview
    preview.show_match(window.results.model.matches[0])
    camera.take(f"preview{suffix}")
    QTest.keyClick(preview, Qt.Key.Key_W)
    until(preview.sheet.reasons.isVisible)
    camera.take(f"why{suffix}")
    preview.dismiss()


def browse(window: MainWindow, camera: Camera, suffix: str) -> None:
    """Show everything, what is found by its name, and that nothing is."""
    page = window.browse

    def look(name: str) -> None:
        until(lambda: not window.browsing.is_waiting and page.grid.all_painted)
        camera.take(f"{name}{suffix}")

    window.browsing.open()
    look("browse")
    page.preview.show_match(page.grid.in_sight()[2])
    camera.take(f"browse-preview{suffix}")
    page.preview.dismiss()
    some = page.grid.in_sight()[4].path
    page.filters.field.setText(re.split(r"[\W_]", some.stem)[-1] + some.suffix)
    page.filters.apply_words()
    look("found-by-name")
    page.filters.field.setText("zorbing 0042")
    page.filters.apply_words()
    look("no-such-name")
    page.filters.clear()
    window.browsing.close()


class Progress:
    """Watches a sync, to catch it in the middle."""

    def __init__(self, window: MainWindow) -> None:
        self.is_reached = False
        window.sync_queue.progressed.connect(self._look)

    def _look(self, progress: object) -> None:
        done, total = getattr(progress, "done", 0), getattr(progress, "total", 0)
        self.is_reached = self.is_reached or (total > 0 and done >= total * 0.3)


def ask(window: MainWindow, question: Path) -> None:
    """Ask, and wait until the five are painted and sharp."""
    window.search.ask_file(question)
    until(lambda: not window.search.is_waiting and window.results.grid.all_painted)


def wear(session: Session, *, dark: bool) -> None:
    """Switch the theme."""
    session.theme.force(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    QApplication.processEvents()


def choose(photos: Path | None, data: Path) -> tuple[Path, Path]:
    """The folder to index and the picture to ask with."""
    if photos is None:
        wardrobe = DataFolder(data).sample_wardrobe
        copy_wardrobe(wardrobe)
        return wardrobe, EXAMPLE
    pictures = sorted(p for p in photos.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
    if not pictures:
        raise SystemExit(f"no pictures in {photos}")
    return photos, pictures[len(pictures) // 2]


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--photos", type=Path, help="photos to show instead of the sample")
    parser.add_argument("--model", type=Path, help="another model than the program's own")
    parser.add_argument("--all", action="store_true", help="the refined states as well")
    parser.add_argument("--scale", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fashion-finder-") as scratch:
        data = Path(scratch) / "data"
        photos, question = choose(options.photos, data)
        window_options = WindowOptions(data, options.model, None)
        session = Session(QApplication(sys.argv[:1]), window_options)
        try:
            photograph(session, options, Path(scratch), photos, question)
        finally:
            session.close()
    if options.scale == 1:
        # A scale is chosen when Qt starts: twice the pixels need a process of their own.
        environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
        again = [sys.executable, __file__, *sys.argv[1:], "--scale", "2"]
        return subprocess.run(again, env=environment, check=False).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
