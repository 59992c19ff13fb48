"""Thumbnails beside the catalogue: a cache of its own, bounded, safe to delete."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.domain import ContentId
from fashion_finder.errors import CatalogueDamaged, CatalogueNewer

log = logging.getLogger(__name__)

DATABASE_NAME = "thumbnails.sqlite3"

_MIGRATIONS = (
    """
    CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), catalogue TEXT NOT NULL);
    INSERT INTO owner VALUES (1, '');
    CREATE TABLE thumbnails (
        content  INTEGER PRIMARY KEY,
        jpeg     BLOB NOT NULL
    );
    CREATE TABLE total (one INTEGER PRIMARY KEY CHECK (one = 1), bytes INTEGER NOT NULL);
    INSERT INTO total VALUES (1, 0);
    CREATE TRIGGER count_in AFTER INSERT ON thumbnails
    BEGIN UPDATE total SET bytes = bytes + length(NEW.jpeg); END;
    CREATE TRIGGER count_out AFTER DELETE ON thumbnails
    BEGIN UPDATE total SET bytes = bytes - length(OLD.jpeg); END;
    """,
)


class ThumbnailStore:
    """JPEG thumbnails by content. Any thread may call it. Raises CatalogueError."""

    def __init__(self, data_dir: Path, catalogue: str, limit: int) -> None:
        """Open the store of this catalogue; a damaged one, or another catalogue's, starts anew."""
        self._limit = limit  # bytes
        path = data_dir / DATABASE_NAME
        try:
            self._connections = self._open(path)
        except (CatalogueDamaged, CatalogueNewer) as error:
            log.warning("thumbnails are made anew: %s", error.title)
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                (data_dir / name).unlink(missing_ok=True)
            self._connections = self._open(path)
        self._belong_to(catalogue)

    def _belong_to(self, catalogue: str) -> None:
        with self._connections.reading() as connection:
            (owner,) = connection.execute("SELECT catalogue FROM owner").fetchone()
        if owner != catalogue:  # ids of two catalogues mean different pictures
            with self._connections.atomic() as connection:
                connection.execute("DELETE FROM thumbnails")
                connection.execute("UPDATE owner SET catalogue = ?", (catalogue,))

    @staticmethod
    def _open(path: Path) -> Connections:
        connections = Connections(path)
        bring_up_to_date(connections, _MIGRATIONS)
        return connections

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def get(self, content: ContentId) -> bytes | None:
        """The thumbnail's JPEG bytes, if it is stored."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT jpeg FROM thumbnails WHERE content = ?", (content,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, thumbnails: Mapping[ContentId, bytes]) -> None:
        """Store thumbnails; those of the lowest ids go when the store grows over its limit."""
        with self._connections.atomic() as connection:
            # A replaced row fires no delete trigger, so it is deleted by name.
            connection.executemany(
                "DELETE FROM thumbnails WHERE content = ?", ((key,) for key in thumbnails)
            )
            connection.executemany("INSERT INTO thumbnails VALUES (?, ?)", thumbnails.items())
            (total,) = connection.execute("SELECT bytes FROM total").fetchone()
            while total > self._limit:
                connection.execute(
                    "DELETE FROM thumbnails WHERE content IN"
                    " (SELECT content FROM thumbnails ORDER BY content LIMIT 64)"
                )
                (total,) = connection.execute("SELECT bytes FROM total").fetchone()

    def drop(self, contents: Iterable[ContentId]) -> None:
        """Delete the thumbnails of contents that are gone."""
        with self._connections.atomic() as connection:
            connection.executemany(
                "DELETE FROM thumbnails WHERE content = ?", ((content,) for content in contents)
            )
