"""Reports bugs and crashes in the window, with diagnostics that the user can copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from fashion_finder.errors import FinderError
from fashion_finder.support.diagnostics import Facts
from fashion_finder.ui.kit import desktop
from fashion_finder.ui.kit.dialog import Dialog
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea, Tone
from fashion_finder.ui.tiles.file_actions import NoProgram, OpenUrl
from fashion_finder.ui.work.tasks import Tasks


class DiagnosticsDialog(Dialog):
    """Shows exactly what *Copy Diagnostics* puts on the clipboard."""

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


class DiagnosticsController(QObject):
    """Nothing is sent anywhere: the user copies the text, or opens the folder of the logs."""

    def __init__(
        self,
        gather: Callable[[Facts, str], str],
        log_folder: Path,
        tasks: Tasks,
        messages: MessageArea,
        window: QWidget,
        *,
        open_url: OpenUrl = QDesktopServices.openUrl,
    ) -> None:
        """`gather` composes the text from facts about the screen and a trace; it may block."""
        super().__init__(window)
        self._gather = gather
        self._log_folder = log_folder
        self._tasks = tasks
        self._messages = messages
        self._window = window
        self._open_url = open_url
        self.dialog: DiagnosticsDialog | None = None

    @Slot()
    def show(self) -> None:
        """Open the dialog."""
        self._gather_and_open("")

    def _gather_and_open(self, trace: str) -> None:
        """`trace` is that of a bug, or empty."""
        screens = ", ".join(
            f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}"
            for screen in QGuiApplication.screens()
        )
        facts = (("window system", QGuiApplication.platformName()), ("screens", screens))
        self._tasks.run(partial(self._gather, facts, trace), self._open, self._show_failure)

    @Slot()
    def open_log_folder(self) -> None:
        """Show the logs in the desktop's file manager."""
        if not self._open_url(desktop.url_of(self._log_folder)):
            self._show_failure(NoProgram(self._log_folder))

    @Slot(str)
    def report_bug(self, trace: str) -> None:
        """Report a bug with its trace."""
        title = self.tr("Something went wrong")
        text = self.tr(
            "This is a bug in Fashion Finder and has been logged. Your photos and "
            "catalogue are not affected."
        )
        self._report("bug", title, text, trace)

    @Slot()
    def report_crash(self) -> None:
        """Report that the program crashed last time."""
        title = self.tr("Fashion Finder quit unexpectedly last time")
        text = self.tr(
            "Your photos are not affected and nothing indexed was lost. Details were "
            "logged on this computer."
        )
        self._report("crash", title, text)

    def _report(self, key: str, title: str, text: str, trace: str = "") -> None:
        actions = (
            (self.tr("Diagnostics…"), partial(self._gather_and_open, trace)),
            (self.tr("Open Log Folder"), self.open_log_folder),
        )
        self._messages.show_message(Message(key, title, text, Tone.DANGER, actions))

    def _open(self, text: str) -> None:
        self.dialog = DiagnosticsDialog(text, self._window)
        self.dialog.folder_button.clicked.connect(self.open_log_folder)
        self.dialog.destroyed.connect(self._forget)
        self.dialog.open()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    def _show_failure(self, error: FinderError) -> None:
        self._messages.show_message(failure_message("diagnostics", error))
