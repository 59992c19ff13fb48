"""Pictures as a list model: what views and screen readers ask of any list of matches."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.kit import labels

MATCH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
DIVIDER_ROLE = MATCH_ROLE + 1  # the words of a divider, None for a match
CAPTION_ROLE = MATCH_ROLE + 2  # words to stand below a name instead of the closeness, or None

Index = QModelIndex | QPersistentModelIndex


class MatchModel(QStringListModel):
    """A row for each match; subclasses say which matches, and where.

    To lay itself out, a view asks several times a row how many rows there are. A list of empty
    strings answers that without Python: 200,000 rows then take a twentieth of a second, not half of
    one.
    """

    @property
    def count(self) -> int:
        """How many matches are shown, a divider not counted."""
        return self.rowCount() - (self.divider_row is not None)

    @property
    def divider_row(self) -> int | None:
        """The row of the divider; None without one."""
        return None

    def match_at(self, index: Index) -> Match | None:
        """The match of a row; None where there is none."""
        raise NotImplementedError

    def indexes_of(self, content: ContentId) -> list[QModelIndex]:
        """Every row that shows a picture."""
        raise NotImplementedError

    def index_of(self, content: ContentId) -> QModelIndex:
        """The first row that shows a picture; an invalid index when none does."""
        return next(iter(self.indexes_of(content)), QModelIndex())

    def index_for(self, match: Match) -> QModelIndex:
        """The row of a match, or of another one of its picture; an invalid index without one."""
        indexes = self.indexes_of(match.content)
        exact = (index for index in indexes if self.match_at(index) == match)
        return next(exact, self.index_of(match.content))

    def place_of(self, match: Match) -> int | None:
        """The position of a match, a divider not counted; None when it is not shown."""
        row, divider = self.index_for(match).row(), self.divider_row
        if row < 0:
            return None
        return row if divider is None or row < divider else row - 1

    def neighbour(self, match: Match, step: int) -> Match | None:
        """The match before (`step` -1) or after (1) another one, past a divider."""
        index = self.index_for(match)
        if not index.isValid():
            return None
        rows = (index.row() + step, index.row() + 2 * step)
        found = (self.match_at(self.index(row)) for row in rows)
        return next((other for other in found if other is not None), None)

    def day_of(self, row: int) -> str:
        """The day a row is listed by, as a person reads it; empty where days do not matter."""
        return ""

    def _spoken(self, row: int, match: Match) -> str:
        """What a screen reader says of a row."""
        rank = self.tr("{rank} of {count}: {name}").format(
            rank=labels.number_label((self.place_of(match) or 0) + 1),
            count=labels.number_label(self.count),
            name=labels.file_label(match.path),
        )
        copies = labels.copies_label(match.file_count) if match.file_count > 1 else ""
        closeness = labels.closeness_label(match.closeness)
        offline = labels.offline_label() if match.offline else ""
        parts = (rank, self.day_of(row), copies, closeness, offline)
        return ", ".join(part for part in parts if part)

    # Qt overrides

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Matches can be selected and dragged, not renamed; a divider cannot even be selected."""
        if not index.isValid() or index.row() == self.divider_row:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a row."""
        match = self.match_at(index)
        if match is None:
            return None
        if role == MATCH_ROLE:
            return match
        if role == CAPTION_ROLE:
            return self.day_of(index.row()) or None
        if role == Qt.ItemDataRole.DisplayRole:
            return labels.file_label(match.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [labels.path_label(file.path) for file in labels.matches_by_file(match)]
            lines += [labels.offline_advice()] if match.offline else []
            return labels.tooltip("\n".join(lines))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), match)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return labels.path_label(match.path)
        return None
