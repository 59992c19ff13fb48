"""Pausing and stopping a sync from another thread."""

from __future__ import annotations

import threading

from fashion_finder.errors import Interrupted

_LOOK_AGAIN_S = 1.0


class SyncControl:
    """Shared by a sync and its observers; any thread may call any method."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.is_paused = False  # true between pause and resume
        self.is_cancelled = False  # true once cancelled, for good

    def pause(self) -> None:
        """Hold the sync at its next checkpoint."""
        with self._changed:
            self.is_paused = True

    def resume(self) -> None:
        """Let a paused sync continue."""
        with self._changed:
            self.is_paused = False
            self._changed.notify_all()

    def cancel(self) -> None:
        """Stop the sync at its next checkpoint, paused or not."""
        with self._changed:
            self.is_cancelled = True
            self._changed.notify_all()

    def wait_until_cancelled(self) -> None:
        """Block until someone cancels, be it a signal handler of this very thread.

        A handler that runs between the look and the wait notifies nobody: look again each second.
        """
        with self._changed:
            while not self.is_cancelled:
                self._changed.wait(_LOOK_AGAIN_S)

    def checkpoint(self) -> None:
        """Called by the sync: block while paused. Raises Interrupted when cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_cancelled or not self.is_paused)
            if self.is_cancelled:
                raise Interrupted
