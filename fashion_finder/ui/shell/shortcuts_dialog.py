"""Every key of the window on one page, read off the menus so that none is forgotten."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from fashion_finder.ui.kit.dialog import Dialog

Keys = tuple[tuple[str, str], ...]  # what is done, by which keys

_NATIVE = QKeySequence.SequenceFormat.NativeText


def menu_keys(bar: QMenuBar) -> tuple[tuple[str, Keys], ...]:
    """For each menu its name and the actions in it that have keys."""
    found = []
    for entry in bar.actions():
        menu = entry.menu()
        if not isinstance(menu, QWidget):
            continue
        keys = tuple(
            (_plain(action.text()), action.shortcut().toString(_NATIVE))  # its first one
            for action in menu.actions()
            if action.shortcuts()
        )
        if keys:
            found.append((_plain(entry.text()), keys))
    return tuple(found)


def grid_keys() -> Keys:
    """What the answers understand; these keys stand in no menu."""
    return (
        (_translate("Move between pictures"), _translate("Arrow keys")),
        (_translate("Select several"), _translate("Shift or Ctrl with the arrow keys or a click")),
        (_translate("Open the picture"), _translate("Enter, or double-click")),
        (_translate("Show all copies"), _translate("C, or click the number of copies")),
        (_translate("More actions"), _translate("Menu key, or right-click")),
    )


class ShortcutsDialog(Dialog):
    """A list to read beside the window."""

    def __init__(self, groups: tuple[tuple[str, Keys], ...], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard Shortcuts"), parent)
        self.resize(560, 560)
        headings = [self.tr("Action"), self.tr("Keys")]
        self.list = self.table(self.tr("Keyboard shortcuts"), headings, (300,))
        self.list.setItemsExpandable(False)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        for name, keys in groups:
            group = self.row((name, ""))
            group.setFont(0, bold)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addTopLevelItem(group)
            group.addChildren([self.row(entry) for entry in keys])
        self.list.expandAll()
        note = self.tr("Drop or paste a picture anywhere on the window to search with it.")
        self.fill(self.list, self.paragraph(note, muted=True), stretched=self.list)


def _plain(text: str) -> str:
    """A menu's text without its mnemonic and its dots."""
    return re.sub("&(.)", r"\1", text).removesuffix("…")


def _translate(text: str) -> str:
    return QCoreApplication.translate("shortcuts", text)
