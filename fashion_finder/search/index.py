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
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.snapshot import Recent, Shelf, Snapshot

log = logging.getLogger(__name__)

BLOCK = 1024
"""Vectors linked at a time, about a second's work: the longest a build goes on after it was told to
stop."""

Watch = Callable[[int, int], bool]
"""Told how many vectors are linked, of how many; False ends the build."""

REBUILD_SHARE = 0.1
"""A new graph is due when this share of the old one was added since, or twice it is gone."""

REBUILD_LEAST = 1000


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
        self._held: set[int] = set()  # labels in the snapshot, hidden ones too
        self.shelf = Shelf(self._snapshot(None))

    def load(self) -> None:
        """Publish what the catalogue holds: the saved graph as far as it goes, the rest exactly."""
        token = self._source.graph_token()
        graph = Graph.load(self._folder, token, self._model, self._dimension)
        with self._writing:
            self.shelf.publish(self._snapshot(graph))
            self._held = set(graph.labels.tolist()) if graph is not None else set()
        self.refresh()

    def _snapshot(self, graph: Graph | None) -> Snapshot:
        def fetch(labels: Sequence[int]) -> tuple[list[int], Vectors]:
            return self._source.vectors_of(labels, self._model)

        return Snapshot(self._model, Recent.empty(self._dimension), graph, fetch=fetch)

    def refresh(self) -> None:
        """Follow what another process has added or dropped."""
        live = set(self._source.live_contents(self._model))
        current = self.shelf.current
        missing = sorted(live - (self._held - current.hidden))
        if len(missing) == len(live):
            labels, vectors = self._source.vectors_after(0, self._model)
        else:
            labels, vectors = self._source.vectors_of(missing, self._model)
        if labels:
            self.add(labels, vectors)
        gone = self._held - live - current.hidden
        if gone:
            self.hide(gone)

    def add(self, labels: Sequence[int], vectors: Vectors) -> None:
        """Publish points: new ones, or hidden ones that are back."""
        with self._writing:
            new = [row for row, label in enumerate(labels) if label not in self._held]
            snapshot = self.shelf.current.with_shown(labels)
            if new:
                snapshot = snapshot.with_added([labels[row] for row in new], vectors[new])
            self._held.update(labels)
            self.shelf.publish(snapshot)

    def hide(self, labels: Iterable[int]) -> None:
        """Publish that points are gone."""
        with self._writing:
            self.shelf.publish(self.shelf.current.with_hidden(labels))

    @property
    def rebuild_is_due(self) -> bool:
        """True when enough came or went since the graph was built."""
        current = self.shelf.current
        if current.base is None:
            return current.recent.count > 0
        allowed = max(REBUILD_LEAST, REBUILD_SHARE * len(current.base))
        return current.recent.count > allowed or len(current.hidden) > 2 * allowed

    def rebuild(self, threads: int, watch: Watch | None = None) -> bool:
        """Build a graph of everything, publish it and save it; searches and additions go on.

        Returns False when it was stopped or there is nothing to build. A graph that cannot be
        saved still serves; the failure is logged.
        """
        with self._building:
            before = self.shelf.current
            if len(before) == 0 or self._stopped.is_set():
                return False
            linked = 0

            def goes_on(count: int) -> bool:
                nonlocal linked
                linked += count
                wanted = watch is None or watch(linked, len(before))
                return wanted and not self._stopped.is_set()

            try:
                blocks = _blocks(before, goes_on)
                graph = Graph.build(blocks, len(before), self._dimension, threads)
            except _NotWanted:
                return False
            with self._writing:
                after = _after_build(self.shelf.current, graph)
                self._held = set(graph.labels.tolist()).union(after.recent.view()[0].tolist())
                self.shelf.publish(after)
            try:
                graph.save(self._folder, self._source.draw_graph_token(), self._model)
            except CatalogueError as error:
                log.warning("the search graph is not saved: %s", error.title)
            return True

    def stop(self) -> None:
        """Make a build under way end soon, without a result."""
        self._stopped.set()


class _NotWanted(Exception):
    """The build was told to stop."""


def _blocks(
    snapshot: Snapshot, goes_on: Callable[[int], bool]
) -> Iterator[tuple[Sequence[int], Vectors]]:
    labels, vectors = snapshot.visible_recent()
    if not goes_on(0):
        raise _NotWanted
    if snapshot.base is not None:
        old = snapshot.visible_base()
        for start in range(0, len(old), BLOCK):
            some = old[start : start + BLOCK].tolist()
            yield some, snapshot.base.vectors_of(some)
            if not goes_on(len(some)):
                raise _NotWanted
    for start in range(0, len(labels), BLOCK):
        some = labels[start : start + BLOCK].tolist()
        yield some, vectors[start : start + BLOCK]
        if not goes_on(len(some)):
            raise _NotWanted


def _after_build(current: Snapshot, graph: Graph) -> Snapshot:
    """The graph, and what happened while it was built."""
    labels, vectors = current.recent.view()
    later = ~np.isin(labels, graph.labels)
    recent = Recent.empty(graph.dimension).extended(labels[later].tolist(), vectors[later])
    held = set(graph.labels.tolist()).union(labels[later].tolist())
    return replace(current, recent=recent, base=graph, hidden=frozenset(current.hidden & held))
