"""Where and in what two pictures agree: their similarity, split over the cells it comes from.

Each part of an embedding is the mean of the picture's cells (the model's ``local`` output), scaled to
unit length times the square root of the part's weight. A cell's inner product with another picture's
part, scaled likewise, therefore averages to exactly the similarity: the map accounts for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import (
    COLOUR_PART,
    COLOUR_VOCABULARY,
    LEAST_PROBABILITY,
    TYPE_VOCABULARY,
    Heat,
    Likeness,
    Part,
    Pixels,
    Recognised,
    Vectors,
)

_LEVELS = 16
"""Levels by which the backdrop may differ from its median, for studio shadows and JPEG."""

_PLAIN_BORDER = 0.5
"""Share of the border that must have one colour to count as a backdrop."""

SHARPNESS = 10.0
"""Of the softmax over the cells: 0.23 less contribution makes a cell a tenth as warm."""

SIMILAR_PART = 0.8
"""Cosine from which two parts count as similar."""

STYLE_PART = "style"


def contributions(local: Vectors, vector: Vectors, parts: Sequence[Part]) -> Heat:
    """Split the similarity of a picture's cells [h, w, D] with a vector [D]: [h, w].

    The mean of the result is the similarity of the picture's embedding with the vector.
    """
    total = np.zeros(local.shape[:2], np.float32)
    for part in parts:
        cells = local[:, :, part.start : part.stop]
        length = max(float(np.linalg.norm(cells.mean(axis=(0, 1)))), 1e-12)
        total += cells @ vector[part.start : part.stop] * (np.sqrt(part.weight) / length)
    return total


def heat_of(values: Heat, square: Pixels, shown: tuple[slice, slice]) -> Heat:
    """Contributions [h, w] as a smooth map over the picture, 0 to 1.

    Args:
        values: of the cells of the model's square.
        square: [side, side, 3], what the model saw.
        shown: rows and columns of the square that hold the picture, without white margins.

    A softmax over the cells, so that those that agree most dominate (``training/evaluation/heat.py``
    compares other definitions). A plain backdrop is left out: cells at the rim of a piece lie half
    on it.
    """
    warm = np.exp(SHARPNESS * (values - values.max()))
    rows, columns = (_weights(cells, len(square)) for cells in warm.shape)
    heat = (rows @ warm @ columns.T)[shown]
    heat[backdrop_of(square[shown])] = 0
    top = float(heat.max())
    return np.asarray(heat / top if top > 0 else heat, np.float32)


def backdrop_of(picture: Pixels) -> npt.NDArray[np.bool_]:
    """Which pixels of [h, w, 3] have the border's plain colour and connect to it, bool [h, w].

    None when most of the border has no single colour.
    """
    levels = picture.astype(np.int16)
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    plain = np.median(border, axis=0)
    if (np.abs(border - plain).max(axis=1) <= _LEVELS).mean() < _PLAIN_BORDER:
        return np.zeros(picture.shape[:2], np.bool_)
    alike = np.abs(levels - plain).max(axis=2) <= _LEVELS
    reached = np.zeros_like(alike)
    reached[[0, -1]] = alike[[0, -1]]
    reached[:, [0, -1]] |= alike[:, [0, -1]]
    rows, columns = _runs(alike), _runs(alike.T)
    count = -1
    while count != (count := int(np.count_nonzero(reached))):
        reached = _spread(reached, rows) & alike
        reached = _spread(reached.T, columns).T & alike
    return np.asarray(reached, np.bool_)


def likenesses(
    first: tuple[Vectors, Sequence[Recognised]],
    second: tuple[Vectors, Sequence[Recognised]],
    parts: Sequence[Part],
) -> tuple[Likeness, ...]:
    """What two pictures have in common, by their embeddings [D] and what was recognised in them."""
    found: list[Likeness] = []
    mine, theirs = _words(first[1]), _words(second[1])
    if TYPE_VOCABULARY in mine and mine[TYPE_VOCABULARY] == theirs.get(TYPE_VOCABULARY):
        found.append(Likeness.SAME_TYPE)
    products = first[0] * second[0]
    cosines = {
        part.name: float(products[part.start : part.stop].sum()) / part.weight for part in parts
    }
    if COLOUR_VOCABULARY in mine and mine[COLOUR_VOCABULARY] == theirs.get(COLOUR_VOCABULARY):
        found.append(Likeness.SAME_COLOUR)
    elif cosines.get(COLOUR_PART, 0) >= SIMILAR_PART:
        found.append(Likeness.SIMILAR_COLOUR)
    if cosines.get(STYLE_PART, 0) >= SIMILAR_PART:
        found.append(Likeness.SIMILAR_CUT)
    return tuple(found)


def _words(recognised: Sequence[Recognised]) -> dict[str, str]:
    return {tag.vocabulary: tag.word for tag in recognised if tag.probability >= LEAST_PROBABILITY}


def _weights(cells: int, side: int) -> Heat:
    """[side, cells]: how much of each cell a pixel gets, bilinearly between the cells' middles."""
    positions = np.clip((np.arange(side) + 0.5) * cells / side - 0.5, 0, cells - 1)
    distances = np.abs(positions[:, None] - np.arange(cells)[None, :])
    return np.asarray(np.maximum(0, 1 - distances), np.float32)


def _runs(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Number the runs of equal values along each row; no number occurs in two rows."""
    begins = np.ones(mask.shape, np.bool_)
    begins[:, 1:] = mask[:, 1:] != mask[:, :-1]
    return (np.cumsum(begins) - 1).reshape(mask.shape)


def _spread(reached: npt.NDArray[np.bool_], runs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Extend every run that has a reached pixel to all of it."""
    touched = np.zeros(int(runs[-1, -1]) + 1, np.bool_)
    touched[runs[reached]] = True
    return np.asarray(touched[runs], np.bool_)
