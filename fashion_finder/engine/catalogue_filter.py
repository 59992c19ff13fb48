"""Filters over the whole catalogue: which pictures they leave, and how many each further one would.

The catalogue's columns are kept in memory as long as nothing is committed: 32 bytes a file and 16 a
tag, and once a name was looked for or everything was listed, twice the path of every file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fashion_finder.catalogue.packed_texts import END, PackedTexts
from fashion_finder.catalogue.selection import Column, Searchable, Tagged
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import COLOUR_VOCABULARY, TYPE_VOCABULARY, FacetCounts, Filters, RootId
from fashion_finder.engine.name_search import fold_paths, rows_with
from fashion_finder.engine.path_resolver import PathResolver

Mask = npt.NDArray[np.bool_]
"""Of every searchable file, whether it is meant, [N]."""

FindOffline = Callable[[], frozenset[tuple[RootId, str]]]
"""Folders and volumes of which nothing can be reached now."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What filters leave."""

    contents: Column  # ascending
    items: Column  # the files that meet them, ascending

    def holds(self, item: int) -> bool:
        """Whether a file meets the filters."""
        place = int(np.searchsorted(self.items, item))
        return place < len(self.items) and int(self.items[place]) == item


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """The files that filters leave, as rows of columns that hold all files."""

    files: Searchable
    rows: Column  # of the files that meet the filters, ascending
    offline: Mask  # of all files: cannot be reached now
    paths: PackedTexts  # of all files, below their folders; '' when it went away just now
    folders: tuple[Path, ...]  # of `files.volumes`


@dataclass(slots=True, eq=False)
class _Columns:
    """The catalogue under one version."""

    version: tuple[int, int, int]
    files: Searchable
    live: Mask  # of the files: can be found, its vector is of the model in use
    tags: dict[str, Tagged]
    paths: PackedTexts | None = None
    names: PackedTexts | None = None  # the paths as names are looked for


class CatalogueFilter:
    """Applies filters to what one model has made searchable; any thread may ask."""

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
            kept = columns.live & self._meeting(columns, filters)
        return Chosen(np.unique(files.contents[kept]), files.items[kept])

    def pick(self, filters: Filters) -> Picked:
        """The files that meet the filters, those too that wait for this model's vector.

        Raises FolderUnknown.
        """
        with self._lock:
            columns = self._current()
            files = columns.files
            paths = self._paths(columns)
            there = paths.ends > np.concatenate([[-1], paths.ends])[:-1] + 1
            rows = np.flatnonzero(there & self._meeting(columns, filters))
            return Picked(files, rows, self._offline(files), paths, self._folders_of(files))

    def count(self, filters: Filters) -> FacetCounts:
        """How many pictures every further filter would leave. Raises FolderUnknown."""
        with self._lock:
            columns = self._current()
            files = columns.files
            offline = self._offline(files)
            kinds = {
                "types": self._tagged(columns, TYPE_VOCABULARY, filters.types),
                "colours": self._tagged(columns, COLOUR_VOCABULARY, filters.colours),
                "folders": self._in_folders(files, filters),
                "days": _in_days(files.times, filters),
                "names": self._named(columns, filters.names),
                "online": ~offline if filters.online_only else np.ones(len(offline), np.bool_),
            }

            def all_but(kind: str) -> Mask:
                others = (mask for name, mask in kinds.items() if name != kind)
                kept: Mask = np.logical_and.reduce([columns.live, *others])
                return kept

            days = files.times[all_but("days")]
            return FacetCounts(
                total=len(np.unique(files.contents[all_but("")])),
                types=self._count_words(columns, TYPE_VOCABULARY, all_but("types")),
                colours=self._count_words(columns, COLOUR_VOCABULARY, all_but("colours")),
                folders=self._count_folders(files, all_but("folders")),
                oldest=_day(int(days.min())) if len(days) else None,
                newest=_day(int(days.max())) if len(days) else None,
                offline=len(np.unique(files.contents[all_but("online") & offline])),
            )

    # ------------------------------------------------------------ columns

    def _current(self) -> _Columns:
        version = self._catalogue.selection.version()
        if self._columns is None or self._columns.version != version:
            files = self._catalogue.selection.searchable()
            live = np.asarray(self._catalogue.vectors.live_contents(self._model), np.int64)
            is_live = _places_in(live, files.contents) >= 0
            self._columns = _Columns(version, files, is_live, {})
        return self._columns

    def _tags(self, columns: _Columns, vocabulary: str) -> Tagged:
        if vocabulary not in columns.tags:
            columns.tags[vocabulary] = self._catalogue.selection.tagged(self._model, vocabulary)
        return columns.tags[vocabulary]

    def _paths(self, columns: _Columns) -> PackedTexts:
        if columns.paths is None:
            stored = self._catalogue.selection.stored_paths()
            if np.array_equal(stored.items, columns.files.items):
                columns.paths = stored.paths
            else:  # a batch was committed in between; the next question sees it
                places = _places_in(stored.items, columns.files.items).tolist()
                found = (stored.paths[place] if place >= 0 else b"" for place in places)
                columns.paths = PackedTexts.pack(path + END for path in found)
        return columns.paths

    def _names(self, columns: _Columns) -> PackedTexts:
        if columns.names is None:
            folders = [folder.name for folder in self._folders_of(columns.files)]
            columns.names = fold_paths(self._paths(columns), columns.files.volume_of, folders)
        return columns.names

    def _folders_of(self, files: Searchable) -> tuple[Path, ...]:
        """The indexed folders of the files' labels; one that was dropped just now has no name."""
        paths = {root.id: root.path for root in self._catalogue.roots.all()}
        return tuple(paths.get(root, Path()) for root, _ in files.volumes)

    # ------------------------------------------------------------ one kind of filter each

    def _meeting(self, columns: _Columns, filters: Filters) -> Mask:
        """The files that meet all kinds of filters."""
        files = columns.files
        kept = self._in_folders(files, filters) & _in_days(files.times, filters)
        if filters.online_only:
            kept &= ~self._offline(files)
        kept &= self._tagged(columns, TYPE_VOCABULARY, filters.types)
        kept &= self._tagged(columns, COLOUR_VOCABULARY, filters.colours)
        return kept & self._named(columns, filters.names)

    def _named(self, columns: _Columns, words: Sequence[str]) -> Mask:
        if not words:
            return np.ones(len(columns.files.items), np.bool_)
        return rows_with(self._names(columns), words)

    def _tagged(self, columns: _Columns, vocabulary: str, words: Sequence[str]) -> Mask:
        files = columns.files
        if not words:
            return np.ones(len(files.items), np.bool_)
        tags = self._tags(columns, vocabulary)
        wanted = [place for place, word in enumerate(tags.words) if word in words]
        contents = tags.contents[np.isin(tags.places, wanted)]
        return _places_in(contents, files.contents) >= 0

    def _in_folders(self, files: Searchable, filters: Filters) -> Mask:
        if not filters.folders:
            return np.ones(len(files.items), np.bool_)
        kept = np.zeros(len(files.items), np.bool_)
        for folder in filters.folders:
            for root, below in self._path_resolver.located(folder):
                places = _places_in(self._catalogue.selection.items_below(root, below), files.items)
                kept |= places >= 0
        return kept

    def _offline(self, files: Searchable) -> Mask:
        offline = self._find_offline()
        is_offline = np.array([volume in offline for volume in files.volumes], np.bool_)
        return is_offline[files.volume_of]

    # ------------------------------------------------------------ counting

    def _count_words(
        self, columns: _Columns, vocabulary: str, kept: Mask
    ) -> tuple[tuple[str, int], ...]:
        tags = self._tags(columns, vocabulary)
        contents = np.unique(columns.files.contents[kept])
        places = tags.places[_places_in(contents, tags.contents) >= 0]
        counts = np.bincount(places, minlength=len(tags.words)).tolist()
        found = [(word, count) for word, count in zip(tags.words, counts, strict=True) if count]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))

    def _count_folders(self, files: Searchable, kept: Mask) -> tuple[tuple[Path, int], ...]:
        roots = np.array([root for root, _ in files.volumes], np.int64)
        pairs = np.stack([roots[files.volume_of[kept]], files.contents[kept]])
        counts = np.bincount(np.unique(pairs, axis=1)[0]).tolist() if pairs.size else []
        return tuple(
            (root.path, counts[root.id])
            for root in self._catalogue.roots.all()
            if root.id < len(counts) and counts[root.id]
        )


def _places_in(ascending: Column, values: Column) -> Column:
    """Where each value stands in the ascending column; -1 where it does not."""
    if not len(ascending):
        return np.full(len(values), -1, np.int64)
    places = np.searchsorted(ascending, values)
    places[places == len(ascending)] = 0
    return np.where(ascending[places] == values, places, -1)


def _in_days(times: Column, filters: Filters) -> Mask:
    kept = np.ones(len(times), np.bool_)
    if filters.since is not None:
        kept &= times >= _midnight(filters.since)
    if filters.until is not None:
        kept &= times < _midnight(filters.until + timedelta(days=1))
    return kept


def _midnight(day: date) -> int:
    """The local day's first moment, nanoseconds since the epoch."""
    return int(datetime.combine(day, time.min).astimezone().timestamp()) * 1_000_000_000


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment / 1e9).astimezone().date()
