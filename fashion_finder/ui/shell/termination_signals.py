"""Signals of the operating system close the window."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget


@contextmanager
def closed_by_signal(window: QWidget) -> Iterator[None]:
    """Ctrl+C in the terminal, or a polite kill, closes the window as its close button would.

    Python cannot handle signals while Qt waits: a byte that they leave in a pipe wakes it.
    """
    if os.name != "posix":
        yield
        return

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close()

    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    notifier = QSocketNotifier(read_end, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: os.read(read_end, 64))
    earlier_fd = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    earlier = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(earlier_fd)
        notifier.setEnabled(False)
        os.close(read_end)
        os.close(write_end)
