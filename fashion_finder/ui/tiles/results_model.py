"""The answers as a list model: five at first, all of them when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.settings import ANSWERS
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.match_roles import DIVIDER_ROLE, Index, told_of
from fashion_finder.ui.tiles.offline import offline_label

FIRST_SHOWN = ANSWERS


@dataclass(frozen=True, slots=True)
class Divider:
    """A row that is no answer: it says what those below it are."""


Row = Match | Divider


class ResultsModel(QAbstractListModel):
    """Matches, best first, a divider before the weaker ones."""

    least_room = FIRST_SHOWN  # matches that there is room for at least: fewer grow no larger

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._everything: tuple[Match, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._places: dict[ContentId, list[int]] = {}
        self._is_expanded = False

    @property
    def matches(self) -> tuple[Match, ...]:
        """What is shown, best first."""
        return tuple(row for row in self._rows if isinstance(row, Match))

    @property
    def beyond(self) -> int:
        """How many matches there are beyond the first few, shown or not."""
        return max(0, len(self._everything) - FIRST_SHOWN)

    @property
    def is_expanded(self) -> bool:
        """Whether those beyond the first few are shown."""
        return self._is_expanded

    @property
    def groups(self) -> tuple[int, ...]:
        """How many matches stand before the divider and after it, of the first few."""
        first = self.laid_out(self._everything[:FIRST_SHOWN])
        if Divider() not in first:
            return (len(first),)
        before = first.index(Divider())
        return (before, len(first) - before - 1)

    @property
    def divider_row(self) -> int | None:
        """Where the divider stands; None without one."""
        return self._rows.index(Divider()) if Divider() in self._rows else None

    def show(self, matches: tuple[Match, ...], *, expanded: bool = False) -> None:
        """Replace the answer."""
        if matches == self._everything and expanded == self._is_expanded:
            return
        self.beginResetModel()
        self._everything = matches
        self._is_expanded = expanded
        self._set_rows(self._shown_rows())
        self.endResetModel()

    def expand(self, *, expanded: bool = True) -> None:
        """Show those beyond the first few, or take them away; the first few stay as they are."""
        if expanded == self._is_expanded:
            return
        before = len(self._rows)
        self._is_expanded = expanded
        rows = self._shown_rows()
        if len(rows) > before:
            self.beginInsertRows(QModelIndex(), before, len(rows) - 1)
            self._set_rows(rows)
            self.endInsertRows()
        elif len(rows) < before:
            self.beginRemoveRows(QModelIndex(), len(rows), before - 1)
            self._set_rows(rows)
            self.endRemoveRows()

    def match_at(self, index: Index) -> Match | None:
        """The match of a row; None for a divider."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Match) else None

    def index_of(self, content: ContentId) -> QModelIndex:
        """Where a picture is shown first; an invalid index when it is not."""
        return next(iter(self.indexes_of(content)), QModelIndex())

    def index_for(self, match: Match) -> QModelIndex:
        """Where a match, or another one of its picture, is shown; an invalid index when it is not."""
        exact = (row for row in self._places.get(match.content, ()) if self._rows[row] == match)
        row = next(exact, None)
        return self.index_of(match.content) if row is None else self.index(row)

    def indexes_of(self, content: ContentId) -> list[QModelIndex]:
        """Everywhere a picture is shown: copies of one file share theirs."""
        return [self.index(row) for row in self._places.get(content, ())]

    @property
    def count(self) -> int:
        """How many matches are shown."""
        return sum(len(rows) for rows in self._places.values())

    def place_of(self, match: Match) -> int | None:
        """Where a match stands among those shown, dividers not counted; None when it does not."""
        shown = self.matches
        return shown.index(match) if match in shown else None

    def neighbour(self, match: Match, step: int) -> Match | None:
        """The match `step` places further on among those shown."""
        place = self.place_of(match)
        if place is None or not 0 <= place + step < self.count:
            return None
        return self.matches[place + step]

    def _set_rows(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self._places = {}
        for place, one in enumerate(rows):
            if isinstance(one, Match):
                self._places.setdefault(one.content, []).append(place)

    def laid_out(self, matches: Sequence[Match]) -> tuple[Row, ...]:
        """How matches are laid out."""
        return rows_of(matches)

    def _shown_rows(self) -> tuple[Row, ...]:
        shown = self._everything if self._is_expanded else self._everything[:FIRST_SHOWN]
        return self.laid_out(shown)

    def _spoken(self, match: Match) -> str:
        text = self.tr("{rank} of {count}: {name}").format(
            rank=self.matches.index(match) + 1,
            count=len(self.matches),
            name=labels.file_label(match.path),
        )
        if match.file_count > 1:
            text = self.tr("{tile}, {copies}").format(
                tile=text, copies=labels.copies_label(match.file_count)
            )
        if match.closeness is Closeness.UNJUDGED:
            return text
        return self.tr("{tile}, {closeness}").format(
            tile=text, closeness=labels.closeness_label(match.closeness)
        )

    # Qt overrides

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows there are; they have no children."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Matches can be chosen and dragged; a divider can not even be reached."""
        if self.match_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a row."""
        if not index.isValid():
            return None
        match = self.match_at(index)
        if match is None:
            said = {DIVIDER_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return self.tr("Less similar") if role in said else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([self._spoken(match), *([offline_label()] * match.offline)])
        return told_of(match, role)


def rows_of(matches: Sequence[Match]) -> tuple[Row, ...]:
    """The matches with a divider before the first weaker one.

    When even the best is not close, the page says so and nothing is divided.
    """
    if not matches or matches[0].closeness is Closeness.FAR:
        return tuple(matches)
    for place, match in enumerate(matches):
        if match.closeness in (Closeness.WEAKER, Closeness.FAR):
            return (*matches[:place], Divider(), *matches[place:])
    return tuple(matches)
