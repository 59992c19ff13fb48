"""Reports a damaged catalogue, and rebuilds it when the user wants that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.engine import Rebuilt
from fashion_finder.errors import CatalogueDamaged, FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea
from fashion_finder.ui.kit.state_page import Choice
from fashion_finder.ui.work.sync_queue import SyncJob, SyncQueue
from fashion_finder.ui.work.tasks import Tasks

DAMAGED, REBUILT = "damaged", "rebuilt"


class DamageBell(QObject):
    """Rung in the thread that finds the damage, heard in the window's."""

    found = Signal(CatalogueDamaged)


class RebuildController(QObject):
    """Offers to rebuild, does it in the background, and indexes the folders again."""

    rebuilt = Signal()  # there is a new catalogue, still empty
    failed = Signal(FinderError)

    def __init__(
        self,
        rebuild: Callable[[], Rebuilt | None],
        tasks: Tasks,
        queue: SyncQueue,
        messages: MessageArea,
        parent: QObject | None = None,
    ) -> None:
        """`tasks` are those of the syncs: a rebuild waits for the one under way."""
        super().__init__(parent)
        self._rebuild = rebuild
        self._tasks = tasks
        self._queue = queue
        self._messages = messages
        self._is_busy = False

    def choices(self, error: FinderError) -> tuple[Choice, ...]:
        """The button of a page that tells this failure."""
        if not isinstance(error, CatalogueDamaged):
            return ()
        return (Choice(self.tr("Rebuild the Catalogue"), self.start, is_primary=True),)

    @Slot(CatalogueDamaged)
    def report_damage(self, error: CatalogueDamaged) -> None:
        """Say it, with the button."""
        if self._is_busy:
            return
        action = (self.tr("Rebuild the Catalogue"), self.start)
        self._messages.show_message(failure_message(DAMAGED, error, (action,)))

    @Slot()
    def start(self) -> None:
        """Begin anew; the damaged file stays under another name."""
        if self._is_busy:
            return
        self._is_busy = True
        self._messages.dismiss(DAMAGED)
        self._messages.show_message(
            Message(REBUILT, self.tr("Setting the damaged catalogue aside…"))
        )
        self._queue.cancel()
        self._tasks.run(self._rebuild, self._finish, self._fail)

    def _finish(self, rebuilt: Rebuilt | None) -> None:
        self._is_busy = False
        if rebuilt is None:
            self._messages.show_message(
                Message(
                    REBUILT,
                    self.tr("The catalogue is fine"),
                    self.tr("Nothing was changed."),
                )
            )
        else:
            title = self.tr("Rebuilding the catalogue")
            text = self.tr("Your folders are being indexed again.")
            if not rebuilt.folders:
                text = self.tr("The list of folders was lost. Please add your folders again.")
            kept = self.tr("The damaged file was kept as {path}").format(
                path=labels.path_label(rebuilt.kept)
            )
            self._messages.show_message(Message(REBUILT, title, f"{text}\n{kept}"))
        self.rebuilt.emit()
        if rebuilt is not None and rebuilt.folders:
            self._queue.add(SyncJob())

    def _fail(self, error: FinderError) -> None:
        self._is_busy = False
        self._messages.dismiss(REBUILT)
        self.failed.emit(error)
