"""How long the start took as the user sees it, counted from the start of the process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, SignalInstance, Slot
from PySide6.QtWidgets import QWidget

_IMPORTED = time.monotonic()


def seconds_since_start() -> float:
    """Since the process was started; elsewhere since this module was imported."""
    if sys.platform == "linux":
        # proc(5): after the name, which may hold blanks, comes the state as field 3; 22 is the start.
        after_name = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        started = int(after_name[22 - 3]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started
    else:
        return time.monotonic() - _IMPORTED


class StartTimes(QObject):
    """Reports when the window is first painted, and when the model is ready."""

    def __init__(
        self, window: QWidget, ready: SignalInstance, report: Callable[[str], None]
    ) -> None:
        """`ready` is emitted when the engine is open."""
        super().__init__(window)
        self._report = report
        window.installEventFilter(self)
        ready.connect(self._report_ready, Qt.ConnectionType.SingleShotConnection)

    @Slot()
    def _report_painted(self) -> None:
        self._report(f"window painted {seconds_since_start():.2f} s")

    @Slot()
    def _report_ready(self) -> None:
        self._report(f"model ready {seconds_since_start():.2f} s")

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is on the screen when the events of its first painting are done."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._report_painted)
        return super().eventFilter(watched, event)
