"""Signals of the operating system that close the window."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QWidget


@contextmanager
def closed_by_signal(window: QWidget) -> Iterator[None]:
    """Ctrl+C in the terminal, or a polite kill, closes the window as its cross would.

    Qt does not let Python see signals while it waits: a pipe wakes it.
    """
    if os.name != "posix":
        yield
        return

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close()

    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    woken = _Wakening(read_end)
    earlier_fd = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    earlier = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(earlier_fd)
        woken.close()
        os.close(read_end)
        os.close(write_end)


class _Wakening(QObject):
    """Reads the bytes that signals leave in a pipe, so that Python's handlers get their turn."""

    def __init__(self, read_end: int) -> None:
        super().__init__()
        self._read_end = read_end
        self._notifier = QSocketNotifier(read_end, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def close(self) -> None:
        """Stop watching the pipe."""
        self._notifier.setEnabled(False)

    @Slot()
    def _drain(self) -> None:
        os.read(self._read_end, 64)
