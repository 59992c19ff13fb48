"""Precision@k of a nearest-neighbour search, in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def nearest(
    queries: NDArray[np.float32],
    gallery: NDArray[np.float32],
    forbidden: NDArray[np.bool_],
    k: int = 5,
) -> NDArray[np.int64]:
    """Return the k most similar gallery rows of each query, best first, [queries, k].

    Similarity is the inner product of the rows ([queries, D] and [gallery, D]); a true entry of
    ``forbidden`` [queries, gallery] never appears. Equal similarities keep the gallery's order.
    Raises ValueError when a query has fewer than k allowed rows.
    """
    if k > len(gallery) or np.any(np.count_nonzero(~forbidden, axis=1) < k):
        raise ValueError(f"a query has fewer than {k} photos to be compared with")
    similarity = queries @ gallery.T
    similarity[forbidden] = -np.inf
    least = np.partition(similarity, -k, axis=1)[:, -k]
    found = np.empty((len(queries), k), dtype=np.int64)
    for row, bound in enumerate(least):
        near = np.flatnonzero(similarity[row] >= bound)  # all that tie with the last one too
        found[row] = near[np.argsort(-similarity[row, near], kind="stable")][:k]
    return found


def found_again(
    queries: NDArray[np.float32],
    gallery: NDArray[np.float32],
    own: NDArray[np.int64],
    groups: NDArray[np.int64],
    k: int,
) -> float:
    """Return how often one of a query's k nearest rows is of its own group.

    ``own`` numbers the queries' groups and ``groups`` the gallery's; copies of one photo share one.
    """
    anything = np.zeros((len(queries), len(gallery)), dtype=np.bool_)
    found = nearest(queries, gallery, anything, k)
    return float((groups[found] == own[:, None]).any(axis=1).mean())


def shares_right(
    found: NDArray[np.int64], queries: Sequence[Any], gallery: Sequence[Any]
) -> NDArray[np.float64]:
    """Return the share of each query's found rows whose label equals its own, [queries with a label].

    A label that is None or empty is unknown: such a query is left out, and such an answer is wrong.
    """
    return np.array(
        [
            sum(gallery[row] == label for row in rows) / len(rows)
            for rows, label in zip(found, queries, strict=True)
            if label
        ]
    )


def precision_at_k(
    found: NDArray[np.int64], queries: Sequence[Any], gallery: Sequence[Any]
) -> float:
    """Return the mean of ``shares_right``; NaN when no query has a label."""
    return mean_share(shares_right(found, queries, gallery))


def mean_share(shares: NDArray[np.float64]) -> float:
    """Return the mean of some queries' shares; NaN when there is none."""
    return float(shares.mean()) if len(shares) else float("nan")


def joined(
    style: NDArray[np.float32], colour: NDArray[np.float32], style_share: float
) -> NDArray[np.float32]:
    """Put unit parts side by side, scaled so that the inner product is their weighted mean."""
    share = np.float32(style_share)
    whole: NDArray[np.float32] = np.hstack([style * share**0.5, colour * (1 - share) ** 0.5])
    return whole


def reweighed(
    embeddings: NDArray[np.float32],
    parts: Sequence[tuple[int, int]],
    weights: Sequence[float],
) -> NDArray[np.float32]:
    """Scale each part (start, stop) to unit length times the square root of its weight."""
    columns = []
    for (start, stop), weight in zip(parts, weights, strict=True):
        part = embeddings[:, start:stop]
        length = np.linalg.norm(part, axis=1, keepdims=True)
        columns.append(part / np.maximum(length, 1e-12) * np.float32(weight**0.5))
    return np.concatenate(columns, axis=1).astype(np.float32)
