"""Removes a folder from the library, after a delay during which that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fashion_finder.errors import FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea
from fashion_finder.ui.work.tasks import EngineTasks

GRACE_MS = 12_000  # to undo it: indexing a folder again may take an hour
FAILURE = "forgetting-failed"


class RemoveController(QObject):
    """Waits before it removes a folder, so that the user can undo it.

    A folder that still waits when the window closes stays: losing nothing is the safer mistake.
    """

    removed = Signal()
    notified = Signal(str)  # a line for the status bar

    def __init__(
        self, syncs: EngineTasks, messages: MessageArea, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._syncs = syncs
        self._messages = messages
        self._timers: dict[Path, QTimer] = {}
        self.grace_ms = GRACE_MS

    @Slot(Path)
    def remove_with_undo(self, folder: Path) -> None:
        """Remove a folder soon, and offer to undo that until then."""
        if folder in self._timers:
            return
        timer = self._timers[folder] = QTimer(self, singleShot=True, interval=self.grace_ms)
        timer.timeout.connect(partial(self._remove, folder))
        timer.start()
        title = self.tr("Removing “{name}”").format(name=labels.file_label(folder))
        text = self.tr("Its pictures leave the library. Your files stay.")
        undo = (self.tr("Undo"), partial(self.keep, (folder,)))
        self._messages.show_message(Message(_key(folder), title, text, actions=(undo,)))

    @Slot(tuple)
    def keep(self, folders: Sequence[Path]) -> None:
        """Do not remove these: they are being indexed, or the user has undone it."""
        for folder in self._timers.keys() & set(folders):
            self._forget_wish(folder)
            self.notified.emit(self.tr("The folder was not removed"))

    def _forget_wish(self, folder: Path) -> None:
        timer = self._timers.pop(folder)
        timer.stop()
        timer.deleteLater()
        self._messages.dismiss(_key(folder))

    def _remove(self, folder: Path) -> None:
        self._forget_wish(folder)
        # On the executor of the syncs, so that nothing is removed during one.
        self._syncs.run(lambda engine: engine.forget(folder), self._finish, self._fail)

    def _finish(self, dropped: int) -> None:
        photos = labels.photos_label(dropped)
        self.notified.emit(self.tr("{photos} removed from the library").format(photos=photos))
        self.removed.emit()

    def _fail(self, error: FinderError) -> None:
        self._messages.show_message(failure_message(FAILURE, error))


def _key(folder: Path) -> str:
    return f"forgetting {folder}"
