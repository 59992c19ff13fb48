"""Opens the dialogs of the Help menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtWidgets import QMainWindow

from fashion_finder.errors import FinderError
from fashion_finder.support.components import Component, components
from fashion_finder.ui.shell.about import AboutDialog, LicencesDialog
from fashion_finder.ui.shell.guide import Guide, GuideWindow, read_guide
from fashion_finder.ui.shell.shortcuts_dialog import ShortcutsDialog, grid_keys, menu_keys
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.tasks import Tasks


class HelpController(QObject):
    """Keyboard shortcuts, About and Licences."""

    failed = Signal(FinderError)

    def __init__(
        self, window: QMainWindow, catalogue_status: CatalogueStatus, tasks: Tasks
    ) -> None:
        super().__init__(window)
        self._window = window
        self._catalogue_status = catalogue_status
        self._tasks = tasks

    @Slot()
    def show_guide(self) -> None:
        """Open the user guide, or bring it to the front."""
        opened = self._window.findChild(GuideWindow)
        if isinstance(opened, GuideWindow):
            opened.raise_()
            opened.activateWindow()
        else:
            self._tasks.run(read_guide, self._open_guide, self.failed.emit)

    def _open_guide(self, guide: Guide) -> None:
        GuideWindow(guide, self._window).show()

    @Slot()
    def show_shortcuts(self) -> None:
        """List the shortcuts of the menus and of the answers."""
        grid = (self.tr("Results"), grid_keys())
        ShortcutsDialog((*menu_keys(self._window.menuBar()), grid), self._window).open()

    @Slot()
    def show_about(self) -> None:
        """Show name, version and model."""
        latest = self._catalogue_status.latest
        model = f"{latest.model.name} {latest.model.version}" if latest else ""
        AboutDialog(model, self._window).open()

    @Slot()
    def show_licences(self) -> None:
        """List the parts and their licences."""
        self._tasks.run(partial(components, qVersion()), self._open_licences, self.failed.emit)

    def _open_licences(self, parts: tuple[Component, ...]) -> None:
        LicencesDialog(parts, self._window).open()
