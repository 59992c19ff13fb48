"""Keeps the published snapshot up to date: what was added, what is gone, when to build a new graph."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from fashion_finder.domain import Vectors
from fashion_finder.errors import CatalogueError
from fashion_finder.ports import VectorSource
from fashion_finder.search import segments
from fashion_finder.search.exact import Labels, is_in
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.recent import Recent
from fashion_finder.search.segments import Merge
from fashion_finder.search.snapshot import Mask, Snapshot
from fashion_finder.search.word_table import WordTable

log = logging.getLogger(__name__)

BLOCK = 1024
"""Vectors linked at a time, about a second's work: how long a build continues after a stop."""

FETCHED = 4096
"""Vectors read from the catalogue at a time."""

OnProgress = Callable[[int, int], bool]
"""Called with how many vectors are linked, of how many; returns False to end the build."""


class SearchIndex:
    """The snapshot over one catalogue and one model; any thread may read `current`."""

    def __init__(
        self, folder: Path, source: VectorSource, model: str, dimension: int, word_width: int = 0
    ) -> None:
        """`word_width` is how many bytes a picture's packed likely words take."""
        self.words = WordTable(word_width)
        self._ranks_by_words = word_width > 0
        self._folder = folder
        self._source = source
        self._model = model
        self._dimension = dimension
        self._writing = threading.Lock()  # one change of the snapshot at a time
        self._building = threading.Lock()
        self._stopped = threading.Event()
        self._outside = np.zeros(0, np.bool_)  # by label: in the recent part, hidden ones too
        self._has_lost = False  # a saved graph that is due again, however small
        fetch = partial(source.vectors_of, model=model)
        self.current = Snapshot(model, Recent(dimension), fetch=fetch)

    def load(self) -> None:
        """Publish what the catalogue holds: the saved graphs as far as they go, the rest exactly."""
        token = self._source.graph_token()
        each = segments.load_each(self._folder, token, self._model, self._dimension)
        self._has_lost = None in each
        with self._writing:
            self.current = replace(self.current, graphs=tuple(filter(None, each)))
        self._load_words([graph.labels for graph in self.current.graphs])
        self.refresh()

    def _load_words(self, held: Iterable[Labels]) -> None:
        """Of what needs no vector from the catalogue."""
        for labels in held if self._ranks_by_words else ():
            for start in range(0, len(labels), FETCHED):
                some = labels[start : start + FETCHED].tolist()
                with self._writing:
                    self.words.put(*self._source.likely_words_of(some, self._model))

    def refresh(self) -> None:
        """Catch up with what another process has added or dropped."""
        live = np.asarray(self._source.live_contents(self._model), np.int64)  # ascending
        current = self.current
        held = np.concatenate([current.recent.labels, *(graph.labels for graph in current.graphs)])
        visible = np.sort(held[~np.isin(held, np.fromiter(current.hidden, np.int64))])
        missing = live[~is_in(visible, live)]
        for start in range(0, len(missing), FETCHED):
            labels = missing[start : start + FETCHED].tolist()
            labels, vectors = self._source.vectors_of(labels, self._model)
            self._load_words([np.asarray(labels, np.int64)])
            self.add(labels, vectors)
        gone = visible[~is_in(live, visible)]
        if len(gone):
            self.hide(gone.tolist())

    def add(
        self, labels: Sequence[int], vectors: Vectors, likely_words: Sequence[bytes] = ()
    ) -> None:
        """Publish points, with their packed likely words: new ones, or hidden ones that are back."""
        if not len(labels):
            return
        with self._writing:
            if likely_words:
                self.words.put(labels, likely_words)
            current, added = self.current, np.asarray(labels, np.int64)
            held = self._are_outside(added)
            for graph in current.graphs:
                held |= graph.holds(added)
            rows = np.flatnonzero(~held)
            rows = rows[np.sort(np.unique(added[rows], return_index=True)[1])]
            self._outside[added[rows]] = True
            shown = replace(current, hidden=current.hidden.difference(labels))
            self.current = shown.with_added(added[rows].tolist(), vectors[rows])

    def _are_outside(self, labels: Labels) -> Mask:
        """Which labels [N] are in the recent part; makes room to note them all."""
        needed = int(labels.max()) + 1
        if needed > len(self._outside):
            room = np.zeros(max(needed, 2 * len(self._outside)), np.bool_)
            room[: len(self._outside)] = self._outside
            self._outside = room
        return self._outside[labels]

    def hide(self, labels: Iterable[int]) -> None:
        """Publish that points are gone."""
        with self._writing:
            self.current = self.current.with_hidden(labels)

    @property
    def rebuild_is_due(self) -> bool:
        """True when a graph was lost, or enough added or dropped since they were built."""
        current = self.current
        if self._has_lost and current.count_recent():
            return True
        return segments.is_due(current.graphs, current.recent.count, current.hidden)

    def rebuild(self, threads: int, on_progress: OnProgress | None = None) -> bool:
        """Build graphs of all that is in none, while searches and additions continue.

        Each graph is published and saved as soon as it is built. Returns False when it was stopped
        or there is nothing to build. A graph that cannot be saved still serves; that is logged.
        """
        with self._building:
            linked, wanted = 0, self._to_link()

            def continues(count: int) -> bool:
                nonlocal linked
                linked += count
                agreed = on_progress is None or on_progress(linked, max(linked, wanted))
                return agreed and not self._stopped.is_set()

            if wanted == 0 or not continues(0):
                return False
            while linked < wanted and self._to_link():
                try:
                    self._build_next(threads, continues)
                except _Stopped:
                    return False
            return True

    def _to_link(self) -> int:
        """How many points the next graphs are to hold."""
        current = self.current
        return current.count_recent() + segments.next_merge(current.graphs, current.hidden).visible

    def _build_next(self, threads: int, continues: Callable[[int], bool]) -> None:
        before = self.current
        merge = segments.next_merge(before.graphs, before.hidden)
        outside = min(before.count_recent(), segments.SEGMENT - merge.visible)
        blocks = _blocks(before, merge, outside, continues)
        graph = Graph.build(blocks, merge.visible + outside, self._dimension, threads)
        del before, blocks  # frees the linked vectors that only they hold
        with self._writing:
            current = self.current
            kept = tuple(old for old in current.graphs if old not in merge.graphs)
            recent = current.recent.without(graph)
            after = replace(current, recent=recent, graphs=(*kept, graph), hidden=frozenset())
            self.current = after = after.with_hidden(current.hidden)
            self._outside[:] = False
            self._outside[after.recent.labels] = True
        del current, recent  # the linked vectors are not held while the graphs are saved
        try:
            draw_token = self._source.draw_graph_token
            segments.save(after.graphs, self._folder, draw_token, self._model, self._dimension)
            self._has_lost = False
        except CatalogueError as error:
            log.warning("the search graph is not saved: %s", error.title)

    def stop(self) -> None:
        """Make a running build end soon, without a result."""
        self._stopped.set()


class _Stopped(Exception):
    """The build was asked to stop."""


def _blocks(
    snapshot: Snapshot, merge: Merge, outside: int, continues: Callable[[int], bool]
) -> Iterator[tuple[Sequence[int], Vectors]]:
    """The points of the merged graphs, and the first `outside` ones of the recent part."""
    for graph in merge.graphs:
        old = snapshot.visible_of(graph)
        for start in range(0, len(old), BLOCK):
            labels = old[start : start + BLOCK].tolist()
            yield labels, graph.vectors_of(labels)
            if not continues(len(labels)):
                raise _Stopped
    for recent, vectors in snapshot.visible_recent():
        for start in range(0, min(len(recent), outside), BLOCK):
            stop = min(start + BLOCK, outside)
            labels = recent[start:stop].tolist()
            yield labels, vectors[start:stop]
            if not continues(len(labels)):
                raise _Stopped
        outside -= min(len(recent), outside)
