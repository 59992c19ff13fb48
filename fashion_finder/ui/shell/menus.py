"""The menu bar and its actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from fashion_finder.ui.kit import labels


class Menus(QObject):
    """Builds the menus; the window connects their actions."""

    folder_chosen = Signal(Path)  # from Recent Folders
    remove_chosen = Signal(Path)
    read_again_chosen = Signal(Path)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        key = QKeySequence.StandardKey
        bar = window.menuBar()
        menu = bar.addMenu(self.tr("&File"))
        self.open_picture = self._add(menu, self.tr("&Open Picture…"), key.Open)
        menu.addSeparator()
        self.index_folder = self._add(menu, self.tr("&Index Folder…"), "Ctrl+Shift+O")
        self.recent: QMenu = menu.addMenu(self.tr("&Recent Folders"))
        self.update_folders = self._add(menu, self.tr("&Update Folders"), key.Refresh)
        self.watch_folders = self._add(menu, self.tr("&Keep Folders Up to Date"))
        self.watch_folders.setCheckable(True)
        self.watch_folders.setChecked(True)
        self.read_again: QMenu = menu.addMenu(self.tr("Read &Again"))
        self.remove_folder: QMenu = menu.addMenu(self.tr("Remo&ve Folder"))
        self.show_skipped = self._add(menu, self.tr("&Skipped Files…"))
        menu.addSeparator()
        self.erase = self._add(menu, self.tr("&Delete Everything…"))
        menu.addSeparator()
        self.quit = self._add(menu, self.tr("&Quit"), key.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

        menu = bar.addMenu(self.tr("&Edit"))
        self.paste = self._add(menu, self.tr("&Paste Picture"), key.Paste)
        menu.addSeparator()
        self.copy_files = self._add(menu, self.tr("&Copy Files"), key.Copy)
        self.copy_picture = self._add(menu, self.tr("Copy &Image"), "Ctrl+Alt+C")
        self.copy_paths = self._add(menu, self.tr("Copy Pa&ths"), "Ctrl+Shift+C")
        menu.addSeparator()
        self.find = self._add(menu, self.tr("&Find by Words or File Name"), key.Find)

        menu = bar.addMenu(self.tr("&View"))
        self.browse = self._add(menu, self.tr("&Browse All Photos"), "Ctrl+B")

        self.question: QMenu = bar.addMenu(self.tr("&Search"))

        menu = bar.addMenu(self.tr("&Help"))
        self.guide = self._add(menu, self.tr("&User Guide"), key.HelpContents)
        self.shortcuts = self._add(menu, self.tr("&Keyboard Shortcuts…"))
        menu.addSeparator()
        self.diagnostics = self._add(menu, self.tr("&Diagnostics…"))
        self.log_folder = self._add(menu, self.tr("&Open Log Folder"))
        menu.addSeparator()
        self.licences = self._add(menu, self.tr("&Licences"))
        self.about = self._add(menu, self.tr("&About Fashion Finder"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.show_folders((), ())

    def show_folders(self, recent: Sequence[Path], indexed: Sequence[Path]) -> None:
        """List the folders that can be updated, newest first, and those that are indexed."""
        again = self.tr("Read every picture in this folder anew")
        remove = self.tr("Remove it from the library. Your files stay.")
        for menu, folders, chosen, tip in (
            (self.recent, recent, self.folder_chosen, self.tr("Update this folder")),
            (self.read_again, indexed, self.read_again_chosen, again),
            (self.remove_folder, indexed, self.remove_chosen, remove),
        ):
            menu.clear()
            for folder in folders:
                action = menu.addAction(labels.path_label(folder).replace("&", "&&"))
                action.setToolTip(tip)
                action.triggered.connect(partial(chosen.emit, folder))
            menu.setToolTipsVisible(True)
            menu.setEnabled(bool(folders))

    def _add(
        self, menu: QMenu, text: str, shortcut: str | QKeySequence.StandardKey | None = None
    ) -> QAction:
        action = QAction(text, self)
        if isinstance(shortcut, str):
            action.setShortcut(QKeySequence(shortcut))
        elif shortcut is not None:
            action.setShortcuts(shortcut)
        menu.addAction(action)
        return action
