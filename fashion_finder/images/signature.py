"""A small copy of a picture that tells whether another one is the same photo, saved again.

Saving again, another size or format, a trimmed or added white border and a slightly narrower crop
leave a photo the same; another piece, or the same piece in another colour, does not. Both pictures
are brought into one frame (their white border is left out), smoothed until nothing finer than the
grid is left, and laid over each other by Gauss-Newton steps over the shift and scale of each axis
(Lucas and Kanade 1981). What then remains is compared with what a misfit of a fraction of a grid
step would leave at the picture's own edges.

All constants were chosen on 8,800 catalogue photos that belong to no test set; how they fare is
measured by benchmarks/bench_near_duplicates.py.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from fashion_finder.domain import Pixels

Planes = npt.NDArray[np.float32]
"""One colour plane of N signatures: [N, side, side], levels 0 to 255."""

Squares = npt.NDArray[np.float32]
"""Squared levels, or levels per grid step, means over a picture each: [N]."""

_SIDE: Final = 32  # grid of the luminance
_COLOUR_SIDE: Final = 16  # grid of each of the two colour planes
_HEADER: Final = struct.Struct("<f")  # width / height of what the frame holds
SIGNATURE_BYTES: Final = _HEADER.size + _SIDE**2 + 2 * _COLOUR_SIDE**2

_WHITE: Final = 240  # a pixel whose darkest channel is below belongs to the picture, not its border
_BORDER_SHARE: Final = 0.01  # of a row or column that may be dark and still border: noise and dust
_LEAST: Final = 8  # pixels of the square; a smaller content is no frame to rely on

_ASPECTS: Final = 1.15  # one frame's aspect may be this many times the other's
_ROUGHLY: Final = 24.0  # levels, root mean square over 8 x 8 fields; further apart is not looked at
_FITS: Final = 5  # the first as the frames lie, each further one better than the one before
_SCALES: Final = 0.15  # how far a scale may leave 1
_SHIFTS: Final = 0.1 * _SIDE  # grid steps
_DAMPING: Final = 0.02
_SLOPE: Final = 0.08  # grid steps: the misfit that is left when pixels fall between others
_RESIDUAL: Final = 1.9  # levels of luminance, root mean square, where nothing has a slope
_COLOUR: Final = 1.6  # of either colour plane


def _smoothing() -> npt.NDArray[np.float32]:
    """Along one axis, twice: each level a little like its neighbours, (1, 2, 1) / 4."""
    once = np.zeros((_SIDE, _SIDE), np.float32)
    for here in range(_SIDE):
        for place, weight in ((here - 1, 1), (here, 2), (here + 1, 1)):
            once[here, min(max(place, 0), _SIDE - 1)] += weight / 4
    return once @ once


_SMOOTHING: Final = _smoothing()


def signature_of(square: Pixels) -> bytes:
    """The signature of a picture in its white square, `SIGNATURE_BYTES` long.

    Args:
        square: as `preprocess.prepare_square` makes it, [side, side, 3].
    """
    left, top, right, bottom = _content_of(square)
    framed = Image.fromarray(square).resize(
        (_SIDE, _SIDE), Image.Resampling.BOX, box=(left, top, right, bottom)
    )
    planes = np.asarray(framed.convert("YCbCr"), np.float32).transpose(2, 0, 1)
    smooth = _SMOOTHING @ planes @ _SMOOTHING.T  # exact: levels are whole, its numbers sixteenths
    step = _SIDE // _COLOUR_SIDE
    colours = smooth[1:].reshape(2, _COLOUR_SIDE, step, _COLOUR_SIDE, step).mean(axis=(2, 4))
    parts = (smooth[0], colours)
    packed = b"".join(np.rint(part).astype(np.uint8).tobytes() for part in parts)
    return _HEADER.pack((right - left) / (bottom - top)) + packed


def same_photo(one: bytes, others: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    """Which of some pictures are the same photo as one, [N]; by their signatures.

    What is no signature (empty: there is none yet) is the same as nothing.
    """
    verdicts = np.zeros(len(others), np.bool_)
    if len(one) != SIGNATURE_BYTES:
        return verdicts
    places = [place for place, other in enumerate(others) if len(other) == SIGNATURE_BYTES]
    if not places:
        return verdicts
    aspect, light, colour = _unpacked([one])
    aspects, lights, colours = _unpacked([others[place] for place in places])
    rough = np.abs(np.log(aspects / aspect)) < np.log(_ASPECTS)
    away = _fields(lights) - _fields(light)
    rough &= np.sqrt((away**2).mean(axis=(1, 2))) < _ROUGHLY
    open_ones = np.flatnonzero(rough)
    for turn in range(2):  # either may be the sharper one, which is better moved over the other
        if not len(open_ones):
            break
        still, moved = (light, colour), (lights[open_ones], colours[open_ones])
        same = _laid_over(*still, *moved) if turn == 0 else _laid_over(*moved, *still)
        verdicts[np.asarray(places)[open_ones[same]]] = True
        open_ones = open_ones[~same]
    return verdicts


def _content_of(square: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not white border; all of it when hardly any is."""
    darkest = np.minimum(np.minimum(square[..., 0], square[..., 1]), square[..., 2])
    dark = darkest < _WHITE
    columns = np.flatnonzero(dark.mean(axis=0) > _BORDER_SHARE)
    rows = np.flatnonzero(dark.mean(axis=1) > _BORDER_SHARE)
    if len(columns) < _LEAST or len(rows) < _LEAST:
        return 0, 0, square.shape[1], square.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _unpacked(signatures: Sequence[bytes]) -> tuple[npt.NDArray[np.float32], Planes, Planes]:
    """Aspects [N], luminance [N, side, side] and colours [N, 2, colour side, colour side]."""
    raw = np.frombuffer(b"".join(signatures), np.uint8).reshape(len(signatures), SIGNATURE_BYTES)
    aspects = np.frombuffer(raw[:, : _HEADER.size].tobytes(), "<f4")
    levels = raw[:, _HEADER.size :].astype(np.float32)
    light = levels[:, : _SIDE**2].reshape(-1, _SIDE, _SIDE)
    colour = levels[:, _SIDE**2 :].reshape(-1, 2, _COLOUR_SIDE, _COLOUR_SIDE)
    return aspects, light, colour


def _laid_over(
    still: Planes, still_colour: Planes, light: Planes, colour: Planes
) -> npt.NDArray[np.bool_]:
    """Whether a picture, shifted and scaled to fit a still one best, leaves nothing of it.

    N pairs at once; one picture may stand for all on either side.
    """
    count = max(len(still), len(light))
    light = np.broadcast_to(light, (count, *light.shape[1:]))
    colour = np.broadcast_to(colour, (count, *colour.shape[1:]))
    fit: Planes = np.zeros(
        (count, 4), np.float32
    )  # per axis (x, y): scale less 1, shift in grid steps
    best = fit
    least = np.full(count, np.inf, np.float32)
    slopes = np.zeros(count, np.float32)
    centred = np.arange(_SIDE, dtype=np.float32) - (_SIDE - 1) / 2
    inner = np.s_[:, 1:-1, 1:-1]  # what is moved in from beyond the edge is made up
    for _ in range(_FITS):
        moved = _moved(light, fit)
        left = (still - moved)[inner]
        error = (left**2).mean(axis=(1, 2))
        down: Planes = np.gradient(moved, axis=1)
        across: Planes = np.gradient(moved, axis=2)
        better = error < least
        best = np.where(better[:, None], fit, best)
        slopes = np.where(better, _slope(moved), slopes)
        least = np.minimum(error, least)
        effects = np.stack([across * centred, across, down * centred[:, None], down], axis=1)
        effects = effects[:, :, 1:-1, 1:-1].reshape(count, 4, -1)
        normal = effects @ effects.transpose(0, 2, 1)
        normal = normal * (1 + _DAMPING * np.eye(4, dtype=np.float32)) + 1e-3 * np.eye(
            4, dtype=np.float32
        )
        change = np.linalg.solve(normal, effects @ left.reshape(count, -1, 1))[..., 0]
        bound = np.array([_SCALES, _SHIFTS, _SCALES, _SHIFTS], np.float32)
        fit = np.clip(fit + change, -bound, bound).astype(np.float32)
    alike = _small(least, slopes, _RESIDUAL)
    scaled = best * np.array([1, _COLOUR_SIDE / _SIDE] * 2, np.float32)
    for plane in range(2):
        moved = _moved(colour[:, plane], scaled)
        error = ((still_colour[:, plane] - moved)[inner] ** 2).mean(axis=(1, 2))
        alike &= _small(error, _slope(moved), _COLOUR)
    return alike


def _small(error: Squares, slope: Squares, level: float) -> npt.NDArray[np.bool_]:
    """Whether an error is no more than saving again leaves, more where a picture is steep."""
    small: npt.NDArray[np.bool_] = error < level**2 * (1 + _SLOPE**2 * slope)
    return small


def _slope(planes: Planes) -> Squares:
    """How steep N planes are: their squared gradient, mean over all but the edges."""
    down, across = (np.gradient(planes, axis=axis)[:, 1:-1, 1:-1] for axis in (1, 2))
    squares: Squares = (down**2 + across**2).mean(axis=(1, 2))
    return squares


def _moved(planes: Planes, fit: npt.NDArray[np.float32]) -> Planes:
    """N planes, each sampled where its own shift and scale point to."""
    side = planes.shape[1]
    across, down = (_sampling(fit[:, at], fit[:, at + 1], side) for at in (0, 2))
    moved: Planes = (down @ planes @ across.transpose(0, 2, 1)).astype(np.float32)
    return moved


def _sampling(scale: Planes, shift: Planes, side: int) -> Planes:
    """Matrices [N, side, side] that sample a row at (1 + scale) * x + shift, by Catmull-Rom splines."""
    centred = np.arange(side, dtype=np.float32) - (side - 1) / 2
    where = np.clip(centred * (1 + scale[:, None]) + shift[:, None] + (side - 1) / 2, 0, side - 1)
    away = np.abs(where[:, :, None] - np.arange(side, dtype=np.float32))
    near = ((1.5 * away - 2.5) * away) * away + 1
    far = ((-0.5 * away + 2.5) * away - 4) * away + 2
    weights = np.where(away < 1, near, np.where(away < 2, far, 0))
    normal: Planes = (weights / weights.sum(axis=2, keepdims=True)).astype(np.float32)
    return normal


def _fields(light: Planes) -> Planes:
    """Means over 8 x 8 fields of each plane."""
    width = _SIDE // 8
    fields: Planes = light.reshape(-1, 8, width, 8, width).mean(axis=(2, 4))
    return fields
