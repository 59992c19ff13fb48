"""Opens databases, one connection per thread, and translates SQLite's failures."""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from fashion_finder.catalogue import disk
from fashion_finder.catalogue.schema import APPLICATION_ID, MIGRATIONS
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueDamaged,
    CatalogueDiskFailed,
    CatalogueDiskFull,
    CatalogueError,
    CatalogueNewer,
    CatalogueReadOnly,
    CatalogueUnlockable,
    CatalogueUnwritable,
)
from fashion_finder.own_files import make_way

log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0

PATIENT_SECONDS = 60.0
"""The same without a write-ahead log: a writer waits for whoever reads, be it the whole file."""
_ROOM = 64 << 10
"""Bytes free beside a database that it takes to open it: the index of its log begins with 32 KB."""

_TOUCH = "SELECT count(*) FROM sqlite_master"  # the first statement opens the file

_VARIABLES = 500
"""Values per statement; SQLite's own limit was long 999."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FAILED = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS}
_UNWRITABLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    *_FAILED,
}
_PRIMARY_CODE = 0xFF  # the low byte of an extended result code is its family


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's failures about the file into CatalogueErrors; programming errors pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = _kind(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR), path.parent)
        if kind is None:
            raise
        raise kind(path, str(error)) from error


def _kind(code: int, folder: Path) -> type[CatalogueError] | None:
    """What an extended result code of SQLite means; None for a programming error."""
    family = code & _PRIMARY_CODE
    if family in _DAMAGED:
        return CatalogueDamaged
    if family in _BUSY or family in _FAILED:
        # A disk without locks is reported as busy, or as having failed.
        if not disk.can_lock(folder):
            return CatalogueUnlockable
        if family in _BUSY:
            return CatalogueBusy
    if family == sqlite3.SQLITE_FULL or (family in _FAILED and disk.is_full(folder)):
        return CatalogueDiskFull
    if family in _FAILED:
        return CatalogueDiskFailed
    return CatalogueUnwritable if family in _UNWRITABLE else None


class _Holder:
    """A thread's connection; closed with the thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.seen_version = -1
        self.cached: dict[str, tuple[tuple[int, int, int], int]] = {}  # counts, each of a version

    def __del__(self) -> None:
        self.connection.close()


class Connections:
    """One connection per thread to one database file; closing closes them all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_read_only = not _can_be_written(path)
        self.lacks_wal = False  # known once it was opened: its disk cannot have one
        self._is_settled = False
        self._settling = threading.Lock()
        self._stood: _Stand | None = None  # how it was when a full disk let it only be read
        self._here = threading.local()
        self._all: weakref.WeakSet[_Holder] = weakref.WeakSet()
        self._lock = threading.Lock()

    def get(self) -> sqlite3.Connection:
        """This thread's connection. Raises CatalogueError."""
        return self._holder().connection

    def changed_elsewhere(self) -> bool:
        """Whether other connections have committed since this thread last asked."""
        _, version, _ = self.version()
        holder = self._holder()
        before, holder.seen_version = holder.seen_version, version
        return before != version

    def version(self) -> tuple[int, int, int]:
        """Changes with every commit; compare only versions obtained in the same thread.

        This thread, what it has seen others commit, and what it has changed itself.
        """
        with self.reading() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
        return threading.get_ident(), int(version), connection.total_changes

    def cached(self, name: str, count: Callable[[], int]) -> int:
        """What `count` returns, counted again only after a commit; cached for each thread."""
        version = self.version()  # before counting: a commit meanwhile makes it count again
        cached = self._holder().cached
        if name not in cached or cached[name][0] != version:
            cached[name] = (version, count())
        return cached[name][1]

    def _holder(self) -> _Holder:
        if self._stood is not None and self._stood != _stand_of(self.path):
            self._begin_again()  # another process has found room, and has written
        holder: _Holder | None = getattr(self._here, "holder", None)
        if holder is None:
            with translated(self.path):
                holder = _Holder(self._open())
            self._here.holder = holder
            with self._lock:
                self._all.add(holder)
        return holder

    def _open(self) -> sqlite3.Connection:
        if self.is_read_only:
            return connect_reading(self.path)
        try:
            return self._open_to_write()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE not in _UNWRITABLE or _has_room(self.path):
                raise
            # SQLite keeps an index beside the file even for reading, and there is no room for it.
            stood = _stand_of(self.path)
            if stood is None or not stood[0] or _has_log(self.path):
                raise  # nothing to read, or only half the truth
            opened = _read_as_it_stands(self.path)
            log.warning("the disk is full: %s is only read", self.path.name)
            self._stood = stood
            return opened

    def _open_to_write(self) -> sqlite3.Connection:
        with self._settling:
            if not self._is_settled:
                _clear_companions(self.path)
                _make_private(self.path)
                self.lacks_wal = not disk.use_wal(self.path)
                self._is_settled = True
        return connect(self.path, seconds=PATIENT_SECONDS if self.lacks_wal else BUSY_SECONDS)

    def _begin_again(self) -> None:
        """Let every thread open the file anew."""
        self._stood = None
        self._here = threading.local()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, its failures translated."""
        with translated(self.path):
            yield self.get()

    def rows_among(
        self, statement: str, values: Sequence[int], *others: object
    ) -> Iterator[tuple[Any, ...]]:
        """Select with ``IN ({values})``, a few hundred values at a time, `others` bound after them."""
        with self.reading() as connection:
            for start in range(0, len(values), _VARIABLES):
                some = values[start : start + _VARIABLES]
                placeholders = ",".join("?" * len(some))  # the only text that ever varies
                yield from connection.execute(
                    statement.format(values=placeholders), (*some, *others)
                )

    @contextmanager
    def atomic(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it, or none. Raises CatalogueReadOnly, CatalogueError."""
        self.require_writable()
        connection = self.get()
        with translated(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def require_writable(self) -> None:
        """Raise CatalogueReadOnly where disk, folder or permissions make the file read-only.

        Raises CatalogueUnwritable while the disk is so full that it can only be read.
        """
        if self.is_read_only:
            raise CatalogueReadOnly(self.path)
        if self._stood is not None:
            if not _has_room(self.path):
                raise CatalogueDiskFull(self.path)
            self._begin_again()

    def close(self) -> None:
        """Close every thread's connection; the last one merges the write-ahead log."""
        with self._lock:
            holders = list(self._all)
            self._all.clear()
        for holder in holders:
            holder.connection.close()
        self._here = threading.local()


class Table:
    """A part of the catalogue; the parts share their connections."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def _row(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(self._rows(statement, *values), None)

    def _write(self, statement: str, *values: object) -> None:
        """One statement as a transaction."""
        with self._connections.atomic() as connection:
            connection.execute(statement, values)

    def _rows(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with self._connections.reading() as connection:
            yield from connection.execute(statement, values)


def connect(path: Path, *, seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the file with full durability, in the mode it is in; another thread may close it."""
    return _opened(
        str(path), "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", seconds=seconds
    )


def connect_reading(path: Path) -> sqlite3.Connection:
    """Open a file that is read-only, or whose folder is; another thread may close it.

    A write-ahead log that was left behind is read if its index lies beside it. Without either,
    SQLite is told that nobody writes to the file: it could not keep an index otherwise. Raises
    CatalogueReadOnly for a log without an index, and for a journal that was left behind: the file
    alone would be half the truth.
    """
    try:
        return _opened(_address(path), _TOUCH, uri=True)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY_CODE not in _UNWRITABLE:
            raise
        if _has_log(path):
            raise CatalogueReadOnly(
                path, "not closed properly: open it once where it is writable"
            ) from error
        return _read_as_it_stands(path)


def _read_as_it_stands(path: Path) -> sqlite3.Connection:
    """Without its write-ahead log, if there is one, and as if nobody wrote to it."""
    return _opened(f"{_address(path)}&immutable=1", _TOUCH, uri=True)


def _address(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


_Stand = tuple[int, int, bool]
"""Size and time of a database, and whether it has a write-ahead log."""


def _stand_of(path: Path) -> _Stand | None:
    try:
        about = path.stat()
        return about.st_size, about.st_mtime_ns, _has_log(path)
    except OSError:
        return None


def _has_log(path: Path) -> bool:
    """Whether there is a write-ahead log or a journal, and something in it."""
    logs = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-journal"))
    return any(log.exists() and log.stat().st_size for log in logs)


def _has_room(path: Path) -> bool:
    """Whether SQLite's index of a write-ahead log would fit beside the file."""
    try:
        with tempfile.TemporaryFile(dir=path.parent) as file:
            file.write(bytes(_ROOM))
            file.flush()
    except OSError:
        return False
    return True


def _opened(
    address: str, *statements: str, uri: bool = False, seconds: float | None = None
) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address,
        uri=uri,
        timeout=BUSY_SECONDS if seconds is None else seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _can_be_written(path: Path) -> bool:
    """Whether the file and its companions can be written; True where there is none yet.

    Without opening the file: see `_make_private`.
    """
    if not path.exists():
        return True
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def companions(path: Path) -> tuple[Path, ...]:
    """The files that SQLite keeps beside a database."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


def _clear_companions(path: Path) -> None:
    """SQLite would wait at a pipe, write through a link, or refuse the database."""
    for companion in companions(path):
        try:
            make_way(companion)
        except OSError as error:
            raise CatalogueUnwritable.because(companion, error) from error


def _make_private(path: Path) -> None:
    """Make a new file readable by its owner only; SQLite gives its companions the same permissions.

    An existing file is not touched: when a process closes any descriptor of a file, POSIX drops all
    the locks it holds on it, including those that tell others that SQLite uses it.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise CatalogueUnwritable.because(path, error) from error


def bring_up_to_date(
    connections: Connections, migrations: tuple[str, ...] = MIGRATIONS, *, keeps_copy: bool = True
) -> None:
    """Run the migrations that the file lacks, each in a transaction of its own.

    With `keeps_copy`, an existing file is copied aside first. Raises CatalogueNewer for a file of a
    later program, CatalogueDamaged for one that is no catalogue.
    """
    with ExitStack() as undo:
        undo.callback(connections.close)
        path = connections.path
        with connections.reading() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application != APPLICATION_ID:
            raise CatalogueDamaged(path, "the file belongs to another program")
        if version < len(migrations) and connections.is_read_only:
            raise CatalogueReadOnly(path, "of an older format: open it once where it is writable")
        if version > len(migrations):
            raise CatalogueNewer(path, f"format {version}, known up to {len(migrations)}")
        if keeps_copy and 0 < version < len(migrations):
            _copy_aside(connections, version)
        for number in range(version, len(migrations)):
            _migrate(connections, number, migrations[number])
        undo.pop_all()


def _migrate(connections: Connections, number: int, script: str) -> None:
    """Run one migration; references are checked at its end, so that it may rebuild a table."""
    with connections.reading() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
    try:
        with connections.atomic() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > number:  # another process was faster
                return
            for statement in _statements(script):
                connection.execute(statement)
            dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
            if dangling:
                raise ValueError(f"migration {number + 1} leaves dangling references: {dangling}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _statements(script: str) -> Iterator[str]:
    """Split a script: ``executescript`` would commit the open transaction."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # a trigger holds semicolons of its own
            if statement.strip("; \n"):
                yield statement
            statement = ""
    if statement:
        raise ValueError("a migration ends in the middle of a statement")


def _copy_aside(connections: Connections, version: int) -> None:
    """Keep the file, for going back to an earlier program; it gets its name once complete."""
    copy = connections.path.with_name(f"{connections.path.name}.format-{version}.backup")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    try:
        make_way(unfinished)
        unfinished.unlink(missing_ok=True)
        _make_private(unfinished)
        with connections.reading() as connection, closing(sqlite3.connect(unfinished)) as target:
            connection.backup(target)
            (copied,) = target.execute("PRAGMA user_version").fetchone()
        if copied == version:  # else another process was faster, and has kept it
            os.replace(unfinished, copy)
    except OSError as error:
        raise CatalogueUnwritable.because(copy, error) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
