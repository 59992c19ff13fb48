"""Exact nearest neighbours by brute force: the yardstick, and the fallback without a graph."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors

Labels = npt.NDArray[np.int64]
"""Content ids, [count]."""

Neighbours = list[tuple[int, float]]
"""(content id, inner product), best first; equal ones by ascending id."""


def nearest(labels: Labels, vectors: Vectors, query: Vectors, count: int) -> Neighbours:
    """The `count` rows of `vectors` [N, D] with the greatest inner product with `query` [D]."""
    if count <= 0 or len(labels) == 0:
        return []
    similarities = vectors @ query
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
