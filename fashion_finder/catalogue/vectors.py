"""The vectors that models made of contents, and which contents still lack one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import numpy as np

from fashion_finder.catalogue.connection import Table
from fashion_finder.domain import ContentId, RootId, Vectors

_DIGESTS = 64
_DROPPED_AT_ONCE = 4096


class VectorTable(Table):
    """Embeddings by content and model: the search index's `VectorSource`."""

    def graph_token(self) -> str:
        """See VectorSource."""
        row = self._row("SELECT graph FROM catalogue")
        return str(row[0]) if row else ""

    def draw_graph_token(self) -> str:
        """See VectorSource.

        A catalogue restored from a backup carries an old token, and so refuses the graph of
        contents that it does not know.
        """
        token = secrets.token_hex(16)
        self._write("UPDATE catalogue SET graph = ?", token)
        return token

    def live_contents(self, model: str) -> list[int]:
        """Ids of all contents with a vector of this model, ascending."""
        rows = self._rows(
            "SELECT content FROM vectors"
            " WHERE model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
            model,
        )
        return [content for (content,) in rows]

    def vectors_of(self, contents: Sequence[int], model: str) -> tuple[list[int], Vectors]:
        """The given contents that have a vector, and their vectors, float32 [N, dimension]."""
        rows = self._connections.rows_among(
            "SELECT content, vector FROM vectors WHERE content IN ({values})"
            " AND model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
            contents,
            model,
        )
        ids: list[int] = []
        raw = bytearray()
        for content, vector in rows:
            ids.append(content)
            raw += vector
        vectors = np.frombuffer(raw, np.float32)
        return ids, vectors.reshape(len(ids), -1) if ids else np.empty((0, 0), np.float32)

    def likely_words_of(self, contents: Sequence[int], model: str) -> tuple[list[int], list[bytes]]:
        """The given contents whose likely words are stored, and those, packed."""
        rows = list(
            self._connections.rows_among(
                "SELECT content, packed FROM likely_words WHERE content IN ({values})"
                " AND model = (SELECT id FROM models WHERE stamp = ?)",
                contents,
                model,
            )
        )
        return [content for content, _ in rows], [packed for _, packed in rows]

    def digests_of_size(self, size: int, model: str) -> tuple[bytes, ...]:
        """Digests of the contents of this many bytes that have a vector of this model.

        Empty when there are so many that passing them around costs more than decoding: pictures
        without compression all have one size.
        """
        # CROSS JOIN: contents first. Left to itself, SQLite would go through all vectors of the
        # model, for every photo that is indexed.
        rows = self._rows(
            "SELECT digest FROM contents CROSS JOIN vectors ON vectors.content = contents.id"
            " WHERE size = ? AND vectors.model = (SELECT id FROM models WHERE stamp = ?) LIMIT ?",
            *(size, model, _DIGESTS + 1),
        )
        digests = tuple(digest for (digest,) in rows)
        return digests if len(digests) <= _DIGESTS else ()

    def has_vector(self, digest: bytes, model: str) -> bool:
        """Whether there is a vector of these bytes by this model."""
        row = self._row(
            "SELECT 1 FROM contents JOIN vectors ON vectors.content = contents.id"
            " WHERE digest = ? AND vectors.model = (SELECT id FROM models WHERE stamp = ?)",
            *(digest, model),
        )
        return row is not None

    def missing_in(self, root: RootId, model: str) -> frozenset[ContentId]:
        """Contents of a root whose vector is missing or was made by another model."""
        rows = self._rows(
            "SELECT DISTINCT items.content FROM items"
            " LEFT JOIN vectors ON vectors.content = items.content"
            " AND vectors.model = (SELECT id FROM models WHERE stamp = ?)"
            " WHERE root = ? AND items.content IS NOT NULL AND vectors.content IS NULL",
            *(model, root),
        )
        return frozenset(content for (content,) in rows)

    def outdated_counts(self, model: str) -> dict[RootId, int]:
        """Files of every root that wait for a vector of this model."""
        if not self._count_outdated(model):
            return {}
        rows = self._rows(
            "SELECT root, count(*) FROM items WHERE content IS NOT NULL AND content NOT IN"
            " (SELECT content FROM vectors"
            " WHERE model = (SELECT id FROM models WHERE stamp = ?)) GROUP BY root",
            model,
        )
        return {RootId(root): count for root, count in rows}

    def count_outdated(self, model: str) -> int:
        """Contents that wait for a vector of this model; every answer reports it."""
        return self._connections.cached(f"outdated {model}", lambda: self._count_outdated(model))

    def _count_outdated(self, model: str) -> int:
        """All contents less those with a vector: two counts over indexes, 25 ms of a million."""
        row = self._row(
            "SELECT (SELECT count(*) FROM contents) - (SELECT count(*) FROM vectors"
            " WHERE model = (SELECT id FROM models WHERE stamp = ?))",
            model,
        )
        return int(row[0]) if row else 0

    def drop_superseded(self, model: str) -> int:
        """Drop other models' vectors and tags once nothing waits for one of this model.

        Until then they stay, so that going back to an earlier model costs nothing. Returns how
        many vectors went, a few thousand per transaction so that no question waits long.
        """
        if self._count_outdated(model):
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
                connection.executemany(
                    "DELETE FROM likely_words WHERE model = ? AND content = ?", found
                )
            dropped += len(found)
            if len(found) < _DROPPED_AT_ONCE:
                return dropped
