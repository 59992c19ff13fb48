"""Thumbnails beside the catalogue: a cache of its own, bounded, safe to delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.domain import ContentId

DATABASE_NAME = "thumbnails.sqlite3"

_MIGRATIONS = (
    """
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

    def __init__(self, data_dir: Path, limit: int) -> None:
        self._limit = limit  # bytes
        self._connections = Connections(data_dir / DATABASE_NAME)
        bring_up_to_date(self._connections, _MIGRATIONS)

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
