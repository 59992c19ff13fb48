"""The plain way to compare colours: a CIE-Lab histogram of the foreground, nothing learnt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluation.backdrop import foreground_of

#: Bins of L*, a* and b*.
BINS = (8, 8, 8)
#: What the bins cover: L* is 0..100 by definition, a* and b* of sRGB stay within these.
RANGES = ((0.0, 100.0), (-88.0, 100.0), (-110.0, 96.0))
#: D65, the white of sRGB.
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab_of(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Convert sRGB [..., 3] to CIE L*a*b* (IEC 61966-2-1 and CIE 15)."""
    levels = colours / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])],
        axis=-1,
    )


def histogram(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the square roots of the foreground's shares per bin, float32 [512], unit length.

    So the inner product of two is the Bhattacharyya coefficient, which orders as Hellinger's distance
    does. Every second row and column is looked at. A picture that is all backdrop is described by
    the whole of it.
    """
    sparse = picture[::2, ::2]
    foreground = foreground_of(sparse)
    pixels = sparse[foreground] if foreground.any() else sparse.reshape(-1, 3)
    shares = np.histogramdd(lab_of(pixels), bins=BINS, range=RANGES)[0].ravel()
    root: NDArray[np.float32] = np.sqrt(shares / shares.sum()).astype(np.float32)
    return root


class LabHistograms:
    """Stands beside the models while pictures pass: its embedding is the histogram."""

    digest = "lab-8x8x8-rev-1"

    def run(self, pictures: NDArray[np.uint8], local: bool) -> dict[str, NDArray[np.float32]]:
        """Describe uint8 [N, h, w, 3]: ``embedding`` float32 [N, 512]; there is no ``local``."""
        return {"embedding": np.stack([histogram(picture) for picture in pictures])}
