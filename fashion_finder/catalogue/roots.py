"""The indexed folders, as the catalogue records them."""

from __future__ import annotations

import os
from pathlib import Path

from fashion_finder.catalogue.connection import Table
from fashion_finder.catalogue.records import Root, encode_relative
from fashion_finder.domain import RootId


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


def _root(number: int, path: bytes, unfinished: int) -> Root:
    return Root(RootId(number), Path(os.fsdecode(path)), bool(unfinished))
