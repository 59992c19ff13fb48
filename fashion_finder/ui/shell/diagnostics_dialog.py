"""Diagnostics to read, to copy and to hand on, by the user's own hand only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class DiagnosticsDialog(QDialog):
    """Shows exactly what *Copy Diagnostics* puts on the clipboard."""

    log_folder_requested = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Diagnostics"))
        self.resize(820, 520)
        note = QLabel(
            self.tr(
                "Nothing is sent anywhere. When you ask somebody for help, copy this for them: it "
                "names neither you nor your files."
            )
        )
        note.setWordWrap(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Diagnostics"))
        self.copy_button = QPushButton(self.tr("Copy Diagnostics"))
        self.copy_button.clicked.connect(self.copy)
        self.folder_button = QPushButton(self.tr("Open Log Folder"))
        self.folder_button.clicked.connect(self.log_folder_requested)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.copy_button)
        foot.addWidget(self.folder_button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(note)
        column.addWidget(self.text, 1)
        column.addLayout(foot)

    @Slot()
    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
