"""Only one process may sync at a time; the lock is SQLite's, so a dead holder never keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fashion_finder.catalogue.connection import translated

LOCK_TIMEOUT_SECONDS = 0.2


@contextmanager
def sync_lock(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on `path` while the block runs. Raises CatalogueBusy."""
    with translated(path):
        connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection):
        with translated(path):
            connection.execute("BEGIN EXCLUSIVE")
        yield
