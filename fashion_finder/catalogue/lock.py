"""Locks on the catalogue; they are SQLite's, so a dead holder never keeps one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from fashion_finder.catalogue.connection import translated
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged

LOCK_TIMEOUT_SECONDS = 0.2


@contextmanager
def sync_lock(path: Path) -> Iterator[None]:
    """Be the only process that syncs while the block runs. Raises CatalogueBusy."""
    with translated(path):
        connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection):
        with translated(path):
            connection.execute("BEGIN EXCLUSIVE")
        yield


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
    """SQLite leaves the write-ahead mode only when no other connection is open."""
    connection = sqlite3.connect(database, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection), suppress(CatalogueDamaged):  # nobody works with a damaged one
        try:
            with translated(database):
                connection.execute("PRAGMA journal_mode = DELETE")
        except CatalogueBusy as error:
            raise CatalogueBusy(database, "another window or command has it open") from error
