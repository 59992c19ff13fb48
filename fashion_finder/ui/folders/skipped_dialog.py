"""The files that could not be indexed, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTreeWidget, QWidget

from fashion_finder.domain import SkippedFile
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.dialog import Dialog

_PATH_ROLE = int(Qt.ItemDataRole.UserRole)


class SkippedDialog(Dialog):
    """A list to read and to copy from; does not stand in the way of the window."""

    def __init__(self, skipped: Sequence[SkippedFile], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Skipped Files"), parent)
        self.resize(820, 480)
        text = (
            self.tr("These files could not be read. They will be tried again when they change.")
            if skipped
            else self.tr("Every picture in your folders was read.")
        )
        self.list = self._build_list(skipped)
        copy = QPushButton(self.tr("Copy List"))
        copy.clicked.connect(self.copy)
        copy.setEnabled(bool(skipped))
        self.fill(self.paragraph(text), self.list, stretched=self.list, buttons=(copy,))
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy)

    def _build_list(self, skipped: Sequence[SkippedFile]) -> QTreeWidget:
        result = self.table(
            self.tr("Skipped files and why"),
            [self.tr("File"), self.tr("Reason"), self.tr("Folder")],
            (240, 320),
        )
        result.setUniformRowHeights(True)
        result.setAlternatingRowColors(True)
        result.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        result.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for file in skipped:
            cells = (
                labels.file_label(file.path),
                labels.plain(file.reason),
                labels.path_label(file.path.parent),
            )
            row = self.row(cells)
            row.setData(0, _PATH_ROLE, labels.path_label(file.path))
            for column, cell in enumerate(cells):
                row.setToolTip(column, labels.tooltip(cell))
            result.addTopLevelItem(row)
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
