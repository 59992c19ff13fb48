"""Checks the whole catalogue once in the background: damage is better known early."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from fashion_finder.catalogue.rescue import find_damage
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged, CatalogueError

log = logging.getLogger(__name__)

WhenDamaged = Callable[[CatalogueDamaged], None]


class IntegrityCheck:
    """One check of one catalogue, in a thread of its own; any thread may call it."""

    def __init__(self, data_dir: Path, when_damaged: WhenDamaged | None) -> None:
        """`when_damaged` is called in the check's thread."""
        self._data_dir = data_dir
        self._when_damaged = when_damaged
        self._damage = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="catalogue-check")

    def start(self) -> None:
        """Begin; call once."""
        self._thread.start()

    def stop(self) -> None:
        """End it, finished or not."""
        self._stopped.set()
        self._thread.join()

    def refuse_damaged(self) -> None:
        """Raise CatalogueDamaged when damage has been found so far."""
        if self._damage:
            raise CatalogueDamaged(self._data_dir, self._damage)

    def _run(self) -> None:
        try:
            found = find_damage(DataFolder(self._data_dir).catalogue, self._stopped)
        except CatalogueError as error:  # raised again by the first use
            log.warning("could not check the catalogue: %s", error.title)
            return
        if found:
            log.error("the catalogue is damaged: %s", found)
            self._damage = found
            if self._when_damaged is not None:
                self._when_damaged(CatalogueDamaged(self._data_dir, found))
