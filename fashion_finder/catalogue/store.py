"""The catalogue's operations: each one a question or one transaction."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.lock import sync_lock
from fashion_finder.catalogue.records import (
    Filed,
    KnownFile,
    NewContent,
    Root,
    decode_relative,
    encode_relative,
    encode_tags,
)
from fashion_finder.domain import (
    ContentId,
    FileStamp,
    RootId,
    SkippedFile,
    Vectors,
)
from fashion_finder.paths import CATALOGUE_NAME

DATABASE_NAME = CATALOGUE_NAME
LOCK_NAME = "sync.lock"
_DIGESTS = 64
_VARIABLES = 500  # per statement; SQLite's own limit was 999 for long


class Catalogue:
    """The store of roots, files, contents and vectors in one data folder.

    Any thread may call it, each on a connection of its own; only the sync writes. All methods
    raise CatalogueError when the file fails.
    """

    def __init__(self, data_dir: Path) -> None:
        self._lock_path = data_dir / LOCK_NAME
        self._connections = Connections(data_dir / DATABASE_NAME)
        bring_up_to_date(self._connections)
        with self._connections.reading() as connection:
            (self.uuid,) = connection.execute("SELECT uuid FROM catalogue").fetchone()

    def close(self) -> None:
        """Close all connections; call when no other thread uses the catalogue any more."""
        self._connections.close()

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

    # ------------------------------------------------------------ roots

    def roots(self) -> tuple[Root, ...]:
        """The indexed folders, oldest first."""
        with self._connections.reading() as connection:
            rows = connection.execute("SELECT id, path, unfinished FROM roots ORDER BY id")
            return tuple(
                Root(RootId(number), Path(os.fsdecode(path)), bool(unfinished))
                for number, path, unfinished in rows
            )

    def add_root(self, path: Path) -> Root:
        """Record a folder as indexed, unfinished until its first sync ends."""
        with self._connections.atomic() as connection:
            connection.execute(
                "INSERT INTO roots (path) VALUES (?) ON CONFLICT (path) DO NOTHING",
                (os.fsencode(path),),
            )
            (number, unfinished) = connection.execute(
                "SELECT id, unfinished FROM roots WHERE path = ?", (os.fsencode(path),)
            ).fetchone()
        return Root(RootId(number), path, bool(unfinished))

    def absorb_root(self, inner: Root, outer: Root, prefix: str) -> None:
        """Move all files of `inner`, which lies at `prefix` below `outer`, over to `outer`."""
        with self._connections.atomic() as connection:
            connection.execute(
                "UPDATE OR REPLACE items SET root = ?, relative = CAST(? || relative AS BLOB)"
                " WHERE root = ?",
                (outer.id, encode_relative(prefix) + b"/", inner.id),
            )
            connection.execute("DELETE FROM roots WHERE id = ?", (inner.id,))

    def mark_root(self, root: RootId, *, unfinished: bool) -> None:
        """Remember whether the root's sync is under way, across a crash."""
        with self._connections.atomic() as connection:
            connection.execute(
                "UPDATE roots SET unfinished = ? WHERE id = ?", (int(unfinished), root)
            )

    def remove_root(self, root: RootId) -> int:
        """Forget a folder and its files; contents stay until pruned. Returns photos dropped."""
        with self._connections.atomic() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM items WHERE root = ? AND content IS NOT NULL", (root,)
            ).fetchone()
            connection.execute("DELETE FROM roots WHERE id = ?", (root,))
        return int(count)

    # ------------------------------------------------------------ files

    def known_files(self, root: RootId) -> list[KnownFile]:
        """Every file recorded under a root, skipped ones too."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT relative, size, mtime_ns, volume, content, reason FROM items"
                " WHERE root = ?",
                (root,),
            )
            return [
                KnownFile(
                    FileStamp(decode_relative(relative), size, mtime_ns), volume, content, reason
                )
                for relative, size, mtime_ns, volume, content, reason in rows
            ]

    def digests_of_size(self, size: int, model: str) -> tuple[bytes, ...]:
        """Digests of the contents of this many bytes that have a vector of this model.

        None when there are so many that handing them around costs more than decoding: pictures
        without compression all have one size.
        """
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT digest FROM contents JOIN vectors ON vectors.content = contents.id"
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

    def file_batch(
        self, root: RootId, model: str, contents: Iterable[NewContent], files: Iterable[Filed]
    ) -> dict[bytes, ContentId]:
        """Record a batch in one transaction: new contents first, then the files that hold them.

        Returns the ids of all digests the files name. A content that exists already only gets
        the new vector.
        """
        ids: dict[bytes, ContentId] = {}
        with self._connections.atomic() as connection:
            model_id = _model_id(connection, model)
            for content in contents:
                ids[content.digest] = _put_content(connection, content, model_id)
            for filed in files:
                if filed.digest is not None and filed.digest not in ids:
                    (number,) = connection.execute(
                        "SELECT id FROM contents WHERE digest = ?", (filed.digest,)
                    ).fetchone()
                    ids[filed.digest] = ContentId(number)
                content_id = None if filed.digest is None else ids[filed.digest]
                connection.execute(
                    "INSERT INTO items (root, relative, size, mtime_ns, volume, content, reason)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (root, relative) DO UPDATE SET size = excluded.size,"
                    " mtime_ns = excluded.mtime_ns, volume = excluded.volume,"
                    " content = excluded.content, reason = excluded.reason",
                    (
                        root,
                        encode_relative(filed.stamp.relative),
                        filed.stamp.size,
                        filed.stamp.mtime_ns,
                        filed.volume,
                        content_id,
                        filed.reason,
                    ),
                )
        return ids

    def rehouse_files(self, root: RootId, files: Iterable[tuple[str, str]]) -> None:
        """Record another volume identity for files: (relative, volume) each."""
        with self._connections.atomic() as connection:
            connection.executemany(
                "UPDATE items SET volume = ? WHERE root = ? AND relative = ?",
                ((volume, root, encode_relative(relative)) for relative, volume in files),
            )

    def forget_files(self, root: RootId, relatives: Iterable[str]) -> None:
        """Drop files from the catalogue; their contents stay until they are pruned."""
        with self._connections.atomic() as connection:
            connection.executemany(
                "DELETE FROM items WHERE root = ? AND relative = ?",
                ((root, encode_relative(relative)) for relative in relatives),
            )

    def prune(self) -> tuple[ContentId, ...]:
        """Drop the contents that no file holds any more, and return them."""
        with self._connections.atomic() as connection:
            rows = connection.execute(
                "DELETE FROM contents WHERE NOT EXISTS"
                " (SELECT 1 FROM items WHERE items.content = contents.id) RETURNING id"
            ).fetchall()
        return tuple(ContentId(number) for (number,) in rows)

    def skipped(self) -> tuple[SkippedFile, ...]:
        """Every file that could not be read, and why."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT roots.path, relative, reason FROM items JOIN roots ON roots.id = root"
                " WHERE reason IS NOT NULL ORDER BY roots.id, relative"
            )
            return tuple(
                SkippedFile(_path(root, relative), reason) for root, relative, reason in rows
            )

    def photo_counts(self) -> dict[RootId, int]:
        """Searchable files of every root, copies counted."""
        with self._connections.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT root, count(*) FROM items WHERE content IS NOT NULL GROUP BY root"
                )
            )

    # ------------------------------------------------------------ contents and vectors

    def content_of(self, digest: bytes) -> ContentId | None:
        """The content with these bytes, if any file holds it."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT id FROM contents WHERE digest = ?"
                " AND EXISTS (SELECT 1 FROM items WHERE content = contents.id)",
                (digest,),
            ).fetchone()
        return None if row is None else ContentId(row[0])

    def locations(self, contents: Sequence[ContentId]) -> dict[ContentId, list[Path]]:
        """Where the files of these contents lie, in a stable order."""
        found: dict[ContentId, list[Path]] = {}
        with self._connections.reading() as connection:
            for start in range(0, len(contents), _VARIABLES):
                some = contents[start : start + _VARIABLES]
                rows = connection.execute(
                    "SELECT content, roots.path, relative FROM items"  # noqa: S608
                    " JOIN roots ON roots.id = root"
                    f" WHERE content IN ({_marks(some)}) ORDER BY roots.id, relative",
                    some,
                )
                for content, root, relative in rows:
                    found.setdefault(content, []).append(_path(root, relative))
        return found

    def digest_of(self, content: ContentId) -> bytes | None:
        """The hash of a content's bytes."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT digest FROM contents WHERE id = ?", (content,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def contents_below(self, root: RootId, prefix: str) -> frozenset[ContentId]:
        """Contents with a file at or below `prefix` ('' for the whole root)."""
        with self._connections.reading() as connection:
            if not prefix:
                rows = connection.execute(
                    "SELECT content FROM items WHERE root = ? AND content IS NOT NULL", (root,)
                )
            else:
                low = encode_relative(prefix) + b"/"
                high = encode_relative(prefix) + b"0"  # the byte after '/'
                rows = connection.execute(
                    "SELECT content FROM items WHERE root = ? AND content IS NOT NULL"
                    " AND relative >= ? AND relative < ?",
                    (root, low, high),
                )
            return frozenset(content for (content,) in rows)

    def live_contents(self, model: str) -> list[int]:
        """Ids of all contents with a vector of this model, ascending."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT content FROM vectors"
                " WHERE model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
                (model,),
            )
            return [content for (content,) in rows]

    def vectors_after(self, content: int, model: str) -> tuple[list[int], Vectors]:
        """Ids greater than `content` with their vectors, float32 [N, dimension], ascending."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT content, vector FROM vectors WHERE content > ?"
                " AND model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
                (content, model),
            )
            return _gather(rows)

    def vectors_of(self, contents: Sequence[int], model: str) -> tuple[list[int], Vectors]:
        """Like vectors_after, for the contents named."""
        ids: list[int] = []
        blocks: list[Vectors] = []
        with self._connections.reading() as connection:
            for start in range(0, len(contents), _VARIABLES):
                some = contents[start : start + _VARIABLES]
                rows = connection.execute(
                    f"SELECT content, vector FROM vectors WHERE content IN ({_marks(some)})"  # noqa: S608
                    " AND model = (SELECT id FROM models WHERE stamp = ?) ORDER BY content",
                    (*some, model),
                )
                some_ids, block = _gather(rows)
                if some_ids:
                    ids += some_ids
                    blocks.append(block)
        return ids, np.concatenate(blocks) if blocks else np.empty((0, 0), np.float32)

    def mark_outdated(self, model: str) -> None:
        """Mark the roots as unfinished that hold contents without a vector of this model."""
        with self._connections.atomic() as connection:
            connection.execute(
                "UPDATE roots SET unfinished = 1 WHERE unfinished = 0 AND EXISTS"
                " (SELECT 1 FROM items LEFT JOIN vectors ON vectors.content = items.content"
                " AND vectors.model = (SELECT id FROM models WHERE stamp = ?)"
                " WHERE items.root = roots.id AND items.content IS NOT NULL"
                " AND vectors.content IS NULL)",
                (model,),
            )

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

    def integrity_problems(self) -> list[str]:
        """What SQLite's own check finds wrong; empty when the file is sound."""
        with self._connections.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        return [problem for problem in found if problem != "ok"]


def _marks(values: Sequence[object]) -> str:
    """Placeholders for a list of values: the only text that ever varies in a statement."""
    return ",".join("?" * len(values))


def _path(root: bytes, relative: bytes) -> Path:
    return Path(os.fsdecode(root), decode_relative(relative))


def _gather(rows: Iterator[tuple[int, bytes]] | sqlite3.Cursor) -> tuple[list[int], Vectors]:
    ids: list[int] = []
    raw = bytearray()
    for content, vector in rows:
        ids.append(content)
        raw += vector
    vectors = np.frombuffer(bytes(raw), np.float32)
    return ids, vectors.reshape(len(ids), -1) if ids else np.empty((0, 0), np.float32)


def _model_id(connection: sqlite3.Connection, stamp: str) -> int:
    connection.execute("INSERT INTO models (stamp) VALUES (?) ON CONFLICT DO NOTHING", (stamp,))
    (number,) = connection.execute("SELECT id FROM models WHERE stamp = ?", (stamp,)).fetchone()
    return int(number)


def _put_content(connection: sqlite3.Connection, content: NewContent, model: int) -> ContentId:
    (number,) = connection.execute(
        "INSERT INTO contents (digest, size, width, height, tags) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET tags = excluded.tags RETURNING id",
        (
            content.digest,
            content.size,
            content.width,
            content.height,
            encode_tags(content.tags),
        ),
    ).fetchone()
    connection.execute(
        "INSERT INTO vectors (content, model, vector) VALUES (?, ?, ?)"
        " ON CONFLICT (content) DO UPDATE SET model = excluded.model, vector = excluded.vector",
        (number, model, np.ascontiguousarray(content.vector, np.float32).tobytes()),
    )
    return ContentId(number)
