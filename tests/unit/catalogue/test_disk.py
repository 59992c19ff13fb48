"""Disks that cannot do all that SQLite wants: no shared memory, no locks, no room."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fashion_finder.catalogue import connection as connection_module
from fashion_finder.catalogue.connection import Connections, translated
from fashion_finder.catalogue.store import Catalogue, held_alone
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueDiskFailed,
    CatalogueDiskFull,
    CatalogueError,
    CatalogueUnlockable,
    CatalogueUnwritable,
)
from tests.catalogue_rows import MODEL, content, filed


def failure(code: int, message: str = "disk I/O error") -> sqlite3.OperationalError:
    """What sqlite3 raises for a result code."""
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


class WithoutSharedMemory(sqlite3.Connection):
    """SQLite on a disk that maps no memory: statements fail in WAL mode, unless it is used alone."""

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """See sqlite3."""
        asks = statement.startswith("PRAGMA") and "exclusive" not in statement.lower()
        (alone,) = super().execute("PRAGMA locking_mode").fetchone()
        if alone != "exclusive" and not (asks and "=" in statement):
            (mode,) = super().execute("PRAGMA journal_mode").fetchone()
            if mode == "wal" and not statement.startswith("PRAGMA locking_mode"):
                raise failure(sqlite3.SQLITE_IOERR_SHMMAP)
        return super().execute(statement, *values)


@pytest.fixture
def unmapped(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to make the disk one without shared memory."""
    connect = sqlite3.connect

    def begin() -> None:
        monkeypatch.setattr(
            sqlite3, "connect", lambda *at, **how: connect(*at, factory=WithoutSharedMemory, **how)
        )

    return begin


def mode_of(path: Path) -> bytes:
    """1 or 2: without or with a write-ahead log, in SQLite's file format."""
    return path.read_bytes()[18:20]


def test_a_new_catalogue_does_without_a_log(tmp_path: Path, unmapped: Callable[[], None]) -> None:
    """Where its disk cannot have one; the next start finds it so, and nothing is lost."""
    unmapped()
    for _ in range(2):
        catalogue = Catalogue(tmp_path)
        root = catalogue.roots.add(Path("/photos"))
        catalogue.files.record(root.id, MODEL, [content("a")], [filed("a.jpg", "a")])
        assert catalogue.connections.lacks_wal
        assert catalogue.files.counts() == {root.id: 1}
        catalogue.close()
        assert mode_of(DataFolder(tmp_path).catalogue) == b"\1\1"
    assert not list(tmp_path.glob(".trial-*"))


def test_one_that_comes_from_another_disk_is_converted(
    tmp_path: Path, unmapped: Callable[[], None]
) -> None:
    """With what its log held; and gets a log again when it goes back."""
    (tmp_path / "here").mkdir()
    catalogue = Catalogue(tmp_path / "here")
    catalogue.roots.add(Path("/photos"))
    shutil.copytree(tmp_path / "here", tmp_path / "copy")  # before the log is merged
    assert (tmp_path / "copy" / "catalogue.sqlite3-wal").stat().st_size
    catalogue.close()
    with pytest.MonkeyPatch.context() as patch:
        connect = sqlite3.connect
        unmapped()
        catalogue = Catalogue(tmp_path / "copy")
        assert [root.path for root in catalogue.roots.all()] == [Path("/photos")]
        assert catalogue.connections.lacks_wal
        catalogue.close()
        patch.setattr(sqlite3, "connect", connect)
        catalogue = Catalogue(tmp_path / "copy")
        assert [root.path for root in catalogue.roots.all()] == [Path("/photos")]
        assert not catalogue.connections.lacks_wal
        catalogue.close()
    assert mode_of(DataFolder(tmp_path / "copy").catalogue) == b"\2\2"


def test_readers_and_the_writer_wait_for_each_other(
    tmp_path: Path, unmapped: Callable[[], None]
) -> None:
    """Without a log they cannot go on side by side; neither fails."""
    unmapped()
    catalogue = Catalogue(tmp_path)
    root = catalogue.roots.add(Path("/photos"))
    failures: list[Exception] = []

    def read() -> None:
        try:
            for _ in range(100):
                catalogue.files.counts()
                catalogue.connections.version()
        except CatalogueError as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(20):
        name = f"{number}"
        catalogue.files.record(root.id, MODEL, [content(name)], [filed(f"{name}.jpg", name)])
    for reader in readers:
        reader.join()
    assert not failures
    assert catalogue.files.counts() == {root.id: 20}
    catalogue.close()


def test_a_catalogue_without_a_log_can_be_held_alone(
    tmp_path: Path, unmapped: Callable[[], None]
) -> None:
    """To be rebuilt or erased, unless somebody writes at that moment."""
    unmapped()
    Catalogue(tmp_path).close()
    folder = DataFolder(tmp_path)
    with held_alone(folder):
        pass
    with closing(sqlite3.connect(folder.catalogue, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBusy), held_alone(folder):
            pass


@pytest.mark.parametrize(
    "code, kind",
    [
        (sqlite3.SQLITE_IOERR_WRITE, CatalogueDiskFailed),
        (sqlite3.SQLITE_IOERR_SHMMAP, CatalogueDiskFailed),
        (sqlite3.SQLITE_PROTOCOL, CatalogueDiskFailed),
        (sqlite3.SQLITE_FULL, CatalogueDiskFull),
        (sqlite3.SQLITE_CANTOPEN, CatalogueUnwritable),
        (sqlite3.SQLITE_BUSY, CatalogueBusy),
    ],
)
def test_a_failure_is_called_by_its_name(
    tmp_path: Path, code: int, kind: type[CatalogueError]
) -> None:
    """Only a full disk is to be freed up."""
    with pytest.raises(CatalogueError) as raised, translated(tmp_path / "catalogue.sqlite3"):
        raise failure(code)
    assert type(raised.value) is kind
    assert ("space" in str(raised.value)) == (kind is CatalogueDiskFull)


class Usage(NamedTuple):
    """See shutil."""

    free: int


def test_an_error_on_a_full_disk_is_one_of_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However SQLite calls it."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(free=4096))
    with pytest.raises(CatalogueDiskFull), translated(tmp_path / "catalogue.sqlite3"):
        raise failure(sqlite3.SQLITE_IOERR_WRITE)


@pytest.mark.skipif(sys.platform == "win32", reason="there, every disk can lock files")
@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_LOCK])
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_not_said_to_be_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, number: int
) -> None:
    """SQLite says so of a share without a lock service, and nobody could find who has it open."""
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(number, "no locks")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    with pytest.raises(CatalogueUnlockable), translated(tmp_path / "catalogue.sqlite3"):
        raise failure(code)


@pytest.mark.parametrize(
    "number, kind",
    [
        (errno.ENOSPC, CatalogueDiskFull),
        (errno.EDQUOT, CatalogueDiskFull),
        (errno.EACCES, CatalogueUnwritable),
        (errno.EIO, CatalogueUnwritable),
    ],
)
def test_a_failure_of_the_system_is_told_apart(number: int, kind: type[CatalogueError]) -> None:
    """A quota that is used up is no room either."""
    assert type(CatalogueUnwritable.because(None, OSError(number, "why"))) is kind


def test_whoever_reads_everything_is_waited_for(
    tmp_path: Path, unmapped: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the whole file takes longer than a lock is waited for elsewhere."""
    unmapped()
    monkeypatch.setattr(connection_module, "BUSY_SECONDS", 0.01)
    connections = Connections(tmp_path / "catalogue.sqlite3")
    with connections.atomic() as connection:
        connection.execute("CREATE TABLE numbers (number)")
    other = sqlite3.connect(connections.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM numbers").fetchall()
    threading.Timer(0.2, other.close).start()
    with connections.atomic() as connection:
        connection.execute("INSERT INTO numbers VALUES (1)")
    connections.close()
