"""The menu bar and its actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from fashion_finder.ui.kit import labels


class Menus(QObject):
    """Builds the menus; the window connects their actions."""

    folder_chosen = Signal(Path)  # from Recent Folders
    forget_chosen = Signal(Path)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        key = QKeySequence.StandardKey
        self.index_folder = self._action(self.tr("&Index Folder…"), "Ctrl+Shift+O")
        self.open_picture = self._action(self.tr("&Open Picture…"), key.Open)
        self.update_folders = self._action(self.tr("&Update Folders"), key.Refresh)
        self.watch_folders = self._action(self.tr("&Keep Folders Up to Date"))
        self.watch_folders.setCheckable(True)
        self.watch_folders.setChecked(True)
        self.show_skipped = self._action(self.tr("&Skipped Files…"))
        self.erase = self._action(self.tr("&Delete Everything…"))
        self.quit = self._action(self.tr("&Quit"), key.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.paste = self._action(self.tr("&Paste Picture"), key.Paste)
        self.copy_files = self._action(self.tr("&Copy Files"), key.Copy)
        self.copy_picture = self._action(self.tr("Copy &Image"), "Ctrl+Alt+C")
        self.copy_paths = self._action(self.tr("Copy Pa&ths"), "Ctrl+Shift+C")
        self.find = self._action(self.tr("&Find by Words or File Name"), key.Find)
        self.browse = self._action(self.tr("&Browse All Photos"), "Ctrl+B")
        self.guide = self._action(self.tr("&User Guide"), key.HelpContents)
        self.shortcuts = self._action(self.tr("&Keyboard Shortcuts…"))
        self.diagnostics = self._action(self.tr("&Diagnostics…"))
        self.log_folder = self._action(self.tr("&Open Log Folder"))
        self.about = self._action(self.tr("&About Fashion Finder"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.licences = self._action(self.tr("&Licences"))

        bar = window.menuBar()
        file_menu = bar.addMenu(self.tr("&File"))
        file_menu.addAction(self.open_picture)
        file_menu.addSeparator()
        file_menu.addAction(self.index_folder)
        self.recent: QMenu = file_menu.addMenu(self.tr("&Recent Folders"))
        self.recent.setToolTipsVisible(True)
        file_menu.addAction(self.update_folders)
        file_menu.addAction(self.watch_folders)
        self.forget: QMenu = file_menu.addMenu(self.tr("&Remove Folder"))
        self.forget.setToolTipsVisible(True)
        file_menu.addAction(self.show_skipped)
        file_menu.addSeparator()
        file_menu.addAction(self.erase)
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        edit_menu = bar.addMenu(self.tr("&Edit"))
        edit_menu.addAction(self.paste)
        edit_menu.addSeparator()
        edit_menu.addAction(self.copy_files)
        edit_menu.addAction(self.copy_picture)
        edit_menu.addAction(self.copy_paths)
        edit_menu.addSeparator()
        edit_menu.addAction(self.find)
        view_menu = bar.addMenu(self.tr("&View"))
        view_menu.addAction(self.browse)
        self.question: QMenu = bar.addMenu(self.tr("&Search"))
        help_menu = bar.addMenu(self.tr("&Help"))
        help_menu.addAction(self.guide)
        help_menu.addAction(self.shortcuts)
        help_menu.addSeparator()
        help_menu.addAction(self.diagnostics)
        help_menu.addAction(self.log_folder)
        help_menu.addSeparator()
        help_menu.addAction(self.licences)
        help_menu.addAction(self.about)
        self.show_folders((), ())

    def show_folders(self, recent: Sequence[Path], indexed: Sequence[Path]) -> None:
        """List the folders that can be updated, newest first, and those that can be removed."""
        self._offer(self.recent, recent, self.tr("Update this folder"), self.folder_chosen)
        tip = self.tr("Removes it from the library. Your files stay.")
        self._offer(self.forget, indexed, tip, self.forget_chosen)

    def _offer(
        self, menu: QMenu, folders: Sequence[Path], tip: str, chosen: SignalInstance
    ) -> None:
        menu.clear()
        for folder in folders:
            action = menu.addAction(labels.path_label(folder).replace("&", "&&"))
            action.setToolTip(tip)
            action.triggered.connect(partial(chosen.emit, folder))
        menu.setEnabled(bool(folders))

    def _action(self, text: str, shortcut: str | QKeySequence.StandardKey | None = None) -> QAction:
        action = QAction(text, self)
        if isinstance(shortcut, str):
            action.setShortcut(QKeySequence(shortcut))
        elif shortcut is not None:
            action.setShortcuts(shortcut)
        return action
