"""The catalogue: the only truth about what is indexed; and the locks that guard it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from fashion_finder.catalogue.connection import Connections, bring_up_to_date, translated
from fashion_finder.catalogue.contents import ContentTable
from fashion_finder.catalogue.files import FileTable, RootTable
from fashion_finder.catalogue.left_out import LeftOutTable
from fashion_finder.catalogue.selection import Selection
from fashion_finder.catalogue.vectors import VectorTable
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged, CatalogueUnwritable
from fashion_finder.file_lock import FileLock

LOCK_TIMEOUT_SECONDS = 0.2

log = logging.getLogger(__name__)


class Catalogue:
    """The store of roots, files, contents and vectors in one data folder; each part has its name.

    Any thread may call it, each on a connection of its own; only the sync writes. Every method of a
    part is one query or one transaction, and raises CatalogueError when the file fails.
    """

    def __init__(self, data_dir: Path) -> None:
        folder = DataFolder(data_dir)
        self.sync_lock = partial(sync_lock, folder.sync_lock)
        """Held by the one process that syncs. Raises CatalogueBusy on entering."""
        self.connections = Connections(folder.catalogue)
        refuse_emptied(folder)
        bring_up_to_date(self.connections)
        if self.connections.lacks_wal:
            log.warning("the data folder's disk has no shared memory: no write-ahead log is kept")
        with self.connections.reading() as connection:
            (self.uuid,) = connection.execute("SELECT uuid FROM catalogue").fetchone()
        self.roots = RootTable(self.connections)
        self.files = FileTable(self.connections)
        self.left_out = LeftOutTable(self.connections)
        self.contents = ContentTable(self.connections)
        self.vectors = VectorTable(self.connections)
        self.selection = Selection(self.connections)

    def close(self) -> None:
        """Close all connections; no thread may use the catalogue afterwards."""
        self.connections.close()


def refuse_emptied(folder: DataFolder) -> None:
    """Raise CatalogueDamaged for an empty file whose companions show that it held a catalogue."""
    try:
        if folder.catalogue.stat().st_size:
            return
        thumbnails = folder.thumbnails
        had_one = folder.index.exists() or (thumbnails.is_file() and thumbnails.stat().st_size > 0)
    except OSError:  # raised again when the file is opened
        return
    if had_one:
        raise CatalogueDamaged(folder.catalogue, "the file is empty")


# ---------------------------------------------------------------- locks


@contextmanager
def sync_lock(path: Path) -> Iterator[None]:
    """Be the only one that syncs while the block runs. Raises CatalogueBusy, CatalogueUnwritable."""
    lock = FileLock(path)
    try:
        is_held = lock.acquire(LOCK_TIMEOUT_SECONDS)
    except OSError as error:
        raise CatalogueUnwritable.because(path, error) from error
    if not is_held:
        raise CatalogueBusy(path)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def held_alone(folder: DataFolder) -> Iterator[None]:
    """Hold the sync lock, after making sure that nothing else has the catalogue open.

    Not even a window that only reads it. A damaged catalogue can be held like any other. Raises
    CatalogueBusy, CatalogueUnwritable.
    """
    with ExitStack() as held:
        if folder.sync_lock.exists():
            held.enter_context(sync_lock(folder.sync_lock))
        if folder.catalogue.is_file():
            _require_alone(folder.catalogue)
        yield


def _require_alone(database: Path) -> None:
    """SQLite leaves the write-ahead mode only when no other connection is open.

    Where there is no such log, only who reads or writes at this moment is noticed.
    """
    connection = sqlite3.connect(database, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection), suppress(CatalogueDamaged):  # nobody works with a damaged one
        try:
            with translated(database):
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # needs no shared memory
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute("BEGIN EXCLUSIVE")
        except CatalogueBusy as error:
            raise CatalogueBusy(database, "another window or command has it open") from error
