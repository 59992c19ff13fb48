"""What the data folder's drive or share can do for SQLite: shared memory, file locks, room.

The write-ahead log keeps its index in memory that all processes map. Some network and FUSE file
systems have no such maps; there, SQLite's rollback journal is used: readers and the writer wait for
each other then.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

WAIT_SECONDS: Final = 10.0

_PRIMARY_CODE: Final = 0xFF
_TOUCH: Final = "SELECT count(*) FROM sqlite_master"  # the first statement maps the memory
_WAL: Final = "PRAGMA journal_mode = WAL"
_NO_LOCKS: Final = {
    *(errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL),
    getattr(errno, "ENOTSUP", errno.EOPNOTSUPP),  # another number on macOS
}
_ROOM: Final = 1 << 20


def use_wal(path: Path) -> bool:
    """Let a database have a write-ahead log if its disk can; False where it cannot.

    Where it cannot, a database that had one, on another disk, is taken out of that mode. Raises
    sqlite3.DatabaseError.
    """
    try:
        with closing(_opened(path)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            # Trying it on a file in use would disturb the others.
            if mode != "wal" and pages and not _can_map(path.parent):
                return False
            connection.execute(_WAL)
            connection.execute(_TOUCH)
            return True
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_IOERR or is_full(path.parent):
            raise
    leave_wal(path)
    return False


def leave_wal(path: Path) -> None:
    """Merge a write-ahead log and have none any more; needs no shared memory.

    Raises sqlite3.DatabaseError, also while others have the database open.
    """
    # Without others, the index of the log is kept in this connection's own memory.
    exclusive = "PRAGMA locking_mode = EXCLUSIVE"
    _opened(path, exclusive, "PRAGMA journal_mode = DELETE", _TOUCH).close()


def can_lock(folder: Path) -> bool:
    """Whether files in this folder can be locked; True where that cannot be tried."""
    try:
        import fcntl  # not on Windows, where every disk can
    except ImportError:
        return True
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _NO_LOCKS
    return True


def is_full(folder: Path) -> bool:
    """Whether the disk has no room for even a small transaction."""
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


def _can_map(folder: Path) -> bool:
    """Try it, on a database of its own."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".trial-") as trial:
            _opened(Path(trial, "trial.sqlite3"), _WAL, _TOUCH).close()
    except (OSError, sqlite3.OperationalError):
        return False
    return True


def _opened(path: Path, *statements: str) -> sqlite3.Connection:
    connection = sqlite3.connect(os.fspath(path), timeout=WAIT_SECONDS, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
