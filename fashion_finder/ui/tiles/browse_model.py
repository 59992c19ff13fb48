"""All photos as a list model of any length."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject

from fashion_finder.domain import ContentId, Match
from fashion_finder.engine.listing import Listing
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.match_model import Index, MatchModel


class BrowseModel(MatchModel):
    """The pictures of a listing, made as they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listing: Listing | None = None

    def show(self, listing: Listing) -> None:
        """Replace the listing."""
        self._listing = listing
        self.setStringList([""] * len(listing))

    def match_at(self, index: Index) -> Match | None:
        """The picture of a row."""
        if self._listing is None or not 0 <= index.row() < len(self._listing):
            return None
        return self._listing.match_at(index.row())

    def indexes_of(self, content: ContentId) -> list[QModelIndex]:
        """The row of a picture, if it is listed: exact copies share one."""
        place = None if self._listing is None else self._listing.place_of(content)
        return [] if place is None else [self.index(place)]

    def day_of(self, row: int) -> str:
        """The day on which the picture's newest file was last changed."""
        return "" if self._listing is None else labels.day_label(self._listing.day_at(row))
