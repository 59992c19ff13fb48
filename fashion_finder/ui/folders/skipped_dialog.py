"""What could not be indexed, each file with its reason, and what was left out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QWidget

from fashion_finder.domain import SkippedFile, Status
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a file or folder, or several of one kind."""

    name: str
    reason: str
    folder: str
    copied: str  # what it is on the clipboard
    file: Path | None = None  # that can be read again


class SkippedDialog(Dialog):
    """A list to read and to copy from, beside the window; what it lists can be read again."""

    read_again_requested = Signal(tuple)  # tuple[Path, ...]

    def __init__(self, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Skipped Files"), parent)
        self.resize(820, 480)
        entries = tuple(entries_of(status))
        self.list = self.table(
            self.tr("Skipped files and why"),
            [self.tr("File"), self.tr("Reason"), self.tr("Folder")],
            (240, 320),
        )
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._lines = [f"{entry.copied}\t{entry.reason}" for entry in entries]
        self._files = [entry.file for entry in entries]
        for entry in entries:
            cells = (entry.name, entry.reason, entry.folder)
            row = self.row(cells)
            for column, cell in enumerate(cells):
                row.setToolTip(column, labels.tooltip(cell))
            self.list.addTopLevelItem(row)
        copy = QPushButton(self.tr("Copy List"))
        copy.clicked.connect(self.copy)
        copy.setEnabled(bool(entries))
        again = QPushButton(self.tr("Read Again"))
        again.setToolTip(self.tr("Read the selected files again, or all of them"))
        again.clicked.connect(self.read_again)
        again.setEnabled(any(self._files))
        text = self.paragraph(self._introduction(status))
        self.fill(text, self.list, stretched=self.list, buttons=(copy, again))
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy)

    def _introduction(self, status: Status) -> str:
        if status.skipped or status.unlisted:
            text = self.tr(
                "These files could not be read. They will be tried again when they change, or when"
                " you choose Read Again."
            )
        elif status.left_out:
            text = self.tr("Every photo was read. What else is in your folders was left out.")
        else:
            text = self.tr("Every picture in your folders was read.")
        left_out = labels.left_out_labels(status.left_out)
        return f"{text}\n{'  ·  '.join(left_out)}" if left_out else text

    @Slot()
    def copy(self) -> None:
        """Copy the selected rows, or all of them: path, tab, reason."""
        lines = [self._lines[row] for row in self._chosen()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def read_again(self) -> None:
        """Ask for the selected files, or all of them, to be read again, and close."""
        files = tuple(file for row in self._chosen() if (file := self._files[row]) is not None)
        if files:
            self.read_again_requested.emit(files)
            self.accept()

    def _chosen(self) -> Sequence[int]:
        """The selected rows; all of them when none is."""
        rows = [self.list.indexOfTopLevelItem(row) for row in self.list.selectedItems()]
        return rows or range(len(self._lines))


def entries_of(status: Status) -> Iterator[Entry]:
    """Folders that could not be opened and files one by one; the rest by kind, it may be thousands."""
    for file in (*status.unlisted, *status.skipped):
        yield Entry(
            labels.file_label(file.path),
            labels.plain(file.reason),
            labels.path_label(file.path.parent),
            labels.path_label(file.path),
            file.path if file in status.skipped else None,
        )
    left_out = status.left_out
    for kind, count in left_out.kinds.items():
        where = _common(entry.folder for entry in left_out.not_read if entry.kind == kind)
        name = labels.not_read_label(kind, count)
        yield Entry(name, labels.not_read_reason(kind, count), where, f"{where}\t{name}")
    by_name: dict[tuple[str, str], list[SkippedFile]] = {}
    for folder in left_out.system_folders:
        by_name.setdefault((folder.path.name.casefold(), folder.reason), []).append(folder)
    for (_, reason), folders in by_name.items():
        where = _common(folder.path.parent for folder in folders)
        name = labels.file_label(folders[0].path)
        if len(folders) > 1:
            name = f"{name}  ({labels.folders_label(len(folders))})"
        yield Entry(name, labels.plain(reason), where, f"{where}\t{name}")


def _common(folders: Iterable[Path]) -> str:
    """The folder that holds all of these."""
    several = QCoreApplication.translate("SkippedDialog", "Several folders")
    try:
        common = Path(os.path.commonpath(list(folders)))
    except ValueError:  # on several drives of Windows
        return several
    return several if common.parent == common else labels.path_label(common)
