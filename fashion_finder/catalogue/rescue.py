"""A damaged catalogue: how damage is found, what can still be read, and where the file is kept."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from fashion_finder.catalogue.connection import connect_reading, translated
from fashion_finder.catalogue.schema import APPLICATION_ID
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged, CatalogueError, CatalogueUnwritable

_STEPS_BETWEEN_CALLS = 100_000  # of SQLite's virtual machine: about a millisecond


def refuse_emptied(folder: DataFolder) -> None:
    """An empty file is a new catalogue, unless its companions show that there was one.

    Raises CatalogueDamaged.
    """
    try:
        if folder.catalogue.stat().st_size:
            return
        thumbnails = folder.thumbnails
        had_one = folder.index.exists() or (thumbnails.is_file() and thumbnails.stat().st_size > 0)
    except OSError:  # raised again when the file is opened
        return
    if had_one:
        raise CatalogueDamaged(folder.catalogue, "the file is empty")


def find_damage(path: Path, stopped: threading.Event | None = None) -> str:
    """The first fault that SQLite's quick check finds; '' for a sound file, or when stopped.

    Reads the whole file: about a second for 600 MB. Raises CatalogueError when it cannot be read.
    """
    stopped = stopped or threading.Event()
    try:
        with translated(path), closing(connect_reading(path)) as connection:
            connection.set_progress_handler(lambda: stopped.is_set(), _STEPS_BETWEEN_CALLS)  # noqa: PLW0108 - SQLite takes no method
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except CatalogueDamaged as error:
        return error.detail
    except sqlite3.OperationalError:
        if stopped.is_set():
            return ""
        raise
    return "" if found == "ok" else str(found)


def is_catalogue(path: Path) -> bool:
    """Whether the file is marked as one of ours. Raises CatalogueError."""
    with translated(path), closing(connect_reading(path)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(application == APPLICATION_ID)


def readable_folders(path: Path) -> tuple[Path, ...]:
    """The indexed folders that can still be read from a damaged file or its backups."""
    for candidate in (
        path,
        *sorted(path.parent.glob(f"{path.name}.format-*.backup"), reverse=True),
    ):
        folders = tuple(_folders(candidate))
        if folders:
            return folders
    return ()


def keep_aside(path: Path) -> Path:
    """Rename a database and its companions after the current time; nothing is deleted.

    The write-ahead log goes first: SQLite would delete it beside a missing database. Raises
    CatalogueUnwritable.
    """
    moment = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{moment}")
    number = 1
    while kept.exists():  # the clock may have gone back
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{moment}-{number}")
    try:
        for companion in ("-wal", "-shm", ""):
            source = path.with_name(path.name + companion)
            if source.exists():
                os.replace(source, kept.with_name(kept.name + companion))
    except OSError as error:
        raise CatalogueUnwritable(path, error.strerror or "") from error
    return kept


def _folders(path: Path) -> Iterator[Path]:
    try:
        with closing(connect_reading(path)) as connection:
            for (folder,) in connection.execute("SELECT path FROM roots ORDER BY id"):
                yield Path(os.fsdecode(folder))
    except (CatalogueError, sqlite3.Error, TypeError, ValueError):
        return  # what came before the damage is kept
