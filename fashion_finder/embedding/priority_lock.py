"""A lock that some callers share and others hold alone; those that want it alone go first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PriorityLock:
    """A readers-writer lock that prefers writers: a waiting one keeps new shared holders out."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders = 0
        self._is_exclusive = False
        self._waiting = 0  # for exclusive use

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the lock together with other shared holders."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._is_exclusive))
            self._holders += 1
        try:
            yield
        finally:
            self._release()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock alone, before all who wait to share it."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: self._holders == 0)
            finally:
                self._waiting -= 1
            self._holders += 1
            self._is_exclusive = True
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        with self._changed:
            self._holders -= 1
            self._is_exclusive = False  # an exclusive holder was the only one
            self._changed.notify_all()
