"""Exact nearest neighbours by brute force: the yardstick, and the fallback without a graph."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors

Labels = npt.NDArray[np.int64]
"""Content ids, [count]."""

Neighbours = list[tuple[int, float]]
"""(content id, inner product), best first; ties by ascending id."""


def nearest(
    labels: Labels,
    vectors: Vectors,
    query: Vectors,
    count: int,
    chosen: npt.NDArray[np.bool_] | None = None,
) -> Neighbours:
    """The `count` rows of `vectors` [N, D] with the greatest inner product with `query` [D].

    With `chosen` [N], only those rows.
    """
    if count <= 0 or len(labels) == 0:
        return []
    if chosen is None:
        similarities = vectors @ query
    else:
        rows = np.flatnonzero(chosen)
        if len(rows) == 0:
            return []
        few = 2 * len(rows) < len(labels)  # copying the rows is less work than multiplying all
        similarities = vectors[rows] @ query if few else (vectors @ query)[rows]
        labels = labels[rows]
    if count < len(labels):
        best = np.argpartition(-similarities, count - 1)[:count]
    else:
        best = np.arange(len(labels))
    pairs = zip(labels[best].tolist(), similarities[best].tolist(), strict=True)
    return sorted(pairs, key=by_rank)


def by_rank(neighbour: tuple[int, float]) -> tuple[float, int]:
    """Sorting key: the more similar first, then the older content."""
    content, similarity = neighbour
    return (-similarity, content)


def is_in(ascending: Labels, labels: Labels) -> npt.NDArray[np.bool_]:
    """Which labels [N] are among the ascending ones."""
    if not len(ascending):
        return np.zeros(len(labels), np.bool_)
    rows = np.searchsorted(ascending, labels)
    return np.asarray(ascending.take(rows, mode="clip") == labels, np.bool_)
