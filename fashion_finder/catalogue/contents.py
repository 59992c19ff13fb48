"""The distinct pictures and their vectors: what copies and moved files share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np

from fashion_finder.catalogue.connection import VARIABLES, Records, marks
from fashion_finder.catalogue.records import NewContent
from fashion_finder.domain import ContentId, RootId, Vectors

_DIGESTS = 64
_DROPPED_AT_ONCE = 4096


class ContentRecords(Records):
    """Questions and transactions about contents and vectors."""

    def content_of(self, digest: bytes) -> ContentId | None:
        """The content with these bytes, if any file holds it."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE digest = ?"
                " AND EXISTS (SELECT 1 FROM items WHERE content = contents.id)",
                (digest,),
            ).fetchone()
        return None if row is None else ContentId(row[0])

    def digest_of(self, content: ContentId) -> bytes | None:
        """The hash of a content's bytes."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT digest FROM contents WHERE id = ?", (content,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def digests_of_size(self, size: int, model: str) -> tuple[bytes, ...]:
        """Digests of the contents of this many bytes that have a vector of this model.

        None when there are so many that handing them around costs more than decoding: pictures
        without compression all have one size.
        """
        with self._connections.reading() as connection:
            # CROSS JOIN: contents first. Left to itself, SQLite goes through all vectors of the
            # model instead, for every photo that is indexed.
            rows = connection.execute(
                "SELECT digest FROM contents CROSS JOIN vectors ON vectors.content = contents.id"
                " WHERE size = ? AND vectors.model = (SELECT id FROM models WHERE stamp = ?)"
                " LIMIT ?",
                (size, model, _DIGESTS + 1),
            )
            digests = tuple(digest for (digest,) in rows)
        return digests if len(digests) <= _DIGESTS else ()

    def has_vector(self, digest: bytes, model: str) -> bool:
        """Whether these bytes need no inference under this model."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT 1 FROM contents JOIN vectors ON vectors.content = contents.id"
                " WHERE digest = ? AND vectors.model = (SELECT id FROM models WHERE stamp = ?)",
                (digest, model),
            ).fetchone()
        return row is not None

    def prune(self) -> tuple[ContentId, ...]:
        """Drop the contents that no file holds any more, and return them."""
        with self._connections.atomic() as connection:
            rows = connection.execute(
                "DELETE FROM contents WHERE NOT EXISTS"
                " (SELECT 1 FROM items WHERE items.content = contents.id) RETURNING id"
            ).fetchall()
        return tuple(ContentId(number) for (number,) in rows)

    def live_contents(self, model: str) -> list[int]:
        """Ids of all contents with a vector of this model, ascending."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT content FROM vectors"
                " WHERE model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
                (model,),
            )
            return [content for (content,) in rows]

    def vectors_of(self, contents: Sequence[int], model: str) -> tuple[list[int], Vectors]:
        """Those of these contents that have a vector, and the vectors, float32 [N, dimension]."""
        ids: list[int] = []
        blocks: list[Vectors] = []
        with self._connections.reading() as connection:
            for start in range(0, len(contents), VARIABLES):
                some = contents[start : start + VARIABLES]
                rows = connection.execute(
                    f"SELECT content, vector FROM vectors WHERE content IN ({marks(some)})"  # noqa: S608
                    " AND model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
                    (*some, model),
                )
                some_ids, block = _gather(rows)
                if some_ids:
                    ids += some_ids
                    blocks.append(block)
        return ids, np.concatenate(blocks) if blocks else np.empty((0, 0), np.float32)

    def contents_recognised(
        self, vocabulary: str, word: str, model: str, limit: int
    ) -> list[ContentId]:
        """Contents for which this model chose this word, those first that it is surest of."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT content FROM tags"
                " WHERE model = (SELECT id FROM models WHERE stamp = ?)"
                " AND word = (SELECT id FROM words WHERE vocabulary = ? AND word = ?)"
                " ORDER BY probability DESC, content LIMIT ?",
                (model, vocabulary, word, limit),
            )
            return [ContentId(content) for (content,) in rows]

    def outdated_counts(self, model: str) -> dict[RootId, int]:
        """Searchable files of every root that wait for a vector of this model, copies counted."""
        with self._connections.reading() as connection:
            if not _count_outdated(connection, model):
                return {}
            return dict(
                connection.execute(
                    "SELECT root, count(*) FROM items WHERE content IS NOT NULL AND content NOT IN"
                    " (SELECT content FROM vectors"
                    " WHERE model = (SELECT id FROM models WHERE stamp = ?)) GROUP BY root",
                    (model,),
                )
            )

    def count_outdated(self, model: str) -> int:
        """Contents that wait for a vector of this model; every answer tells it."""

        def count() -> int:
            with self._connections.reading() as connection:
                return _count_outdated(connection, model)

        return self._connections.kept(f"outdated {model}", count)

    def drop_superseded(self, model: str) -> int:
        """Drop other models' vectors and tags once nothing waits for one of this model.

        Until then they stay, so that going back to an earlier model costs nothing. Returns how
        many vectors went; in transactions of a few thousand, so that no question waits long.
        """
        with self._connections.reading() as connection:
            if _count_outdated(connection, model):
                return 0
        dropped = 0
        while True:
            with self._connections.atomic() as connection:
                found = connection.execute(
                    "DELETE FROM vectors WHERE rowid IN (SELECT rowid FROM vectors"
                    " WHERE model <> (SELECT id FROM models WHERE stamp = ?) LIMIT ?)"
                    " RETURNING model, content",
                    (model, _DROPPED_AT_ONCE),
                ).fetchall()
                connection.executemany("DELETE FROM tags WHERE model = ? AND content = ?", found)
            dropped += len(found)
            if len(found) < _DROPPED_AT_ONCE:
                return dropped

    def contents_without_vector(self, root: RootId, model: str) -> frozenset[ContentId]:
        """Contents of a root whose vector is missing or was made by another model."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT items.content FROM items"
                " LEFT JOIN vectors ON vectors.content = items.content"
                " AND vectors.model = (SELECT id FROM models WHERE stamp = ?)"
                " WHERE root = ? AND items.content IS NOT NULL AND vectors.content IS NULL",
                (model, root),
            )
            return frozenset(content for (content,) in rows)


def _gather(rows: Iterator[tuple[int, bytes]] | sqlite3.Cursor) -> tuple[list[int], Vectors]:
    ids: list[int] = []
    raw = bytearray()
    for content, vector in rows:
        ids.append(content)
        raw += vector
    vectors = np.frombuffer(raw, np.float32)
    return ids, vectors.reshape(len(ids), -1) if ids else np.empty((0, 0), np.float32)


def _count_outdated(connection: sqlite3.Connection, model: str) -> int:
    """All contents less those with a vector: two counts over indexes, 25 ms of a million."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM contents) - (SELECT count(*) FROM vectors"
        " WHERE model = (SELECT id FROM models WHERE stamp = ?))",
        (model,),
    ).fetchone()
    return int(count)


def model_id(connection: sqlite3.Connection, stamp: str) -> int:
    """The number of a model, given to it when it is first seen."""
    connection.execute("INSERT INTO models (stamp) VALUES (?) ON CONFLICT DO NOTHING", (stamp,))
    (number,) = connection.execute("SELECT id FROM models WHERE stamp = ?", (stamp,)).fetchone()
    return int(number)


def put_content(connection: sqlite3.Connection, content: NewContent, model: int) -> ContentId:
    """Store a new content, or what another model says of one that is there."""
    (number,) = connection.execute(
        "INSERT INTO contents (digest, size, width, height) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET size = excluded.size RETURNING id",
        (content.digest, content.size, content.width, content.height),
    ).fetchone()
    connection.execute(
        "INSERT INTO vectors (content, model, vector) VALUES (?, ?, ?)"
        " ON CONFLICT (model, content) DO UPDATE SET vector = excluded.vector",
        (number, model, np.ascontiguousarray(content.vector, np.float32).tobytes()),
    )
    connection.execute("DELETE FROM tags WHERE content = ? AND model = ?", (number, model))
    for tag in content.tags:
        named = (tag.vocabulary, tag.word)
        connection.execute(
            "INSERT INTO words (vocabulary, word) VALUES (?, ?) ON CONFLICT DO NOTHING", named
        )
        connection.execute(
            "INSERT INTO tags (content, model, word, probability)"
            " SELECT ?, ?, id, ? FROM words WHERE vocabulary = ? AND word = ?",
            (number, model, round(tag.probability, 4), *named),
        )
    return ContentId(number)
