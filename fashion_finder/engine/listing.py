"""Everything indexed, or what filters leave of it, as a list that is cheap at any length."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

import numpy as np

from fashion_finder.catalogue.records import file_path
from fashion_finder.catalogue.selection import Column
from fashion_finder.domain import Closeness, ContentId, Filters, Match, local_time
from fashion_finder.engine.catalogue_filter import Picked


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Pictures by the date of their files, newest first; exact copies fold into one.

    That is named by the newest that is online, if need be by one that does not meet the filters.
    A match is made on demand, without touching a disk; any thread may call it.
    """

    filters: Filters
    contents: Column  # [N], in the order of the list
    _picked: Picked
    _grouped: Column  # [M], rows of `_picked`, exact copies side by side, the newest first
    _starts: Column  # [N], where in `_grouped` the rows of each position begin
    _stops: Column  # [N], and end
    _by_content: Column  # [N], positions by ascending content
    _spare: Column  # [S], rows of online files that do not meet the filters, by ascending content

    def __len__(self) -> int:
        return len(self.contents)

    def match_at(self, position: int) -> Match:
        """The picture at a position. Raises IndexError."""
        rows = self._rows_at(position)
        picked = self._picked
        if picked.offline[rows[0]]:
            rows = np.concatenate([self._spare_of(int(self.contents[position])), rows])
        folders, volume_of = self._picked.folders, self._picked.files.volume_of
        paths = [
            file_path(os.fsencode(folders[int(volume_of[row])]), self._picked.paths[row])
            for row in rows.tolist()
        ]
        away = picked.offline[rows].tolist()
        return Match(
            content=ContentId(int(self.contents[position])),
            path=paths[0],
            similarity=0.0,
            closeness=Closeness.UNJUDGED,
            copies=tuple(paths[1:]),
            offline=away[0],
            offline_copies=tuple(
                path for path, is_away in zip(paths[1:], away[1:], strict=True) if is_away
            ),
        )

    def _spare_of(self, content: int) -> Column:
        contents = self._picked.files.contents[self._spare]
        start, stop = np.searchsorted(contents, [content, content + 1])
        return self._spare[start:stop]

    def day_at(self, position: int) -> date:
        """The day, local time, on which the picture's newest file was last changed."""
        moment = int(self._picked.files.times[self._rows_at(position)].max())
        return local_time(moment).date()

    def place_of(self, content: ContentId) -> int | None:
        """The position of a picture; None when it is not in the list."""
        order = self._by_content
        at = int(np.searchsorted(self.contents, content, sorter=order))
        if at == len(order) or self.contents[order[at]] != content:
            return None
        return int(order[at])

    def _rows_at(self, position: int) -> Column:
        return self._grouped[self._starts[position] : self._stops[position]]


def list_newest_first(filters: Filters, picked: Picked) -> Listing:
    """The pictures of the picked files, in the order of their newest one."""
    rows, files = picked.rows, picked.files
    contents, times = files.contents[rows], files.times[rows]
    # Copies side by side, online ones first, of those the newest, then the first.
    order = np.lexsort((rows, -times, picked.offline[rows], contents))
    grouped = rows[order]
    contents = contents[order]
    starts = np.flatnonzero(np.diff(contents, prepend=-1))
    stops = np.append(starts[1:], len(grouped))
    latest = np.maximum.reduceat(files.times[grouped], starts) if len(starts) else starts
    newest = np.lexsort((contents[starts], -latest))
    shown = contents[starts][newest]
    return Listing(
        filters=filters,
        contents=shown,
        _picked=picked,
        _grouped=grouped,
        _starts=starts[newest],
        _stops=stops[newest],
        _by_content=np.argsort(shown),
        _spare=_spare(picked, contents[starts[picked.offline[grouped[starts]]]]),
    )


def _spare(picked: Picked, away: Column) -> Column:
    """Rows of online files of these contents, none of which is among those that meet the filters."""
    if not len(away):
        return np.empty(0, np.int64)
    rows = np.flatnonzero(np.isin(picked.files.contents, away) & ~picked.offline)
    named = np.array([bool(picked.paths[row]) for row in rows.tolist()], np.bool_)
    rows = rows[named]
    return rows[np.argsort(picked.files.contents[rows], kind="stable")]
