"""The skeleton of every dialog: its contents, and below them buttons, the last one *Close*."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

ROW_HEIGHT = 1.8  # of a list, in heights of a line


class Dialog(QDialog):
    """Something to read beside the window; deleted when it is closed."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)

    def fill(
        self, *contents: QWidget, stretched: QWidget | None = None, buttons: Sequence[QWidget] = ()
    ) -> None:
        """Lay out the contents, one of which may get the spare height, and buttons left of *Close*."""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        for widget in contents:
            column.addWidget(widget, int(widget is stretched))
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        for button in buttons:
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)

    def paragraph(self, text: str, *, muted: bool = False) -> QLabel:
        """Text that wraps."""
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if muted:
            label.setProperty("role", "muted")
        return label

    def table(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> QTreeWidget:
        """An empty list with columns; the last one fills the rest of the width."""
        table = QTreeWidget()
        table.setAccessibleName(name)
        table.setHeaderLabels(headings)
        table.setRootIsDecorated(False)
        for column, width in enumerate(widths):
            table.setColumnWidth(column, width)
        return table

    def row(self, cells: Sequence[str]) -> QTreeWidgetItem:
        """A row for such a list."""
        row = QTreeWidgetItem(cells)
        row.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * ROW_HEIGHT)))
        return row
