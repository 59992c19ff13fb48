"""A page of pictures: a grid, over which copies and a large preview open."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from fashion_finder.domain import Answer
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.tiles.match_grid import MatchGrid


class MatchPage(QWidget):
    """A grid of matches; over it the files of one of them, or one of them enlarged."""

    grid: MatchGrid
    copies: CopiesSheet
    preview: LargePreview
    answer: Answer | None  # whose matches are shown; None when they answer no question

    @property
    def front_grid(self) -> MatchGrid:
        """The grid of copies while it is open, else the page's own grid."""
        return self.copies.grid if self.copies.is_open else self.grid

    @Slot()
    def copy_files(self) -> None:
        """Copy the files of the selected tiles, unless the grid is hidden."""
        grid = self.front_grid
        if grid.isVisible() and (chosen := grid.chosen_matches()):
            grid.copy_files_requested.emit(chosen)

    @Slot()
    def copy_paths(self) -> None:
        """Copy the paths of the selected tiles, unless the grid is hidden."""
        grid = self.front_grid
        if grid.isVisible() and (chosen := grid.chosen_matches()):
            grid.copy_paths_requested.emit(chosen)

    @Slot()
    def copy_picture(self) -> None:
        """Copy the picture of the current tile, unless the grid is hidden."""
        grid = self.front_grid
        if grid.isVisible() and (match := grid.current_match()) is not None:
            grid.copy_picture_requested.emit(match)
