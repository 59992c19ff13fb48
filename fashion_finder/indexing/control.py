"""Pausing and stopping a sync from another thread."""

from __future__ import annotations

import threading

from fashion_finder.errors import Interrupted


class SyncControl:
    """Shared by a sync and its observers; any thread may call any method."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._cancelled = False

    @property
    def is_paused(self) -> bool:
        """True between pause and resume."""
        return self._paused

    @property
    def is_cancelled(self) -> bool:
        """True once cancelled, for good."""
        return self._cancelled

    def pause(self) -> None:
        """Hold the sync at its next checkpoint."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Let a paused sync continue."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def cancel(self) -> None:
        """Stop the sync at its next checkpoint, paused or not."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def wait_until_cancelled(self) -> None:
        """Block until someone cancels."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled)

    def checkpoint(self) -> None:
        """Called by the sync: block while paused. Raises Interrupted when cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled or not self._paused)
            if self._cancelled:
                raise Interrupted
