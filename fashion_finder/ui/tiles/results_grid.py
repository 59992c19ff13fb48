"""The grid of answers: a few tiles that fill the room, and more of them below."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.tiles.grid_layout import fit_grid
from fashion_finder.ui.tiles.match_grid import MatchGrid
from fashion_finder.ui.tiles.match_model import Index
from fashion_finder.ui.tiles.results_model import ResultsModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader


class ResultsGrid(MatchGrid):
    """Shows an answer, best match first."""

    pictures_painted = Signal()  # every picture of a new answer that is in sight

    def __init__(
        self, model: ResultsModel, loader: ThumbnailLoader, *, are_answers: bool = True
    ) -> None:
        super().__init__(model, loader, are_answers=are_answers)
        self.setObjectName("results")
        self._results = model
        self._announced = True
        self._current: ContentId | None = None  # stays so when another answer shows it, too
        self.setAccessibleName(self.tr("Most similar pictures"))
        self.setAccessibleDescription(
            self.tr(
                "Best match first. Space enlarges a picture, Enter opens it, the Menu key "
                "shows more actions."
            )
        )
        model.modelReset.connect(self._show_answer)
        model.rowsInserted.connect(self._arrange)
        model.rowsRemoved.connect(self._arrange)

    def in_sight(self) -> tuple[Match, ...]:
        """The matches whose tiles can be seen now, best first."""
        room = self.viewport().rect()
        indexes = (self._results.index(row) for row in range(self._results.rowCount()))
        seen = (index for index in indexes if room.intersects(self.visualRect(index)))
        return tuple(match for match in map(self._results.match_at, seen) if match is not None)

    @Slot()
    def _arrange(self) -> None:
        font = self.font()
        groups = list(self._results.groups)
        # One or two answers are no larger than they would be among five.
        groups[-1] += max(0, self._results.least_room - sum(groups))
        bar = self.verticalScrollBar().sizeHint().width()
        room = self.contentsRect().size()
        if (
            self._results.beyond
        ):  # leave room for their scroll bar, so that no tile moves when it comes
            room.setWidth(room.width() - bar)
        caption = self._delegate.caption_height(font)
        divider = self._delegate.divider_height(font)
        words = self._delegate.words_width(font)
        shape = fit_grid(room, groups, caption, words=words, bar=bar, divider=divider)
        is_divided = True
        if shape.scrolls and len(groups) > 1:
            flat = fit_grid(room, [sum(groups)], caption, words=words, bar=bar)
            if not flat.scrolls:  # better all in sight without a divider
                shape, is_divided = flat, False
        row = self._results.divider_row
        if row is not None and self.isRowHidden(row) == is_divided:
            self.setRowHidden(row, not is_divided)
        scrolls = shape.scrolls or (self._results.is_expanded and self._results.beyond > 0)
        self._apply_shape(shape, scrolls=scrolls, row_width=max(1, room.width() - 1))

    @Slot()
    def _show_answer(self) -> None:
        self._delegate.painted.clear()
        self._announced = False
        self._arrange()
        self.scrollToTop()
        kept = next((m for m in self._results.matches if m.content == self._current), None)
        self._current = None
        if kept is not None:
            self.go_to(kept)

    # Qt overrides

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Remember the picture: the next answer resets the model and the selection."""
        super().currentChanged(current, previous)
        match = self._shown.match_at(current)
        self._current = None if match is None else match.content

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and announce when the last picture of an answer has appeared."""
        super().paintEvent(event)
        if not self._announced and self._results.matches and self.all_painted:
            self._announced = True
            QTimer.singleShot(0, self, self.pictures_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the tiles grow or shrink with the room."""
        super().resizeEvent(event)
        self._arrange()
