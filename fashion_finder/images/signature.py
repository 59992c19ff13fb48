"""A small copy of a picture that shows whether another one is a near duplicate.

Near duplicates are one photo saved again, at another size or in another format, with a trimmed or
added white border or cropped slightly; another piece, or the same piece in another colour, is none.
Both pictures are cut to their content without white border, smoothed until nothing is finer than the
grid, and aligned by Gauss-Newton steps over the shift and scale of each axis (Lucas and Kanade 1981).
What then remains is compared with what a misalignment by a fraction of a grid step would leave at
the picture's own edges.

All constants were chosen on 8,800 catalogue photos that are in no test set, and are evaluated by
benchmarks/bench_near_duplicates.py.
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
"""Means of squared levels, or of squared levels per grid step, over each picture: [N]."""

_SIDE: Final = 32  # grid of the luminance
_COLOUR_SIDE: Final = 16  # grid of each of the two colour planes
_HEADER: Final = struct.Struct("<f")  # width / height of what the frame holds
SIGNATURE_BYTES: Final = _HEADER.size + _SIDE**2 + 2 * _COLOUR_SIDE**2

_WHITE: Final = 240  # a pixel whose darkest channel is below is not border
_BORDER_SHARE: Final = 0.01  # of a row or column that may be dark and still border: noise and dust
_LEAST: Final = 8  # pixels of the square; a smaller content is no frame to rely on

_ASPECTS: Final = 1.15  # one frame's aspect may be this many times the other's
_ROUGHLY: Final = 24.0  # levels, root mean square over 8 x 8 fields; else they are not aligned
_FITS: Final = 5  # the first as the frames lie, then improving
_SCALES: Final = 0.15  # how far a scale may leave 1
_SHIFTS: Final = 0.1 * _SIDE  # grid steps
_DAMPING: Final = 0.02
_SLOPE: Final = 0.08  # grid steps: the misalignment that resampling leaves
_RESIDUAL: Final = 1.9  # levels of luminance, root mean square, in flat areas
_COLOUR: Final = 1.6  # of either colour plane


def _smoothing() -> npt.NDArray[np.float32]:
    """Blurs along one axis by (1, 2, 1) / 4, twice: [side, side]."""
    rows = np.pad(np.eye(_SIDE, dtype=np.float32), ((1, 1), (0, 0)), "edge")
    once = (rows[:-2] + 2 * rows[1:-1] + rows[2:]) / 4
    return np.asarray(once @ once, np.float32)


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
    pixels = np.asarray(framed.convert("YCbCr"), np.float32).transpose(2, 0, 1)
    smooth = _SMOOTHING @ pixels @ _SMOOTHING.T  # exact: whole levels times sixteenths
    step = _SIDE // _COLOUR_SIDE
    colours = smooth[1:].reshape(2, _COLOUR_SIDE, step, _COLOUR_SIDE, step).mean(axis=(2, 4))
    planes = (smooth[0], colours)
    packed = b"".join(np.rint(levels).astype(np.uint8).tobytes() for levels in planes)
    return _HEADER.pack((right - left) / (bottom - top)) + packed


def same_photo(signature: bytes, others: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    """Which of the others are near duplicates, [N].

    What is no signature (empty: not made yet) is a duplicate of nothing.
    """
    verdicts = np.zeros(len(others), np.bool_)
    valid = [row for row, other in enumerate(others) if len(other) == SIGNATURE_BYTES]
    if len(signature) != SIGNATURE_BYTES or not valid:
        return verdicts
    aspect, light, colour = _unpacked([signature])
    aspects, lights, colours = _unpacked([others[row] for row in valid])
    rough = np.abs(np.log(aspects / aspect)) < np.log(_ASPECTS)
    differences = _fields(lights) - _fields(light)
    rough &= np.sqrt((differences**2).mean(axis=(1, 2))) < _ROUGHLY
    undecided = np.flatnonzero(rough)
    for turn in range(2):  # either may be the sharper one, which is better moved over the other
        if not len(undecided):
            break
        still, moved = (light, colour), (lights[undecided], colours[undecided])
        same = _aligns(*still, *moved) if turn == 0 else _aligns(*moved, *still)
        verdicts[np.asarray(valid)[undecided[same]]] = True
        undecided = undecided[~same]
    return verdicts


def _content_of(square: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all but the white border; the whole when hardly any is left."""
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


def _aligns(
    still: Planes, still_colour: Planes, light: Planes, colour: Planes
) -> npt.NDArray[np.bool_]:
    """Whether a picture matches a still one once it is shifted and scaled to fit it best.

    N pairs at once; either side may be a single picture.
    """
    count = max(len(still), len(light))
    light = np.broadcast_to(light, (count, *light.shape[1:]))
    colour = np.broadcast_to(colour, (count, *colour.shape[1:]))
    # Per axis (x, y): scale - 1, shift in grid steps.
    best = fit = np.zeros((count, 4), np.float32)
    least = np.full(count, np.inf, np.float32)
    slopes = np.zeros(count, np.float32)
    centred = np.arange(_SIDE, dtype=np.float32) - (_SIDE - 1) / 2
    inner = np.s_[:, 1:-1, 1:-1]  # what moves in from beyond the edge is made up
    for _ in range(_FITS):
        moved = _moved(light, fit)
        left = (still - moved)[inner]
        error = (left**2).mean(axis=(1, 2))
        down, across = np.gradient(moved, axis=(1, 2))
        better = error < least
        best = np.where(better[:, None], fit, best)
        slopes = np.where(better, _slope(moved), slopes)
        least = np.minimum(error, least)
        effects = np.stack([across * centred, across, down * centred[:, None], down], axis=1)
        effects = effects[:, :, 1:-1, 1:-1].reshape(count, 4, -1)
        eye = np.eye(4, dtype=np.float32)
        normal = effects @ effects.transpose(0, 2, 1) * (1 + _DAMPING * eye) + 1e-3 * eye
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
    """Whether an error is no more than saving again leaves; steep pictures may differ more."""
    return np.asarray(error < level**2 * (1 + _SLOPE**2 * slope), np.bool_)


def _slope(planes: Planes) -> Squares:
    """How steep N planes are: their squared gradient, mean over all but the edges."""
    down, across = (np.gradient(planes, axis=axis)[:, 1:-1, 1:-1] for axis in (1, 2))
    return np.asarray((down**2 + across**2).mean(axis=(1, 2)), np.float32)


def _moved(planes: Planes, fit: npt.NDArray[np.float32]) -> Planes:
    """N planes, each resampled by its own shift and scale."""
    side = planes.shape[1]
    across, down = (_sampling(fit[:, at], fit[:, at + 1], side) for at in (0, 2))
    return np.asarray(down @ planes @ across.transpose(0, 2, 1), np.float32)


def _sampling(scale: Planes, shift: Planes, side: int) -> Planes:
    """Matrices [N, side, side] that sample a row at (1 + scale) * x + shift, by Catmull-Rom splines."""
    centred = np.arange(side, dtype=np.float32) - (side - 1) / 2
    where = np.clip(centred * (1 + scale[:, None]) + shift[:, None] + (side - 1) / 2, 0, side - 1)
    distance = np.abs(where[:, :, None] - np.arange(side, dtype=np.float32))
    near = ((1.5 * distance - 2.5) * distance) * distance + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    return np.asarray(weights / weights.sum(axis=2, keepdims=True), np.float32)


def _fields(light: Planes) -> Planes:
    """Means over 8 x 8 fields of each plane."""
    width = _SIDE // 8
    return np.asarray(light.reshape(-1, 8, width, 8, width).mean(axis=(2, 4)), np.float32)
