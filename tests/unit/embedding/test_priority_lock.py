"""A question never waits for more than the inferences under way."""

from __future__ import annotations

import threading

from fashion_finder.embedding.priority_lock import Turnstile

TIMEOUT = 10.0


def test_the_urgent_goes_before_all_that_wait() -> None:
    """An urgent caller waits for the one inside; three background callers wait behind it."""
    turnstile = Turnstile()
    order: list[str] = []
    waiting = threading.Semaphore(0)

    def pass_through(name: str, urgent: bool) -> None:
        waiting.release()
        with turnstile.passing(urgent=urgent):
            order.append(name)

    threads = []
    with turnstile.passing(urgent=False):
        for name, urgent in [("question", True), ("a", False), ("b", False), ("c", False)]:
            thread = threading.Thread(target=pass_through, args=(name, urgent))
            thread.start()
            assert waiting.acquire(timeout=TIMEOUT)
            threads.append(thread)
            while turnstile._urgent_waiting == 0:  # the thread is between its release and the wait
                threading.Event().wait(0.001)
        assert order == []
    for thread in threads:
        thread.join(TIMEOUT)
    assert order[0] == "question"
    assert sorted(order[1:]) == ["a", "b", "c"]


def test_an_error_inside_opens_it_again() -> None:
    """A failing inference does not lock the next one out."""
    turnstile = Turnstile()
    try:
        with turnstile.passing(urgent=True):
            raise ValueError
    except ValueError:
        pass
    with turnstile.passing(urgent=False):
        pass


def test_background_callers_pass_together_and_the_urgent_alone() -> None:
    """The sync keeps every core busy; a question has all of them."""
    turnstile = Turnstile()
    together = threading.Barrier(2, timeout=TIMEOUT)

    def pass_through() -> None:
        with turnstile.passing(urgent=False):
            together.wait()

    threads = [threading.Thread(target=pass_through) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    assert not together.broken
    order: list[str] = []
    began = threading.Event()

    def work() -> None:
        began.set()
        with turnstile.passing(urgent=False):
            order.append("background")

    with turnstile.passing(urgent=True):
        thread = threading.Thread(target=work)
        thread.start()
        assert began.wait(TIMEOUT)
        thread.join(0.05)
        order.append("question")
    thread.join(TIMEOUT)
    assert order == ["question", "background"]
