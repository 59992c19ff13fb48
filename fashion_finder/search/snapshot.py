"""What a search sees: an immutable view that is replaced whole, never written to.

A snapshot is a frozen graph, the vectors that came after it (searched exactly), and the ids that
are gone. The shelf holds the current one: one thread publishes, any thread reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors
from fashion_finder.search import exact
from fashion_finder.search.exact import Labels, Neighbours, by_rank
from fashion_finder.search.hnsw import Graph

FETCH_WORTH = 36
"""Of n pictures that a filter leaves of N, all are compared when n * n <= 36 N, else the graph is
asked. Fetching one costs about 7 microseconds, asking the graph about 250 N / n, which are equal
there: at n = 1,200 (3 %) of 42,386, and at 6,000 (0.6 %) of 1,000,000. Measured by
benchmarks/bench_search.py."""

_BLOCK = 4096  # vectors fetched at a time

Fetch = Callable[[Sequence[int]], tuple[list[int], Vectors]]
"""Vectors of labels, from where they are kept; labels that are gone by now are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """Vectors not in the graph yet; rows beyond a snapshot's own length may be appended to."""

    labels: Labels  # [capacity]
    vectors: Vectors  # [capacity, D]
    count: int

    @classmethod
    def empty(cls, dimension: int) -> Recent:
        """Room for nothing."""
        return cls(np.empty(0, np.int64), np.empty((0, dimension), np.float32), 0)

    def extended(self, labels: Sequence[int], vectors: Vectors) -> Recent:
        """These and more; only the newest view may be extended.

        Appends in place behind all published rows, so older views stay as they are.
        """
        needed = self.count + len(labels)
        all_labels, all_vectors = self.labels, self.vectors
        if needed > len(all_labels):
            capacity = max(needed, 2 * len(all_labels), 256)
            all_labels = np.empty(capacity, np.int64)
            all_vectors = np.empty((capacity, self.vectors.shape[1]), np.float32)
            all_labels[: self.count] = self.labels[: self.count]
            all_vectors[: self.count] = self.vectors[: self.count]
        all_labels[self.count : needed] = labels
        all_vectors[self.count : needed] = vectors
        return Recent(all_labels, all_vectors, needed)

    def view(self) -> tuple[Labels, Vectors]:
        """Labels [N] and vectors [N, D] of this view."""
        return self.labels[: self.count], self.vectors[: self.count]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The searchable pictures at one moment."""

    model: str
    recent: Recent
    base: Graph | None = None
    hidden: frozenset[int] = field(default_factory=frozenset)  # gone since they were added
    fetch: Fetch | None = None  # quicker than the graph, which turns each number into an object

    def __len__(self) -> int:
        return self.recent.count + (len(self.base) if self.base else 0) - len(self.hidden)

    def visible_recent(self) -> tuple[Labels, Vectors]:
        """Labels [N] and vectors [N, D] outside the graph that are not gone."""
        labels, vectors = self.recent.view()
        kept = self._visible(labels, None)
        return labels[kept], vectors[kept]

    def visible_base(self) -> Labels:
        """Labels [N] in the graph that are not gone."""
        if self.base is None:
            return np.empty(0, np.int64)
        return self.base.labels[self._visible(self.base.labels, None)]

    def with_added(self, labels: Sequence[int], vectors: Vectors) -> Snapshot:
        """This snapshot and more points."""
        return replace(self, recent=self.recent.extended(labels, vectors))

    def with_shown(self, labels: Iterable[int]) -> Snapshot:
        """This snapshot with points that were hidden and are back."""
        return replace(self, hidden=self.hidden.difference(labels))

    def with_hidden(self, labels: Iterable[int]) -> Snapshot:
        """This snapshot without some points; labels it does not hold are ignored."""
        return replace(self, hidden=self.hidden | self._held(labels))

    def nearest(self, query: Vectors, count: int, allowed: Labels | None = None) -> Neighbours:
        """Up to `count` neighbours of `query` [D] by inner product, best first.

        With `allowed` (labels, ascending), only those; never fewer than asked for when enough of
        them exist.
        """
        labels, vectors = self.recent.view()
        if allowed is not None or self.hidden:
            chosen = self._visible(labels, allowed)
            labels, vectors = labels[chosen], vectors[chosen]
        found = exact.nearest(labels, vectors, query, count)
        if self.base is not None:
            found += self._nearest_in_base(self.base, query, count, allowed)
        return sorted(found, key=by_rank)[:count]

    def count(self, allowed: Labels) -> int:
        """How many of these labels it holds and does not hide."""
        held = self._visible(self.recent.view()[0], allowed).sum()
        if self.base is not None:
            held += self._visible(self.base.labels, allowed).sum()
        return int(held)

    def _nearest_in_base(
        self, base: Graph, query: Vectors, count: int, allowed: Labels | None
    ) -> Neighbours:
        if allowed is None:
            found = base.nearest(query, 2 * count if self.hidden else count)
            good = [one for one in found if one[0] not in self.hidden][:count]
            if len(good) == count or len(found) == len(base):
                return good
        visible = self._visible(base.labels, allowed)
        left = int(visible.sum())
        if left > count and left * left > FETCH_WORTH * len(base):
            found = base.nearest(query, count, base.labels[visible])
            if len(found) == count:
                return found
        return self._nearest_fetched(base, query, count, base.labels[visible])

    def _nearest_fetched(
        self, base: Graph, query: Vectors, count: int, labels: Labels
    ) -> Neighbours:
        found: Neighbours = []
        for start in range(0, len(labels), _BLOCK):
            some = labels[start : start + _BLOCK].tolist()
            held, vectors = (
                self.fetch(some) if self.fetch is not None else (some, base.vectors_of(some))
            )
            found += exact.nearest(np.asarray(held, np.int64), vectors, query, count)
        return found

    def _visible(self, labels: Labels, allowed: Labels | None) -> npt.NDArray[np.bool_]:
        hidden = np.fromiter(self.hidden, np.int64, len(self.hidden))
        if allowed is None:
            return np.isin(labels, hidden, invert=True)
        visible = np.zeros(1 + max(labels.max(initial=0), allowed.max(initial=0)), np.bool_)
        visible[allowed] = True
        visible[hidden[hidden < len(visible)]] = False
        return visible[labels]

    def _held(self, labels: Iterable[int]) -> frozenset[int]:
        held = set(self.recent.view()[0].tolist())
        if self.base is not None:
            held.update(self.base.labels.tolist())
        return frozenset(held.intersection(labels))


class Shelf:
    """Holds the current snapshot: one thread publishes, any thread reads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._current = snapshot

    @property
    def current(self) -> Snapshot:
        """The newest published snapshot."""
        return self._current

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the current snapshot, whole."""
        self._current = snapshot
