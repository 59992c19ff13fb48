"""Whoever asks a dead disk is kept waiting for a moment, once."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.errors import Interrupted
from fashion_finder.timeouts import NoAnswerError, Timeouts, unless_stalled
from tests.timeouts import TIMEOUT, until

SHARE = Path("/share")


@pytest.fixture
def dead() -> Iterator[threading.Event]:
    """A share that answers nobody, until the test is over."""
    answers = threading.Event()
    yield answers
    answers.set()


def nothing() -> None:
    """A pulse that does nothing."""


def test_an_answer_comes_back() -> None:
    """What the call returns, and what it raises."""
    timeouts = Timeouts()
    assert timeouts.ask(SHARE, lambda path: path.name, TIMEOUT) == "share"

    def fail(path: Path) -> None:
        raise FileNotFoundError(2, "No such file", str(path))

    with pytest.raises(FileNotFoundError, match="share"):
        timeouts.ask(SHARE, fail, TIMEOUT)


def test_who_is_patient_waits_for_the_call_that_hangs(dead: threading.Event) -> None:
    """A drive that wakes up answers the second call although the first was given up."""
    timeouts = Timeouts()

    def hang(_path: Path) -> None:
        dead.wait(TIMEOUT)

    with pytest.raises(NoAnswerError):
        timeouts.ask(SHARE, hang, 0.01)
    with pytest.raises(NoAnswerError):
        timeouts.ask(SHARE, hang, 0.01, patient=True)
    threading.Timer(0.1, dead.set).start()
    assert timeouts.ask(SHARE, lambda path: path.name, TIMEOUT, patient=True) == "share"


def test_a_share_that_hangs_is_given_up(dead: threading.Event) -> None:
    """At once, while its first call still hangs; after that call has ended it is asked again."""
    timeouts = Timeouts()
    asked: list[Path] = []
    hanging: list[threading.Thread] = []

    def hang(path: Path) -> None:
        asked.append(path)
        hanging.append(threading.current_thread())
        dead.wait(TIMEOUT)

    with pytest.raises(NoAnswerError):
        timeouts.ask(SHARE, hang, 0.01)
    with pytest.raises(NoAnswerError):
        timeouts.ask(SHARE, hang, TIMEOUT)
    assert timeouts.ask(Path("/other"), lambda path: 1, TIMEOUT) == 1
    dead.set()
    until(lambda: bool(hanging))  # it may not even have begun when it was given up
    hanging[0].join(TIMEOUT)
    assert asked == [SHARE]
    assert timeouts.ask(SHARE, lambda path: 2, TIMEOUT) == 2


def test_a_walk_is_followed_to_its_end() -> None:
    """Every item in its order, and the error it ends with after the items before it."""
    lists = [list(range(start, start + 7)) for start in range(0, 1400, 7)]
    walked = list(unless_stalled(lambda: iter(lists), lambda: 0, nothing, TIMEOUT))
    assert [one for some in walked for one in some] == list(range(1400))
    assert len(walked) < len(lists)  # short lists were joined

    def fails() -> Iterator[list[int]]:
        yield [1]
        raise FileNotFoundError

    walking = unless_stalled(fails, lambda: 0, nothing, TIMEOUT)
    assert next(walking) == [1]
    with pytest.raises(FileNotFoundError):
        next(walking)


def test_a_walk_that_stands_still_is_given_up(dead: threading.Event) -> None:
    """What it found before is not lost on whoever follows it."""
    stands = threading.Event()
    steps = itertools.count()

    def stops() -> Iterator[list[int]]:
        yield list(range(512))
        stands.set()
        dead.wait(TIMEOUT)

    walking = unless_stalled(stops, lambda: 0 if stands.is_set() else next(steps), nothing, 0.2)
    found: list[int] = []
    while len(found) < 512:
        found += next(walking)
    assert found == list(range(512))
    with pytest.raises(NoAnswerError):
        next(walking)


def test_a_walk_that_moves_without_finding_anything_is_waited_for(dead: threading.Event) -> None:
    """A folder of a hundred thousand films is slow, not dead."""
    looked = 0

    def progress() -> int:
        nonlocal looked
        looked += 1
        if looked == 20:
            dead.set()
        return looked

    def slow() -> Iterator[list[int]]:
        dead.wait(TIMEOUT)
        yield [7]

    assert list(unless_stalled(slow, progress, nothing, 0.15)) == [[7]]


def test_a_walk_can_be_left(dead: threading.Event) -> None:
    """The pulse stops it even while it hangs, and no thread walks on for nobody."""
    ended = threading.Event()

    def endless() -> Iterator[list[int]]:
        try:
            while True:
                yield [1]
        finally:
            ended.set()

    walking = unless_stalled(endless, lambda: 0, nothing, TIMEOUT)
    assert set(next(walking)) == {1}
    walking.close()  # type: ignore[attr-defined]  # it is a generator
    assert ended.wait(TIMEOUT)

    def hangs() -> Iterator[list[int]]:
        dead.wait(TIMEOUT)
        yield [1]

    def stop() -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        next(unless_stalled(hangs, lambda: 0, stop, TIMEOUT))
