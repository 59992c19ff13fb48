"""A question never waits for more than the one inference under way."""

from __future__ import annotations

import threading

from fashion_finder.embedding.turnstile import Turnstile

PATIENCE = 10.0


def test_the_urgent_goes_before_all_that_wait() -> None:
    """Three background callers wait; one urgent caller comes last and is served first."""
    turnstile = Turnstile()
    order: list[str] = []
    waiting = threading.Semaphore(0)

    def pass_through(name: str, urgent: bool) -> None:
        waiting.release()
        with turnstile.passing(urgent=urgent):
            order.append(name)

    threads = []
    with turnstile.passing(urgent=False):
        for name, urgent in [("a", False), ("b", False), ("c", False), ("question", True)]:
            thread = threading.Thread(target=pass_through, args=(name, urgent))
            thread.start()
            assert waiting.acquire(timeout=PATIENCE)
            threads.append(thread)
        while turnstile.urgent_waiting == 0:  # the thread is between its release and the wait
            threading.Event().wait(0.001)
        assert order == []
    for thread in threads:
        thread.join(PATIENCE)
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
