"""Diagnostics to read, to copy and to hand on, by the user's own hand only."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from fashion_finder.ui.kit.dialog import Dialog


class DiagnosticsDialog(Dialog):
    """Shows exactly what *Copy Diagnostics* puts on the clipboard."""

    log_folder_requested = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Diagnostics"), parent)
        self.resize(820, 520)
        note = self.tr(
            "Nothing is sent anywhere. If you ask for help, copy this: it contains no "
            "names of people, files or folders."
        )
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Diagnostics"))
        self.copy_button = QPushButton(self.tr("Copy Diagnostics"))
        self.copy_button.clicked.connect(self.copy)
        self.folder_button = QPushButton(self.tr("Open Log Folder"))
        self.folder_button.clicked.connect(self.log_folder_requested)
        self.fill(
            self.paragraph(note),
            self.text,
            stretched=self.text,
            buttons=(self.copy_button, self.folder_button),
        )

    @Slot()
    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
