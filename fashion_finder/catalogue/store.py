"""The catalogue: the only truth about what is indexed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.contents import ContentTable
from fashion_finder.catalogue.files import FileTable, RootTable
from fashion_finder.catalogue.lock import sync_lock
from fashion_finder.catalogue.selection import Selection
from fashion_finder.catalogue.vectors import VectorTable
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueDamaged


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
        with self.connections.reading() as connection:
            (self.uuid,) = connection.execute("SELECT uuid FROM catalogue").fetchone()
        self.roots = RootTable(self.connections)
        self.files = FileTable(self.connections)
        self.contents = ContentTable(self.connections)
        self.vectors = VectorTable(self.connections)
        self.selection = Selection(self.connections)

    def close(self) -> None:
        """Close all connections; no thread may use the catalogue afterwards."""
        self.connections.close()


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
