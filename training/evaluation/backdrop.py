"""What of a catalogue photo is backdrop: the near-white region that touches its border."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Levels from which all three channels count as near-white; JPEG leaves white at 245 and more.
NEAR_WHITE = 238


def backdrop_of(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which pixels of uint8 [h, w, 3] are near-white and joined to the border, bool [h, w]."""
    near_white = np.asarray((picture >= NEAR_WHITE).all(axis=2))
    reached = np.zeros_like(near_white)
    reached[[0, -1]] = near_white[[0, -1]]
    reached[:, [0, -1]] = near_white[:, [0, -1]]
    rows, columns = _runs(near_white), _runs(near_white.T)
    count = -1
    while count != (count := int(np.count_nonzero(reached))):
        reached = _spread(reached, rows, near_white)
        reached = _spread(reached.T, columns, near_white.T).T
    return reached


def foreground_of(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which pixels are not backdrop; all of them when there is no backdrop at all."""
    return ~backdrop_of(picture)


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the runs of equal values along each row, [h, w]; no number occurs in two rows."""
    begins = np.ones(mask.shape, dtype=bool)
    begins[:, 1:] = mask[:, 1:] != mask[:, :-1]
    return (np.cumsum(begins) - 1).reshape(mask.shape)


def _spread(
    reached: NDArray[np.bool_], runs: NDArray[np.int64], mask: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Reach the whole of every run of the mask of which any pixel is reached."""
    touched = np.zeros(int(runs[-1, -1]) + 1, dtype=bool)
    touched[runs[reached]] = True
    return touched[runs] & mask
