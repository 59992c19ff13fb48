"""Lets the urgent go first and alone: who only works in the background waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """Two classes of callers: urgent ones pass one at a time, the others together.

    An urgent one waits for those inside and for no other.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._urgent_inside = False
        self._urgent_waiting = 0

    @contextmanager
    def passing(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turnstile while the block runs."""
        with self._changed:
            self._urgent_waiting += urgent
            try:
                self._changed.wait_for(lambda: self._is_open(urgent=urgent))
            finally:
                self._urgent_waiting -= urgent
            self._inside += 1
            self._urgent_inside = urgent
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                if urgent:
                    self._urgent_inside = False
                self._changed.notify_all()

    def _is_open(self, *, urgent: bool) -> bool:
        if urgent:
            return self._inside == 0
        return self._urgent_waiting == 0 and not self._urgent_inside
