"""What can be done with the file of a match; only workers touch the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from fashion_finder.domain import Match
from fashion_finder.engine import Engine
from fashion_finder.errors import FinderError, PictureMissing
from fashion_finder.ui.kit import desktop, labels
from fashion_finder.ui.tiles.drag_data import copy_of
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from fashion_finder.ui.work.thumbnail_loader import image_of

COPIED_SIDE = 4096  # longer side of a copied picture, pixels: the clipboard holds it uncompressed

OpenUrl = Callable[[QUrl], bool]


class NoProgram(FinderError):
    """The desktop has no program for a file."""

    title = "No program could be started for this file"
    advice = "Choose a program for pictures in the settings of your desktop."


class ClipboardTaken(FinderError):
    """What was copied is not on the clipboard."""

    title = "Nothing was copied"
    advice = "Another program is using the clipboard. Try again."


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
        """Open the file in the desktop's program for it; a copy, if that alone is connected."""
        self._tasks.run(partial(desktop.connected, match.files), self._launch, self.failed.emit)

    @Slot(Match)
    def show_in_folder(self, match: Match) -> None:
        """Show the file in the desktop's file manager; a copy, if that alone is connected."""

        def work() -> Path | None:
            return self._reveal(desktop.connected(match.files))

        self._tasks.run(work, self._launch, self.failed.emit)

    @Slot(tuple)
    def copy_files(self, matches: tuple[Match, ...]) -> None:
        """Copy files, for file managers and mail; in other programs they paste as paths."""
        several = self.tr("{count} files copied")
        copied = labels.counted(len(matches), self.tr("File copied"), several)
        self._copy(copy_of(matches, _as_text(matches)), copied)

    @Slot(tuple)
    def copy_paths(self, matches: tuple[Match, ...]) -> None:
        """Copy paths as text, one per line."""
        mime = QMimeData()
        mime.setText(_as_text(matches))
        several = self.tr("{count} paths copied")
        self._copy(mime, labels.counted(len(matches), self.tr("Path copied"), several))

    @Slot(Match)
    def copy_picture(self, match: Match) -> None:
        """Copy the picture itself, for documents and chats."""

        def work(engine: Engine) -> QImage:
            for path in match.files[:-1]:
                with suppress(PictureMissing):
                    return image_of(engine.load_preview(path, COPIED_SIDE, may_fetch=True))
            last = match.files[-1]
            return image_of(engine.load_preview(last, COPIED_SIDE, may_fetch=True))

        def done(image: QImage) -> None:
            mime = QMimeData()
            mime.setImageData(image)
            self._copy(mime, self.tr("Image copied"))

        self._engine_tasks.run(work, done, self.failed.emit)

    def _copy(self, mime: QMimeData, copied: str) -> None:
        """Put it on the clipboard, and say so once it is found there."""
        formats, text = mime.formats(), mime.text()
        QGuiApplication.clipboard().setMimeData(mime)

        def look() -> None:
            found = QGuiApplication.clipboard().mimeData()
            if set(formats) <= set(found.formats()) and found.text() == text:
                self.notified.emit(copied)
            else:
                self.failed.emit(ClipboardTaken())

        QTimer.singleShot(0, self, look)  # another program may take it at once

    def _launch(self, path: Path | None) -> None:
        if path is not None and not self._open_url(desktop.url_of(path)):
            self.failed.emit(NoProgram(path))


def _as_text(matches: Sequence[Match]) -> str:
    """Paths, one per line; bytes that are not text are replaced."""
    return "\n".join(str(match.path) for match in matches).encode("utf-8", "replace").decode()
