"""Waiting for what another thread or program brings about, as long as a busy machine needs."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMEOUT = 60.0  # seconds


def until(
    holds: Callable[[], bool],
    timeout: float = TIMEOUT,
    otherwise: Callable[[], str] = lambda: "waited in vain",
) -> None:
    """Wait for a condition that nothing announces; fails after `timeout` seconds.

    `otherwise` says what is there instead.
    """
    end = time.monotonic() + timeout
    pause = 0.005
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(otherwise())
        time.sleep(pause)
        pause = min(0.2, pause * 1.5)
