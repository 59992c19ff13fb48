"""Deleting everything the program knows: asked once more, then done behind the closing window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.errors import FinderError
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea, Tone
from fashion_finder.ui.work.sync_queue import SyncQueue
from fashion_finder.ui.work.tasks import Tasks

ERASE = "erase"


class EraseController(QObject):
    """The only way in the window that loses something, and nothing of the user's."""

    erased = Signal()  # nothing is left: the program must end

    def __init__(
        self,
        erase: Callable[[], None],
        tasks: Tasks,
        queue: SyncQueue,
        messages: MessageArea,
        parent: QObject | None = None,
    ) -> None:
        """`tasks` are those of the syncs: erasing waits for the one under way."""
        super().__init__(parent)
        self._erase = erase
        self._tasks = tasks
        self._queue = queue
        self._messages = messages
        self.is_done = False

    @Slot()
    def ask(self) -> None:
        """Say what goes and what stays, and let the user decide."""
        self._messages.show_message(
            Message(
                ERASE,
                self.tr("Delete all Fashion Finder data?"),
                self.tr(
                    "This deletes the catalogue, search index, thumbnails, logs and settings, and"
                    " closes the window. Your photos are not touched."
                ),
                Tone.DANGER,
                ((self.tr("Delete Everything"), self._start),),
            )
        )

    @Slot()
    def _start(self) -> None:
        self._queue.stop()
        self._tasks.run(self._erase, self._finish, self._fail)

    def _finish(self, _nothing: None) -> None:
        self.is_done = True
        self.erased.emit()

    def _fail(self, error: FinderError) -> None:
        self._queue.go_on()
        self._messages.show_message(failure_message(ERASE, error))
