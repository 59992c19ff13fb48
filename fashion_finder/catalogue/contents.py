"""The distinct pictures and what a model recognised in them: what copies and moved files share."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.connection import Table
from fashion_finder.catalogue.records import NewContent, file_path
from fashion_finder.domain import ContentId, PictureDetails, Recognised, local_time
from fashion_finder.errors import PictureMissing

_ROUNDING = 1e-4
"""By how much an element of a vector may differ when the same picture is embedded again."""


class ContentTable(Table):
    """Distinct pictures, by the bytes of their files."""

    def find(self, digest: bytes) -> ContentId | None:
        """The content with this digest, if any file holds it."""
        row = self._row(
            "SELECT id FROM contents WHERE digest = ?"
            " AND EXISTS (SELECT 1 FROM items WHERE content = contents.id)",
            digest,
        )
        return None if row is None else ContentId(row[0])

    def digest_of(self, content: ContentId) -> bytes | None:
        """The digest of a content's bytes."""
        row = self._row("SELECT digest FROM contents WHERE id = ?", content)
        return None if row is None else bytes(row[0])

    def after(self, content: int, count: int) -> list[ContentId]:
        """The next contents, ascending."""
        rows = self._rows(
            "SELECT id FROM contents WHERE id > ? ORDER BY id LIMIT ?", content, count
        )
        return [ContentId(found) for (found,) in rows]

    def count_after(self, content: int) -> int:
        """How many come after this one."""
        row = self._row("SELECT count(*) FROM contents WHERE id > ?", content)
        return 0 if row is None else int(row[0])

    def details_of(self, content: ContentId, path: Path, model: str) -> PictureDetails:
        """What is recorded of a content and its file at `path`. Raises PictureMissing."""
        picture = self._row(
            "SELECT width, height, size, cut_short FROM contents WHERE id = ?", content
        )
        files = self._rows(
            "SELECT path, relative, mtime_ns FROM items JOIN roots ON roots.id = items.root"
            " WHERE content = ?",
            content,
        )
        changed = {file_path(root, relative): mtime for root, relative, mtime in files}
        if picture is None or path not in changed:
            raise PictureMissing(path)
        width, height, size, cut_short = picture
        tags = self._rows(
            "SELECT vocabulary, words.word, probability FROM tags"
            " JOIN words ON words.id = tags.word"
            " WHERE content = ? AND model = (SELECT id FROM models WHERE stamp = ?)"
            " ORDER BY vocabulary, probability DESC",
            content,
            model,
        )
        return PictureDetails(
            width=width,
            height=height,
            size=size,
            modified=local_time(changed[path]),
            recognised=tuple(Recognised(*tag) for tag in tags),
            cut_short=bool(cut_short),
        )

    def recognised_as(self, vocabulary: str, word: str, model: str, limit: int) -> list[ContentId]:
        """Contents for which this model chose this word, the most probable first."""
        rows = self._rows(
            "SELECT content FROM tags"
            " WHERE model = (SELECT id FROM models WHERE stamp = ?)"
            " AND word = (SELECT id FROM words WHERE vocabulary = ? AND word = ?)"
            " ORDER BY probability DESC, content LIMIT ?",
            *(model, vocabulary, word, limit),
        )
        return [ContentId(content) for (content,) in rows]

    def prune(self) -> tuple[ContentId, ...]:
        """Drop the contents that no file holds any more, and return them."""
        with self._connections.atomic() as connection:
            rows = connection.execute(
                "DELETE FROM contents WHERE NOT EXISTS"
                " (SELECT 1 FROM items WHERE items.content = contents.id) RETURNING id"
            ).fetchall()
        return tuple(ContentId(number) for (number,) in rows)


def model_id(connection: sqlite3.Connection, stamp: str) -> int:
    """The number of a model, assigned when it is first seen."""
    connection.execute("INSERT INTO models (stamp) VALUES (?) ON CONFLICT DO NOTHING", (stamp,))
    (number,) = connection.execute("SELECT id FROM models WHERE stamp = ?", (stamp,)).fetchone()
    return int(number)


def put_content(connection: sqlite3.Connection, content: NewContent, model: int) -> ContentId:
    """Store a new content, or another model's vector and tags of an existing one.

    One that this model has embedded already gets a new id if it looks different now, since an id
    labels one point of the search graph for ever. Its files hold the new one; the old one is left
    to be pruned.
    """
    old = _set_aside(connection, content, model)
    (number,) = connection.execute(
        "INSERT INTO contents (digest, size, width, height, cut_short) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET size = excluded.size, cut_short = excluded.cut_short"
        " RETURNING id",
        (content.digest, content.size, content.width, content.height, content.cut_short),
    ).fetchone()
    if old is not None:
        connection.execute("UPDATE items SET content = ? WHERE content = ?", (number, old))
    connection.execute(
        "INSERT INTO vectors (content, model, vector) VALUES (?, ?, ?)"
        " ON CONFLICT (model, content) DO UPDATE SET vector = excluded.vector",
        (number, model, np.ascontiguousarray(content.vector, np.float32).tobytes()),
    )
    if content.likely_words:
        connection.execute(
            "INSERT OR REPLACE INTO likely_words (model, content, packed) VALUES (?, ?, ?)",
            (model, number, content.likely_words),
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


def _set_aside(connection: sqlite3.Connection, content: NewContent, model: int) -> int | None:
    """Take the digest from a content that is decoded or embedded differently now. Returns its id."""
    row = connection.execute(
        "SELECT id, width, height, vector FROM contents JOIN vectors ON content = contents.id"
        " WHERE digest = ? AND model = ?",
        (content.digest, model),
    ).fetchone()
    if row is None:
        return None
    number, *sides, stored = row
    vector = np.frombuffer(stored, np.float32)
    is_alike = np.array_equal(sides, (content.width, content.height)) and np.allclose(
        vector, content.vector, rtol=0.0, atol=_ROUNDING
    )
    if is_alike:
        return None
    connection.execute("UPDATE contents SET digest = randomblob(32) WHERE id = ?", (number,))
    return int(number)
