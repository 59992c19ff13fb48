"""The query vector of a refined question: moves and weighs the parts of its embedding.

An indexed vector is made of unit parts, each scaled by the square root of its default weight w. For
its inner product with a query to be the sum of v * cosine over the parts, for other weights v, the
query's unit parts are scaled by v / sqrt(w), and the index need not change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from fashion_finder.domain import Part, Vectors, colour_part
from fashion_finder.errors import PartUnknown

ALPHA, BETA, GAMMA = 1.0, 0.75, 0.25
"""Shares of the query itself, of the mean of the examples to be more like, and of the mean of those to
be less like (Rocchio, "Relevance feedback in information retrieval", 1971; the customary
weights for it, see Manning, Raghavan and Schuetze, "Introduction to Information Retrieval", 9.1.1)."""

DOUBLINGS = 4.6
"""How often the breadth of a search doubles while all weight moves from one part to another."""


def toward(
    query: Vectors, parts: Sequence[Part], more_like: Vectors, less_like: Vectors
) -> Vectors:
    """The query [D] moved towards some vectors [N, D] and away from others [M, D].

    Every part is moved separately and keeps its length, so the weights do not change. A part that
    the move would cancel out stays where it was.
    """
    moved = query.copy()
    for part in parts:
        columns = slice(part.start, part.stop)
        target = ALPHA * _unit(query[columns])
        for share, examples in ((BETA, more_like), (-GAMMA, less_like)):
            if len(examples):
                target = target + share * _unit(examples[:, columns]).mean(axis=0)
        length = float(np.linalg.norm(target))
        if length > 1e-6:
            moved[columns] = target * (float(np.linalg.norm(query[columns])) / length)
    return moved


def in_colour(query: Vectors, parts: Sequence[Part], direction: Vectors) -> Vectors:
    """The query [D] with its colour part turned to `direction` [stop - start].

    Unchanged for a model without a colour part.
    """
    part = colour_part(parts)
    if part is None:
        return query
    turned = query.copy()
    turned[part.start : part.stop] = _unit(direction) * np.sqrt(part.weight)
    return turned


def balance(parts: Sequence[Part], wanted: Mapping[str, float]) -> dict[str, float]:
    """The weight of every part, summing to 1, for weights given in proportion.

    Parts not named weigh nothing; nothing named means the model's own weights. Raises PartUnknown,
    and ValueError for weights that are negative, not finite, or all zero.
    """
    if not wanted:
        return {part.name: part.weight for part in parts}
    names = [part.name for part in parts]
    for name in wanted:
        if name not in names:
            raise PartUnknown(name, f"it has {', '.join(names)}")
    total = sum(wanted.values())
    if not (math.isfinite(total) and total > 0 and min(wanted.values()) >= 0):
        raise ValueError(f"weights {dict(wanted)}")
    return {name: wanted.get(name, 0.0) / total for name in names}


def weighed(query: Vectors, parts: Sequence[Part], weights: Mapping[str, float]) -> Vectors:
    """The query [D] with other weights of its parts."""
    result = query.copy()
    for part in parts:
        result[part.start : part.stop] *= weights[part.name] / part.weight
    return result


def effort(parts: Sequence[Part], weights: Mapping[str, float]) -> int:
    """How many times as broadly as usual to search with these weights.

    The graph links what is near under the parts' own weights. The further the weights are from
    those, the fewer of the true neighbours are linked: of 42,386 pictures, with all weight on a part
    that weighs 0.35, recall@5 is 0.78 at the usual breadth, and 0.997 at 8 times as much.
    """
    moved = sum(abs(weights[part.name] - part.weight) for part in parts) / 2
    return int(2 ** min(3, math.ceil(round(DOUBLINGS * moved, 6))))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
