"""Prints laid over a plain garment: what the cut must not see, and what the pattern must name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PictureArray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

#: The words of the vocabulary that can be drawn.
DRAWN = ("striped", "checked", "dotted", "floral", "allover")
#: A pattern's period, as shares of the picture's longer side.
PERIODS = (0.03, 0.16)
#: How much lighter or darker a print in the garment's own colour is, levels of 255.
STRENGTHS = (22.0, 75.0)
#: Of the prints, how many bring a colour of their own.
COLOURED = 0.3


@dataclass(frozen=True, slots=True)
class Printed:
    """A picture with a print; ``recoloured`` when the print has another colour than the garment."""

    picture: PictureArray
    pattern: str
    recoloured: bool


def lay_print(picture: PictureArray, garment: Mask, draw: np.random.Generator) -> Printed:
    """Lay a print over the garment, uint8 [h, w, 3] and bool [h, w].

    A print without a colour of its own leaves the garment's mean colour as it was.
    """
    pattern = DRAWN[draw.integers(len(DRAWN))]
    share = _ink(pattern, garment.shape, draw)
    levels = picture.astype(np.float32)
    recoloured = bool(draw.random() < COLOURED)
    if recoloured:
        share = share * draw.uniform(0.6, 1.0)
        changed = levels * (1 - share[..., None]) + draw.uniform(0, 255, 3) * share[..., None]
    else:
        strength = draw.uniform(*STRENGTHS) * (1 if draw.random() < 0.5 else -1)
        change = share - (share[garment].mean() if garment.any() else 0.0)
        changed = levels + strength * change[..., None]
    shown = np.where(garment[..., None], changed, levels)
    return Printed(np.clip(np.rint(shown), 0, 255).astype(np.uint8), pattern, recoloured)


def _ink(pattern: str, shape: tuple[int, ...], draw: np.random.Generator) -> NDArray[np.float32]:
    """Where the print is, 0 to 1 [h, w], on cloth that is slightly uneven."""
    height, width = shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    side = max(height, width)
    waves = draw.uniform(0, 0.012, 2) * side
    lengths = draw.uniform(0.2, 0.6, 2) * side
    rows, columns = (
        rows + waves[0] * np.sin(columns / lengths[0]),
        columns + waves[1] * np.sin(rows / lengths[1]),
    )
    period = draw.uniform(*PERIODS) * side
    angle = draw.normal(0, 0.35) + draw.integers(2) * np.pi / 2
    along = (rows * np.cos(angle) + columns * np.sin(angle)) / period
    across = (columns * np.cos(angle) - rows * np.sin(angle)) / period
    if pattern == "striped":
        return _band(along, draw.uniform(0.25, 0.6))
    if pattern == "checked":
        bands = _band(along, draw.uniform(0.35, 0.6)), _band(across, draw.uniform(0.35, 0.6))
        crossed = np.abs(bands[0] - bands[1]) if draw.random() < 0.5 else (bands[0] + bands[1]) / 2
        return np.asarray(crossed, np.float32)
    # One figure in each cell, every second column of cells shifted by half.
    shifted = along + 0.5 * (np.floor(across) % 2)
    down, over = shifted % 1 - 0.5, across % 1 - 0.5
    distance = np.hypot(down, over)
    if pattern == "dotted":
        return _inside(distance, draw.uniform(0.18, 0.38))
    turn = np.arctan2(down, over)
    if pattern == "floral":
        petals = int(draw.integers(4, 7))
        cell = np.floor(shifted) * 12.9898 + np.floor(across) * 78.233
        own = cell % (2 * np.pi)
        return _inside(distance, 0.26 + 0.14 * np.cos(petals * turn + own))
    points = int(draw.integers(2, 5))
    return _inside(distance, 0.24 + 0.16 * np.abs(np.cos(points * turn / 2)))


def _band(place: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    return np.asarray(place % 1 < width, np.float32)


def _inside(
    distance: NDArray[np.float32], reach: float | NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(distance < reach, np.float32)
