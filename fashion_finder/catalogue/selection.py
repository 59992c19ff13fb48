"""Tags and files as columns, of numbers or texts: what filters combine and count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from fashion_finder.catalogue.connection import Table
from fashion_finder.catalogue.records import encode_relative
from fashion_finder.domain import RootId

Column = npt.NDArray[np.int64]
"""One number per row, [N]."""

_FETCHED = 4096  # rows at a time

END = b"\0"
"""Ends every text; no path can hold it."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedTexts:
    """Texts as bytes, row by row, each ended by `END`: a few extra bytes each."""

    blob: bytes
    ends: Column  # [N], where each text ends in the blob

    @classmethod
    def pack(cls, blocks: Iterable[bytes]) -> PackedTexts:
        """Pack blocks of whole texts, each text ended."""
        blob = b"".join(blocks)
        ends = np.flatnonzero(np.frombuffer(blob, np.uint8) == END[0])
        return cls(blob, ends.astype(np.int64))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> bytes:
        start = int(self.ends[row - 1]) + 1 if row else 0
        return self.blob[start : int(self.ends[row])]


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """What a model recognised in one vocabulary: row by row, a content and the number of its word."""

    contents: Column  # ascending
    numbers: Column  # indices into `words`
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Searchable:
    """Every file that holds a content, row by row."""

    items: Column  # ascending
    contents: Column
    volume_of: Column  # indices into `volumes`
    times: Column  # of the last change, nanoseconds
    volumes: tuple[tuple[RootId, str], ...]  # a folder, and a volume its files were last seen on


class Selection(Table):
    """Columns over all files and tags."""

    def tagged(self, model: str, vocabulary: str) -> Tagged:
        """The words of this vocabulary that the model gave its contents."""
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
        used, numbers = np.unique(rows[1], return_inverse=True)
        return Tagged(rows[0], numbers, tuple(words[word] for word in used.tolist()))

    def searchable(self) -> Searchable:
        """All files with a content, whatever model its vector is of."""
        with self._connections.reading() as connection:
            volumes = connection.execute(
                "SELECT DISTINCT root, volume FROM items WHERE content IS NOT NULL"
                " ORDER BY root, volume"
            ).fetchall()
            number_of = {volume: number for number, volume in enumerate(volumes)}
            rows = connection.execute(
                "SELECT id, content, root, volume, mtime_ns FROM items"
                " WHERE content IS NOT NULL ORDER BY id"
            )
            items, contents, volume_of, times = _columns(
                (
                    (item, content, number_of[root, volume], time)
                    for item, content, root, volume, time in rows
                ),
                4,
            )
        named = tuple((RootId(root), volume) for root, volume in volumes)
        return Searchable(items, contents, volume_of, times, named)

    def stored_paths(self) -> tuple[Column, PackedTexts]:
        """All files with a content, ascending, and their paths below their folders."""
        items: list[Column] = []

        def blocks(cursor: sqlite3.Cursor) -> Iterator[bytes]:
            while rows := cursor.fetchmany(_FETCHED):
                items.append(np.array([item for item, _ in rows], np.int64))
                yield b"".join(path + END for _, path in rows)

        with self._connections.reading() as connection:
            cursor = connection.execute(
                "SELECT id, relative FROM items WHERE content IS NOT NULL ORDER BY id"
            )
            packed = PackedTexts.pack(blocks(cursor))
        return np.concatenate(items) if items else np.empty(0, np.int64), packed

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


def _columns(rows: Iterable[tuple[int, ...]], count: int) -> npt.NDArray[np.int64]:
    """Rows of `count` whole numbers as columns, [count, N]; few are Python objects at a time."""
    left = iter(rows)
    blocks = [np.empty((0, count), np.int64)]
    while block := list(islice(left, _FETCHED)):
        blocks.append(np.array(block, np.int64))
    return np.ascontiguousarray(np.concatenate(blocks).T)
