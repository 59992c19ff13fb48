"""The questions of this session, to go back and forward through. Plain lists, no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtGui import QPixmap

from fashion_finder.domain import AS_IT_IS, PreparedPicture, Question, Refinement

LONGEST = 40
"""Questions kept. Each holds its decoded picture, about 2 MB, so that it needs no file any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question that was answered, as the user last left it."""

    question: Question
    name: str
    picture: PreparedPicture | None
    refinement: Refinement = AS_IT_IS
    thumbnail: QPixmap | None = None


class History:
    """What was asked, in order, and where in it we are. A new question cuts off what lay ahead."""

    def __init__(self) -> None:
        self._entries: list[Asked] = []
        self._at = -1

    @property
    def current(self) -> Asked | None:
        """The question on the page."""
        return self._entries[self._at] if self._entries else None

    @property
    def behind(self) -> tuple[Asked, ...]:
        """Earlier questions, the nearest first."""
        return tuple(reversed(self._entries[: max(0, self._at)]))

    @property
    def ahead(self) -> tuple[Asked, ...]:
        """Questions that were gone back from, the nearest first."""
        return tuple(self._entries[self._at + 1 :])

    def add(self, asked: Asked) -> None:
        """A new question was answered."""
        del self._entries[self._at + 1 :]
        self._entries.append(asked)
        del self._entries[:-LONGEST]
        self._at = len(self._entries) - 1

    def amend(self, change: Callable[[Asked], Asked]) -> None:
        """The question on the page was refined."""
        if self._entries:
            self._entries[self._at] = change(self._entries[self._at])

    def refine(self, refinement: Refinement) -> None:
        """Remember how the question on the page was left."""
        self.amend(lambda asked: replace(asked, refinement=refinement))

    def go(self, steps: int) -> Asked | None:
        """Go back (negative) or forward; None when there is nothing that far."""
        if not steps or not 0 <= self._at + steps < len(self._entries):
            return None
        self._at += steps
        return self._entries[self._at]
