"""What a search sees: an immutable view that is replaced whole, never written to.

A snapshot consists of frozen graphs, the vectors added after them (searched exactly), and the ids
that are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors
from fashion_finder.search import exact
from fashion_finder.search.exact import Labels, Neighbours, by_rank
from fashion_finder.search.hnsw import SEARCH_BREADTH, Graph
from fashion_finder.search.recent import Recent

FETCH_WORTH = 36
"""When a filter leaves n of a graph's N pictures, all n are compared if n * n <= 36 N, else the graph is
searched. Fetching one costs about 7 microseconds, searching the graph about 250 N / n; they break
even at n = 1,200 (3 %) of 42,386, and at 6,000 (0.6 %) of 1,000,000. Searching with more effort costs
as many times as much. Measured by benchmarks/bench_search.py."""

BREADTH_OF_MANY = 96
"""ef when several graphs are searched. Of a million in 16 graphs, recall@5 is 1.00 from 48 on, and with
all weight on one part at 96 times `query_vector.effort`."""

FILTERED_BREADTH = 128
"""The most for a search that must walk past what a filter excludes, at several times the cost."""

_BLOCK = 4096  # vectors fetched at a time

Mask = npt.NDArray[np.bool_]
"""By label, [greatest label + 1]."""

Fetch = Callable[[Sequence[int]], tuple[list[int], Vectors]]
"""Reads vectors of labels from the catalogue; labels that are gone by now are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The searchable pictures at one moment."""

    model: str
    recent: Recent
    graphs: tuple[Graph, ...] = ()  # no label is in two of them
    hidden: frozenset[int] = field(default_factory=frozenset)  # gone since they were added
    fetch: Fetch | None = None  # faster than the graph, which makes each number an object

    def __len__(self) -> int:
        return self.recent.count + sum(map(len, self.graphs)) - len(self.hidden)

    def visible_recent(self) -> Iterator[tuple[Labels, Vectors]]:
        """What is not gone of each recent block: labels [N], vectors [N, D]."""
        visible = self._visible(None)
        for block in self.recent.blocks:
            rows = block.chosen(visible[block.view()[0]])
            yield rows.view()

    def count_recent(self) -> int:
        """How many recent ones are not gone."""
        return int(self._visible(None)[self.recent.labels].sum())

    def visible_of(self, graph: Graph) -> Labels:
        """Labels [N] of one of its graphs that are not gone."""
        return graph.labels[self._visible(None)[graph.labels]] if self.hidden else graph.labels

    def with_added(self, labels: Sequence[int], vectors: Vectors) -> Snapshot:
        """This snapshot with more points."""
        return replace(self, recent=self.recent.extended(labels, vectors))

    def with_hidden(self, labels: Iterable[int]) -> Snapshot:
        """This snapshot without some points; labels it does not hold are ignored."""
        asked = np.unique(np.fromiter(labels, np.int64))
        held = np.isin(asked, self.recent.labels)
        for graph in self.graphs:
            held |= graph.holds(asked)
        return replace(self, hidden=self.hidden.union(asked[held].tolist()))

    def nearest(
        self, query: Vectors, count: int, allowed: Labels | None = None, effort: int = 1
    ) -> Neighbours:
        """Up to `count` neighbours of `query` [D] by inner product, best first.

        With `allowed` (labels, ascending), only those; never fewer than asked for when enough of
        them exist. The graphs are searched `effort` times as broadly as usual.
        """
        visible = self._visible(allowed) if allowed is not None or self.hidden else None
        found: Neighbours = []
        for block in self.recent.blocks:
            labels, vectors = block.view()
            chosen = None if visible is None else visible[labels]
            found += exact.nearest(labels, vectors, query, count, chosen)
        for graph in self.graphs:
            found += self._nearest_in(
                graph, query, count, visible, effort, filtered=allowed is not None
            )
        return sorted(found, key=by_rank)[:count]

    def count(self, allowed: Labels) -> int:
        """How many of these labels it holds and does not hide."""
        visible = self._visible(allowed)
        held = visible[self.recent.labels].sum()
        return int(held + sum(visible[graph.labels].sum() for graph in self.graphs))

    def _nearest_in(
        self,
        graph: Graph,
        query: Vectors,
        count: int,
        visible: Mask | None,
        effort: int,
        *,
        filtered: bool,
    ) -> Neighbours:
        usual = SEARCH_BREADTH if len(self.graphs) == 1 else BREADTH_OF_MANY
        breadth = usual * effort
        if not filtered:
            found = graph.nearest(query, 2 * count if self.hidden else count, breadth=breadth)
            good = [pair for pair in found if pair[0] not in self.hidden][:count]
            if len(good) == count or len(found) == len(graph):
                return good
        labels = graph.labels if visible is None else graph.labels[visible[graph.labels]]
        left = len(labels)
        if left > count and left * left > FETCH_WORTH * len(graph) * effort:
            found = graph.nearest(query, count, labels, min(usual, FILTERED_BREADTH) * effort)
            if len(found) == count:
                return found
        compared: Neighbours = []
        for start in range(0, left, _BLOCK):
            block = labels[start : start + _BLOCK].tolist()
            held, vectors = self.fetch(block) if self.fetch else (block, graph.vectors_of(block))
            compared += exact.nearest(np.asarray(held, np.int64), vectors, query, count)
        return compared

    def _visible(self, allowed: Labels | None) -> Mask:
        """For every held label, whether it may be in the answer."""
        greatest = max(
            max((block.view()[0].max(initial=0) for block in self.recent.blocks), default=0),
            max((graph.labels[-1] for graph in self.graphs), default=0),
        )
        visible = np.full(greatest + 1, allowed is None, np.bool_)
        if allowed is not None:
            visible[allowed[: np.searchsorted(allowed, greatest, side="right")]] = True
        hidden = np.fromiter(self.hidden, np.int64, len(self.hidden))
        visible[hidden[hidden <= greatest]] = False
        return visible
