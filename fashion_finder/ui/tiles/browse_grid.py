"""The grid of all photos: tiles of one size, scrolled smoothly however many there are."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from fashion_finder.domain import ContentId, Match
from fashion_finder.engine.listing import Listing
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.tiles.grid_layout import GUTTER, browse_grid
from fashion_finder.ui.tiles.match_grid import MatchGrid
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

REST_MS = 150  # sharper pictures are read after so long without scrolling


class BrowseGrid(MatchGrid):
    """Shows a listing from its top, or keeps the scroll position when little has changed."""

    def __init__(self, model: BrowseModel, loader: ThumbnailLoader) -> None:
        super().__init__(model, loader, are_answers=False)
        self.setObjectName("browse")
        self._listed = model
        self.setUniformItemSizes(True)
        # Qt scrolls the pixels of an opaque viewport, and paints only what comes into sight.
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Pictures, newest first"))
        self.setAccessibleDescription(
            self.tr("Space enlarges a picture, Enter opens it, the Menu key shows more actions.")
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._paint_sharp)
        self.verticalScrollBar().valueChanged.connect(self._defer_sharp)

    def in_sight(self) -> tuple[Match, ...]:
        """The pictures whose tiles can be seen now, the upper ones first."""
        found: list[Match] = []
        room = self.viewport().rect()
        index = self._listed.index(max(0, self._first_index().row()))
        while (match := self._listed.match_at(index)) and room.intersects(self.visualRect(index)):
            found.append(match)
            index = self._listed.index(index.row() + 1)
        return tuple(found)

    def show_listing(self, listing: Listing, *, keep_place: bool) -> None:
        """Replace the listing; with `keep_place` the pictures in sight do not move."""
        current = self.current_match()
        top, offset = self._place()
        self._listed.show(listing)
        self._arrange()
        if current is not None:
            self.go_to(current)
        if keep_place and top is not None:
            self._return_to(top, offset)
        else:
            self.scrollToTop()

    def _first_index(self) -> QModelIndex:
        """The tile in the upper left corner; an invalid index without one."""
        return self.indexAt(QPoint(GUTTER, GUTTER))

    def _place(self) -> tuple[ContentId | None, int]:
        """The upper left picture, and the y coordinate of its top in the viewport."""
        index = self._first_index()
        match = self._listed.match_at(index)
        return (None, 0) if match is None else (match.content, self.visualRect(index).top())

    def _return_to(self, content: ContentId, offset: int) -> None:
        index = self._listed.index_of(content)
        if not index.isValid():
            return
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(index).top() - offset)

    def _arrange(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        width = max(1, self.contentsRect().width() - bar)
        shape = browse_grid(width, self._delegate.caption_height(self.font()))
        rows = -(-self._listed.count // shape.columns)
        scrolls = rows * shape.cell.height() > self.contentsRect().height()
        self._apply_shape(shape, scrolls=scrolls, row_width=width)

    @Slot()
    def _defer_sharp(self) -> None:
        self._delegate.sharp_wanted = False
        self._rest.start()

    @Slot()
    def _paint_sharp(self) -> None:
        self._delegate.sharp_wanted = True
        self.viewport().update()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the columns anew and keep the same pictures in sight."""
        top, offset = self._place()
        super().resizeEvent(event)
        self._arrange()
        if top is not None and self.verticalScrollBar().value() > 0:
            self._return_to(top, min(0, offset))
