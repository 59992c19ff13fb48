"""What is asked next, which answers count, and where back and forward lead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fashion_finder.domain import (
    EVERYTHING,
    Answer,
    Closeness,
    ContentId,
    Filters,
    Match,
    PictureFile,
    PreparedPicture,
    Refinement,
    Region,
)
from fashion_finder.errors import FinderError, PictureUnreadable
from fashion_finder.ui.question.search_session import (
    CAPACITY,
    AskReason,
    RawPicture,
    Request,
    SearchSession,
    without_example,
)

HALF = Refinement(region=Region(0.0, 0.0, 0.5, 1.0))
COLOURFUL = (("style", 0.1), ("colour", 0.9))
TIES = Filters(types=("Ties",))
PIXELS = np.zeros((2, 2, 3), np.uint8)
BROKEN = PictureUnreadable(Path("/q/broken.jpg"))


def photo(name: str) -> PictureFile:
    """A question."""
    return PictureFile(Path(f"/q/{name}.jpg"))


def match(number: int) -> Match:
    """An answer to mark."""
    return Match(ContentId(number), Path(f"/photos/{number}.jpg"), 0.9, Closeness.VERY_SIMILAR)


def answer_to(request: Request) -> Answer:
    """What the engine makes of a request; its picture is read at the first time."""
    question = request.search.question
    if isinstance(question, RawPicture):
        question = question.encode()
    read = request.search.picture or PreparedPicture(b"", 9, 2, 2, PIXELS, b"", PIXELS)
    refinement, filters = request.search.refinement, request.search.filters
    found = Answer(question, (match(1),), None, 9, PIXELS, picture=read, refinement=refinement)
    return replace(found, filters=filters)


def started(session: SearchSession) -> Request:
    """The request that is to be run now."""
    request = session.next_request()
    assert request is not None
    return request


def ask(session: SearchSession, *names: str) -> None:
    """Ask with each of these, and wait for each answer."""
    for name in names:
        session.ask(photo(name), name)
        answer_all(session)


def answer_all(session: SearchSession) -> None:
    """Run requests until there are none."""
    while (request := session.next_request()) is not None:
        session.answer(request, answer_to(request))


def names_behind(session: SearchSession) -> list[str]:
    """What can be gone back to, the nearest first."""
    return [search.name for search in session.history.behind]


def name_of(session: SearchSession) -> str:
    """The question on the page."""
    assert session.search is not None
    return session.search.name


@pytest.fixture
def session() -> SearchSession:
    """Nothing asked yet."""
    return SearchSession()


# ---------------------------------------------------------------- one request at a time


def test_one_request_is_in_flight(session: SearchSession) -> None:
    """What is wanted meanwhile waits, and only the newest of it is asked."""
    session.ask(photo("one"), "one")
    first = started(session)
    session.ask(photo("two"), "two")
    session.ask(photo("three"), "three")
    assert session.next_request() is None
    assert not session.answer(first, answer_to(first))
    assert started(session).search.question == photo("three")


def test_an_answer_to_an_older_question_is_dropped(session: SearchSession) -> None:
    """The page goes on waiting for the newer one's."""
    session.ask(photo("one"), "one")
    late = started(session)
    session.ask(photo("two"), "two")
    assert not session.answer(late, answer_to(late))
    assert session.is_waiting
    assert names_behind(session) == []
    assert name_of(session) == "two"


def test_a_failure_of_an_older_question_is_dropped(session: SearchSession) -> None:
    """An error does not take the newer one's place either."""
    session.ask(photo("one"), "one")
    late = started(session)
    session.ask(photo("two"), "two")
    assert not session.fail(late, BROKEN)
    assert session.error is None


def test_an_answer_to_a_refused_questions_predecessor_is_dropped(session: SearchSession) -> None:
    """The page says why the newer one is refused."""
    session.ask(photo("one"), "one")
    late = started(session)
    session.refuse(BROKEN)
    assert not session.is_waiting
    assert not session.answer(late, answer_to(late))
    assert session.error is BROKEN
    assert session.next_request() is None


def test_answers_follow_a_box_that_is_dragged(session: SearchSession) -> None:
    """An answer to where it was is shown; the next question is where it is."""
    ask(session, "one")
    session.refine(HALF)
    under_way = started(session)
    for right in (0.6, 0.7, 0.8):
        session.refine(Refinement(region=Region(0.0, 0.0, right, 1.0)))
    assert session.answer(under_way, answer_to(under_way))
    assert started(session).search.refinement == Refinement(region=Region(0.0, 0.0, 0.8, 1.0))


@pytest.mark.parametrize("refined_first", [True, False])
def test_a_refinement_outranks_a_refresh_in_the_queue(
    session: SearchSession, refined_first: bool
) -> None:
    """Whichever was wanted first: a failure of what the user wants is shown."""
    session.ask(photo("one"), "one")
    under_way = started(session)
    if refined_first:
        session.refine(HALF)
        session.refresh()
    else:
        session.refresh()
        session.refine(HALF)
    session.answer(under_way, answer_to(under_way))
    request = started(session)
    assert request.reason is AskReason.REFINED
    assert request.search.refinement == HALF
    assert session.fail(request, BROKEN)
    assert session.next_request() is None


def test_a_question_in_the_queue_stays_a_new_one(session: SearchSession) -> None:
    """Though it is refined and refreshed before it begins."""
    session.ask(photo("one"), "one")
    first = started(session)
    session.ask(photo("two"), "two")
    session.refine(HALF)
    session.refresh()
    session.answer(first, answer_to(first))
    request = started(session)
    assert request.reason is AskReason.NEW_QUESTION
    assert (request.search.name, request.search.refinement) == ("two", HALF)


def test_a_refresh_that_fails_keeps_the_answer(session: SearchSession) -> None:
    """The question's file may be gone by now; its answer is not."""
    ask(session, "one")
    session.refresh()
    assert not session.fail(started(session), BROKEN)
    assert session.error is None


def test_a_refresh_after_a_failure_is_shown_whatever_comes(session: SearchSession) -> None:
    """The page has nothing better."""
    session.ask(photo("one"), "one")
    assert session.fail(started(session), BROKEN)
    session.refresh()
    other = FinderError()
    assert session.fail(started(session), other)
    assert session.error is other
    session.refresh()
    request = started(session)
    assert session.answer(request, answer_to(request))
    assert session.error is None


def test_nothing_to_refresh_or_refine_asks_nothing(session: SearchSession) -> None:
    """Before the first question there is none to repeat."""
    session.refresh()
    assert session.refine(Refinement(weights=COLOURFUL))
    assert session.set_filters(TIES)
    assert session.next_request() is None
    assert not session.is_waiting


# ---------------------------------------------------------------- what a search holds


def test_the_picture_is_read_once(session: SearchSession) -> None:
    """However often the question is asked again, and when it is gone back to."""
    ask(session, "one", "two")
    session.refine(HALF)
    assert started(session).search.picture is not None
    session.go(-1)
    assert session.search is not None
    assert session.search.picture is not None


def test_weights_outlive_a_question(session: SearchSession) -> None:
    """Nothing else does; and a search from the history brings its own."""
    ask(session, "one")
    session.refine(replace(HALF, weights=COLOURFUL, colour="Red"))
    ask(session, "two")
    assert session.refinement == Refinement(weights=COLOURFUL)
    session.refine(Refinement())
    session.go(-1)
    assert session.refinement == replace(HALF, weights=COLOURFUL, colour="Red")
    ask(session, "three")
    assert session.refinement == Refinement(weights=COLOURFUL)


def test_filters_hold_for_every_question(session: SearchSession) -> None:
    """Those that come, and those that are gone back to."""
    ask(session, "one")
    assert session.set_filters(TIES)
    assert not session.set_filters(TIES)
    assert started(session).reason is AskReason.REFRESHED
    session.ask(photo("two"), "two")
    session.set_filters(EVERYTHING)
    assert session.search is not None
    assert session.search.filters == EVERYTHING
    session.go(-1)
    assert session.search.filters == EVERYTHING


def test_an_example_is_of_one_kind(session: SearchSession) -> None:
    """The latest mark counts; taking it back leaves the others."""
    ask(session, "one")
    for number in (1, 2):
        assert session.add_example(match(number), is_more=True)
    assert not session.add_example(match(2), is_more=True)
    assert session.add_example(match(1), is_more=False)
    more, less = session.examples
    assert (more, less) == ((match(2),), (match(1),))
    session.refine(without_example(session.refinement, ContentId(1)))
    more, less = session.examples
    assert (more, less) == ((match(2),), ())


# ---------------------------------------------------------------- back and forward


def test_back_and_forward_ask_a_search_as_it_was_left(session: SearchSession) -> None:
    """The nearest first; a new question cuts off what lay ahead."""
    ask(session, "one", "two")
    session.refine(HALF)
    answer_all(session)
    ask(session, "three")
    assert names_behind(session) == ["two", "one"]
    assert session.go(-1)
    assert (name_of(session), session.refinement) == ("two", HALF)
    answer_all(session)
    assert session.go(-1)
    assert [search.name for search in session.history.ahead] == ["two", "three"]
    assert session.go(2)
    assert name_of(session) == "three"
    session.go(-2)
    ask(session, "four")
    assert names_behind(session) == ["one"]
    assert session.history.ahead == ()
    assert not session.go(1)
    assert not session.go(0)
    assert not session.go(-2)


@pytest.mark.parametrize("steps, expected", [(-1, "two"), (-2, "one")])
def test_back_after_a_failure_leads_to_what_was_on_the_page_before(
    session: SearchSession, steps: int, expected: str
) -> None:
    """A question that failed is not in the history, and no search of it is passed over."""
    ask(session, "one", "two")
    session.ask(photo("broken"), "broken")
    session.fail(started(session), BROKEN)
    assert names_behind(session) == ["two", "one"]
    assert session.go(steps)
    assert name_of(session) == expected
    answer_all(session)
    assert names_behind(session) == ["one"][: steps + 2]


def test_back_leads_there_while_the_question_is_under_way(session: SearchSession) -> None:
    """And after one that is refused."""
    ask(session, "one", "two")
    session.ask(photo("slow"), "slow")
    assert session.go(-1)
    assert name_of(session) == "two"
    answer_all(session)
    session.refuse(BROKEN)
    assert session.go(-1)
    assert name_of(session) == "two"


def test_a_failed_question_is_not_refined_in_anothers_name(session: SearchSession) -> None:
    """The slider is moved while the page says what went wrong."""
    ask(session, "one")
    session.ask(photo("broken"), "broken")
    session.fail(started(session), BROKEN)
    session.refine(Refinement(weights=COLOURFUL))
    session.go(-1)
    assert session.refinement == Refinement()


def test_the_history_forgets_the_oldest(session: SearchSession) -> None:
    """Each search holds a picture."""
    ask(session, *(str(number) for number in range(CAPACITY + 5)))
    assert len(session.history.behind) == CAPACITY - 1
    assert names_behind(session)[-1] == "5"
    assert not session.go(-CAPACITY)
    assert session.go(-(CAPACITY - 1))


# ---------------------------------------------------------------- any order of events


class AnySession(RuleBasedStateMachine):
    """Whatever the user and the engine do in whatever order."""

    refinements = st.builds(
        Refinement,
        region=st.sampled_from([None, HALF.region]),
        weights=st.sampled_from([(), COLOURFUL]),
        colour=st.sampled_from([None, "Red"]),
    )
    filterings = st.sampled_from([EVERYTHING, TIES])

    def __init__(self) -> None:
        super().__init__()
        self.session = SearchSession()
        self.in_flight: Request | None = None
        self.superseded = False  # the request in flight
        self.entries: list[str] = []  # the model of the history
        self.place = -1
        self.on_page = False
        self.asked = 0

    @rule()
    def ask(self) -> None:
        weights = self.session.refinement.weights
        self.asked += 1
        self.session.ask(photo(str(self.asked)), str(self.asked))
        self.superseded, self.on_page = True, False
        assert self.session.refinement == Refinement(weights=weights)

    @rule()
    def refuse(self) -> None:
        self.session.refuse(BROKEN)
        self.superseded, self.on_page = True, False

    @rule(refinement=refinements)
    def refine(self, refinement: Refinement) -> None:
        self.session.refine(refinement)
        if self.session.search is not None:
            assert self.session.refinement == refinement

    @rule(filters=filterings)
    def filter(self, filters: Filters) -> None:
        self.session.set_filters(filters)

    @rule()
    def refresh(self) -> None:
        self.session.refresh()

    @rule(steps=st.sampled_from([-2, -1, 1, 2]))
    def go(self, steps: int) -> None:
        target = self.place + steps + int(steps < 0 and not self.on_page)
        exists = 0 <= target < len(self.entries)
        assert (self.session.go(steps) is not None) is exists
        if exists:
            assert name_of(self.session) == self.entries[target]
            self.place, self.on_page, self.superseded = target, True, True

    @precondition(lambda self: self.in_flight is None)
    @rule()
    def start(self) -> None:
        self.in_flight = self.session.next_request()
        self.superseded = False
        if self.in_flight is not None:
            assert self.in_flight.search == self.session.search

    @precondition(lambda self: self.in_flight is not None)
    @rule()
    def answer(self) -> None:
        request, self.in_flight = self.in_flight, None
        assert request is not None
        assert self.session.answer(request, answer_to(request)) is not self.superseded
        if not self.superseded and not self.on_page:
            self.entries = [*self.entries[: self.place + 1], request.search.name][-CAPACITY:]
            self.place, self.on_page = len(self.entries) - 1, True

    @precondition(lambda self: self.in_flight is not None)
    @rule()
    def fail(self) -> None:
        request, self.in_flight = self.in_flight, None
        assert request is not None
        had_failed = self.session.error is not None
        is_silent = request.reason is AskReason.REFRESHED and not had_failed
        assert self.session.fail(request, BROKEN) is not (self.superseded or is_silent)

    @invariant()
    def one_request_at_a_time(self) -> None:
        if self.in_flight is not None:
            assert self.session.next_request() is None

    @invariant()
    def history_is_complete(self) -> None:
        on_page = self.entries[self.place : self.place + 1] if self.on_page else []
        ahead = [search.name for search in self.session.history.ahead]
        assert [*reversed(names_behind(self.session)), *on_page, *ahead] == self.entries

    @invariant()
    def filters_hold(self) -> None:
        if self.session.search is not None:
            assert self.session.search.filters == self.session.filters

    def teardown(self) -> None:
        """In the end what the user wants is what was asked last, and nothing waits."""
        last: Request | None = None
        if self.in_flight is not None:
            self.session.answer(self.in_flight, answer_to(self.in_flight))
        while (request := self.session.next_request()) is not None:
            self.session.answer(request, answer_to(request))
            last = request
        assert not self.session.is_waiting
        if last is not None:
            assert self.session.search is not None
            assert last.search.refinement == self.session.refinement
            assert last.search.filters == self.session.filters
            assert last.search.question == self.session.search.question


TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
