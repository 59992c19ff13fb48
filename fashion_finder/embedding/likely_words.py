"""The likeliest words of a picture, packed into a few bytes, and how far two pictures agree in them.

Of each vocabulary the ``KEPT`` likeliest words are packed: their numbers, a byte each, then the roots
of their probabilities in 255ths, a byte each. The root keeps small probabilities apart. Pictures
agree in a vocabulary by the chance that a word drawn for the one and a word drawn for the other are
the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors

KEPT = 8
MOST_WORDS = 256
"""Of a vocabulary: a number must fit into a byte."""

WIDTH = 2 * KEPT
"""Bytes of one vocabulary."""

LEAST = 1e-3
"""What an agreement is at least: the model may not know what two pictures have in common."""

Packed = npt.NDArray[np.uint8]
"""Likely words of pictures, [N, WIDTH * vocabularies]; all zero where nothing is known."""


def pack(probabilities: Sequence[Vectors]) -> tuple[bytes, ...]:
    """Pack the probabilities of each vocabulary, [N, words] each. Returns N entries."""
    columns: list[Packed] = []
    for chances in probabilities:
        numbers = np.argsort(-chances, axis=1, kind="stable")[:, :KEPT]
        roots = np.rint(255 * np.sqrt(np.take_along_axis(chances, numbers, axis=1)))
        lacking = ((0, 0), (0, KEPT - numbers.shape[1]))
        columns += [np.pad(kept, lacking).astype(np.uint8) for kept in (numbers, roots)]
    return tuple(row.tobytes() for row in np.concatenate(columns, axis=1))


def unpack(packed: bytes, sizes: Sequence[int]) -> list[Vectors]:
    """The probabilities [words] of each vocabulary, which has that many words."""
    return [
        _probabilities(np.frombuffer(packed, np.uint8), place, size)
        for place, size in enumerate(sizes)
    ]


def agreements(asked: Sequence[Vectors], others: Packed) -> Vectors:
    """How far a picture, by its probabilities [words] in each vocabulary, agrees with others.

    Returns [N, vocabularies], from ``LEAST`` to 1.
    """
    found = np.empty((len(others), len(asked)), np.float32)
    for place, chances in enumerate(asked):
        numbers, roots = _columns(others, place)
        theirs = np.square(roots / np.float32(255))
        found[:, place] = (chances.take(numbers, mode="clip") * theirs).sum(axis=1)
    return np.clip(found, LEAST, 1)


def _columns(packed: Packed, place: int) -> tuple[Packed, Packed]:
    """Numbers and roots of one vocabulary, [N, KEPT] each."""
    start = place * WIDTH
    return packed[:, start : start + KEPT], packed[:, start + KEPT : start + WIDTH]


def _probabilities(packed: Packed, place: int, size: int) -> Vectors:
    numbers, roots = _columns(packed[np.newaxis], place)
    chances = np.zeros(size, np.float32)
    np.add.at(chances, numbers[0], np.square(roots[0] / np.float32(255)))
    return chances
