"""One window per user and data folder: a second start hands its picture to the first, and ends.

A lock on a file decides which process is first; the system releases that of a process that is gone.
The first listens on a local socket (a named pipe on Windows) that only the same user can open. No
network is involved. Both are in the session's own folder, or, where that is missing or not this
user's alone, in the data folder: never where other users may put something.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import logging
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import FinderError
from fashion_finder.file_lock import FileLock
from fashion_finder.own_files import make_way
from fashion_finder.paths import real_path

log = logging.getLogger(__name__)

WAIT_MS = 5000  # for the first window, which may be starting at this moment
STEP_MS = 50
MOST_BYTES = 65536
MOST_CONNECTIONS = 16  # of other starts at a time; the oldest gives way
IDLE_MS = 10_000  # a start says what it wants at once
TAKEN = b"taken\n"
ANSWERED = "answered"  # a socket's property
LONGEST_SOCKET_PATH = 96  # bytes; systems allow 103 to 107, and Qt makes a folder of 7 for a while
_OPEN_FOLDERS = Path("/proc/self/fd")  # of Linux: leads to what is open, by its number
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


class AlreadyRunning(FinderError):
    """The first window has the lock, but does not answer."""

    title = "Fashion Finder is already running, but does not answer"
    advice = "Wait a moment and try again, or quit it and start it again. Nothing indexed is lost."


@dataclass(frozen=True, slots=True)
class Handed:
    """What a second start was asked to do."""

    picture: Path | None = None
    token: str = ""  # the desktop's permission to come to the front

    def to_line(self) -> bytes:
        """As one line of JSON; paths as bytes in hexadecimal, since names need not be text."""
        path = os.fsencode(self.picture).hex() if self.picture is not None else None
        return json.dumps({"picture": path, "token": self.token}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Handed:
        """The reverse. Raises ValueError for a line of another program's."""
        try:
            message = json.loads(line)
            path, token = message["picture"], message["token"]
            picture = Path(os.fsdecode(bytes.fromhex(path))) if path is not None else None
        except (KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError("not a line of ours") from error
        if picture is not None and ("\0" in str(picture) or not picture.is_absolute()):
            raise ValueError("not the path of a file")
        if type(token) is not str:
            raise ValueError("not a line of ours")
        return cls(picture, token if token.isprintable() else "")  # it goes into the environment


class SingleInstance(QObject):
    """Is the first, or hands over to it."""

    handed_over = Signal(Handed)  # by a later start

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        """Touches the disk: construct it before there is a window."""
        super().__init__(parent)
        self._lock, self._socket = _places(data_dir)
        # On Windows the name of a pipe, not of a file.
        self._pipe = _name(data_dir) if sys.platform == "win32" else ""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)

    def become_first_or_hand_over(self, handed: Handed, wait_ms: int = WAIT_MS) -> bool:
        """True: this process is the first, and listens. False: the first has accepted `handed`.

        Raises AlreadyRunning.
        """
        waited = QElapsedTimer()
        waited.start()
        while True:
            try:
                is_first = self._lock.acquire()
            except OSError as error:
                log.info("no lock can be made: %s", error.strerror)
                return True  # rather two windows than none
            if is_first:
                self._listen()
                return True
            if self._hand_over(handed, wait_ms):
                return False
            if waited.hasExpired(wait_ms):
                raise AlreadyRunning
            QThread.msleep(STEP_MS)  # it has the lock and does not listen yet, or is ending

    def close(self) -> None:
        """Let another process be the first."""
        is_listening = self._server.isListening()
        self._server.close()
        if is_listening:
            self._remove_socket()
        self._lock.release(remove=True)

    def _listen(self) -> None:
        self._remove_socket()  # left by a process that was killed
        with self._address() as address:
            if not address or not self._server.listen(address):
                log.warning("cannot listen for later starts: %s", self._server.serverError())

    def _remove_socket(self) -> None:
        if self._pipe:
            return
        with suppress(OSError):  # then the server cannot listen there, and says so
            make_way(self._socket)
            self._socket.unlink(missing_ok=True)

    @contextmanager
    def _address(self) -> Iterator[str]:
        """What Qt knows the socket by while the block runs; empty when it cannot be had."""
        if self._pipe or len(os.fsencode(self._socket)) <= LONGEST_SOCKET_PATH:
            yield self._pipe or str(self._socket)
            return
        with ExitStack() as undo:
            folder = None
            with suppress(OSError):
                folder = undo.enter_context(_short_name(self._socket.parent))
            yield str(folder / self._socket.name) if folder is not None else ""

    def _hand_over(self, handed: Handed, wait_ms: int) -> bool:
        """Whether the first has accepted it."""
        if not self._pipe and not _is_ours(self._socket):
            return False
        with self._address() as address:
            return bool(address) and self._speak(address, handed, wait_ms)

    def _speak(self, address: str, handed: Handed, wait_ms: int) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(address)
        if not socket.waitForConnected(wait_ms):
            return False
        if sys.platform == "win32":
            import ctypes

            # Only the program in front can give another the right to come to the front.
            ctypes.windll.user32.AllowSetForegroundWindow(-1)
        socket.write(handed.to_line())
        answer = b""
        while not answer.endswith(b"\n") and socket.waitForReadyRead(wait_ms):
            answer += bytes(socket.readAll().data())
        socket.disconnectFromServer()
        return answer == TAKEN

    @Slot()
    def _receive(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.setReadBufferSize(MOST_BYTES)  # the rest waits in the system's
            socket.readyRead.connect(partial(self._read, socket))
            patience = QTimer(socket, singleShot=True, interval=IDLE_MS)
            patience.timeout.connect(partial(QLocalSocket.abort, socket))
            patience.start()
            self._read(socket)  # what came before the signal was connected
            self._hang_up_on_the_oldest()

    def _hang_up_on_the_oldest(self) -> None:
        connected = QLocalSocket.LocalSocketState.ConnectedState
        sockets = self._server.findChildren(QLocalSocket)  # in the order of their coming
        open_ones = [socket for socket in sockets if socket.state() is connected]
        for socket in open_ones[:-MOST_CONNECTIONS]:
            socket.abort()

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= MOST_BYTES:
                socket.abort()
            return
        if socket.property(ANSWERED):
            socket.abort()  # a start says one thing
            return
        try:
            handed = Handed.from_line(bytes(socket.readLine().data()))
        except ValueError:
            log.warning("a later start sent something that is not understood")
            socket.abort()
            return
        socket.setProperty(ANSWERED, True)
        socket.write(TAKEN)
        socket.flush()
        self.handed_over.emit(handed)


class LaterStarts(QObject):
    """Brings the window to the front, and asks with the picture of a later start."""

    def __init__(self, window: QWidget, ask_file: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._window = window
        self._ask_file = ask_file

    @Slot(Handed)
    def accept(self, handed: Handed) -> None:
        """A second start has handed over."""
        if handed.token:
            # Qt's window systems look here for the permission to come to the front.
            os.environ["XDG_ACTIVATION_TOKEN"] = handed.token
        self._come_to_the_front()
        os.environ.pop("XDG_ACTIVATION_TOKEN", None)
        if handed.picture is not None:
            self._ask_file(handed.picture)

    def _come_to_the_front(self) -> None:
        state = self._window.windowState() & ~Qt.WindowState.WindowMinimized
        self._window.setWindowState(state | Qt.WindowState.WindowActive)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """macOS hands files to the running program as events."""
        if isinstance(event, QFileOpenEvent) and event.url().isLocalFile():
            self._ask_file(Path(event.url().toLocalFile()))
            return True
        return super().eventFilter(watched, event)


def startup_token() -> str:
    """The desktop's permission for this process to come to the front; empty without one."""
    return next(filter(None, (os.environ.get(name, "") for name in _TOKENS)), "")


def _name(data_dir: Path) -> str:
    """One name per user and data folder."""
    user = ""
    with suppress(KeyError, OSError, ImportError):
        user = getpass.getuser()
    key = os.fsencode(f"{user}\0{real_path(data_dir)}")
    return "fashion-finder-" + hashlib.sha256(key).hexdigest()[:16]


def _places(data_dir: Path) -> tuple[FileLock, Path]:
    """The lock, and where the socket goes."""
    session = _session_folder()
    if session is not None:
        name = _name(data_dir)
        return FileLock(session / f"{name}.lock"), session / f"{name}.socket"
    folder = DataFolder(data_dir)
    return FileLock(folder.window_lock), folder.window_socket


def _session_folder() -> Path | None:
    """The session's own folder, where there is one that only this user may use."""
    if sys.platform == "win32":
        with suppress(OSError):
            return Path(tempfile.gettempdir())  # below the user's profile
        return None
    session = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    with suppress(OSError):
        if session.is_absolute() and _is_private(session) and os.access(session, os.W_OK):
            return session
    return None


@contextmanager
def _short_name(folder: Path) -> Iterator[Path]:
    """Another name of a folder that is too deep for a socket. Raises OSError."""
    if _OPEN_FOLDERS.is_dir():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            yield _OPEN_FOLDERS / str(descriptor)
        finally:
            os.close(descriptor)
        return
    with tempfile.TemporaryDirectory(prefix="ff-") as private:
        link = Path(private) / "d"
        link.symlink_to(folder, target_is_directory=True)
        yield link


def _is_private(folder: Path) -> bool:
    about = folder.lstat()
    return (
        stat.S_ISDIR(about.st_mode)
        and about.st_uid == os.getuid()
        and not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )


def _is_ours(socket: Path) -> bool:
    try:
        about = socket.lstat()
    except OSError:
        return False
    return stat.S_ISSOCK(about.st_mode) and about.st_uid == os.getuid()
