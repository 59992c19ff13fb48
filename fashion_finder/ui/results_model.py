"""The answers as a list model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fashion_finder.domain import Match
from fashion_finder.ui import labels

MATCH_ROLE = int(Qt.ItemDataRole.UserRole) + 1

Index = QModelIndex | QPersistentModelIndex


class ResultsModel(QAbstractListModel):
    """Matches, best first. An older answer never replaces a newer one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._matches: tuple[Match, ...] = ()
        self._ticket = 0

    @property
    def matches(self) -> tuple[Match, ...]:
        """What is shown, best first."""
        return self._matches

    def show(self, ticket: int, matches: tuple[Match, ...]) -> None:
        """Replace the answer, unless a newer question has been answered already."""
        if ticket < self._ticket:
            return
        self._ticket = ticket
        if matches == self._matches:
            return
        self.beginResetModel()
        self._matches = matches
        self.endResetModel()

    def match_at(self, index: Index) -> Match | None:
        """The match of a row."""
        return self._matches[index.row()] if index.isValid() else None

    # Qt overrides

    def rowCount(self, parent: Index | None = None) -> int:
        """How many matches there are; they have no children."""
        return 0 if parent is not None and parent.isValid() else len(self._matches)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a match."""
        match = self.match_at(index)
        if match is None:
            return None
        if role == MATCH_ROLE:
            return match
        if role == Qt.ItemDataRole.DisplayRole:
            return labels.file_label(match.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [match.path, *match.copies]
            return labels.tooltip("\n".join(labels.path_label(path) for path in lines))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("{rank} of {count}: {name}, {closeness}").format(
                rank=index.row() + 1,
                count=len(self._matches),
                name=labels.file_label(match.path),
                closeness=labels.closeness_label(match.closeness),
            )
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return labels.path_label(match.path)
        return None
