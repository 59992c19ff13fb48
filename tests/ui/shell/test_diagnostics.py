"""Faults reach the log and the window; what is copied for others names nobody."""

from __future__ import annotations

import getpass
import logging
import platform
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote

import pytest
from PySide6.QtCore import QObject, QThreadPool, QTimer, QUrl, Signal, Slot, qWarning
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fashion_finder.logs import CRASH_NAME, LOG_NAME, log_dir, set_up_logging
from fashion_finder.support import diagnostics
from fashion_finder.support.diagnostics import Facts, gather, grave_records
from fashion_finder.support.redaction import Secrets, without_user
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
    yield log_dir(tmp_path) / LOG_NAME
    for name in ("fashion_finder", "concurrent.futures"):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()


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


# ---------------------------------------------------------------- what is copied


def test_diagnostics_name_nobody(
    tmp_path: Path, log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the home, nor the user, nor the computer, nor a photo; frames stay readable."""
    home = tmp_path / "home of" / "Zoë Müller"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("USER", "zoe.m")
    monkeypatch.setenv("LOGNAME", "zoe.m")
    monkeypatch.setattr(platform, "node", lambda: "zoes-laptop")
    log = logging.getLogger("fashion_finder.somewhere")
    log.info("a quiet line")
    log.warning("cannot read %s: denied", home / "Pictures" / "Client A.jpg")
    log.warning("zoe.m at ZOES-LAPTOP, disk /media/Secret Stick/b c.png")
    try:
        raise OSError(2, "No such file", str(home / "x.jpg"))
    except OSError:
        log.exception("failed")
    (log_dir(tmp_path) / CRASH_NAME).write_text(
        f'Fatal Python error\n  File "{home}/site/fashion_finder/ui/about.py", line 3 in show\n'
        f'  File "{home}/own script.py", line 1 in <module>\n'
    )
    trace = f"FileNotFoundError: [Errno 2] No such file: '{home}/It is mine.jpg'"
    text = gather(tmp_path, [("fashion-finder", "1.2")], [("screens", "1 x 1 at 1")], trace)
    for secret in (
        str(tmp_path),
        "Zoë",
        "Müller",
        "zoe.m",
        "ZOES",
        "zoes",
        "Client",
        "Secret",
        "c.png",
    ):
        assert secret not in text, secret
    assert "It is mine" not in text
    assert "fashion-finder: 1.2" in text
    assert 'File "fashion_finder/ui/about.py", line 3 in show' in text
    assert "cannot read <path>: denied" in text
    assert "FileNotFoundError: [Errno 2] No such file: '<path>'" in text
    assert "a quiet line" not in text
    assert "test_diagnostics.py" in text


@pytest.mark.parametrize(
    "line, clean",
    [
        (r"open C:\Users\Jörg\a b.jpg: denied", "open <path>: denied"),
        (r"open \\server\share\a.jpg", "open <path>"),
        (r"WindowsPath('C:/Fotos/a b.jpg') failed", "WindowsPath('<path>') failed"),
        ("file:///srv/a%20b.jpg", "<path>"),
        ("~/a/b", "<path>"),
        ("and/or, 3 / 4, 12:30:00,123", "and/or, 3 / 4, 12:30:00,123"),
        ("山田 wrote, not 山田太郎", "<user> wrote, not 山田太郎"),
        ("/Volumes/Anna's disk/x y.png", "<path>"),
        (
            '  File "C:\\Users\\J\\lib\\site-packages\\PIL\\Image.py", line 3',
            '  File "PIL\\Image.py", line 3',
        ),
    ],
)
def test_paths_of_every_system_are_taken_out(line: str, clean: str) -> None:
    """With blanks, quotes and letters of every kind; what is no path stays."""
    assert without_user(line, Secrets(user_names=("山田",))) == clean


def test_only_the_latest_grave_records_are_copied() -> None:
    """With their traces, and not without end."""
    lines = []
    for number in range(100):
        lines.append(f"2026-01-01 10:00:00,{number:03} INFO main a: quiet {number}")
        lines.append("  continued quietly")
        lines.append(f"2026-01-01 10:00:00,{number:03} ERROR main a: grave {number}")
        lines.append(f"  frame {number}")
    found = grave_records("\n".join(lines))
    assert "quiet" not in found
    assert found.count("grave") == diagnostics.MOST_RECORDS
    assert found.endswith("  frame 99")


def test_diagnostics_need_no_log(tmp_path: Path) -> None:
    """A folder that was never written to has none, and a version is worth knowing then too."""
    text = gather(tmp_path / "nowhere", [("fashion-finder", "1.2")])
    assert text.startswith("fashion-finder: 1.2\n")
    assert getpass.getuser() not in text.replace(platform.platform(), "")


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
        time.sleep(0)
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


def test_windows_paths_count_as_paths() -> None:
    """Written with either slash."""
    path = PureWindowsPath("D:/Fotos/Frau Ito/a.jpg")
    for text in (str(path), path.as_posix(), repr(str(path))):
        assert "Ito" not in without_user(text, Secrets())
