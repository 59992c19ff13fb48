"""What can be done with the file of an answer; the disk is only touched in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from fashion_finder.domain import Match
from fashion_finder.engine import Engine
from fashion_finder.errors import FinderError
from fashion_finder.ui.kit import desktop, labels
from fashion_finder.ui.tiles.drag_data import copy_of
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from fashion_finder.ui.work.thumbnail_loader import image_of

COPIED_SIDE = 4096  # longer side of a copied picture, pixels: the clipboard holds it unpacked

OpenUrl = Callable[[QUrl], bool]


class NoProgram(FinderError):
    """The desktop knows no program for a file."""

    title = "No program could be started for this file"
    advice = "Choose a program for pictures in the settings of your desktop."


class FileActions(QObject):
    """Opens files, shows them in their folder, copies them, their pictures or their paths."""

    failed = Signal(FinderError)
    notified = Signal(str)  # a line for the status bar

    def __init__(
        self,
        tasks: Tasks,
        engine_tasks: EngineTasks,
        parent: QObject | None = None,
        *,
        open_url: OpenUrl = QDesktopServices.openUrl,
        reveal: Callable[[Path], Path | None] = desktop.reveal,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._engine_tasks = engine_tasks
        self._open_url = open_url
        self._reveal = reveal

    @Slot(Match)
    def open(self, match: Match) -> None:
        """Open the file in the desktop's program for it."""
        self._tasks.run(partial(desktop.require, match.path), self._launch, self.failed.emit)

    @Slot(Match)
    def show_in_folder(self, match: Match) -> None:
        """Show the file in the desktop's file manager."""
        self._tasks.run(partial(self._reveal, match.path), self._open_folder, self.failed.emit)

    @Slot(tuple)
    def copy_files(self, matches: tuple[Match, ...]) -> None:
        """Put files on the clipboard, for file managers and mail; elsewhere they paste as paths."""
        QGuiApplication.clipboard().setMimeData(copy_of(matches, _as_text(matches)))
        if len(matches) == 1:
            self.notified.emit(self.tr("File copied"))
        else:
            count = labels.number_label(len(matches))
            self.notified.emit(self.tr("{count} files copied").format(count=count))

    @Slot(tuple)
    def copy_paths(self, matches: tuple[Match, ...]) -> None:
        """Put paths on the clipboard as text, one a line."""
        QGuiApplication.clipboard().setText(_as_text(matches))
        if len(matches) == 1:
            self.notified.emit(self.tr("Path copied"))
        else:
            count = labels.number_label(len(matches))
            self.notified.emit(self.tr("{count} paths copied").format(count=count))

    @Slot(Match)
    def copy_picture(self, match: Match) -> None:
        """Put the picture itself on the clipboard, for documents and chats."""

        def work(engine: Engine) -> QImage:
            return image_of(engine.load_preview(match.path, COPIED_SIDE))

        self._engine_tasks.run(work, self._keep_picture, self.failed.emit)

    def _keep_picture(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.notified.emit(self.tr("Image copied"))

    def _launch(self, path: Path) -> None:
        if not self._open_url(desktop.url_of(path)):
            self.failed.emit(NoProgram(path))

    def _open_folder(self, folder: Path | None) -> None:
        if folder is not None:
            self._launch(folder)


def _as_text(matches: Sequence[Match]) -> str:
    """Paths, one a line; bytes that are no text are replaced."""
    return "\n".join(str(match.path) for match in matches).encode("utf-8", "replace").decode()
