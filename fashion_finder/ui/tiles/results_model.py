"""The answers as a list model: five at first, all of them on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.settings import ANSWERS
from fashion_finder.ui.tiles.match_model import DIVIDER_ROLE, Index, MatchModel

FIRST_SHOWN = ANSWERS


@dataclass(frozen=True, slots=True)
class Divider:
    """A row that is no answer: it says what the rows below it are."""


Row = Match | Divider


class ResultsModel(MatchModel):
    """Matches, best first, a divider before the weaker ones."""

    least_room = FIRST_SHOWN  # tiles are no larger than with so many matches, however few there are

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Match, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._divider: int | None = None
        self.is_expanded = False  # whether matches beyond the first few are shown

    @property
    def matches(self) -> tuple[Match, ...]:
        """The matches that are shown, best first."""
        return tuple(row for row in self._rows if isinstance(row, Match))

    @property
    def beyond(self) -> int:
        """How many matches there are beyond the first few, shown or not."""
        return max(0, len(self._all) - FIRST_SHOWN)

    @property
    def groups(self) -> tuple[int, ...]:
        """How many of the first few matches stand before the divider and after it."""
        first = self.laid_out(self._all[:FIRST_SHOWN])
        if Divider() not in first:
            return (len(first),)
        before = first.index(Divider())
        return (before, len(first) - before - 1)

    @property
    def divider_row(self) -> int | None:
        """The row of the divider; None without one."""
        return self._divider

    def show(self, matches: tuple[Match, ...], *, expanded: bool = False) -> None:
        """Replace the answer."""
        if matches == self._all and expanded == self.is_expanded:
            return
        self._all = matches
        self.is_expanded = expanded
        self._lay_out()
        self.setStringList([""] * len(self._rows))

    def expand(self, *, expanded: bool = True) -> None:
        """Show or hide the matches beyond the first few; the first few stay where they are."""
        before = len(self._rows)
        self.is_expanded = expanded
        self._lay_out()
        after = len(self._rows)
        if after > before:
            self.insertRows(before, after - before)
        elif after < before:
            self.removeRows(after, before - after)

    def match_at(self, index: Index) -> Match | None:
        """The match of a row; None for a divider."""
        row = self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None
        return row if isinstance(row, Match) else None

    def indexes_of(self, content: ContentId) -> list[QModelIndex]:
        """Every row that shows a picture: copies of one file share theirs."""
        return [
            self.index(place)
            for place, row in enumerate(self._rows)
            if isinstance(row, Match) and row.content == content
        ]

    def laid_out(self, matches: Sequence[Match]) -> tuple[Row, ...]:
        """The matches with a divider before the first that is not similar.

        When not even the best is similar, the page says so and nothing is divided.
        """
        if not matches or matches[0].closeness is Closeness.DISSIMILAR:
            return tuple(matches)
        for place, match in enumerate(matches):
            if match.closeness is Closeness.DISSIMILAR:
                return (*matches[:place], Divider(), *matches[place:])
        return tuple(matches)

    def _lay_out(self) -> None:
        self._rows = self.laid_out(self._all if self.is_expanded else self._all[:FIRST_SHOWN])
        self._divider = self._rows.index(Divider()) if Divider() in self._rows else None

    # Qt overrides

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a row."""
        if index.isValid() and index.row() == self.divider_row:
            shown = (DIVIDER_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return self.tr("Less similar") if role in shown else None
        return super().data(index, role)
