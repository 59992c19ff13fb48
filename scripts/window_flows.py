"""The window led through the five things it is for; the pictures are in docs/user-guide.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fashion_finder.domain import Region
from fashion_finder.ui.shell.main_window import MainWindow

Until = Callable[[Callable[[], bool]], None]

UPPER = Region(0.22, 0.07, 0.82, 0.5)  # of the sample question, down to its waist
COLOUR = "Red"
WORDS = "green dress"


class Photographer(Protocol):
    """Saves what the window shows under a name."""

    def take(self, name: str) -> None:
        """Save it."""


class Flows:
    """Each flow begins with the question answered, and leaves it answered as it was."""

    def __init__(
        self, window: MainWindow, camera: Photographer, ask: Callable[[], None], until: Until
    ) -> None:
        self._window = window
        self._camera = camera
        self._ask = ask
        self._until = until

    def take_all(self, suffix: str) -> None:
        """The four flows after the first one, whose picture is the answer itself."""
        for flow in (self.part, self.colour, self.why, self.words):
            flow(suffix)
            self._ask()

    def part(self, suffix: str) -> None:
        """A box on the picture: only what is in it is asked about."""
        self._answered(lambda: self._window.search.refine(region=UPPER))
        self._camera.take(f"flow-part{suffix}")

    def colour(self, suffix: str) -> None:
        """The same cut, in a colour that was picked by name."""
        self._answered(lambda: self._window.search.refine(colour=COLOUR))
        self._camera.take(f"flow-colour{suffix}")

    def why(self, suffix: str) -> None:
        """Where, and in what words, the two pictures agree."""
        preview = self._window.results.preview
        preview.show_match(self._window.results.model.matches[0])
        QTest.keyClick(preview, Qt.Key.Key_W)
        self._until(preview.sheet.reasons.isVisible)
        self._camera.take(f"flow-why{suffix}")
        preview.dismiss()

    def words(self, suffix: str) -> None:
        """Typed words that have become filters."""
        filters = self._window.results.filters
        filters.field.setText(WORDS)
        self._answered(filters.apply_words)
        self._camera.take(f"flow-words{suffix}")
        self._answered(filters.clear)

    def copies(self, suffix: str, folder: Path) -> None:
        """A photo that is there in several files: its tile, opened. Indexes `folder` for it."""
        best = self._window.results.model.matches[0].path
        folder.mkdir(exist_ok=True)
        with Image.open(best) as photo:
            plain = photo.convert("RGB")
        plain.resize((plain.width // 2, plain.height // 2)).save(folder / f"{best.stem} web.webp")
        edge = max(1, plain.width // 100)
        plain.crop((edge, edge, plain.width - edge, plain.height - edge)).save(
            folder / f"{best.stem} final.jpg", quality=80
        )
        self._window.indexing.index_one(folder)
        self._until(lambda: not self._window.indexing.is_busy)
        self._window.progress.hide()
        self._ask()
        group = next(one for one in self._window.results.model.matches if one.file_count > 1)
        sheet = self._window.results.copies
        sheet.show_group(group)
        self._until(lambda: sheet.model.is_described and sheet.grid.all_painted)
        self._camera.take(f"copies{suffix}")
        sheet.dismiss()

    def _answered(self, act: Callable[[], object]) -> None:
        before = self._window.results.answer
        act()
        self._until(lambda: self._window.results.answer is not before)
        self._until(lambda: not self._window.search.is_waiting)
