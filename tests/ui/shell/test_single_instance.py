"""Handing over, between two instances in one process; two processes are in tests/e2e."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import fashion_finder
from fashion_finder.ui.shell import single_instance
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.shell.single_instance import (
    MOST_CONNECTIONS,
    TAKEN,
    AlreadyRunning,
    Handed,
    LaterStarts,
    SingleInstance,
    startup_token,
)
from tests.odd_files import ELSEWHERE, KINDS, put_in_the_way
from tests.ui.fakes import FakeEngine

LONGEST = 20.0  # seconds
SHORTLY_MS = 200  # what a second start waits for one that will not answer
PICTURE = Path("/q/dress.jpg")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at sockets in a folder")


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The session's own folder."""
    with tempfile.TemporaryDirectory(prefix="ff") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def first(qapp: QApplication, sockets: Path, tmp_path: Path) -> Iterator[SingleInstance]:
    """The first one."""
    first = SingleInstance(tmp_path)
    assert first.become_first_or_hand_over(Handed())
    yield first
    first.close()


def only_socket(folder: Path) -> Path:
    """The first one's socket."""
    (found,) = folder.glob("*.socket")
    return found


@pytest.mark.usefixtures("first")
def test_nobody_else_may_speak_to_the_window(sockets: Path) -> None:
    """The socket is the owner's alone, in a folder that is."""
    about = only_socket(sockets).lstat()
    assert not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


@pytest.mark.parametrize(
    "why", ["open to others", "another user's", "missing", "a link", "not set", "relative"]
)
@pytest.mark.usefixtures("qapp")
def test_a_session_folder_that_will_not_do_is_not_used(
    tmp_path: Path, sockets: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """Others could listen there: lock and socket go to the data folder, and nowhere else."""
    if why == "open to others":
        sockets.chmod(0o777)
    elif why == "another user's":
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(sockets, 4711, -1)
    elif why == "missing":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(sockets / "missing"))
    elif why == "a link":
        (tmp_path / "link").symlink_to(sockets)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "link"))
    elif why == "not set":
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    else:
        monkeypatch.chdir(sockets)
        monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    first = SingleInstance(data)
    assert first.become_first_or_hand_over(Handed())
    assert {path.name for path in data.iterdir()} == {"window.lock", "window.socket"}
    assert not list(sockets.iterdir())
    first.close()
    assert not list(data.iterdir())
    if why == "another user's":
        os.chown(sockets, os.getuid(), -1)


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose path is too long for a socket, in a session without a folder."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    data = tmp_path.joinpath(*["a deep folder for photos and more"] * 6)
    data.mkdir(parents=True)
    assert len(os.fsencode(data)) > 200
    return data


_SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from fashion_finder.ui.shell import single_instance
from fashion_finder.ui.shell.single_instance import Handed, SingleInstance
application = QCoreApplication([])
single_instance._OPEN_FOLDERS = Path(sys.argv[2])
second = SingleInstance(Path(sys.argv[1]))
sys.exit(second.become_first_or_hand_over(Handed(Path("/q/dress.jpg"), "token")))
"""


@pytest.mark.parametrize("open_folders", [single_instance._OPEN_FOLDERS, Path("/missing")])
def test_a_deep_data_folder_has_its_socket_all_the_same(
    qtbot: QtBot, deep: Path, monkeypatch: pytest.MonkeyPatch, open_folders: Path
) -> None:
    """Systems allow about a hundred bytes: it gets a short name, and nothing is left behind."""
    monkeypatch.setattr(single_instance, "_OPEN_FOLDERS", open_folders)
    first = SingleInstance(deep)
    assert first.become_first_or_hand_over(Handed())
    assert stat.S_ISSOCK((deep / "window.socket").lstat().st_mode)
    # A process of its own: waiting for an answer holds all threads up.
    second = subprocess.Popen([sys.executable, "-c", _SECOND, str(deep), str(open_folders)])
    with qtbot.waitSignal(first.handed_over, timeout=int(LONGEST * 1000)) as handed:
        pass
    assert handed.args == [Handed(PICTURE, "token")]
    assert second.wait(LONGEST) == 0
    qtbot.waitUntil(lambda: not first._server.findChildren(QLocalSocket))
    first.close()
    assert not list(deep.iterdir())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["window.lock", "window.socket"])
@pytest.mark.usefixtures("qapp")
def test_nothing_that_lies_there_keeps_the_window_shut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    """A lock is a lock on a file, whatever is in it, and a socket is made anew."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    data = tmp_path / "data"
    data.mkdir()
    elsewhere = put_in_the_way(data / name, kind)
    first = SingleInstance(data)
    assert first.become_first_or_hand_over(Handed(), SHORTLY_MS)
    assert first._server.isListening()
    with pytest.raises(AlreadyRunning):  # this thread cannot answer
        start_again(data, 0)
    first.close()
    assert elsewhere.read_bytes() == ELSEWHERE


@pytest.mark.usefixtures("qapp")
def test_where_no_socket_can_be_the_window_opens_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on FAT and some network drives; a second start says that it is open."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(QLocalServer, "listen", lambda *_: False)
    first = SingleInstance(tmp_path)
    assert first.become_first_or_hand_over(Handed())
    with pytest.raises(AlreadyRunning):
        start_again(tmp_path, 0)
    first.close()


@pytest.mark.usefixtures("qapp", "sockets")
def test_where_no_lock_can_be_there_is_a_window(tmp_path: Path) -> None:
    """As on a full disk: rather two windows than none."""
    with patch("os.open", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        first = SingleInstance(tmp_path)
        assert first.become_first_or_hand_over(Handed())
    first.close()


# ---------------------------------------------------------------- handing over


def start_again(data_dir: Path, wait_ms: int) -> bool:
    """Start a second time; whether it is the first. Waiting for an answer holds all threads up."""
    second = SingleInstance(data_dir)
    try:
        return second.become_first_or_hand_over(Handed(PICTURE, "token"), wait_ms)
    finally:
        second.close()


def test_a_first_one_that_is_stuck_is_told_of(
    first: SingleInstance, tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    """Two windows on one catalogue would be worse than none."""
    heard: list[Handed] = []
    first.handed_over.connect(heard.append)
    with pytest.raises(AlreadyRunning):  # nothing is heard while this thread waits
        executor.submit(start_again, tmp_path, SHORTLY_MS).result(LONGEST)
    assert heard == []


@pytest.mark.usefixtures("first")
def test_what_only_leads_to_a_socket_is_not_spoken_to(
    qtbot: QtBot, sockets: Path, tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    """Someone may have put a link in place of our socket: they must not learn the path."""
    address = only_socket(sockets)
    address.unlink()
    address.symlink_to(sockets / "elsewhere")
    server = QLocalServer()
    assert server.listen(str(sockets / "elsewhere"))
    second = executor.submit(start_again, tmp_path, SHORTLY_MS)
    qtbot.waitUntil(second.done)
    assert isinstance(second.exception(), AlreadyRunning)
    server.waitForNewConnection(0)
    assert not server.hasPendingConnections()
    server.close()


@pytest.mark.usefixtures("first")
def test_a_hand_over_that_nobody_has_confirmed_has_failed(
    qtbot: QtBot, sockets: Path, tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    """The picture would be lost without a word: something else listens where the first one did."""
    address = only_socket(sockets)
    address.unlink()
    server = QLocalServer()
    assert server.listen(str(address))
    server.newConnection.connect(lambda: server.nextPendingConnection().abort())
    second = executor.submit(start_again, tmp_path, SHORTLY_MS)
    qtbot.waitUntil(second.done)
    assert isinstance(second.exception(), AlreadyRunning)
    server.close()


@pytest.mark.usefixtures("first")
def test_another_data_folder_has_a_window_of_its_own(tmp_path: Path) -> None:
    """It is the first on that one."""
    other = SingleInstance(tmp_path / "other")
    assert other.become_first_or_hand_over(Handed(), SHORTLY_MS)
    other.close()


@pytest.mark.parametrize("name", ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"])
def test_the_desktop_s_permission_is_passed_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Wayland and X11 call it differently; without one nothing is passed on."""
    for token in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(token, raising=False)
    assert startup_token() == ""
    monkeypatch.setenv(name, "permission 1")
    assert startup_token() == "permission 1"


def line(picture: object, token: object = "") -> bytes:
    """What a start might say."""
    return json.dumps({"picture": picture, "token": token}).encode() + b"\n"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET / HTTP/1.1\r\n", id="another program's"),
        pytest.param(b"\n", id="nothing"),
        pytest.param(b"[]\n", id="a list"),
        pytest.param(b'"picture"\n', id="text"),
        pytest.param(b"NaN\n", id="NaN"),
        pytest.param(b"1" * 5000 + b"\n", id="a number of 5000 digits"),
        pytest.param(b"\xff\n", id="no UTF-8"),
        pytest.param(b"\0\0\n", id="NUL"),
        pytest.param(b"[" * 60_000 + b"\n", id="lists nested deeply"),
        pytest.param(b'{"picture":' * 5000 + b"\n", id="objects nested deeply"),
        pytest.param(line("zz"), id="no hexadecimal"),
        pytest.param(line(b"/q/\0.jpg".hex()), id="a path with NUL"),
        pytest.param(line(b"dress.jpg".hex()), id="a path from nowhere"),
        pytest.param(line(""), id="no path"),
        pytest.param(line("\ud800"), id="half a character"),
        pytest.param(line(["/q/dress.jpg"]), id="a list for a path"),
        pytest.param(line(True), id="true for a path"),
        pytest.param(line(None, {"a": 1}), id="an object for a token"),
        pytest.param(line(None, None), id="null for a token"),
    ],
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


@pytest.mark.parametrize("token", ["a\0b", "\ud800", "\x1b[2J", "a\nb"])
def test_a_token_that_no_environment_can_hold_is_dropped(token: str) -> None:
    """The picture is asked with all the same."""
    assert Handed.from_line(line(b"/q/dress.jpg".hex(), token)) == Handed(PICTURE)


def open_descriptors() -> int:
    """Of this process."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def connect(sockets: Path) -> QLocalSocket:
    """Another start, as far as it is connected."""
    socket = QLocalSocket()
    socket.connectToServer(str(only_socket(sockets)))
    assert socket.waitForConnected(5000)
    return socket


def still_connected(sockets: list[QLocalSocket]) -> int:
    """How many of them have not been hung up on."""
    unconnected = QLocalSocket.LocalSocketState.UnconnectedState
    return sum(socket.state() is not unconnected for socket in sockets)


@pytest.mark.usefixtures("first")
def test_many_connections_keep_no_start_out(
    qtbot: QtBot, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest give way, which have said nothing for the longest time."""
    monkeypatch.setattr(single_instance, "IDLE_MS", 3_600_000)
    idle: list[QLocalSocket] = []
    for _ in range(MOST_CONNECTIONS + 10):
        idle.append(connect(sockets))
        idle[-1].write(b'{"picture": ')
        qtbot.waitUntil(lambda: still_connected(idle) <= MOST_CONNECTIONS, timeout=5000)
    start = connect(sockets)
    with qtbot.waitSignal(start.readyRead):
        start.write(Handed(PICTURE).to_line())
    assert bytes(start.readAll().data()) == TAKEN


@pytest.mark.skipif(sys.platform != "linux", reason="counts in /proc")
@pytest.mark.usefixtures("first")
def test_a_connection_that_says_nothing_is_hung_up_on(
    qtbot: QtBot, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither end stays open."""
    monkeypatch.setattr(single_instance, "IDLE_MS", 100)
    before = open_descriptors()
    idle = [connect(sockets) for _ in range(5)]
    idle[0].write(b'{"picture": ')
    qtbot.waitUntil(lambda: still_connected(idle) == 0)
    qtbot.waitUntil(lambda: open_descriptors() <= before)


def test_one_start_is_heard_once(qtbot: QtBot, first: SingleInstance, sockets: Path) -> None:
    """A second message on the same connection is not."""
    told: list[Handed] = []
    first.handed_over.connect(told.append)
    socket = QLocalSocket()
    socket.connectToServer(str(only_socket(sockets)))
    assert socket.waitForConnected(5000)
    with qtbot.waitSignal(socket.readyRead):
        socket.write(Handed(PICTURE).to_line())
    with qtbot.waitSignal(socket.disconnected):
        socket.write(Handed(PICTURE).to_line())
    assert told == [Handed(PICTURE)]


@pytest.mark.usefixtures("first")
def test_a_speaker_without_end_is_hung_up_on(qtbot: QtBot, sockets: Path) -> None:
    """No line is as long as that."""
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
    starts = LaterStarts(window, window.search.ask_file)
    window.showMinimized()
    starts.accept(Handed())
    assert not window.isMinimized()
    assert not engine.asked
    with qtbot.waitSignal(window.search.answered):
        starts.accept(Handed(tmp_path / "a.jpg", "token"))
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_the_window_comes_to_the_front_by_the_desktop_s_permission(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt looks for it in the environment, where nothing else may find it afterwards."""
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    tokens: list[str] = []

    class Window(QWidget):
        def activateWindow(self) -> None:
            tokens.append(os.environ.get("XDG_ACTIVATION_TOKEN", ""))

    window = Window()
    qtbot.addWidget(window)
    starts = LaterStarts(window, lambda path: None)
    starts.accept(Handed(None, "permission 1"))
    starts.accept(Handed())
    assert tokens == ["permission 1", ""]


def test_a_link_opened_with_the_program_is_not_asked_with(qtbot: QtBot, qapp: QApplication) -> None:
    """Only files of this computer are."""
    asked: list[Path] = []
    window = QWidget()
    qtbot.addWidget(window)
    starts = LaterStarts(window, asked.append)
    qapp.installEventFilter(starts)
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://shop.example/dress.jpg")))
    qapp.removeEventFilter(starts)
    assert asked == []


def test_a_file_opened_with_the_program_is_asked_with(
    qtbot: QtBot, window: MainWindow, qapp: QApplication, tmp_path: Path
) -> None:
    """As macOS does it: an event, and no second process."""
    starts = LaterStarts(window, window.search.ask_file)
    qapp.installEventFilter(starts)
    with qtbot.waitSignal(window.search.answered):
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
