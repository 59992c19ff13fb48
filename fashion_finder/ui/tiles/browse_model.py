"""Everything that is indexed as a list model of any length."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QStringListModel, Qt

from fashion_finder.domain import ContentId, Match
from fashion_finder.engine.listing import Listing
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.match_roles import CAPTION_ROLE, Index, told_of


class BrowseModel(QStringListModel):
    """The pictures of a listing, made as they are shown.

    To lay itself out the view asks several times a row how many there are. A list of empty strings
    answers that without Python: 200,000 rows then take a twentieth of a second, not half of one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listing: Listing | None = None

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return 0 if self._listing is None else len(self._listing)

    def show(self, listing: Listing) -> None:
        """Replace them all."""
        self._listing = listing
        self.setStringList([""] * len(listing))

    def match_at(self, index: Index) -> Match | None:
        """The picture of a row."""
        if self._listing is None or not 0 <= index.row() < len(self._listing):
            return None
        return self._listing.match_at(index.row())

    def index_of(self, content: ContentId) -> QModelIndex:
        """Where a picture is shown; an invalid index when it is not."""
        place = None if self._listing is None else self._listing.place_of(content)
        return QModelIndex() if place is None else self.index(place)

    def index_for(self, match: Match) -> QModelIndex:
        """Where a match's picture is shown; an invalid index when it is not."""
        return self.index_of(match.content)

    def indexes_of(self, content: ContentId) -> list[QModelIndex]:
        """Everywhere a picture is shown: once, or not at all."""
        index = self.index_of(content)
        return [index] if index.isValid() else []

    def place_of(self, match: Match) -> int | None:
        """Where a picture stands; None when it is not shown."""
        return None if self._listing is None else self._listing.place_of(match.content)

    def neighbour(self, match: Match, step: int) -> Match | None:
        """The picture `step` places further on."""
        place = self.place_of(match)
        if self._listing is None or place is None or not 0 <= place + step < len(self._listing):
            return None
        return self._listing.match_at(place + step)

    def _spoken(self, listing: Listing, row: int, match: Match) -> str:
        text = self.tr("{rank} of {count}: {name}, {day}").format(
            rank=labels.number_label(row + 1),
            count=labels.number_label(len(listing)),
            name=labels.file_label(match.path),
            day=labels.day_label(listing.day_at(row)),
        )
        if match.file_count == 1:
            return text
        copies = labels.copies_label(match.file_count)
        return self.tr("{tile}, {copies}").format(tile=text, copies=copies)

    # Qt overrides

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Pictures can be chosen and dragged, not renamed."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a row."""
        match, listing = self.match_at(index), self._listing
        if match is None or listing is None:
            return None
        if role == CAPTION_ROLE:
            return labels.day_label(listing.day_at(index.row()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(listing, index.row(), match)
        return told_of(match, role)
