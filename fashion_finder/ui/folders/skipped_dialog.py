"""The files that could not be indexed, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QWidget

from fashion_finder.domain import SkippedFile
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.dialog import Dialog


class SkippedDialog(Dialog):
    """A list to read and to copy from, beside the window; what it lists can be read again."""

    read_again_requested = Signal(tuple)  # tuple[Path, ...]

    def __init__(self, skipped: Sequence[SkippedFile], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Skipped Files"), parent)
        self.resize(820, 480)
        text = (
            self.tr(
                "These files could not be read. They will be tried again when they change, or when"
                " you choose Read Again."
            )
            if skipped
            else self.tr("Every picture in your folders was read.")
        )
        self.list = self.table(
            self.tr("Skipped files and why"),
            [self.tr("File"), self.tr("Reason"), self.tr("Folder")],
            (240, 320),
        )
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._lines = []
        self._paths = [file.path for file in skipped]
        for file in skipped:
            self._lines.append(f"{labels.path_label(file.path)}\t{labels.plain(file.reason)}")
            cells = (
                labels.file_label(file.path),
                labels.plain(file.reason),
                labels.path_label(file.path.parent),
            )
            row = self.row(cells)
            for column, cell in enumerate(cells):
                row.setToolTip(column, labels.tooltip(cell))
            self.list.addTopLevelItem(row)
        copy = QPushButton(self.tr("Copy List"))
        copy.clicked.connect(self.copy)
        copy.setEnabled(bool(skipped))
        again = QPushButton(self.tr("Read Again"))
        again.setToolTip(self.tr("Read the selected files again, or all of them"))
        again.clicked.connect(self.read_again)
        again.setEnabled(bool(skipped))
        self.fill(self.paragraph(text), self.list, stretched=self.list, buttons=(copy, again))
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy)

    @Slot()
    def copy(self) -> None:
        """Copy the selected rows, or all of them: path, tab, reason."""
        lines = [self._lines[row] for row in self._chosen()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def read_again(self) -> None:
        """Ask for the selected files, or all of them, to be read again, and close."""
        self.read_again_requested.emit(tuple(self._paths[row] for row in self._chosen()))
        self.accept()

    def _chosen(self) -> Sequence[int]:
        """The selected rows; all of them when none is."""
        rows = [self.list.indexOfTopLevelItem(row) for row in self.list.selectedItems()]
        return rows or range(len(self._paths))
