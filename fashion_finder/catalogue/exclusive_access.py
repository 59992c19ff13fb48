"""Having a catalogue to oneself: nobody else has it open, not even a window that only looks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from fashion_finder.catalogue.connection import translated
from fashion_finder.catalogue.lock import LOCK_TIMEOUT_SECONDS, sync_lock
from fashion_finder.catalogue.store import DATABASE_NAME, LOCK_NAME
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged


@contextmanager
def held_alone(data_dir: Path) -> Iterator[None]:
    """Hold the lock of whoever syncs, after making sure that nobody has the catalogue open.

    Raises CatalogueBusy, CatalogueUnwritable. A damaged catalogue can be held like any other.
    """
    database = data_dir / DATABASE_NAME
    with ExitStack() as held:
        if (data_dir / LOCK_NAME).exists():
            held.enter_context(sync_lock(data_dir / LOCK_NAME))
        if database.is_file():
            _require_alone(database)
        yield


def _require_alone(database: Path) -> None:
    """SQLite leaves the write-ahead mode only when no other connection is open."""
    connection = sqlite3.connect(database, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection):
        try:
            with translated(database):
                connection.execute("PRAGMA journal_mode = DELETE")
        except CatalogueBusy as error:
            raise CatalogueBusy(database, "another window or command has it open") from error
        except CatalogueDamaged:
            return  # nobody works with it
