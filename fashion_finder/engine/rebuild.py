"""Replaces a damaged catalogue by a new one; the damaged file is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.lock import held_alone
from fashion_finder.catalogue.rescue import (
    find_damage,
    is_catalogue,
    keep_aside,
    readable_folders,
    refuse_emptied,
)
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged


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
        folders = readable_folders(data_folder.catalogue)
        kept = keep_aside(data_folder.catalogue)
    catalogue = Catalogue(data_dir)
    try:
        for path in folders:
            catalogue.roots.add(path)
    finally:
        catalogue.close()
    return Rebuilt(kept, folders)


def _is_damaged(folder: DataFolder) -> bool:
    try:
        path = folder.catalogue
        refuse_emptied(folder)
        return bool(find_damage(path)) or (path.stat().st_size > 0 and not is_catalogue(path))
    except CatalogueDamaged:
        return True
