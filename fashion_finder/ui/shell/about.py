"""Who made this, of what, and under which licences."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fashion_finder import __version__
from fashion_finder.support.components import Component
from fashion_finder.ui.kit.icons import app_icon
from fashion_finder.ui.kit.theme import scaled

COLUMN_WIDTHS = (170, 190, 270)  # the last one takes the rest


class AboutDialog(QDialog):
    """Name, version, and the promise."""

    def __init__(self, model_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Fashion Finder"))
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(72, 72))
        name = QLabel(self.tr("Fashion Finder"))
        name.setFont(scaled(self.font(), 1.7, QFont.Weight.DemiBold))
        version = QLabel(self.tr("Version {version}").format(version=__version__))
        version.setProperty("role", "muted")
        text = QLabel(
            self.tr(
                "Drop a picture of a garment or an accessory and see the five most similar "
                "pieces of your own folders."
            )
        )
        promise = QLabel(
            self.tr(
                "Everything happens on this computer: the program opens no network connection, "
                "and your photos are never changed."
            )
        )
        promise.setProperty("role", "muted")
        model = QLabel(self.tr("Model: {name}").format(name=model_name) if model_name else "")
        model.setProperty("role", "muted")
        model.setVisible(bool(model_name))
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.clicked.connect(self.accept)
        words = QVBoxLayout()
        words.setSpacing(6)
        for label in (name, version, text, promise, model):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            words.addWidget(label)
            words.addSpacing(4)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        words.addSpacing(10)
        words.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 26, 28, 22)
        row.setSpacing(24)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setMinimumWidth(500)


class LicencesDialog(QDialog):
    """The components, their licences, and the chosen one's licence text."""

    def __init__(self, parts: tuple[Component, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licences"))
        self.resize(920, 620)
        self._parts = parts
        text = QLabel(self.tr("Fashion Finder is built from these parts, with thanks:"))
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Components and their licences"))
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels(
            [self.tr("Part"), self.tr("Version"), self.tr("Purpose"), self.tr("Licence")]
        )
        for part in parts:
            words = (part.name, part.version, part.purpose, part.licence)
            row = QTreeWidgetItem(words)
            for column, word in enumerate(words):
                row.setToolTip(column, word)  # what its column has no room for
            row.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * 1.8)))
            self.list.addTopLevelItem(row)
        for column, width in enumerate(COLUMN_WIDTHS):
            self.list.setColumnWidth(column, width)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text of the licence"))
        self.text.setPlaceholderText(self.tr("Choose a part to read its licence."))
        self.list.itemSelectionChanged.connect(self._show_text)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setChildrenCollapsible(False)
        note = QLabel(
            self.tr(
                "Qt and libheif are used under the LGPL: they are separate libraries that you "
                "may replace with your own builds."
            )
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(14)
        layout.addWidget(text)
        layout.addWidget(both, 1)
        layout.addWidget(note)
        layout.addLayout(foot)

    @Slot()
    def _show_text(self) -> None:
        chosen = self.list.selectedItems()
        row = self.list.indexOfTopLevelItem(chosen[0]) if chosen else -1
        self.text.setPlainText(self._parts[row].text if row >= 0 else "")
