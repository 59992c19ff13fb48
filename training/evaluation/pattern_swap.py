"""The same garment with another pattern: stripes, checks or dots laid over it in its own colour.

The pattern lightens and darkens by the same amount, so that the garment's mean colour stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluation.backdrop import foreground_of

#: Raise it when the same seed gives other pictures than before: kept vectors are then not taken.
REVISION = 1
PATTERNS = ("striped", "checked", "dotted")
#: How much lighter and darker the pattern makes the garment, levels of 255.
STRENGTH = 46.0
#: A pattern's period, as shares of the picture's side.
PERIODS = (0.04, 0.12)


def laid_over(picture: NDArray[np.uint8], identifier: int, seed: int) -> NDArray[np.uint8]:
    """Lay a pattern drawn for one product over all that is not backdrop, uint8 [h, w, 3]."""
    draw = np.random.default_rng([seed, identifier])
    pattern = PATTERNS[draw.integers(len(PATTERNS))]
    height, width = picture.shape[:2]
    period = draw.uniform(*PERIODS) * max(height, width)
    angle = draw.uniform(-0.3, 0.3) + draw.integers(2) * np.pi / 2
    rows, columns = np.mgrid[:height, :width]
    along = (rows * np.cos(angle) + columns * np.sin(angle)) / period % 1
    across = (columns * np.cos(angle) - rows * np.sin(angle)) / period % 1
    if pattern == "striped":
        light = along < 0.5
    elif pattern == "checked":
        light = (along < 0.5) ^ (across < 0.5)
    else:
        light = (along - 0.5) ** 2 + (across - 0.5) ** 2 < 0.1
    foreground = foreground_of(picture)
    levels = picture.astype(np.float64)
    # What clips at white or black would shift the mean colour: leave room on both sides.
    room = np.minimum(levels, 255 - levels)[foreground].mean() if foreground.any() else 0.0
    change = np.where(light, 1.0, 0.0)
    change -= change[foreground].mean() if foreground.any() else 0.0
    strength = min(STRENGTH, 0.5 * room + 12) * 2
    changed = levels + strength * change[:, :, None] * foreground[:, :, None]
    laid: NDArray[np.uint8] = np.clip(np.rint(changed), 0, 255).astype(np.uint8)
    return laid
