"""A damaged catalogue: finds the damage, keeps the file, and begins a new one with its folders."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.connection import connect_reading, translated
from fashion_finder.catalogue.schema import APPLICATION_ID
from fashion_finder.catalogue.store import Catalogue, held_alone, refuse_emptied
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged, CatalogueError, CatalogueUnwritable

_STEPS_BETWEEN_CALLS = 100_000  # of SQLite's virtual machine: about a millisecond


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A new catalogue in place of a damaged one."""

    kept: Path  # the damaged file, under another name
    folders: tuple[Path, ...]  # what it had indexed, as far as readable; to be synced now


def rebuild(data_dir: Path) -> Rebuilt | None:
    """Set a damaged catalogue aside and make a new one with the same folders, unfinished.

    The next sync without folders indexes them all; offline ones wait. None, and nothing changes,
    when the catalogue is sound or missing. No engine may be open on it.

    Raises:
        CatalogueBusy: another process has the catalogue open.
        CatalogueUnwritable: it cannot be renamed.
    """
    data_folder = DataFolder(data_dir)
    if not data_folder.catalogue.is_file():
        return None
    with held_alone(data_folder):
        if not _is_damaged(data_folder):
            return None
        folders = _readable_folders(data_folder.catalogue)
        kept = keep_aside(data_folder.catalogue)
    catalogue = Catalogue(data_dir)
    try:
        for path in folders:
            catalogue.roots.add(path)
    finally:
        catalogue.close()
    return Rebuilt(kept, folders)


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


def keep_aside(path: Path) -> Path:
    """Rename a database and its companions after the current time; nothing is deleted.

    The logs go first: SQLite would delete them beside a missing database. Raises
    CatalogueUnwritable.
    """
    moment = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{moment}")
    number = 1
    while kept.exists():  # the clock may have been set back
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{moment}-{number}")
    try:
        for companion in ("-wal", "-shm", "-journal", ""):
            source = path.with_name(path.name + companion)
            if source.exists():
                os.replace(source, kept.with_name(kept.name + companion))
    except OSError as error:
        raise CatalogueUnwritable.because(path, error) from error
    return kept


def _is_damaged(folder: DataFolder) -> bool:
    path = folder.catalogue
    try:
        refuse_emptied(folder)
        if not path.stat().st_size:
            return False
        if find_damage(path):
            return True
        with translated(path), closing(connect_reading(path)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
    except CatalogueDamaged:
        return True
    return bool(application != APPLICATION_ID)


def _readable_folders(path: Path) -> tuple[Path, ...]:
    """The indexed folders that can still be read from a damaged file or its backups."""
    backups = sorted(path.parent.glob(f"{path.name}.format-*.backup"), reverse=True)
    for candidate in (path, *backups):
        folders: list[Path] = []
        # What comes before the damage is kept.
        with (
            suppress(CatalogueError, sqlite3.Error, TypeError, ValueError),
            closing(connect_reading(candidate)) as connection,
        ):
            for (folder,) in connection.execute("SELECT path FROM roots ORDER BY id"):
                folders.append(Path(os.fsdecode(folder)))
        if folders:
            return tuple(folders)
    return ()
