"""Which colour names are alike: measured on the photos that bear them, in CIE Lab."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: A pixel whose darkest channel is at least this is taken for the white backdrop.
BACKDROP = 235
#: Two names this far apart (Euclidean, Lab) count as alike by exp(-1/2).
SPREAD = 12.0
#: Probability mass that goes to alike names, at most, and evenly to all.
ALIKE_SHARE = 0.15
EVEN_SHARE = 0.05
#: Photos looked at per name.
PHOTOS_PER_NAME = 60
#: The D65 white point.
WHITE = np.array([0.95047, 1.0, 1.08883])
#: Linear sRGB to XYZ (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab_of(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Convert sRGB [..., 3] to CIE Lab (D65): L 0..100, a and b about -100..100."""
    scaled = pixels / 255.0
    linear = np.where(scaled <= 0.04045, scaled / 12.92, ((scaled + 0.055) / 1.055) ** 2.4)
    ratio = (linear @ TO_XYZ.T) / WHITE
    curved = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = np.moveaxis(curved, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def typical_lab(picture: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Return the median Lab colour of what is not backdrop; None when there is nothing else."""
    pixels = picture[::4, ::4].reshape(-1, 3)
    garment = pixels[pixels.min(axis=1) < BACKDROP]
    if len(garment) < 20:
        return None
    median: NDArray[np.float64] = np.median(lab_of(garment), axis=0)
    return median


def soft_colours(
    pictures: NDArray[np.uint8], colour_name: NDArray[np.int64], words: int, seed: int
) -> NDArray[np.float32]:
    """Return the distribution asked for under each colour label, float32 [words, words].

    ``pictures`` [N, h, w, 3] and ``colour_name`` [N] (-1 unknown) are training photos. Most of the
    mass stays with the label; some goes to names whose photos look alike, by Lab distance of the
    medians, so that navy called blue costs less than navy called red. Rows sum to 1.
    """
    draw = np.random.default_rng([seed, 3])
    middles = np.full((words, 3), np.nan)
    for word in range(words):
        bearers = draw.permutation(np.flatnonzero(colour_name == word))[:PHOTOS_PER_NAME]
        seen = [typical_lab(pictures[place]) for place in np.sort(bearers)]
        found = [lab for lab in seen if lab is not None]
        if found:
            middles[word] = np.median(found, axis=0)
    distance = np.linalg.norm(middles[:, None] - middles[None, :], axis=2)
    alike = np.nan_to_num(np.exp(-0.5 * (distance / SPREAD) ** 2), nan=0.0)
    np.fill_diagonal(alike, 0.0)
    crowd = alike.sum(axis=1, keepdims=True)
    shared = ALIKE_SHARE * alike / np.maximum(crowd, 1.0)
    rows = shared + EVEN_SHARE / words
    rows[np.arange(words), np.arange(words)] += 1 - rows.sum(axis=1)
    return rows.astype(np.float32)
