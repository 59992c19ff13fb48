"""The desktop's own dialogs for choosing a folder to index or a picture to ask with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from fashion_finder.images.formats import PICTURE_SUFFIXES


def folder_dialog(parent: QWidget, place: str) -> QFileDialog:
    """Asks for a folder, beginning in `place` unless that is empty; goes away once closed."""
    dialog = _dialog(parent, _translate("Choose a Folder to Index"), place)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, _translate("Index"))
    return dialog


def picture_dialog(parent: QWidget, place: str) -> QFileDialog:
    """Asks for a picture, beginning in `place` unless that is empty; goes away once closed."""
    dialog = _dialog(parent, _translate("Open a Picture"), place)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    pattern = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    pictures = _translate("Pictures ({pattern})").format(pattern=pattern)
    dialog.setNameFilters([pictures, _translate("All files (*)")])
    return dialog


def _dialog(parent: QWidget, title: str, place: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    if place:
        dialog.setDirectory(place)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _translate(text: str) -> str:
    return QCoreApplication.translate("file_dialogs", text)
