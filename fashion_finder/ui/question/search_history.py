"""The searches of this session, to go back and forward through."""

from __future__ import annotations

from fashion_finder.ui.question.search import Search

CAPACITY = 40
"""Searches kept; each holds its decoded picture."""


class SearchHistory:
    """Answered searches in order, and which of them the page shows.

    The page shows none of them while a new question is under way, and after it has failed.
    """

    def __init__(self) -> None:
        self._entries: list[Search] = []
        self._place = -1  # of the search on the page, or of the last one that was
        self._is_on_page = False  # the entry at `_place`

    @property
    def behind(self) -> tuple[Search, ...]:
        """Searches to go back to, the nearest first."""
        end = self._place if self._is_on_page else self._place + 1
        return tuple(reversed(self._entries[:end]))

    @property
    def ahead(self) -> tuple[Search, ...]:
        """Searches that were gone back from, the nearest first."""
        return tuple(self._entries[self._place + 1 :])

    def leave(self) -> None:
        """A new question takes the page; it is added once it is answered."""
        self._is_on_page = False

    def amend(self, search: Search) -> None:
        """Remember how the search on the page is now, if it is one of these."""
        if self._is_on_page:
            self._entries[self._place] = search

    def keep(self, search: Search) -> None:
        """The search on the page was answered; a new one cuts off those ahead."""
        if not self._is_on_page:
            self._entries[self._place + 1 :] = [search]
            del self._entries[:-CAPACITY]
            self._place = len(self._entries) - 1
            self._is_on_page = True
        self.amend(search)

    def go(self, steps: int) -> Search | None:
        """Go back (negative) or forward; None when there is nothing that far."""
        target = self._place + steps
        if steps < 0 and not self._is_on_page:
            target += 1  # the nearest is the one that was on the page before
        if not steps or not 0 <= target < len(self._entries):
            return None
        self._place = target
        self._is_on_page = True
        return self._entries[target]
