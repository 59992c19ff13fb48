"""The indexed folders, and the files below them: the content of each, or why it is skipped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from fashion_finder.catalogue.connection import Table
from fashion_finder.catalogue.contents import model_id, put_content
from fashion_finder.catalogue.records import (
    Filed,
    KnownFile,
    Located,
    NewContent,
    Root,
    decode_relative,
    encode_relative,
    file_path,
)
from fashion_finder.domain import ContentId, FileStamp, RootId, SkippedFile


class RootTable(Table):
    """The indexed folders."""

    def all(self) -> tuple[Root, ...]:
        """The indexed folders, oldest first."""
        rows = self._rows("SELECT id, path, unfinished FROM roots ORDER BY id")
        return tuple(_root(*row) for row in rows)

    def by_volume(self) -> list[tuple[Root, str]]:
        """Every folder with each volume its files were last seen on; ``''`` for one without files."""
        rows = self._rows(
            "SELECT roots.id, path, unfinished, ifnull(volume, '') FROM roots"
            " LEFT JOIN (SELECT DISTINCT root, volume FROM items) ON root = roots.id"
            " ORDER BY roots.id, volume"
        )
        return [(_root(*row), volume) for *row, volume in rows]

    def was_on(self, root: RootId, volume: str) -> bool:
        """Whether some file of the folder was last seen on this volume."""
        statement = "SELECT 1 FROM items WHERE root = ? AND volume = ? LIMIT 1"
        return self._row(statement, root, volume) is not None

    def move(self, root: RootId, path: Path) -> None:
        """Record that a folder with everything in it is at another path now."""
        self._write("UPDATE roots SET path = ? WHERE id = ?", os.fsencode(path), root)

    def mount_points(self, root: RootId) -> frozenset[Path]:
        """Those that the folder depended on when it was last indexed."""
        rows = self._rows("SELECT path FROM mount_points WHERE root = ?", root)
        return frozenset(Path(os.fsdecode(path)) for (path,) in rows)

    def mounts(self) -> list[tuple[Root, Path]]:
        """Every folder with each mount point that it depends on."""
        rows = self._rows(
            "SELECT roots.id, roots.path, unfinished, mount_points.path FROM mount_points"
            " JOIN roots ON roots.id = root ORDER BY roots.id, mount_points.path"
        )
        return [(_root(*row), Path(os.fsdecode(point))) for *row, point in rows]

    def record_mount_points(self, root: RootId, points: Iterable[Path]) -> None:
        """Replace the folder's mount points."""
        with self._connections.atomic() as connection:
            connection.execute("DELETE FROM mount_points WHERE root = ?", (root,))
            connection.executemany(
                "INSERT INTO mount_points (root, path) VALUES (?, ?)",
                ((root, os.fsencode(point)) for point in sorted(points)),
            )

    def add(self, path: Path) -> Root:
        """Record a folder as indexed, unfinished until its first sync ends."""
        with self._connections.atomic() as connection:
            connection.execute(
                "INSERT INTO roots (path) VALUES (?) ON CONFLICT (path) DO NOTHING",
                (os.fsencode(path),),
            )
            row = connection.execute(
                "SELECT id, path, unfinished FROM roots WHERE path = ?", (os.fsencode(path),)
            ).fetchone()
        return _root(*row)

    def absorb(self, inner: Root, outer: Root, prefix: str) -> None:
        """Move all files of `inner`, which is at `prefix` below `outer`, to `outer`."""
        with self._connections.atomic() as connection:
            connection.execute(
                "UPDATE OR REPLACE items SET root = ?, relative = CAST(? || relative AS BLOB)"
                " WHERE root = ?",
                (outer.id, encode_relative(prefix) + b"/", inner.id),
            )
            connection.execute(
                "UPDATE OR IGNORE mount_points SET root = ? WHERE root = ?", (outer.id, inner.id)
            )
            connection.execute("DELETE FROM roots WHERE id = ?", (inner.id,))

    def mark(self, root: RootId, *, unfinished: bool) -> None:
        """Record whether a sync of the root is unfinished, for after a crash."""
        self._write("UPDATE roots SET unfinished = ? WHERE id = ?", int(unfinished), root)

    def remove(self, root: RootId) -> int:
        """Forget a folder and its files; contents stay until pruned. Returns the photos dropped."""
        with self._connections.atomic() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM items WHERE root = ? AND content IS NOT NULL", (root,)
            ).fetchone()
            connection.execute("DELETE FROM roots WHERE id = ?", (root,))
        return int(count)


class FileTable(Table):
    """The files below the indexed folders."""

    def known(self, root: RootId) -> list[KnownFile]:
        """Every file recorded under a root, including skipped ones."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT relative, size, mtime_ns, ctime_ns, volume, content, reason FROM items"
                " WHERE root = ?",
                (root,),
            )
            new = tuple.__new__  # a named tuple's own constructor takes three times as long
            return [
                new(
                    KnownFile,
                    (
                        new(FileStamp, (decode_relative(relative), size, mtime_ns, ctime_ns)),
                        volume,
                        content,
                        reason,
                    ),
                )
                for relative, size, mtime_ns, ctime_ns, volume, content, reason in rows
            ]

    def holds(self, root: RootId, relative: str) -> bool:
        """Whether a file is recorded, searchable or skipped."""
        statement = "SELECT 1 FROM items WHERE root = ? AND relative = ?"
        return self._row(statement, root, encode_relative(relative)) is not None

    def sample(self, root: RootId, volume: str, count: int) -> list[FileStamp]:
        """At most `count` files last seen on this volume, from anywhere in the folder."""
        rows = self._rows(
            "SELECT relative, size, mtime_ns FROM items WHERE root = ? AND volume = ?"
            " ORDER BY random() LIMIT ?",
            *(root, volume, count),
        )
        return [FileStamp(decode_relative(relative), size, time) for relative, size, time in rows]

    def record(
        self, root: RootId, model: str, contents: Iterable[NewContent], files: Iterable[Filed]
    ) -> dict[bytes, ContentId]:
        """Record a batch in one transaction: new contents, then the files that hold them.

        Returns the ids of all digests that the files name. An existing content only gets the new
        vector, or a new id: see `put_content`.
        """
        ids: dict[bytes, ContentId] = {}
        with self._connections.atomic() as connection:
            model_number = model_id(connection, model)
            for content in contents:
                ids[content.digest] = put_content(connection, content, model_number)
            for filed in files:
                if filed.digest is not None and filed.digest not in ids:
                    (number,) = connection.execute(
                        "SELECT id FROM contents WHERE digest = ?", (filed.digest,)
                    ).fetchone()
                    ids[filed.digest] = ContentId(number)
                relative, *times = filed.stamp
                content_id = None if filed.digest is None else ids[filed.digest]
                row = (root, encode_relative(relative), *times, filed.volume, content_id)
                connection.execute(
                    "INSERT INTO items"
                    " (root, relative, size, mtime_ns, ctime_ns, volume, content, reason)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (root, relative) DO UPDATE SET size = excluded.size,"
                    " mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,"
                    " volume = excluded.volume, content = excluded.content,"
                    " reason = excluded.reason",
                    (*row, filed.reason),
                )
        return ids

    def rehouse(self, root: RootId, files: Iterable[tuple[FileStamp, str]]) -> None:
        """Record new volumes and change times of files whose bytes are taken to be the same."""
        with self._connections.atomic() as connection:
            connection.executemany(
                "UPDATE items SET volume = ?, ctime_ns = ? WHERE root = ? AND relative = ?",
                (
                    (volume, stamp.ctime_ns, root, encode_relative(stamp.relative))
                    for stamp, volume in files
                ),
            )

    def forget(self, root: RootId, relatives: Iterable[str]) -> None:
        """Drop files; their contents stay until they are pruned."""
        with self._connections.atomic() as connection:
            connection.executemany(
                "DELETE FROM items WHERE root = ? AND relative = ?",
                ((root, encode_relative(relative)) for relative in relatives),
            )

    def skipped(self) -> tuple[SkippedFile, ...]:
        """Every file that is not searchable, and why."""
        rows = self._rows(
            "SELECT roots.path, relative, reason FROM items JOIN roots ON roots.id = root"
            " WHERE reason IS NOT NULL ORDER BY roots.id, relative"
        )
        return tuple(
            SkippedFile(file_path(root, relative), reason) for root, relative, reason in rows
        )

    def any_searchable(self) -> bool:
        """Whether any file is searchable, or waits for a vector of the model in use."""
        return self._row("SELECT 1 FROM items WHERE content IS NOT NULL LIMIT 1") is not None

    def counts(self) -> dict[RootId, int]:
        """Files of every root with a content, exact copies counted."""
        rows = self._rows(
            "SELECT root, count(*) FROM items WHERE content IS NOT NULL GROUP BY root"
        )
        return {RootId(root): count for root, count in rows}

    def located(self, contents: Sequence[ContentId]) -> dict[ContentId, list[Located]]:
        """The files of these contents, in a stable order."""
        found: dict[ContentId, list[Located]] = {}
        rows = self._connections.rows_among(
            "SELECT content, items.id, roots.path, relative, root, volume FROM items"
            " JOIN roots ON roots.id = root"
            " WHERE content IN ({values}) ORDER BY roots.id, relative",
            contents,
        )
        for content, item, path, relative, root, volume in rows:
            file = Located(item, file_path(path, relative), (RootId(root), volume))
            found.setdefault(ContentId(content), []).append(file)
        return found


def _root(number: int, path: bytes, unfinished: int) -> Root:
    return Root(RootId(number), Path(os.fsdecode(path)), bool(unfinished))
