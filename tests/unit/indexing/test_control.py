"""Cancelling from the thread that waits."""

from __future__ import annotations

import threading

import pytest

from fashion_finder.indexing.control import SyncControl
from tests.timeouts import TIMEOUT


def test_a_signal_handler_cancels_the_wait_of_its_own_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when it runs between the look and the wait, where its notice reaches nobody."""
    control = SyncControl()

    class JustTooLate(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            control.cancel()  # the lock is reentrant: this is what the handler does
            return super().wait(timeout)

    monkeypatch.setattr(control, "_changed", JustTooLate())
    waiting = threading.Thread(target=control.wait_until_cancelled, daemon=True)
    waiting.start()
    waiting.join(TIMEOUT)
    assert not waiting.is_alive()
