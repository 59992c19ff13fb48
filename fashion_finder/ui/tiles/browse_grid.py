"""The grid of everything: tiles of one size, scrolled smoothly however many there are."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from fashion_finder.domain import ContentId, Match
from fashion_finder.engine.listing import Listing
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.tiles.grid_layout import GUTTER, browse_grid
from fashion_finder.ui.tiles.match_grid import MatchGrid
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

REST_MS = 150  # after so long without scrolling, sharper pictures are read


class BrowseGrid(MatchGrid):
    """Shows a listing from its top, or keeps the place in it when it has only changed a little."""

    def __init__(self, model: BrowseModel, loader: ThumbnailLoader, parent: QWidget | None = None):
        super().__init__(model, loader, parent, are_answers=False)
        self.setObjectName("browse")
        self._everything = model
        self.setUniformItemSizes(True)
        # What is known to be opaque is moved as pixels, and only what comes into sight is painted.
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Pictures, newest first"))
        self.setAccessibleDescription(
            self.tr("Space enlarges a picture, Enter opens it, the Menu key shows more actions.")
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._sharpen)
        self.verticalScrollBar().valueChanged.connect(self._hurry)

    @property
    def all_painted(self) -> bool:
        """Whether every picture in sight has been painted."""
        return all(match.content in self._delegate.painted for match in self.in_sight())

    def in_sight(self) -> tuple[Match, ...]:
        """The pictures that can be seen now, the upper ones first."""
        found: list[Match] = []
        row, room = max(0, self._first_row()), self.viewport().rect()
        while (match := self._everything.match_at(self._everything.index(row))) is not None:
            if not room.intersects(self.visualRect(self._everything.index(row))):
                break
            found.append(match)
            row += 1
        return tuple(found)

    def show_listing(self, listing: Listing, *, keep_place: bool) -> None:
        """Replace what is shown; with `keep_place` the pictures in sight stay where they are."""
        current = self.current_match()
        top, offset = self._place()
        self._everything.show(listing)
        self._arrange()
        if current is not None:
            index = self._everything.index_of(current.content)
            if index.isValid():
                flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
                self.selectionModel().setCurrentIndex(index, flag)
        if keep_place and top is not None:
            self._return_to(top, offset)
        else:
            self.scrollToTop()

    def _first_row(self) -> int:
        """Of the tile in the upper left corner; -1 when there is none."""
        return self.indexAt(QPoint(GUTTER, GUTTER)).row()

    def _place(self) -> tuple[ContentId | None, int]:
        """The upper left picture, and how far above the edge it begins."""
        index = self.indexAt(QPoint(GUTTER, GUTTER))
        match = self._everything.match_at(index)
        return (None, 0) if match is None else (match.content, self.visualRect(index).top())

    def _return_to(self, content: ContentId, offset: int) -> None:
        index = self._everything.index_of(content)
        if not index.isValid():
            return
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(index).top() - offset)

    def _arrange(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        width = max(1, self.contentsRect().width() - bar)
        shape = browse_grid(width, self._delegate.caption_height(self.font()))
        rows = -(-self._everything.count // shape.columns)
        # Not as needed: QListView would keep room for a bar beside the one that is there.
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn
            if rows * shape.cell.height() > self.contentsRect().height()
            else policy.ScrollBarAlwaysOff
        )
        self._delegate.resize_cells(shape.cell, width)
        self.verticalScrollBar().setSingleStep(max(1, shape.cell.height() // 6))

    @Slot()
    def _hurry(self) -> None:
        self._delegate.sharp_wanted = False
        self._rest.start()

    @Slot()
    def _sharpen(self) -> None:
        self._delegate.sharp_wanted = True
        self.viewport().update()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns, and still the same pictures in sight."""
        top, offset = self._place()
        super().resizeEvent(event)
        self._arrange()
        if top is not None and self.verticalScrollBar().value() > 0:
            self._return_to(top, min(0, offset))
