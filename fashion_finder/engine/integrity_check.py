"""Checks the whole catalogue once in the background, so that damage is noticed early.

What is derived from it is checked when somebody asks for that: it is made again in any case.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from fashion_finder.catalogue import thumbnails
from fashion_finder.catalogue.rescue import find_damage
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged, CatalogueError
from fashion_finder.search import graph_file

log = logging.getLogger(__name__)

WhenDamaged = Callable[[CatalogueDamaged], None]


class IntegrityCheck:
    """One check of one catalogue; any thread may ask what it has found."""

    def __init__(self, data_dir: Path, when_damaged: WhenDamaged | None) -> None:
        self._data_dir = data_dir
        self._when_damaged = when_damaged
        self._damage = ""

    def refuse_damaged(self) -> None:
        """Raise CatalogueDamaged when damage has been found so far."""
        if self._damage:
            raise CatalogueDamaged(self._data_dir, self._damage)

    def run(self, stopped: threading.Event) -> None:
        """Check, until done or stopped; `when_damaged` is called in this thread."""
        try:
            self._damage = find_damage(DataFolder(self._data_dir).catalogue, stopped)
        except CatalogueError as error:  # raised again by the first use
            log.warning("could not check the catalogue: %s", error.title)
        if self._damage:
            log.error("the catalogue is damaged: %s", self._damage)
            if self._when_damaged is not None:
                self._when_damaged(CatalogueDamaged(self._data_dir, self._damage))


def find_derived_damage(data_dir: Path) -> tuple[str, ...]:
    """What was made from the catalogue and is damaged, in words; reads all of it.

    The next sync makes it again. No engine may be open on it.
    """
    folder = DataFolder(data_dir)
    found = []
    if thumbnails.is_damaged(folder.thumbnails):
        found.append("the thumbnails")
    if graph_file.is_damaged(folder.index):
        found.append("the search index")
    if _is_odd(folder.sync_lock):
        found.append("the lock")
    if any(map(_is_odd, (folder.log_file, folder.crash_log))) or folder.logs.is_symlink():
        found.append("the log")
    if any(map(_is_odd, (folder.preferences, folder.qt_settings))):
        found.append("the preferences")
    return tuple(found)


def _is_odd(path: Path) -> bool:
    """Whether something is there that is no file."""
    return os.path.lexists(path) and (path.is_symlink() or not path.is_file())
