"""The files that could not be indexed, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import SkippedFile
from fashion_finder.ui.kit import labels

_PATH_ROLE = int(Qt.ItemDataRole.UserRole)


class SkippedDialog(QDialog):
    """A list to read and to copy from; does not stand in the way of the window."""

    def __init__(self, skipped: Sequence[SkippedFile], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Skipped Files"))
        self.resize(820, 480)
        text = QLabel(
            self.tr("These files could not be read. They are tried again when they change.")
            if skipped
            else self.tr("Every picture in your folders could be read.")
        )
        text.setWordWrap(True)
        self.list = self._build_list(skipped)
        copy = QPushButton(self.tr("Copy List"))
        copy.clicked.connect(self.copy)
        copy.setEnabled(bool(skipped))
        done = QPushButton(self.tr("Close"))
        done.setProperty("role", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(copy)
        foot.addStretch(1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(text)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy)

    def _build_list(self, skipped: Sequence[SkippedFile]) -> QTreeWidget:
        result = QTreeWidget()
        result.setAccessibleName(self.tr("Skipped files and their reasons"))
        result.setHeaderLabels([self.tr("File"), self.tr("Reason"), self.tr("Folder")])
        result.setRootIsDecorated(False)
        result.setUniformRowHeights(True)
        result.setAlternatingRowColors(True)
        result.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        result.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for file in skipped:
            row = QTreeWidgetItem(
                [
                    labels.file_label(file.path),
                    labels.plain(file.reason),
                    labels.path_label(file.path.parent),
                ]
            )
            row.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * 1.8)))
            row.setData(0, _PATH_ROLE, labels.path_label(file.path))
            for column in range(3):
                row.setToolTip(column, labels.tooltip(row.text(column)))
            result.addTopLevelItem(row)
        result.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        result.setColumnWidth(0, 240)
        result.setColumnWidth(1, 320)
        return result

    @Slot()
    def copy(self) -> None:
        """Copy the chosen rows, or all of them: path, tab, reason."""
        rows = self.list.selectedItems() or [
            item
            for item in map(self.list.topLevelItem, range(self.list.topLevelItemCount()))
            if item is not None
        ]
        lines = [f"{row.data(0, _PATH_ROLE)}\t{row.text(1)}" for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
