"""Applies filters to the whole catalogue, and counts what each further filter would leave.

The catalogue's columns stay in memory until something is committed: 32 bytes a file and 16 a tag,
and once names were searched or everything was listed, twice the path of every file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fashion_finder.catalogue.selection import END, Column, PackedTexts, Searchable, Tagged
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    TYPE_VOCABULARY,
    FacetCounts,
    Filters,
    local_time,
)
from fashion_finder.engine.name_search import fold_paths, rows_with
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.indexing.availability import Offline

Mask = npt.NDArray[np.bool_]
"""Which of all searchable files, [N]."""

FindOffline = Callable[[], Offline]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The pictures and files that filters leave."""

    contents: Column  # ascending
    items: Column  # ascending

    def holds(self, item: int) -> bool:
        """Whether a file meets the filters."""
        position = int(np.searchsorted(self.items, item))
        return position < len(self.items) and int(self.items[position]) == item


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """The files that filters leave, as rows of the columns of all files."""

    files: Searchable
    rows: Column  # of the files that meet the filters, ascending
    offline: Mask  # of all files
    paths: PackedTexts  # of all files, below their folders; '' for a file that was just removed
    folders: tuple[Path, ...]  # of `files.volumes`


@dataclass(slots=True, eq=False)
class _Columns:
    """The catalogue's columns under one version."""

    version: tuple[int, int, int]
    files: Searchable
    live: Mask  # of the files: their vectors are of the model in use
    tags: dict[str, Tagged]
    paths: PackedTexts | None = None
    names: PackedTexts | None = None  # the paths, folded for searching by name


class CatalogueFilter:
    """Applies filters to what one model has made searchable; any thread may call it."""

    def __init__(
        self,
        catalogue: Catalogue,
        path_resolver: PathResolver,
        model: str,
        find_offline: FindOffline,
    ) -> None:
        self._catalogue = catalogue
        self._path_resolver = path_resolver
        self._model = model
        self._find_offline = find_offline
        self._lock = threading.Lock()
        self._columns: _Columns | None = None

    def choose(self, filters: Filters) -> Chosen:
        """The pictures and files that meet the filters. Raises FolderUnknown."""
        with self._lock:
            columns = self._current()
            files = columns.files
            kept = _all_of(columns.live, *self._masks(columns, filters).values())
        return Chosen(np.unique(files.contents[kept]), files.items[kept])

    def pick(self, filters: Filters) -> Picked:
        """The files that meet the filters, including those that wait for this model's vector.

        Raises FolderUnknown.
        """
        with self._lock:
            columns = self._current()
            files = columns.files
            paths = self._paths(columns)
            has_path = paths.ends > np.concatenate([[-1], paths.ends])[:-1] + 1
            rows = np.flatnonzero(_all_of(has_path, *self._masks(columns, filters).values()))
            return Picked(files, rows, self._offline(files), paths, self._folders_of(files))

    def count(self, filters: Filters) -> FacetCounts:
        """How many pictures every further filter would leave. Raises FolderUnknown."""
        with self._lock:
            columns = self._current()
            files = columns.files
            offline = self._offline(files)
            masks = self._masks(columns, filters)

            def all_but(kind: str) -> Mask:
                return _all_of(columns.live, *(masks[name] for name in masks if name != kind))

            days = files.times[all_but("days")]
            return FacetCounts(
                total=len(np.unique(files.contents[all_but("")])),
                types=self._count_words(columns, TYPE_VOCABULARY, all_but("types")),
                colours=self._count_words(columns, COLOUR_VOCABULARY, all_but("colours")),
                folders=self._count_folders(files, all_but("folders")),
                oldest=_day(int(days.min())) if len(days) else None,
                newest=_day(int(days.max())) if len(days) else None,
                offline=len(
                    np.setdiff1d(
                        files.contents[all_but("online") & offline],
                        files.contents[all_but("online") & ~offline],
                    )
                ),
            )

    # ------------------------------------------------------------ columns

    def _current(self) -> _Columns:
        version = self._catalogue.connections.version()
        if self._columns is None or self._columns.version != version:
            files = self._catalogue.selection.searchable()
            live = np.asarray(self._catalogue.vectors.live_contents(self._model), np.int64)
            is_live = _rows_of(live, files.contents) >= 0
            self._columns = _Columns(version, files, is_live, {})
        return self._columns

    def _tags(self, columns: _Columns, vocabulary: str) -> Tagged:
        if vocabulary not in columns.tags:
            columns.tags[vocabulary] = self._catalogue.selection.tagged(self._model, vocabulary)
        return columns.tags[vocabulary]

    def _paths(self, columns: _Columns) -> PackedTexts:
        if columns.paths is None:
            items, paths = self._catalogue.selection.stored_paths()
            if np.array_equal(items, columns.files.items):
                columns.paths = paths
            else:  # a batch was committed in between; the next call sees it
                rows = _rows_of(items, columns.files.items).tolist()
                found = (paths[row] if row >= 0 else b"" for row in rows)
                columns.paths = PackedTexts.pack(path + END for path in found)
        return columns.paths

    def _names(self, columns: _Columns) -> PackedTexts:
        if columns.names is None:
            folders = [folder.name for folder in self._folders_of(columns.files)]
            columns.names = fold_paths(self._paths(columns), columns.files.volume_of, folders)
        return columns.names

    def _folders_of(self, files: Searchable) -> tuple[Path, ...]:
        """The folder of each of the files' volumes; a folder that was just removed has no name."""
        paths = {root.id: root.path for root in self._catalogue.roots.all()}
        return tuple(paths.get(root, Path()) for root, _ in files.volumes)

    # ------------------------------------------------------------ kinds of filters

    def _masks(self, columns: _Columns, filters: Filters) -> dict[str, Mask]:
        """Which files meet each kind of filter that is given."""
        files = columns.files
        masks: dict[str, Mask] = {}
        if filters.types:
            masks["types"] = self._tagged(columns, TYPE_VOCABULARY, filters.types)
        if filters.colours:
            masks["colours"] = self._tagged(columns, COLOUR_VOCABULARY, filters.colours)
        if filters.folders:
            masks["folders"] = self._in_folders(files, filters.folders)
        if filters.names:
            masks["names"] = rows_with(self._names(columns), filters.names)
        if filters.since is not None or filters.until is not None:
            masks["days"] = _in_days(files.times, filters)
        if filters.online_only:
            masks["online"] = ~self._offline(files)
        return masks

    def _tagged(self, columns: _Columns, vocabulary: str, words: Sequence[str]) -> Mask:
        tags = self._tags(columns, vocabulary)
        wanted = [number for number, word in enumerate(tags.words) if word in words]
        contents = tags.contents[np.isin(tags.numbers, wanted)]
        return _rows_of(contents, columns.files.contents) >= 0

    def _in_folders(self, files: Searchable, folders: Sequence[Path]) -> Mask:
        kept = np.zeros(len(files.items), np.bool_)
        for folder in folders:
            for root, below in self._path_resolver.located(folder):
                items = self._catalogue.selection.items_below(root, below)
                kept |= _rows_of(items, files.items) >= 0
        return kept

    def _offline(self, files: Searchable) -> Mask:
        offline = self._find_offline()
        is_offline = np.array([volume in offline.volumes for volume in files.volumes], np.bool_)
        away: Mask = is_offline[files.volume_of]
        for part in offline.parts:
            items = self._catalogue.selection.items_below(part.root, part.below)
            away |= _rows_of(items, files.items) >= 0
        return away

    # ------------------------------------------------------------ counting

    def _count_words(
        self, columns: _Columns, vocabulary: str, kept: Mask
    ) -> tuple[tuple[str, int], ...]:
        tags = self._tags(columns, vocabulary)
        contents = np.unique(columns.files.contents[kept])
        numbers = tags.numbers[_rows_of(contents, tags.contents) >= 0]
        counts = np.bincount(numbers, minlength=len(tags.words)).tolist()
        found = [(word, count) for word, count in zip(tags.words, counts, strict=True) if count]
        return tuple(sorted(found, key=lambda counted: (-counted[1], counted[0])))

    def _count_folders(self, files: Searchable, kept: Mask) -> tuple[tuple[Path, int], ...]:
        roots = np.array([root for root, _ in files.volumes], np.int64)
        pairs = np.stack([roots[files.volume_of[kept]], files.contents[kept]])
        counts = np.bincount(np.unique(pairs, axis=1)[0]).tolist() if pairs.size else []
        return tuple(
            (root.path, counts[root.id])
            for root in self._catalogue.roots.all()
            if root.id < len(counts) and counts[root.id]
        )


def _all_of(*masks: Mask) -> Mask:
    kept: Mask = np.logical_and.reduce(masks)
    return kept


def _rows_of(ascending: Column, values: Column) -> Column:
    """The row of each value in the ascending column; -1 where it is missing."""
    if not len(ascending):
        return np.full(len(values), -1, np.int64)
    rows = np.searchsorted(ascending, values)
    rows[rows == len(ascending)] = 0
    return np.where(ascending[rows] == values, rows, -1)


def _in_days(times: Column, filters: Filters) -> Mask:
    kept = np.ones(len(times), np.bool_)
    if filters.since is not None:
        kept &= times >= _midnight(filters.since)
    if filters.until is not None:
        kept &= times < _midnight(filters.until, later=1)
    return kept


def _midnight(day: date, later: int = 0) -> int:
    """The first moment of a day, or of one some days later: local time, nanoseconds since the epoch.

    In UTC for a day that the system's calendar does not reach.
    """
    try:
        local = datetime.combine(day + timedelta(days=later), time.min).astimezone()
        return int(local.timestamp()) * 1_000_000_000
    except (OSError, OverflowError, ValueError):
        days = day.toordinal() + later - date(1970, 1, 1).toordinal()
        return days * 86_400 * 1_000_000_000


def _day(moment: int) -> date:
    return local_time(moment).date()
