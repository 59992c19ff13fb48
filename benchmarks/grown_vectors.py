"""Any number of vectors that lie as real ones do: mixes of two of one type, and some noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Part, Vectors

Types = npt.NDArray[np.int64]

QUESTIONS = 200
BATCH = 4096
SAMPLE = 400  # real vectors whose neighbours are looked at for the noise


@dataclass(frozen=True, slots=True, eq=False)
class Real:
    """Vectors that were made from photos, some of them set aside as questions."""

    vectors: Vectors  # [N, D]
    types: Types  # [N]
    questions: Vectors  # [QUESTIONS, D]; not among `vectors`
    label: str


def read_real(path: Path | None, dimension: int, parts: tuple[Part, ...]) -> Real:
    """The vectors of a file that real_vectors.py wrote; without one, clusters drawn by chance."""
    chance = np.random.default_rng(0)
    if path is None:
        vectors, types = _drawn(dimension, parts, chance)
    else:
        with np.load(path) as file:
            vectors, types = file["vectors"], file["types"]
    if len(vectors) < 2 * QUESTIONS:
        raise SystemExit(f"{path} holds {len(vectors)} vectors: too few")
    order = chance.permutation(len(vectors))
    aside, kept = order[:QUESTIONS], np.sort(order[QUESTIONS:])
    label = "drawn by chance" if path is None else f"{len(vectors)} of photos"
    return Real(vectors[kept], types[kept], vectors[aside], label)


def grow(real: Real, size: int, parts: tuple[Part, ...]) -> Vectors:
    """The real ones, and mixes of two of one type until there are `size`; fewer, then a sample.

    The noise is as long as the way to the fifth neighbour is in the median of the real ones.
    """
    chance = np.random.default_rng(size)
    if size <= len(real.vectors):
        return real.vectors[np.sort(chance.permutation(len(real.vectors))[:size])]
    order = np.argsort(real.types, kind="stable")
    starts = np.searchsorted(real.types[order], real.types)
    stops = np.searchsorted(real.types[order], real.types, side="right")
    dimension = real.vectors.shape[1]
    noise = np.float32(_fifth_distance(real.vectors, chance) / np.sqrt(dimension))
    grown = np.empty((size, dimension), np.float32)
    grown[: len(real.vectors)] = real.vectors
    for start in range(len(real.vectors), size, BATCH):
        rows = min(BATCH, size - start)
        one = chance.integers(0, len(real.vectors), rows)
        other = order[chance.integers(starts[one], stops[one])]
        share = chance.random((rows, 1), np.float32)
        mixed = share * real.vectors[one] + (1 - share) * real.vectors[other]
        mixed += noise * chance.standard_normal(mixed.shape, np.float32)
        grown[start : start + rows] = _unit(mixed, parts)
    return grown


def _fifth_distance(vectors: Vectors, chance: np.random.Generator) -> float:
    some = chance.permutation(len(vectors))[:SAMPLE]
    sixth = np.partition(vectors[some] @ vectors.T, -6)[:, -6]  # the first one is itself
    return float(np.median(np.sqrt(np.maximum(0.0, 2.0 - 2.0 * sixth))))


def _drawn(
    dimension: int, parts: tuple[Part, ...], chance: np.random.Generator
) -> tuple[Vectors, Types]:
    types = chance.integers(0, 60, 4000)
    centres = chance.standard_normal((60, dimension), np.float32)
    vectors = centres[types]
    vectors += np.float32(0.8) * chance.standard_normal(vectors.shape, np.float32)
    return _unit(vectors, parts), types


def _unit(vectors: Vectors, parts: tuple[Part, ...]) -> Vectors:
    """Each part as long as the root of its weight, as the model contract has it."""
    for part in parts:
        stretch = vectors[:, part.start : part.stop]
        length = np.linalg.norm(stretch, axis=1, keepdims=True)
        stretch *= np.sqrt(np.float32(part.weight)) / length
    return vectors
