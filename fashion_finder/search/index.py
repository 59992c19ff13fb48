"""Keeps the published snapshot right: what was added, what is gone, and when to build a new graph."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fashion_finder.domain import Vectors
from fashion_finder.errors import CatalogueError
from fashion_finder.ports import VectorSource
from fashion_finder.search import segments
from fashion_finder.search.exact import Labels
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.recent import Recent
from fashion_finder.search.segments import Dissolving
from fashion_finder.search.snapshot import Mask, Shelf, Snapshot

log = logging.getLogger(__name__)

BLOCK = 1024
"""Vectors linked at a time, about a second's work: the longest a build goes on after it was told to
stop."""

FETCHED = 4096
"""Vectors read from the catalogue at a time."""

Watch = Callable[[int, int], bool]
"""Told how many vectors are linked, of how many; False ends the build."""


class SearchIndex:
    """The snapshot over one catalogue and one model; searches read `shelf.current` freely."""

    def __init__(self, folder: Path, source: VectorSource, model: str, dimension: int) -> None:
        self._folder = folder
        self._source = source
        self._model = model
        self._dimension = dimension
        self._writing = threading.Lock()  # one change of the snapshot at a time
        self._building = threading.Lock()
        self._stopped = threading.Event()
        self._outside = np.zeros(0, np.bool_)  # by label: in the recent part, hidden ones too
        self.shelf = Shelf(self._snapshot(()))

    def load(self) -> None:
        """Publish what the catalogue holds: the saved graphs as far as they go, the rest exactly."""
        token = self._source.graph_token()
        graphs = segments.load(self._folder, token, self._model, self._dimension)
        with self._writing:
            self.shelf.publish(self._snapshot(graphs))
            self._outside = np.zeros(0, np.bool_)
        self.refresh()

    def _snapshot(self, graphs: tuple[Graph, ...]) -> Snapshot:
        def fetch(labels: Sequence[int]) -> tuple[list[int], Vectors]:
            return self._source.vectors_of(labels, self._model)

        return Snapshot(self._model, Recent(self._dimension), graphs, fetch=fetch)

    def refresh(self) -> None:
        """Follow what another process has added or dropped."""
        live = np.asarray(self._source.live_contents(self._model), np.int64)  # ascending
        current = self.shelf.current
        held = np.concatenate([current.recent.labels, *(graph.labels for graph in current.graphs)])
        visible = np.sort(held[~np.isin(held, np.fromiter(current.hidden, np.int64))])
        missing = live[~_among(visible, live)]
        for start in range(0, len(missing), FETCHED):
            some = missing[start : start + FETCHED].tolist()
            self.add(*self._source.vectors_of(some, self._model))
        gone = visible[~_among(live, visible)]
        if len(gone):
            self.hide(gone.tolist())

    def add(self, labels: Sequence[int], vectors: Vectors) -> None:
        """Publish points: new ones, or hidden ones that are back."""
        if not len(labels):
            return
        with self._writing:
            current, asked = self.shelf.current, np.asarray(labels, np.int64)
            held = self._are_outside(asked)
            for graph in current.graphs:
                held |= graph.holds(asked)
            rows = np.flatnonzero(~held)
            rows = rows[np.sort(np.unique(asked[rows], return_index=True)[1])]
            self._outside[asked[rows]] = True
            snapshot = current.with_shown(labels)
            if len(rows):
                snapshot = snapshot.with_added(asked[rows].tolist(), vectors[rows])
            self.shelf.publish(snapshot)

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
            self.shelf.publish(self.shelf.current.with_hidden(labels))

    @property
    def rebuild_is_due(self) -> bool:
        """True when enough came or went since the graphs were built."""
        current = self.shelf.current
        return segments.is_due(current.graphs, current.recent.count, current.hidden)

    def rebuild(self, threads: int, watch: Watch | None = None) -> bool:
        """Build graphs of all that is in none, publish and save them; searches and additions go on.

        Each graph is published and saved as soon as it is built. Returns False when it was stopped
        or there is nothing to build. Graphs that cannot be saved still serve; the failure is logged.
        """
        with self._building:
            linked, wanted = 0, self._to_link()

            def goes_on(count: int) -> bool:
                nonlocal linked
                linked += count
                asked = watch is None or watch(linked, max(linked, wanted))
                return asked and not self._stopped.is_set()

            if wanted == 0 or not goes_on(0):
                return False
            while linked < wanted and self._to_link():
                try:
                    self._build_next(threads, goes_on)
                except _NotWanted:
                    return False
            return True

    def _to_link(self) -> int:
        """How many points the next graph, and those after it, are to hold."""
        current = self.shelf.current
        return (
            current.count_recent() + segments.dissolve_next(current.graphs, current.hidden).visible
        )

    def _build_next(self, threads: int, goes_on: Callable[[int], bool]) -> None:
        before = self.shelf.current
        dissolving = segments.dissolve_next(before.graphs, before.hidden)
        outside = min(before.count_recent(), segments.SEGMENT - dissolving.visible)
        blocks = _blocks(before, dissolving, outside, goes_on)
        count = dissolving.visible + outside
        graph = Graph.build(blocks, count, self._dimension, threads)
        del before, blocks  # what they alone hold of the linked vectors is let go below
        with self._writing:
            after = _after_build(self.shelf.current, dissolving, graph)
            self._outside[:] = False
            self._outside[after.recent.labels] = True
            self.shelf.publish(after)
        try:
            draw_token = self._source.draw_graph_token
            segments.save(after.graphs, self._folder, draw_token, self._model, self._dimension)
        except CatalogueError as error:
            log.warning("the search graph is not saved: %s", error.title)

    def stop(self) -> None:
        """Make a build under way end soon, without a result."""
        self._stopped.set()


class _NotWanted(Exception):
    """The build was told to stop."""


def _blocks(
    snapshot: Snapshot, dissolving: Dissolving, outside: int, goes_on: Callable[[int], bool]
) -> Iterator[tuple[Sequence[int], Vectors]]:
    """The points of some graphs, and the first so many of those outside."""
    for graph in dissolving.graphs:
        old = snapshot.visible_of(graph)
        for start in range(0, len(old), BLOCK):
            some = old[start : start + BLOCK].tolist()
            yield some, graph.vectors_of(some)
            if not goes_on(len(some)):
                raise _NotWanted
    for labels, vectors in snapshot.visible_recent():
        for start in range(0, min(len(labels), outside), BLOCK):
            stop = min(start + BLOCK, outside)
            some = labels[start:stop].tolist()
            yield some, vectors[start:stop]
            if not goes_on(len(some)):
                raise _NotWanted
        outside -= min(len(labels), outside)


def _after_build(current: Snapshot, dissolving: Dissolving, graph: Graph) -> Snapshot:
    """The graph in place of others, and what happened while it was built."""
    kept = tuple(one for one in current.graphs if one not in dissolving.graphs)
    recent = current.recent.without(graph)
    after = replace(current, recent=recent, graphs=(*kept, graph), hidden=frozenset())
    return after.with_hidden(current.hidden)


def _among(ascending: Labels, labels: Labels) -> Mask:
    """Which labels [N] the ascending ones hold."""
    if not len(ascending):
        return np.zeros(len(labels), np.bool_)
    places = np.searchsorted(ascending, labels)
    places[places == len(ascending)] = 0
    return np.asarray(ascending[places] == labels, np.bool_)
