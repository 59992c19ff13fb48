"""Who made this, of what, and under which licences."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from fashion_finder import __version__
from fashion_finder.support.components import Component
from fashion_finder.ui.kit.dialog import Dialog
from fashion_finder.ui.kit.icons import app_icon
from fashion_finder.ui.kit.theme import scaled


class AboutDialog(Dialog):
    """Name, version, and the promise."""

    def __init__(self, model_name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("About Fashion Finder"), parent)
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(72, 72))
        name = self.paragraph(self.tr("Fashion Finder"))
        name.setFont(scaled(self.font(), 1.7, QFont.Weight.DemiBold))
        lines = [
            name,
            self.paragraph(self.tr("Version {version}").format(version=__version__), muted=True),
            self.paragraph(
                self.tr(
                    "Drop a picture of a garment or accessory to see the five most similar pieces"
                    " in your own folders."
                )
            ),
            self.paragraph(
                self.tr(
                    "Everything happens on this computer. The program never goes online, and your"
                    " photos are never changed."
                ),
                muted=True,
            ),
        ]
        if model_name:
            model = self.tr("Model: {name}").format(name=model_name)
            lines.append(self.paragraph(model, muted=True))
        words = QVBoxLayout()
        words.setSpacing(10)
        for line in lines:
            words.addWidget(line)
        contents = QWidget()
        row = QHBoxLayout(contents)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(24)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.fill(contents)
        self.setMinimumWidth(500)


class LicencesDialog(Dialog):
    """The components, their licences, and the chosen one's licence text."""

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
                row.setToolTip(column, cell)  # what its column has no room for
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
        self.fill(
            self.paragraph(self.tr("Fashion Finder is built with these components:")),
            both,
            self.paragraph(
                self.tr(
                    "Qt and libheif are used under the LGPL. They are separate libraries that you"
                    " may replace with your own builds."
                ),
                muted=True,
            ),
            stretched=both,
        )

    @Slot()
    def _show_text(self) -> None:
        chosen = self.list.selectedItems()
        row = self.list.indexOfTopLevelItem(chosen[0]) if chosen else -1
        self.text.setPlainText(self._parts[row].text if row >= 0 else "")
