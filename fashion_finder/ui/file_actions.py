"""What can be done with the file of an answer; the disk is only touched in a worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from fashion_finder.domain import Match
from fashion_finder.errors import FinderError
from fashion_finder.ui import desktop
from fashion_finder.ui.tasks import Tasks

OpenUrl = Callable[[QUrl], bool]


class NoProgram(FinderError):
    """The desktop knows no program for a file."""

    title = "No program could be started for this file"
    advice = "Choose a program for pictures in the settings of your desktop."


class FileActions(QObject):
    """Opens files, shows them in their folder, copies their paths."""

    failed = Signal(object)  # FinderError
    told = Signal(str)  # something small was done

    def __init__(
        self,
        tasks: Tasks,
        parent: QObject | None = None,
        *,
        open_url: OpenUrl = QDesktopServices.openUrl,
        reveal: Callable[[Path], Path | None] = desktop.reveal,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_url = open_url
        self._reveal = reveal

    @Slot(object)
    def open(self, match: Match) -> None:
        """Open the file in the desktop's program for it."""
        self._tasks.run(partial(desktop.require, match.path), self._launch, self.failed.emit)

    @Slot(object)
    def show_in_folder(self, match: Match) -> None:
        """Show the file in the desktop's file manager."""
        self._tasks.run(partial(self._reveal, match.path), self._open_folder, self.failed.emit)

    @Slot(object)
    def copy_path(self, match: Match) -> None:
        """Put the path on the clipboard, as text and as a file."""
        mime = QMimeData()
        mime.setText(str(match.path).encode("utf-8", "replace").decode())
        mime.setUrls([desktop.url_of(match.path)])
        QGuiApplication.clipboard().setMimeData(mime)
        self.told.emit(self.tr("Path copied"))

    def _launch(self, path: Path) -> None:
        if not self._open_url(desktop.url_of(path)):
            self.failed.emit(NoProgram(path))

    def _open_folder(self, folder: Path | None) -> None:
        if folder is not None:
            self._launch(folder)
