"""What the user wants differently from the picture as it is: kept in one place, told as one value."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import AS_IT_IS, Match, Refinement, Region, Rgb
from fashion_finder.ui.question.balance_slider import Weights


class Refining(QObject):
    """The refinement of the question on the page."""

    changed = Signal(object)  # Refinement, by the user
    shown = Signal(object)  # Refinement, the same or another question's: controls follow it

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = AS_IT_IS
        self._marked: dict[int, Match] = {}  # whatever was marked in this session, by content

    @property
    def now(self) -> Refinement:
        """How the question is refined."""
        return self._now

    @property
    def marked(self) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
        """Answers to be more like, and to be less like."""
        more = tuple(self._marked[one] for one in self._now.more_like)
        less = tuple(self._marked[one] for one in self._now.less_like)
        return more, less

    def show(self, refinement: Refinement) -> None:
        """Another question is on the page."""
        self._now = refinement
        self.shown.emit(refinement)

    @Slot(object)
    def limit_to(self, region: Region | None) -> None:
        """Ask about a part; None for the whole."""
        self._become(replace(self._now, region=region))

    @Slot(object)
    def balance(self, weights: Weights) -> None:
        """Weigh cut against colour."""
        self._become(replace(self._now, weights=weights))

    @Slot(object)
    def colour(self, colour: str | Rgb | None) -> None:
        """Ask for a colour; None for that of the picture."""
        self._become(replace(self._now, colour=colour))

    @Slot(object)
    def more_like(self, match: Match) -> None:
        """Move the question towards an answer."""
        self._mark(match, more=True)

    @Slot(object)
    def less_like(self, match: Match) -> None:
        """Move the question away from an answer."""
        self._mark(match, more=False)

    @Slot(object)
    def unmark(self, match: Match) -> None:
        """Take a mark back."""
        self._become(self._without(match))

    @Slot()
    def clear_marks(self) -> None:
        """Take all marks back."""
        self._become(replace(self._now, more_like=(), less_like=()))

    def _mark(self, match: Match, *, more: bool) -> None:
        self._marked[match.content] = match
        rest = self._without(match)
        if more:
            self._become(replace(rest, more_like=(*rest.more_like, match.content)))
        else:
            self._become(replace(rest, less_like=(*rest.less_like, match.content)))

    def _without(self, match: Match) -> Refinement:
        return replace(
            self._now,
            more_like=tuple(one for one in self._now.more_like if one != match.content),
            less_like=tuple(one for one in self._now.less_like if one != match.content),
        )

    def _become(self, refinement: Refinement) -> None:
        if refinement != self._now:
            self._now = refinement
            self.shown.emit(refinement)
            self.changed.emit(refinement)
