"""Rebuilds a damaged catalogue, and deletes everything, when the user wants that."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.engine import Rebuilt
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import CatalogueDamaged, FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea, Tone
from fashion_finder.ui.kit.state_page import Choice
from fashion_finder.ui.work.sync_queue import SyncJob, SyncQueue
from fashion_finder.ui.work.tasks import Tasks

DAMAGED, REBUILT, ERASE = "damaged", "rebuilt", "erase"


class DamageBell(QObject):
    """Brings the news of damage from the thread that finds it to the window's."""

    found = Signal(CatalogueDamaged)


class CatalogueController(QObject):
    """Replaces or deletes the catalogue as a whole, after the sync under way."""

    rebuilt = Signal()  # there is a new catalogue, still empty
    failed = Signal(FinderError)  # to rebuild
    erased = Signal()  # nothing is left: the program must end

    def __init__(
        self,
        handle: EngineHandle,
        syncs: Tasks,
        queue: SyncQueue,
        messages: MessageArea,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._handle = handle
        self._syncs = syncs
        self._queue = queue
        self._messages = messages
        self._is_rebuilding = False
        self.is_erased = False

    # ------------------------------------------------------------ rebuilding

    def choices(self, error: FinderError) -> tuple[Choice, ...]:
        """The buttons of a page that shows this failure."""
        if not isinstance(error, CatalogueDamaged):
            return ()
        return (Choice(self.tr("Rebuild the Catalogue"), self.rebuild, is_primary=True),)

    @Slot(CatalogueDamaged)
    def report_damage(self, error: CatalogueDamaged) -> None:
        """Show the damage, and offer to rebuild."""
        if not self._is_rebuilding:
            action = (self.tr("Rebuild the Catalogue"), self.rebuild)
            self._messages.show_message(failure_message(DAMAGED, error, (action,)))

    @Slot()
    def rebuild(self) -> None:
        """Begin a new catalogue; the damaged file is kept under another name."""
        if self._is_rebuilding:
            return
        self._is_rebuilding = True
        self._messages.dismiss(DAMAGED)
        self._show_rebuilding(self.tr("Setting the damaged catalogue aside…"))
        self._queue.cancel()
        self._syncs.run(self._handle.rebuild, self._finish_rebuilding, self._fail_rebuilding)

    def _finish_rebuilding(self, rebuilt: Rebuilt | None) -> None:
        self._is_rebuilding = False
        if rebuilt is None:
            self._show_rebuilding(self.tr("The catalogue is fine"), self.tr("Nothing was changed."))
        else:
            text = self.tr("Your folders are being indexed again.")
            if not rebuilt.folders:
                text = self.tr("The list of folders was lost. Please index your folders again.")
            path = labels.path_label(rebuilt.kept)
            kept = self.tr("The damaged file was kept as {path}").format(path=path)
            self._show_rebuilding(self.tr("The catalogue was reset"), f"{text}\n{kept}")
        self.rebuilt.emit()
        if rebuilt is not None and rebuilt.folders:
            self._queue.add(SyncJob())

    def _fail_rebuilding(self, error: FinderError) -> None:
        self._is_rebuilding = False
        self._messages.dismiss(REBUILT)
        self.failed.emit(error)

    def _show_rebuilding(self, title: str, text: str = "") -> None:
        self._messages.show_message(Message(REBUILT, title, text))

    # ------------------------------------------------------------ deleting everything

    @Slot()
    def ask_to_erase(self) -> None:
        """Show what is deleted and what stays, and let the user decide."""
        title = self.tr("Delete all Fashion Finder data?")
        text = self.tr(
            "This deletes the catalogue, search index, thumbnails, logs and settings, and"
            " closes the window. Your photos are not touched."
        )
        action = (self.tr("Delete Everything"), self._erase)
        self._messages.show_message(Message(ERASE, title, text, Tone.DANGER, (action,)))

    @Slot()
    def _erase(self) -> None:
        self._queue.stop()
        self._syncs.run(self._handle.erase, self._finish_erasing, self._fail_erasing)

    def _finish_erasing(self, _nothing: None) -> None:
        self.is_erased = True
        self.erased.emit()

    def _fail_erasing(self, error: FinderError) -> None:
        self._queue.accept_again()
        self._messages.show_message(failure_message(ERASE, error))
