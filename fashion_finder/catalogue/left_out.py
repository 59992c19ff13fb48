"""What the indexed folders hold that is not indexed, as of the last look into each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from fashion_finder.catalogue.connection import Table
from fashion_finder.catalogue.records import decode_relative, encode_relative, file_path
from fashion_finder.domain import RootId

LeftOutCounts = Mapping[tuple[str, str], int]
"""Folder relative to its root, '/'-separated, and kind -> how many."""


class LeftOutTable(Table):
    """Counts by folder and kind, so that a look into one sub-folder replaces only its own."""

    def replace(
        self, root: RootId, below: str, unseen: Collection[str], counts: LeftOutCounts
    ) -> None:
        """Record what a look at a root's sub-folder `below` met; '' is all of it.

        What is recorded of folders that could not be seen stays. Nothing is written when it is
        recorded already: a commit costs the caches of every thread.
        """
        before = {
            (decode_relative(folder), kind): count
            for folder, kind, count in self._rows(
                "SELECT folder, kind, count FROM left_out WHERE root = ?", root
            )
            if _is_within(decode_relative(folder), below)
        }
        kept = {key: count for key, count in before.items() if _is_unseen(key[0], unseen)}
        after = kept | dict(counts)
        if after == before:
            return
        with self._connections.atomic() as connection:
            connection.executemany(
                "DELETE FROM left_out WHERE root = ? AND folder = ? AND kind = ?",
                ((root, encode_relative(folder), kind) for folder, kind in before),
            )
            connection.executemany(
                "INSERT INTO left_out (root, folder, kind, count) VALUES (?, ?, ?, ?)",
                (
                    (root, encode_relative(folder), kind, count)
                    for (folder, kind), count in after.items()
                ),
            )

    def all(self) -> list[tuple[Path, str, int]]:
        """Every folder with a kind and its count, by root and then by folder."""
        rows = self._rows(
            "SELECT roots.path, folder, kind, count FROM left_out JOIN roots ON roots.id = root"
            " ORDER BY roots.id, folder, kind"
        )
        return [(file_path(root, folder), kind, count) for root, folder, kind, count in rows]


def _is_within(folder: str, below: str) -> bool:
    return not below or folder == below or folder.startswith(f"{below}/")


def _is_unseen(folder: str, unseen: Collection[str]) -> bool:
    parts = folder.split("/")
    return any("/".join(parts[: length + 1]) in unseen for length in range(len(parts)))
