"""The dialogs of the Help menu, and what opens them."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from fashion_finder import __version__
from fashion_finder.errors import FinderError
from fashion_finder.support.components import Component, components
from fashion_finder.ui.kit.dialog import Dialog
from fashion_finder.ui.kit.icons import app_icon
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.shell.guide import Guide, GuideWindow, read_guide
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.tasks import Tasks

Keys = tuple[tuple[str, str], ...]  # actions and their keys


def menu_keys(bar: QMenuBar) -> tuple[tuple[str, Keys], ...]:
    """For each menu its name and the actions in it that have keys."""
    native = QKeySequence.SequenceFormat.NativeText
    found = []
    for menu in bar.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        keys = tuple(
            (_plain(action.text()), action.shortcut().toString(native))  # the first of them
            for action in menu.actions()
            if action.shortcuts()
        )
        if keys:
            found.append((_plain(menu.title()), keys))
    return tuple(found)


def grid_keys() -> Keys:
    """The keys of the grids, which are in no menu."""
    return (
        (_translate("Move between pictures"), _translate("Arrow keys")),
        (_translate("Select several"), _translate("Shift or Ctrl with the arrow keys or a click")),
        (_translate("Open the picture"), _translate("Enter, or double-click")),
        (_translate("Show all copies"), _translate("C, or click the number of copies")),
        (_translate("More actions"), _translate("Menu key, or right-click")),
    )


class ShortcutsDialog(Dialog):
    """Every key of the window, read off the menus so that none is forgotten."""

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
    """A menu's text without its mnemonic and its ellipsis."""
    return re.sub("&(.)", r"\1", text).removesuffix("…")


def _translate(text: str) -> str:
    return QCoreApplication.translate("shortcuts", text)


class AboutDialog(Dialog):
    """Name, version, model, and the promise of privacy."""

    def __init__(self, model_name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("About Fashion Finder"), parent)
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(72, 72))
        name = self.paragraph(self.tr("Fashion Finder"))
        name.setFont(scaled(self.font(), 1.7, QFont.Weight.DemiBold))
        purpose = self.tr(
            "Drop a picture of a garment or accessory to see the five most similar pieces"
            " in your own folders."
        )
        promise = self.tr(
            "Everything happens on this computer. The program never goes online, and your"
            " photos are never changed."
        )
        version = self.tr("Version {version}").format(version=__version__)
        words = QVBoxLayout()
        words.setSpacing(10)
        words.addWidget(name)
        words.addWidget(self.paragraph(version, muted=True))
        words.addWidget(self.paragraph(purpose))
        words.addWidget(self.paragraph(promise, muted=True))
        if model_name:
            model = self.tr("Model: {name}").format(name=model_name)
            words.addWidget(self.paragraph(model, muted=True))
        contents = QWidget()
        row = QHBoxLayout(contents)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(24)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.fill(contents)
        self.setMinimumWidth(500)


class LicencesDialog(Dialog):
    """The components with their licences, and the licence text of the selected component."""

    def __init__(self, parts: tuple[Component, ...], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Licences"), parent)
        self.resize(920, 620)
        self._parts = parts
        self.list = self.table(
            self.tr("Components and their licences"),
            [self.tr("Component"), self.tr("Version"), self.tr("Purpose"), self.tr("Licence")],
            (170, 190, 270),
        )
        self.list.setAlternatingRowColors(True)
        for part in parts:
            cells = (part.name, part.version, part.purpose, part.licence)
            row = self.row(cells)
            for column, cell in enumerate(cells):
                row.setToolTip(column, cell)  # a column may be too narrow for it
            self.list.addTopLevelItem(row)
        self.list.itemSelectionChanged.connect(self._show_text)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licence text"))
        self.text.setPlaceholderText(self.tr("Select a component to read its licence."))
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setChildrenCollapsible(False)
        heading = self.paragraph(self.tr("Fashion Finder is built with these components:"))
        note = self.tr(
            "Qt and libheif are used under the LGPL. They are separate libraries that you"
            " may replace with your own builds."
        )
        self.fill(heading, both, self.paragraph(note, muted=True), stretched=both)

    @Slot()
    def _show_text(self) -> None:
        rows = [self.list.indexOfTopLevelItem(row) for row in self.list.selectedItems()]
        self.text.setPlainText("".join(self._parts[row].text for row in rows))


class HelpController(QObject):
    """Opens the user guide, the keyboard shortcuts, About and Licences."""

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
        if not self._raise_guide():
            self._tasks.run(read_guide, self._open_guide, self.failed.emit)

    def _open_guide(self, guide: Guide) -> None:
        if not self._raise_guide():  # F1 may have been pressed twice before it was read
            GuideWindow(guide, self._window).show()

    def _raise_guide(self) -> bool:
        """Bring an open guide to the front; False if there is none."""
        opened = self._window.findChild(GuideWindow)
        if not isinstance(opened, GuideWindow):
            return False
        opened.raise_()
        opened.activateWindow()
        return True

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
        """List the components and their licences."""

        def show(parts: tuple[Component, ...]) -> None:
            LicencesDialog(parts, self._window).open()

        self._tasks.run(partial(components, qVersion()), show, self.failed.emit)
