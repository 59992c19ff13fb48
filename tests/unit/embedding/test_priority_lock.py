"""A question never waits for more than the inferences already running."""

from __future__ import annotations

import threading

import pytest

from fashion_finder.embedding.onnx import PriorityLock
from tests.timeouts import until

TIMEOUT = 10.0


def test_exclusive_goes_before_all_that_wait_to_share() -> None:
    """It waits for the one inside; three others wait behind it."""
    lock = PriorityLock()
    order: list[str] = []

    def ask() -> None:
        with lock.exclusive():
            order.append("question")

    def work(name: str) -> None:
        with lock.shared():
            order.append(name)

    threads = [threading.Thread(target=ask)]
    threads += [threading.Thread(target=work, args=(name,)) for name in "abc"]
    with lock.shared():
        threads[0].start()
        until(lambda: lock._waiting > 0)
        for thread in threads[1:]:
            thread.start()
        assert order == []
    for thread in threads:
        thread.join(TIMEOUT)
    assert order[0] == "question"
    assert sorted(order[1:]) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", ["shared", "exclusive"])
def test_an_error_inside_releases_the_lock(kind: str) -> None:
    """A failing inference does not lock the next one out."""
    lock = PriorityLock()
    hold = lock.shared if kind == "shared" else lock.exclusive
    with pytest.raises(ValueError, match="fails"), hold():
        raise ValueError("fails")
    with lock.exclusive():
        pass
    with lock.shared():
        pass


def test_shared_holders_work_side_by_side() -> None:
    """The sync keeps every core busy."""
    lock = PriorityLock()
    together = threading.Barrier(2, timeout=TIMEOUT)

    def work() -> None:
        with lock.shared():
            together.wait()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    assert not together.broken


@pytest.mark.parametrize("kind", ["shared", "exclusive"])
def test_an_exclusive_holder_is_alone(kind: str) -> None:
    """A question has all cores to itself, also while another one waits."""
    lock = PriorityLock()
    hold = lock.shared if kind == "shared" else lock.exclusive
    order: list[str] = []
    starting = threading.Event()

    def work() -> None:
        starting.set()
        with hold():
            order.append("second")

    thread = threading.Thread(target=work)
    with lock.exclusive():
        thread.start()
        assert starting.wait(TIMEOUT)
        until(lambda: len(lock._changed._waiters) > 0)  # type: ignore[attr-defined]
        order.append("first")
    thread.join(TIMEOUT)
    assert order == ["first", "second"]
