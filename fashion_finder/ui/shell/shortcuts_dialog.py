"""Every key of the window on one page, read off the menus so that none is forgotten."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenuBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

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
        (_translate("Move from picture to picture"), _translate("Arrow keys")),
        (_translate("Choose several"), _translate("Shift or Ctrl with arrow keys or click")),
        (_translate("Open the picture"), _translate("Enter, or double-click")),
        (_translate("Show all copies of it"), _translate("C, or click on their number")),
        (_translate("More that can be done with it"), _translate("Menu key, or right click")),
    )


class ShortcutsDialog(QDialog):
    """A list to read beside the window."""

    def __init__(self, groups: tuple[tuple[str, Keys], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.resize(560, 560)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setColumnWidth(0, 300)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        height = QSize(0, round(self.fontMetrics().height() * 1.8))
        for name, keys in groups:
            group = QTreeWidgetItem([name, ""])
            group.setFont(0, bold)
            group.setSizeHint(0, height)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addTopLevelItem(group)
            for action, shortcut in keys:
                row = QTreeWidgetItem([action, shortcut])
                row.setSizeHint(0, height)
                group.addChild(row)
        self.list.expandAll()
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        note = QLabel(self.tr("Drop or paste a picture anywhere on the window to search with it."))
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(self.list, 1)
        column.addWidget(note)
        column.addLayout(foot)


def _plain(text: str) -> str:
    """A menu's text without its mnemonic and its dots."""
    return re.sub("&(.)", r"\1", text).removesuffix("…")


def _translate(text: str) -> str:
    return QCoreApplication.translate("shortcuts", text)
