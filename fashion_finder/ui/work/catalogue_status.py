"""What the catalogue holds, by the engine's latest status."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import Status
from fashion_finder.errors import FinderError
from fashion_finder.ui.work.tasks import EngineTasks


class CatalogueStatus(QObject):
    """Keeps the latest status; asks for it off the GUI thread."""

    changed = Signal(Status)
    connection_changed = Signal()  # a folder has gone offline, or is back
    failed = Signal(FinderError)

    def __init__(self, tasks: EngineTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.latest: Status | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The indexed folders."""
        return tuple(folder.path for folder in self.latest.folders) if self.latest else ()

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        self._tasks.run(lambda engine: engine.status(), self._keep, self.failed.emit)

    @Slot(Status)
    def _keep(self, status: Status) -> None:
        before, self.latest = self.latest, status
        self.changed.emit(status)
        if before is not None and _connection_differs(before, status):
            self.connection_changed.emit()


def _connection_differs(before: Status, after: Status) -> bool:
    """Whether a folder known to both is offline in one of them; a new folder does not count."""
    known = {folder.path: folder.available for folder in before.folders}
    return any(
        known.get(folder.path, folder.available) != folder.available for folder in after.folders
    )
