"""Handing over, between two instances in one process; two processes are in tests/e2e."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import fashion_finder
from fashion_finder.ui.shell.activation import LaterStarts
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.shell.single_instance import Handed, SingleInstance
from tests.ui.fakes import FakeEngine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at sockets in a folder")


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The session's own folder."""
    with tempfile.TemporaryDirectory(prefix="ff") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def first(qtbot: QtBot, sockets: Path, tmp_path: Path) -> Iterator[SingleInstance]:
    """The first one."""
    del qtbot, sockets
    one = SingleInstance(tmp_path)
    assert one.become_first_or_hand_over(Handed())
    yield one
    one.close()


def only_socket(folder: Path) -> Path:
    """The first one's socket."""
    (found,) = folder.glob("*.socket")
    return found


def test_nobody_else_may_speak_to_the_window(first: SingleInstance, sockets: Path) -> None:
    """The socket is the owner's alone, in a folder that is."""
    del first
    about = only_socket(sockets).lstat()
    assert not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_a_folder_open_to_others_is_not_used(
    qtbot: QtBot, tmp_path: Path, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody could wait there in our place; one of our own is made instead."""
    del qtbot
    sockets.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", None)
    with tempfile.TemporaryDirectory(prefix="ff") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        one = SingleInstance(tmp_path)
        assert one.become_first_or_hand_over(Handed())
        own = Path(temporary) / f"fashion-finder-{os.getuid()}"
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
        assert len(list(own.glob("*.socket"))) == 1
        one.close()
    assert not list(sockets.glob("*.socket"))


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\n", b"[]\n", b'{"picture": "zz", "token": ""}\n', b"\xff\n"]
)
def test_what_is_not_understood_is_hung_up_on(
    qtbot: QtBot, first: SingleInstance, sockets: Path, said: bytes
) -> None:
    """And does no harm."""
    told: list[Handed] = []
    first.handed_over.connect(told.append)
    socket = QLocalSocket()
    socket.connectToServer(str(only_socket(sockets)))
    assert socket.waitForConnected(5000)
    with qtbot.waitSignal(socket.disconnected):
        socket.write(said)
    assert not told


def test_a_speaker_without_end_is_hung_up_on(
    qtbot: QtBot, first: SingleInstance, sockets: Path
) -> None:
    """No line is as long as that."""
    del first
    socket = QLocalSocket()
    socket.connectToServer(str(only_socket(sockets)))
    assert socket.waitForConnected(5000)
    with qtbot.waitSignal(socket.disconnected):
        socket.write(b"x" * 200_000)


def test_paths_that_are_no_text_survive(tmp_path: Path) -> None:
    """File names are bytes."""
    for name in (b"Z\xc3\xbcrich.jpg", b"caf\xe9.jpg", "写真 1.jpg".encode(), b"a\nb.jpg"):
        handed = Handed(Path(os.fsdecode(bytes(tmp_path) + b"/" + name)), "token")
        line = handed.to_line()
        assert line.count(b"\n") == 1
        assert Handed.from_line(line) == handed


def test_a_handed_picture_is_asked_with(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    """The window leaves the task bar for it; a start without a picture only does that."""
    starts = LaterStarts(window, window.asking.ask_file)
    window.showMinimized()
    starts.accept(Handed())
    assert not window.isMinimized()
    assert not engine.asked
    with qtbot.waitSignal(window.questions.answered):
        starts.accept(Handed(tmp_path / "a.jpg", "token"))
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_a_file_opened_with_the_program_is_asked_with(
    qtbot: QtBot, window: MainWindow, qapp: QApplication, tmp_path: Path
) -> None:
    """As macOS does it: an event, and no second process."""
    starts = LaterStarts(window, window.asking.ask_file)
    qapp.installEventFilter(starts)
    with qtbot.waitSignal(window.questions.answered):
        QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(tmp_path / "a.jpg"))))
    qapp.removeEventFilter(starts)


def test_qt_opens_local_sockets_only() -> None:
    """The program opens no network connection: of Qt's network module it knows these two names."""
    package = Path(fashion_finder.__file__).parent
    lines = {
        line.strip()
        for file in package.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "QtNetwork" in line or "QNetwork" in line or "QTcp" in line or "QUdp" in line
    }
    assert lines == {"from PySide6.QtNetwork import QLocalServer, QLocalSocket"}
