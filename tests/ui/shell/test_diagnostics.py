"""Faults reach the log and the window, and their diagnostics can be copied."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest
from PySide6.QtCore import QObject, QThreadPool, QTimer, QUrl, Signal, Slot, qWarning
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fashion_finder.data_folder import DataFolder
from fashion_finder.logs import end_logging, set_up_logging
from fashion_finder.support.diagnostics import Facts
from fashion_finder.ui.shell.bug_reports import BugReports
from fashion_finder.ui.shell.diagnostics_controller import DiagnosticsController
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.tasks import Tasks


class Sender(QObject):
    """Something to connect a slot to."""

    sent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sent.connect(self.fail)

    @Slot()
    def fail(self) -> None:
        """A slot with a fault."""
        raise ZeroDivisionError(" ".join(["in", "a", "slot"]))


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """The log of a data folder."""
    set_up_logging(tmp_path, verbose=False)
    yield DataFolder(tmp_path).log_file
    end_logging()


@pytest.fixture
def bugs() -> Iterator[BugReports]:
    """The hooks, in place."""
    one = BugReports()
    one.install()
    yield one
    one.uninstall()


# ---------------------------------------------------------------- into the log


def test_a_fault_in_a_slot_is_logged_and_told(
    qtbot: QtBot, bugs: BugReports, log_file: Path
) -> None:
    """PySide swallows it otherwise."""
    sender = Sender()
    with qtbot.waitSignal(bugs.reported) as told:
        QTimer.singleShot(0, sender.sent.emit)
    assert told.args is not None
    assert "in a slot" in told.args[0]
    written = log_file.read_text()
    assert "ZeroDivisionError" in written
    assert "in fail" in written
    assert "in a slot" not in written  # an error's text may name files


@pytest.mark.parametrize("kind", ["thread", "qt pool", "executor"])
def test_a_fault_in_the_background_is_logged_and_told(
    qtbot: QtBot, bugs: BugReports, log_file: Path, executor: ThreadPoolExecutor, kind: str
) -> None:
    """Whoever runs it."""

    def fail_behind() -> None:
        raise LookupError(kind)

    tasks = Tasks(executor)
    pool = QThreadPool()
    with qtbot.waitSignal(bugs.reported) as told:
        if kind == "thread":
            threading.Thread(target=fail_behind).start()
        elif kind == "qt pool":
            pool.start(fail_behind)
        else:
            tasks.run(fail_behind, lambda _: None, lambda _: None)
    pool.waitForDone()
    assert told.args is not None
    assert "fail_behind" in told.args[0]
    assert "LookupError" in log_file.read_text()


@pytest.mark.usefixtures("bugs")
def test_a_fault_in_a_finaliser_is_logged(log_file: Path) -> None:
    """Python has nobody to raise it to."""

    class Dying:
        def __del__(self) -> None:
            raise LookupError

    one = Dying()
    del one
    assert "LookupError" in log_file.read_text()


@pytest.mark.qt_no_exception_capture
@pytest.mark.usefixtures("bugs")
def test_what_qt_says_is_logged(log_file: Path) -> None:
    """With its level, on no terminal that nobody reads."""
    qWarning("the style is missing")
    line = next(one for one in log_file.read_text().splitlines() if "the style is missing" in one)
    assert " WARNING " in line


def test_the_hooks_go_back_to_whom_they_belonged() -> None:
    """Twice installed is installed once."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    bugs = BugReports()
    bugs.install()
    bugs.install()
    assert sys.excepthook != before[0]
    bugs.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


# ---------------------------------------------------------------- in the window


class Desk:
    """A flow over a window, and what it asked of the desktop."""

    def __init__(self, window: MainWindow, executor: ThreadPoolExecutor, folder: Path) -> None:
        self.opened: list[QUrl] = []
        self.answers = True
        self.asked: list[tuple[Facts, str]] = []
        self.on_gui_thread = False
        self.flow = DiagnosticsController(
            self._gather,
            folder,
            Tasks(executor, window),
            window.messages,
            window,
            open_url=self._open_url,
        )

    def _gather(self, facts: Facts, trace: str) -> str:
        self.on_gui_thread = threading.current_thread() is threading.main_thread()
        self.asked.append((facts, trace))
        return f"the text\n{trace}"

    def _open_url(self, url: QUrl) -> bool:
        self.opened.append(url)
        return self.answers


@pytest.fixture
def desk(window: MainWindow, executor: ThreadPoolExecutor, tmp_path: Path) -> Desk:
    """The flow under test."""
    return Desk(window, executor, tmp_path / "my logs")


def test_a_fault_is_told_and_its_diagnostics_can_be_copied(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    """What the dialog shows is what is copied; it is gathered off the GUI thread."""
    desk.flow.report_bug("the trace")
    bar = window.messages.bar("bug")
    assert bar is not None
    bar.buttons[0].click()
    qtbot.waitUntil(lambda: desk.flow.dialog is not None)
    dialog = desk.flow.dialog
    assert dialog is not None
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "the text\nthe trace"
    assert dialog.text.toPlainText() == "the text\nthe trace"
    assert dict(desk.asked[0][0])["window system"] == "offscreen"
    assert not desk.on_gui_thread
    dialog.close()
    qtbot.waitUntil(lambda: desk.flow.dialog is None)


def test_the_menu_shows_diagnostics_without_a_trace(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    """A menu entry hands over whether it is checked; that is no trace."""
    window.menus.diagnostics.triggered.connect(desk.flow.show)
    window.menus.diagnostics.trigger()
    qtbot.waitUntil(lambda: desk.flow.dialog is not None)
    assert desk.asked[0][1] == ""


def test_the_folder_of_the_logs_opens(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    """From the bar and from the dialog; a desktop that cannot is told of."""
    desk.flow.report_crash()
    bar = window.messages.bar("crash")
    assert bar is not None
    bar.buttons[1].click()
    assert unquote(desk.opened[0].toString()).endswith("my logs")
    desk.answers = False
    desk.flow.show()
    qtbot.waitUntil(lambda: desk.flow.dialog is not None)
    assert desk.flow.dialog is not None
    desk.flow.dialog.folder_button.click()
    assert len(desk.opened) == 2
    assert window.messages.bar("diagnostics") is not None
