"""Thumbnails beside the catalogue: a bounded cache that is safe to delete.

Each has a signature, by which near duplicates are recognised. It is derived like the thumbnail, so it
is stored here: adding those that an earlier version did not make must not change the catalogue.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import ContentId
from fashion_finder.errors import CatalogueDamaged, CatalogueNewer, CatalogueUnwritable

log = logging.getLogger(__name__)

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
    """
    CREATE TABLE signatures (
        content    INTEGER PRIMARY KEY,
        signature  BLOB NOT NULL
    );
    """,
)


class ThumbnailStore:
    """JPEG thumbnails by content. Any thread may call it. Raises CatalogueError."""

    def __init__(self, data_dir: Path, catalogue: str, limit: int) -> None:
        """Open the store of this catalogue; a damaged one, or another catalogue's, starts over.

        Where that fails, there are no thumbnails.
        """
        self._limit = limit  # bytes
        self._connections: Connections | None = None
        try:
            self._connections = self._open_or_replace(DataFolder(data_dir).thumbnails)
            self._belong_to(self._connections, catalogue)
        except CatalogueUnwritable as error:
            log.warning("no thumbnails: %s", error.title)
            self.close()
            self._connections = None

    @staticmethod
    def _belong_to(connections: Connections, catalogue: str) -> None:
        with connections.reading() as connection:
            (owner,) = connection.execute("SELECT catalogue FROM owner").fetchone()
        if owner != catalogue:  # ids of two catalogues mean different pictures
            with connections.atomic() as connection:
                connection.execute("DELETE FROM thumbnails")
                connection.execute("DELETE FROM signatures")
                connection.execute("UPDATE owner SET catalogue = ?", (catalogue,))

    @classmethod
    def _open_or_replace(cls, path: Path) -> Connections:
        try:
            return cls._open(path)
        except (CatalogueDamaged, CatalogueNewer) as error:
            log.warning("thumbnails start over: %s", error.title)
            try:
                for end in ("", "-wal", "-shm", "-journal"):
                    path.with_name(path.name + end).unlink(missing_ok=True)
            except OSError as cause:
                raise CatalogueUnwritable.because(path, cause) from cause
            return cls._open(path)

    @staticmethod
    def _open(path: Path) -> Connections:
        connections = Connections(path)
        bring_up_to_date(connections, _MIGRATIONS, keeps_copy=False)
        return connections

    def close(self) -> None:
        """Close all connections."""
        if self._connections is not None:
            self._connections.close()

    def get(self, content: ContentId) -> bytes | None:
        """The thumbnail's JPEG bytes, if stored."""
        rows = self._rows("SELECT jpeg FROM thumbnails WHERE content = ?", content)
        return bytes(rows[0][0]) if rows else None

    def put(
        self,
        thumbnails: Mapping[ContentId, bytes],
        signatures: Mapping[ContentId, bytes] | None = None,
    ) -> None:
        """Store thumbnails; those of the lowest ids are dropped when the store exceeds its limit.

        Signatures, about a fifth as large, stay as long as their contents.
        """
        if self._connections is None:
            return
        with self._connections.atomic() as connection:
            # A replaced row fires no delete trigger, so it is deleted by name.
            connection.executemany(
                "DELETE FROM thumbnails WHERE content = ?", ((key,) for key in thumbnails)
            )
            connection.executemany("INSERT INTO thumbnails VALUES (?, ?)", thumbnails.items())
            connection.executemany(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?)", (signatures or {}).items()
            )
            (total,) = connection.execute("SELECT bytes FROM total").fetchone()
            while total > self._limit:
                connection.execute(
                    "DELETE FROM thumbnails WHERE content IN"
                    " (SELECT content FROM thumbnails ORDER BY content LIMIT 64)"
                )
                (total,) = connection.execute("SELECT bytes FROM total").fetchone()

    def drop(self, contents: Iterable[ContentId]) -> None:
        """Delete the thumbnails of contents that were deleted."""
        if self._connections is None:
            return
        deleted = [(content,) for content in contents]
        with self._connections.atomic() as connection:
            connection.executemany("DELETE FROM thumbnails WHERE content = ?", deleted)
            connection.executemany("DELETE FROM signatures WHERE content = ?", deleted)

    def signatures_of(self, contents: Sequence[ContentId]) -> dict[ContentId, bytes]:
        """The signatures of these contents, where there are any."""
        if self._connections is None:
            return {}
        return dict(
            self._connections.rows_among(
                "SELECT content, signature FROM signatures WHERE content IN ({values})", contents
            )
        )

    def unsigned(self, after: int, count: int) -> list[ContentId]:
        """The next contents with a thumbnail but no signature yet, ascending."""
        rows = self._rows(
            "SELECT content FROM thumbnails WHERE content > ?"
            " AND content NOT IN (SELECT content FROM signatures) ORDER BY content LIMIT ?",
            *(after, count),
        )
        return [ContentId(content) for (content,) in rows]

    def sign(self, signatures: Mapping[ContentId, bytes]) -> None:
        """Store signatures of thumbnails; those of thumbnails deleted since are dropped."""
        if self._connections is None:
            return
        with self._connections.atomic() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO signatures SELECT content, ? FROM thumbnails"
                " WHERE content = ?",
                ((signature, content) for content, signature in signatures.items()),
            )

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query; none without a store."""
        if self._connections is None:
            return []
        with self._connections.reading() as connection:
            return connection.execute(statement, values).fetchall()
