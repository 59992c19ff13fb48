"""What filters are made of: tags and files as columns, quick to combine and to count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fashion_finder.catalogue.connection import VARIABLES, Records, marks
from fashion_finder.catalogue.packed_texts import END, PackedTexts
from fashion_finder.catalogue.records import encode_relative, file_path
from fashion_finder.domain import ContentId, RootId

Column = npt.NDArray[np.int64]
"""One number per row, [N]."""

_FETCHED = 4096  # rows at a time


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """What a model recognised in one vocabulary: row by row a content and the place of its word."""

    contents: Column  # ascending
    places: Column  # in `words`
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Searchable:
    """Every file that holds a content, row by row."""

    items: Column  # ascending
    contents: Column
    parts: Column  # places in `labels`
    times: Column  # of the last change, nanoseconds
    labels: tuple[tuple[RootId, str], ...]  # a folder and a volume its files were seen on


@dataclass(frozen=True, slots=True, eq=False)
class StoredPaths:
    """Where every file that holds a content lies, row by row."""

    items: Column  # ascending
    paths: PackedTexts  # below their folders


@dataclass(frozen=True, slots=True)
class Located:
    """A file that holds a content."""

    item: int
    path: Path
    part: tuple[RootId, str]  # its folder, and the volume it was last seen on


class SelectionRecords(Records):
    """Questions about many pictures at once."""

    def version(self) -> tuple[int, int, int]:
        """Changes with every commit: an answer kept under one version is right as long as it is.

        Only versions that one thread was given can be compared; each carries the thread.
        """
        return self._connections.version()

    def tagged(self, model: str, vocabulary: str) -> Tagged:
        """The words of this vocabulary that the model gave to its contents."""
        with self._connections.reading() as connection:
            cursor = connection.execute(
                "SELECT content, word FROM tags"
                " WHERE model = (SELECT id FROM models WHERE stamp = ?)"
                " AND word IN (SELECT id FROM words WHERE vocabulary = ?) ORDER BY content",
                (model, vocabulary),
            )
            rows = _columns(cursor, 2)
            words = dict(
                connection.execute("SELECT id, word FROM words WHERE vocabulary = ?", (vocabulary,))
            )
        numbers, places = np.unique(rows[1], return_inverse=True)
        return Tagged(rows[0], places, tuple(words[number] for number in numbers.tolist()))

    def searchable(self) -> Searchable:
        """All files that can be found, whatever model their vectors are of."""
        with self._connections.reading() as connection:
            labels = connection.execute(
                "SELECT DISTINCT root, volume FROM items WHERE content IS NOT NULL"
                " ORDER BY root, volume"
            ).fetchall()
            place_of = {label: place for place, label in enumerate(labels)}
            cursor = connection.execute(
                "SELECT id, content, root, volume, mtime_ns FROM items"
                " WHERE content IS NOT NULL ORDER BY id"
            )
            blocks = []
            while rows := cursor.fetchmany(_FETCHED):
                blocks.append(
                    np.array(
                        [
                            (item, content, place_of[root, volume], time)
                            for item, content, root, volume, time in rows
                        ],
                        np.int64,
                    )
                )
        table = np.concatenate(blocks).T if blocks else np.empty((4, 0), np.int64)
        items, contents, parts, times = (np.ascontiguousarray(column) for column in table)
        named = tuple((RootId(root), volume) for root, volume in labels)
        return Searchable(items, contents, parts, times, named)

    def stored_paths(self) -> StoredPaths:
        """The paths of all files that can be found."""
        items: list[npt.NDArray[np.int64]] = []

        def blocks(cursor: sqlite3.Cursor) -> Iterator[bytes]:
            while rows := cursor.fetchmany(_FETCHED):
                items.append(np.array([item for item, _ in rows], np.int64))
                yield b"".join(path + END for _, path in rows)

        with self._connections.reading() as connection:
            cursor = connection.execute(
                "SELECT id, relative FROM items WHERE content IS NOT NULL ORDER BY id"
            )
            packed = PackedTexts.pack(blocks(cursor))
        return StoredPaths(np.concatenate(items) if items else np.empty(0, np.int64), packed)

    def items_below(self, root: RootId, prefix: str) -> Column:
        """The searchable files at or below `prefix` ('' for the whole root), ascending."""
        with self._connections.reading() as connection:
            if not prefix:
                cursor = connection.execute(
                    "SELECT id FROM items WHERE root = ? AND content IS NOT NULL", (root,)
                )
            else:
                cursor = connection.execute(
                    "SELECT id FROM items WHERE root = ? AND content IS NOT NULL"
                    " AND relative >= ? AND relative < ?",
                    (root, encode_relative(prefix) + b"/", encode_relative(prefix) + b"0"),
                )
            return np.sort(_columns(cursor, 1)[0])

    def located(self, contents: Sequence[ContentId]) -> dict[ContentId, list[Located]]:
        """Where the files of these contents lie, in a stable order."""
        found: dict[ContentId, list[Located]] = {}
        with self._connections.reading() as connection:
            for start in range(0, len(contents), VARIABLES):
                some = contents[start : start + VARIABLES]
                rows = connection.execute(
                    "SELECT content, items.id, roots.path, relative, root, volume FROM items"  # noqa: S608
                    " JOIN roots ON roots.id = root"
                    f" WHERE content IN ({marks(some)}) ORDER BY roots.id, relative",
                    some,
                )
                for content, item, path, relative, root, volume in rows:
                    one = Located(item, file_path(path, relative), (RootId(root), volume))
                    found.setdefault(ContentId(content), []).append(one)
        return found


def _columns(cursor: sqlite3.Cursor, count: int) -> npt.NDArray[np.int64]:
    """The rest of a cursor's rows of `count` whole numbers, turned: [count, N]."""
    blocks = []
    while rows := cursor.fetchmany(_FETCHED):
        blocks.append(np.array(rows, np.int64))
    table = np.concatenate(blocks) if blocks else np.empty((0, count), np.int64)
    return np.ascontiguousarray(table.T)
