"""The catalogue: the only truth about what is indexed."""

from __future__ import annotations

import secrets
import threading
from contextlib import AbstractContextManager
from pathlib import Path

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.contents import ContentRecords
from fashion_finder.catalogue.details import DetailRecords
from fashion_finder.catalogue.files import FileRecords
from fashion_finder.catalogue.lock import sync_lock
from fashion_finder.catalogue.rescue import find_damage, refuse_emptied
from fashion_finder.catalogue.roots import RootRecords
from fashion_finder.catalogue.selection import SelectionRecords
from fashion_finder.data_folder import DataFolder


class Catalogue(RootRecords, FileRecords, ContentRecords, DetailRecords, SelectionRecords):
    """The store of roots, files, contents and vectors in one data folder.

    Any thread may call it, each on a connection of its own; only the sync writes. Every method is
    one question or one transaction, and raises CatalogueError when the file fails.
    """

    def __init__(self, data_dir: Path) -> None:
        folder = DataFolder(data_dir)
        self._lock_path = folder.sync_lock
        super().__init__(Connections(folder.catalogue))
        refuse_emptied(folder)
        bring_up_to_date(self._connections)
        with self._connections.reading() as connection:
            (self.uuid,) = connection.execute("SELECT uuid FROM catalogue").fetchone()

    def close(self) -> None:
        """Close all connections; call when no other thread uses the catalogue any more."""
        self._connections.close()

    @property
    def is_read_only(self) -> bool:
        """Whether it can only be read: its disk, its folder or its permissions say so."""
        return self._connections.is_read_only

    def require_writable(self) -> None:
        """Raise CatalogueReadOnly where nothing can be written."""
        self._connections.require_writable()

    def sync_lock(self) -> AbstractContextManager[None]:
        """Held by the one process that syncs. Raises CatalogueBusy on entering."""
        return sync_lock(self._lock_path)

    def changed_elsewhere(self) -> bool:
        """Whether other connections than this thread's have committed since it last asked."""
        return self._connections.changed_elsewhere()

    def graph_token(self) -> str:
        """What the file of the current search graph must carry; '' before there was one."""
        with self._connections.reading() as connection:
            (token,) = connection.execute("SELECT graph FROM catalogue").fetchone()
        return str(token)

    def draw_graph_token(self) -> str:
        """A new token for a graph about to be saved; all earlier ones become foreign.

        A catalogue that is put back from a backup carries an old token, and so refuses the graph
        of the contents it no longer knows.
        """
        token = secrets.token_hex(16)
        with self._connections.atomic() as connection:
            connection.execute("UPDATE catalogue SET graph = ?", (token,))
        return token

    def find_damage(self, stopped: threading.Event) -> str:
        """The first thing wrong with the file; '' when it is sound, or the check was stopped."""
        return find_damage(self._connections.path, stopped)

    def integrity_problems(self) -> list[str]:
        """What SQLite's own check finds wrong; empty when the file is sound."""
        with self._connections.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        return [problem for problem in found if problem != "ok"]
