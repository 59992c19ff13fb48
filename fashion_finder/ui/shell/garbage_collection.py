"""Collects garbage in the window's thread, and in no other.

Python collects in whichever thread allocates. A closed dialog in a reference cycle could then be
destroyed by a worker, and Qt's objects must be destroyed in their own thread.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS: Final = 1000


class GarbageCollection(QObject):
    """Active until it is stopped, at the rate of Python's own thresholds."""

    def __init__(self, parent: QObject | None = None, interval_ms: int = _INTERVAL_MS) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        waiting = [count > threshold > 0 for count, threshold in due]
        for generation in (2, 1, 0):
            if all(waiting[: generation + 1]):
                gc.collect(generation)
                return
