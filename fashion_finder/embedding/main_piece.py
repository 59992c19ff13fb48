"""Finds the main piece in a picture, using the model's own local features.

The picture is seen through overlapping square windows, so that the cells are small and none holds
the white beside a fitted picture. Cells at the picture's edge count as background. The less a cell's
vector resembles those of the edge cells most like it, in every part of the embedding, the higher it
scores; a background may be of several kinds. The threshold between piece and background is the one that
splits the scores best (Otsu, "A threshold selection method from gray-level histograms", 1979), and
the box is the one whose scores above it sum highest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Part, Region, Vectors

WINDOW = 0.6
"""Side of a window, as a share of the picture's shorter side: cells of a twelfth of it."""

STRIDE = 0.6
"""From one window to the next at most, as a share of its side."""

LONGEST = 8
"""Windows along a very long picture, without their overlaps."""

FINE = 28
"""Scores are spread over this many cells across and down before the box is laid."""

ALIKE = 5
"""A cell is compared with this many of the edge cells, those most like it."""

SHARPNESS = 1.25
"""Exponent of the scores: what stands out only a little counts less."""

EMPTY_SHARE = 0.5
"""Weight of a cell below the threshold against the box, whose corners a piece seldom fills."""

LEAST_CONTRAST = 1e-3
"""Of the scores; with less, all cells are alike, as in a picture of one colour."""

_Map = npt.NDArray[np.float64]
Look = Callable[[Sequence[Region]], Vectors | None]
"""Cells [N, h, w, D] of N windows of a picture; None from a model that has none."""


def find_main_piece(width: int, height: int, look: Look, parts: Sequence[Part]) -> Region | None:
    """The box around the main piece of a picture, sides in pixels; None when nothing stands out."""
    windows = lay_windows(width, height)
    cells = look(windows)
    if cells is None:
        return None
    scores = np.zeros((FINE, FINE))
    for part in parts:
        scores += _stretched(_spread(windows, _strangeness(windows, cells, part)))
    scores /= len(parts)
    if np.ptp(scores) < LEAST_CONTRAST:
        return None
    scores **= SHARPNESS
    gains = scores - _threshold(scores)
    return best_box(np.where(gains < 0, gains * EMPTY_SHARE, gains))


def lay_windows(width: int, height: int) -> list[Region]:
    """Windows that cover a picture evenly, in shares of its sides; square unless it is very long."""
    side = max(WINDOW * min(width, height), max(width, height) / LONGEST)
    across, down = _spans(width, min(side, width)), _spans(height, min(side, height))
    return [Region(left, top, right, bottom) for top, bottom in down for left, right in across]


def best_box(gains: _Map) -> Region:
    """The box of cells [n, n] with the greatest sum: Kadane's scan under every pair of rows."""
    size = len(gains)
    below = np.zeros((size + 1, size + 1))
    below[1:, 1:] = gains.cumsum(axis=0).cumsum(axis=1)
    tops, bottoms = np.triu_indices(size + 1, 1)
    sums = below[bottoms] - below[tops]  # [pairs, size + 1], running along the row
    gained = sums - np.minimum.accumulate(sums, axis=1)
    pair, right = divmod(int(gained.argmax()), size + 1)
    left = int(sums[pair, : right + 1].argmin())
    return Region(
        left / size, int(tops[pair]) / size, max(right, left + 1) / size, int(bottoms[pair]) / size
    )


def _spans(length: int, side: float) -> list[tuple[float, float]]:
    """Begin and end of windows along one side: the first begins at exactly 0, the last ends at 1."""
    steps = ceil((length - side) / (side * STRIDE) - 1e-9)
    if steps <= 0:
        return [(0.0, 1.0)]
    begins = [step * (1 - side / length) / steps for step in range(steps + 1)]
    return [(begin, begin + side / length) for begin in begins[:-1]] + [(begins[-1], 1.0)]


def _strangeness(windows: Sequence[Region], cells: Vectors, part: Part) -> _Map:
    """How little every cell [N, h, w] points where the cells at the picture's edge do."""
    vectors = cells[..., part.start : part.stop].astype(np.float64)
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    edge = np.zeros(units.shape[:3], bool)
    for at, window in enumerate(windows):
        edge[at, 0] |= window.top <= 0
        edge[at, -1] |= window.bottom >= 1
        edge[at, :, 0] |= window.left <= 0
        edge[at, :, -1] |= window.right >= 1
    alike = np.sort(units @ units[edge].T, axis=-1)[..., -ALIKE:]
    return np.asarray(1 - alike.mean(axis=-1), np.float64)


def _spread(windows: Sequence[Region], scores: _Map) -> _Map:
    """Scores of windows [N, h, w] on one fine map; where they overlap, their middles weigh most."""
    total, weights = np.zeros((FINE, FINE)), np.zeros((FINE, FINE))
    for window, score in zip(windows, scores, strict=True):
        rows, down = _shares(window.top, window.bottom, score.shape[0])
        columns, across = _shares(window.left, window.right, score.shape[1])
        weight = np.outer(down, across)
        total += rows @ score @ columns.T * weight
        weights += weight
    return np.asarray(total / np.maximum(weights, 1e-12), np.float64)


def _shares(begin: float, end: float, count: int) -> tuple[_Map, _Map]:
    """How much of each of a window's `count` cells the fine cells get, [FINE, count], along a side.

    Also their weights [FINE]: 0 outside the window, and the less the nearer to its edge.
    """
    position = ((np.arange(FINE) + 0.5) / FINE - begin) / (end - begin)
    at = np.clip(position * count - 0.5, 0, count - 1)
    inside = np.maximum(np.minimum(position, 1 - position), 0.0)
    inside[(position >= 0) & (position <= 1)] += 1e-6
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(count))), inside


def _stretched(scores: _Map) -> _Map:
    """From 0 to 1, so that every part of the embedding counts."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high - low > LEAST_CONTRAST else np.zeros_like(scores)


def _threshold(scores: _Map) -> float:
    """Otsu's: the value that splits the scores into the two groups with the furthest means."""
    ordered = np.sort(scores.ravel())
    lower = np.arange(1, len(ordered))
    sums = ordered.cumsum()
    low = sums[:-1] / lower
    high = (sums[-1] - sums[:-1]) / (len(ordered) - lower)
    best = int((lower * (len(ordered) - lower) * (high - low) ** 2).argmax())
    return float(ordered[best] + ordered[best + 1]) / 2
