"""Lets the urgent go first: one at a time, and who only works in the background waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """A lock with two classes of callers; an urgent one waits for the one inside and no other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._urgent_waiting = 0

    @property
    def urgent_waiting(self) -> int:
        """Urgent callers not inside yet."""
        return self._urgent_waiting

    @contextmanager
    def passing(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turnstile while the block runs."""
        with self._changed:
            self._urgent_waiting += urgent
            try:
                self._changed.wait_for(
                    lambda: not self._busy and (urgent or self._urgent_waiting == 0)
                )
            finally:
                self._urgent_waiting -= urgent
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
