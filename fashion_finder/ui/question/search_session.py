"""The search on the page, and those before it to go back to.

The session decides what the engine is asked next, and which answers still count. It holds plain
values and no threads: the search controller runs the requests and hands the outcomes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from fashion_finder.domain import (
    AS_IT_IS,
    EVERYTHING,
    Answer,
    ContentId,
    Filters,
    Match,
    PictureData,
    PreparedPicture,
    Question,
    Refinement,
)
from fashion_finder.errors import FinderError

CAPACITY = 40
"""Searches kept in the history; each holds its decoded picture."""


@dataclass(frozen=True, slots=True, eq=False)
class RawPicture:
    """Pixels without a file; encoding them is slow and left to a worker."""

    name: str
    encode: Callable[[], PictureData]  # raises PictureUnreadable


@dataclass(frozen=True, slots=True)
class Search:
    """What the engine is asked. Once answered, it holds its picture and needs no file any more."""

    question: Question | RawPicture
    name: str  # of the picture, ready to show
    refinement: Refinement = AS_IT_IS
    filters: Filters = EVERYTHING
    picture: PreparedPicture | None = None  # about 2 MB


class AskReason(IntEnum):
    """Why the engine is asked; in the queue, the greater one outranks the lesser."""

    REFRESHED = 1  # the folders or the filters have changed
    REFINED = 2
    NEW_QUESTION = 3


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A search to run now; `answer` or `fail` gets it back with its outcome."""

    search: Search
    reason: AskReason
    question_number: int


class SearchHistory:
    """Answered searches in order, and which of them the page shows.

    The page shows none of them while a new question waits for its answer, and after it failed.
    """

    def __init__(self) -> None:
        self._entries: list[Search] = []
        self._position = -1  # of the search on the page, or of the last one that was there
        self._is_on_page = False  # whether the page shows the entry at `_position`

    @property
    def behind(self) -> tuple[Search, ...]:
        """Searches to go back to, the nearest first."""
        end = self._position if self._is_on_page else self._position + 1
        return tuple(reversed(self._entries[:end]))

    @property
    def ahead(self) -> tuple[Search, ...]:
        """Searches to go forward to, the nearest first."""
        return tuple(self._entries[self._position + 1 :])

    def leave(self) -> None:
        """A new question takes the page; `keep` adds it once it is answered."""
        self._is_on_page = False

    def amend(self, search: Search) -> None:
        """Update the search on the page, if the history holds it."""
        if self._is_on_page:
            self._entries[self._position] = search

    def keep(self, search: Search) -> None:
        """Store the answered search on the page; a new one drops those ahead."""
        if not self._is_on_page:
            self._entries[self._position + 1 :] = [search]
            del self._entries[:-CAPACITY]
            self._position = len(self._entries) - 1
            self._is_on_page = True
        self.amend(search)

    def go(self, steps: int) -> Search | None:
        """Go back (negative) or forward; None when there is no search that far."""
        target = self._position + steps
        if steps < 0 and not self._is_on_page:
            target += 1  # the nearest is the one that was on the page before
        if not steps or not 0 <= target < len(self._entries):
            return None
        self._position = target
        self._is_on_page = True
        return self._entries[target]


class SearchSession:
    """One search at a time. One request is in flight, and one more may be queued behind it.

    A queued request takes the search as it is when it starts: while a box is dragged, the engine
    is asked about its latest position, not about every one on the way. A new question supersedes
    the request in flight, whose outcome is dropped.
    """

    def __init__(self) -> None:
        self.history = SearchHistory()
        self.search: Search | None = None  # on the page, answered or not; None: nothing to ask
        self.filters = EVERYTHING  # which pictures may answer
        self.error: FinderError | None = None  # why the page shows no answer
        self.question_number = 0  # counts questions, see `is_current`
        self._first_refinement = Refinement()  # of a new question: weights outlive questions
        self._in_flight: Request | None = None
        self._queued: AskReason | None = None
        self._marked: dict[ContentId, Match] = {}  # every example of this session

    @property
    def refinement(self) -> Refinement:
        """How the question is refined, or how a first one will be."""
        return self.search.refinement if self.search else self._first_refinement

    @property
    def examples(self) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
        """The matches that the refinement names: more like these, and less like those."""
        more = tuple(self._marked[content] for content in self.refinement.more_like)
        less = tuple(self._marked[content] for content in self.refinement.less_like)
        return more, less

    @property
    def is_waiting(self) -> bool:
        """Whether an answer to the question on the page is still to come."""
        in_flight = self._in_flight
        return self._queued is not None or (
            in_flight is not None and self.is_current(in_flight.question_number)
        )

    def is_current(self, question_number: int) -> bool:
        """Whether no newer question was asked; work begun for an older one is dropped."""
        return question_number == self.question_number

    # ------------------------------------------------------------ questions

    def ask(self, question: Question | RawPicture, name: str) -> None:
        """Begin a new question."""
        self.history.leave()
        self._begin(Search(question, name, self._first_refinement))

    def refuse(self, error: FinderError) -> None:
        """Put a question on the page that must not be asked, with the reason."""
        self.history.leave()
        self.question_number += 1
        self.search = self._queued = None
        self.error = error

    def go(self, steps: int) -> Search | None:
        """Repeat a search of the history as it was left, and return it; None if there is none."""
        search = self.history.go(steps)
        if search is not None:
            self._begin(search)
        return search

    def refine(self, refinement: Refinement) -> bool:
        """Refine the question; False when it is refined like that already."""
        is_new = refinement != self.refinement
        self._first_refinement = Refinement(weights=refinement.weights)
        if is_new and self.search is not None:
            self._change(replace(self.search, refinement=refinement), AskReason.REFINED)
        return is_new

    def add_example(self, match: Match, *, is_more: bool) -> bool:
        """Move the question towards a match, or away from it; False if it was marked so."""
        self._marked[match.content] = match
        rest = without_example(self.refinement, match.content)
        if is_more:
            return self.refine(replace(rest, more_like=(*rest.more_like, match.content)))
        return self.refine(replace(rest, less_like=(*rest.less_like, match.content)))

    def set_filters(self, filters: Filters) -> bool:
        """Search only pictures that meet these; False when the filters are the same."""
        if filters == self.filters:
            return False
        self.filters = filters
        if self.search is not None:
            self._change(replace(self.search, filters=filters), AskReason.REFRESHED)
        return True

    def refresh(self) -> None:
        """Repeat the search, because the folders have changed."""
        if self.search is not None:
            self._queue(AskReason.REFRESHED)

    # ------------------------------------------------------------ requests and outcomes

    def next_request(self) -> Request | None:
        """The request to run now; None while one is in flight, or when none is queued."""
        if self.search is None or self._queued is None or self._in_flight is not None:
            return None
        self._in_flight = Request(self.search, self._queued, self.question_number)
        self._queued = None
        return self._in_flight

    def answer(self, request: Request, answer: Answer) -> bool:
        """Accept the answer to a request; False when it is superseded and must not be shown."""
        if not self._land(request) or self.search is None:
            return False
        self.error = None
        self.search = replace(self.search, question=answer.question, picture=answer.picture)
        self.history.keep(self.search)
        return True

    def fail(self, request: Request, error: FinderError) -> bool:
        """Accept the failure of a request; False when the page keeps what it shows."""
        if not self._land(request):
            return False
        if request.reason is AskReason.REFRESHED and self.error is None:
            return False  # the answer on the page is still the best there is
        self.error = error
        return True

    def _land(self, request: Request) -> bool:
        """Whether an outcome still counts: the only place that checks for late ones."""
        self._in_flight = None
        return self.is_current(request.question_number)

    def _begin(self, search: Search) -> None:
        self.question_number += 1
        self.error = None
        self.search = replace(search, filters=self.filters)
        self._first_refinement = Refinement(weights=search.refinement.weights)
        self._queued = AskReason.NEW_QUESTION

    def _change(self, search: Search, reason: AskReason) -> None:
        self.search = search
        self.history.amend(search)
        self._queue(reason)

    def _queue(self, reason: AskReason) -> None:
        self._queued = max(self._queued or reason, reason)


def without_example(refinement: Refinement, content: ContentId) -> Refinement:
    """The refinement without an example."""
    return replace(
        refinement,
        more_like=tuple(example for example in refinement.more_like if example != content),
        less_like=tuple(example for example in refinement.less_like if example != content),
    )
