"""What a search sees: an immutable view that is replaced whole, never written to.

A snapshot is a frozen graph, the vectors that came after it (searched exactly), and the ids that
are gone. The shelf holds the current one: one thread publishes, any thread reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors
from fashion_finder.search import exact
from fashion_finder.search.exact import Labels, Neighbours, by_rank
from fashion_finder.search.hnsw import Graph

EXACT_BELOW = 4096
"""A filter that leaves no more than this many points is answered exactly: 4096 inner products of a
few hundred dimensions take less than a millisecond."""


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

    def nearest(
        self, query: Vectors, count: int, allowed: AbstractSet[int] | None = None
    ) -> Neighbours:
        """Up to `count` neighbours of `query` [D] by inner product, best first.

        With `allowed`, only those labels; never fewer than asked for when enough of them exist.
        """
        if allowed is not None and len(allowed) <= EXACT_BELOW:
            return self._nearest_among(query, count, allowed)
        wanted = count
        while True:
            found = self._unfiltered(query, wanted)
            good = [
                (label, similarity)
                for label, similarity in found
                if label not in self.hidden and (allowed is None or label in allowed)
            ]
            if len(good) >= count or len(found) < wanted:
                return good[:count]
            wanted *= 4
            if wanted > EXACT_BELOW:
                return self._nearest_among(query, count, allowed)

    def _unfiltered(self, query: Vectors, count: int) -> Neighbours:
        found = exact.nearest(*self.recent.view(), query, count)
        if self.base is not None:
            found += self.base.nearest(query, count)
        return sorted(found, key=by_rank)[:count]

    def _nearest_among(
        self, query: Vectors, count: int, allowed: AbstractSet[int] | None
    ) -> Neighbours:
        labels, vectors = self.recent.view()
        chosen = self._visible(labels, allowed)
        found = exact.nearest(labels[chosen], vectors[chosen], query, count)
        if self.base is not None:
            old = self.base.labels[self._visible(self.base.labels, allowed)]
            for start in range(0, len(old), EXACT_BELOW):
                some = old[start : start + EXACT_BELOW]
                found += exact.nearest(some, self.base.vectors_of(some.tolist()), query, count)
        return sorted(found, key=by_rank)[:count]

    def _visible(self, labels: Labels, allowed: AbstractSet[int] | None) -> npt.NDArray[np.bool_]:
        visible = np.isin(labels, np.fromiter(self.hidden, np.int64), invert=True)
        if allowed is not None:
            visible &= np.isin(labels, np.fromiter(allowed, np.int64))
        return visible

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
