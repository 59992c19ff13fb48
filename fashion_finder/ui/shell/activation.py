"""Lets later starts of the program, and files opened with it, search in this window."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QWidget

from fashion_finder.ui.shell.single_instance import Handed


class LaterStarts(QObject):
    """Brings the window to the front, and asks with a picture when there is one."""

    def __init__(self, window: QWidget, ask_file: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._window = window
        self._ask_file = ask_file

    @Slot(Handed)
    def accept(self, handed: Handed) -> None:
        """A second start has handed over."""
        if handed.token:
            # Qt's window systems look here for the permission to come to the front.
            os.environ["XDG_ACTIVATION_TOKEN"] = handed.token
        self._come_to_the_front()
        os.environ.pop("XDG_ACTIVATION_TOKEN", None)
        if handed.picture is not None:
            self._ask_file(handed.picture)

    def _come_to_the_front(self) -> None:
        state = self._window.windowState() & ~Qt.WindowState.WindowMinimized
        self._window.setWindowState(state | Qt.WindowState.WindowActive)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """macOS hands files to the running program as events."""
        if isinstance(event, QFileOpenEvent) and event.url().isLocalFile():
            self._ask_file(Path(event.url().toLocalFile()))
            return True
        return super().eventFilter(watched, event)
