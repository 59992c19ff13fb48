"""Collects garbage in the window's thread, and in no other.

Python collects in whichever thread happens to need memory. What is left of a closed dialog, still in a
circle, would then be destroyed by a worker, and Qt's objects must be destroyed in their own thread.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS: Final = 1000


class GarbageCollection(QObject):
    """From now on, until it is stopped, at the rate that Python's own thresholds ask for."""

    def __init__(self, parent: QObject | None = None, interval_ms: int = _INTERVAL_MS) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def _collect(self) -> None:
        """The oldest generation that is due, which takes the younger ones with it."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        waiting = [count > threshold > 0 for count, threshold in due]
        for generation in (2, 1, 0):
            if all(waiting[: generation + 1]):
                gc.collect(generation)
                return
