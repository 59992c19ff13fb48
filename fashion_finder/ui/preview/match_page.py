"""What a page of pictures has, whatever it shows: copies and a large view open over its grid."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from fashion_finder.domain import Answer
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.tiles.match_grid import MatchGrid


class MatchPage(QWidget):
    """A grid of matches, with the files of one of them, and one of them large, over it."""

    grid: MatchGrid
    copies: CopiesSheet
    preview: LargePreview
    answer: Answer | None  # whose matches are shown; None when nothing was asked

    @property
    def front_grid(self) -> MatchGrid:
        """The copies of a match while they are shown, else the page's own grid."""
        return self.copies.grid if self.copies.is_open else self.grid

    @Slot()
    def copy_files(self) -> None:
        """Copy the files of the chosen tiles, as far as they can be seen."""
        self.front_grid.copy_files()

    @Slot()
    def copy_paths(self) -> None:
        """Copy the paths of the chosen tiles, as far as they can be seen."""
        self.front_grid.copy_paths()

    @Slot()
    def copy_picture(self) -> None:
        """Copy the picture of the tile the keyboard is on, if it can be seen."""
        self.front_grid.copy_picture()
