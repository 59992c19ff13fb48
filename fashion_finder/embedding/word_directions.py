"""The direction of a word in the embedding, found from the model's scores alone.

A tag head scores a word by the inner product of a unit part of the embedding with the word's vector.
No contract says where in the graph that vector is, so it is solved for, from the scores of more drawn
pictures than the part has dimensions. If the scores are such products, the solution is exact
whatever the pictures show (for the shipped model: to 6e-5 of scores up to 9, on photos not used for
it); if they are not, the pictures held back from the solution show it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from fashion_finder.domain import INPUT_SIDE, Part, Pixels, Vectors

BATCH = 4
SPARE = 1.25
"""Pictures per dimension; those beyond 1 check the solution."""

TOLERANCE = 0.02
"""By how much of their spread the scores held back may be missed."""

Score = Callable[[Pixels], tuple[Vectors, Vectors] | None]


def solve_directions(score: Score, part: Part) -> Vectors | None:
    """One vector per word [words, stop - start]; None when the scores are no inner products.

    Takes about 1.25 inferences per dimension of the part.
    """
    size = part.stop - part.start
    count = int(size * SPARE) + 2 * BATCH
    units, scores = [], []
    for first in range(0, count, BATCH):
        scored = score(np.stack([_patchwork(number) for number in range(first, first + BATCH)]))
        if scored is None:
            return None
        vectors = scored[0][:, part.start : part.stop].astype(np.float64)
        units.append(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))
        scores.append(scored[1].astype(np.float64))
    known, expected = np.concatenate(units), np.concatenate(scores)
    used = size + BATCH
    found = np.linalg.lstsq(known[:used], expected[:used], rcond=None)[0]
    missed = np.abs(known[used:] @ found - expected[used:]).max()
    if missed > TOLERANCE * max(float(expected.std()), 1e-9):
        return None
    return np.asarray(found.T, np.float32)


def _patchwork(number: int) -> Pixels:
    """Coloured patches on white, determined by the number."""
    seed = hashlib.blake2b(number.to_bytes(4, "big"), digest_size=8).digest()
    chance = np.random.default_rng(int.from_bytes(seed, "big"))
    cells, side, margin = 1 + number % 8, INPUT_SIDE * 5 // 7, INPUT_SIDE // 7
    colours = chance.integers(0, 256, (cells, cells, 3), np.uint8)
    at = np.arange(side) * cells // side
    square: Pixels = np.full((INPUT_SIDE, INPUT_SIDE, 3), 255, np.uint8)
    square[margin : margin + side, margin : margin + side] = colours[at][:, at]
    return square
