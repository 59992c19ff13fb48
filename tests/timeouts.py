"""Waiting for what another thread brings about, as long as a busy machine needs."""

from __future__ import annotations

import threading
from collections.abc import Callable

TIMEOUT = 60.0  # seconds


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition that another thread makes true."""
    waiting = threading.Event()
    for _ in range(int(TIMEOUT / 0.01)):
        if holds():
            return
        waiting.wait(0.01)
    raise AssertionError("waited in vain")
