"""TIFF files of any samples, which Pillow does not write (TIFF 6.0; BigTIFF)."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Order = Literal["<", ">"]

_SHORT, _LONG, _LONG8 = 3, 4, 16


def tiff(
    samples: npt.NDArray[Any],
    photometric: int,
    *,
    order: Order = "<",
    big: bool = False,
    planes: bool = False,
    packed: bool = False,
    predictor: int = 1,
    tile: tuple[int, int] | None = None,
    bits: int | None = None,
    tags: dict[int, int | tuple[int, ...]] | None = None,
) -> bytes:
    """A file of one picture.

    Args:
        samples: [height, width, count], stored as their own type, or as that many ``bits``.
        order: of bytes, "<" or ">".
        planes: one after the other, instead of interleaved.
        packed: deflated.
        predictor: 2 for differences, 3 for those of floats.
        tile: width and height; otherwise there are strips of 7 rows.
        tags: further ones, or others instead of these.
    """
    height, width, count = samples.shape
    width_of_piece, rows = tile or (width, 7)
    stored = samples.astype(samples.dtype.newbyteorder(order))
    layers = np.split(stored, count, axis=2) if planes else [stored]
    pieces = [
        _piece(layer[top : top + rows, left : left + width_of_piece], tile, predictor, bits)
        for layer in layers
        for top in range(0, height, rows)
        for left in range(0, width, width_of_piece)
    ]
    if packed:
        pieces = [zlib.compress(piece) for piece in pieces]
    head = 16 if big else 8
    starts = [head + sum(map(len, pieces[:number])) for number in range(len(pieces))]
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    offsets, sizes = (324, 325) if tile else (273, 279)
    every: dict[int, int | tuple[int, ...]] = {
        256: width,
        257: height,
        258: (bits or 8 * samples.dtype.itemsize,) * count,
        259: 8 if packed else 1,
        262: photometric,
        offsets: tuple(starts),
        277: count,
        sizes: tuple(map(len, pieces)),
        284: 2 if planes else 1,
        317: predictor,
        339: (kind,) * count,
        **({322: width_of_piece, 323: rows} if tile else {278: rows}),
        **(tags or {}),
    }
    body = b"".join(pieces)
    body += bytes((head + len(body)) % 2)
    mark = {"<": b"II", ">": b"MM"}[order]
    start = head + len(body)
    if big:
        header = mark + struct.pack(order + "HHHQ", 43, 8, 0, start)
    else:
        header = mark + struct.pack(order + "HI", 42, start)
    return header + body + _directory(every, order, start, big=big)


def _piece(
    samples: npt.NDArray[Any], tile: tuple[int, int] | None, predictor: int, bits: int | None
) -> bytes:
    """The bytes of a strip or tile, which is filled up with zeros."""
    height, width, count = samples.shape
    if tile is not None:
        filled = np.zeros((tile[1], tile[0], count), samples.dtype)
        filled[:height, :width] = samples
        samples, (width, height) = filled, tile
    if bits is not None:
        every = ((samples[..., None].astype(np.uint32) >> np.arange(bits - 1, -1, -1)) & 1) > 0
        return np.packbits(every.reshape(height, -1), axis=1).tobytes()
    size = samples.dtype.itemsize
    if predictor == 2:
        whole = samples.view(f"{samples.dtype.str[0]}u{size}") if size > 1 else samples.view("u1")
        steps = whole - np.pad(whole, ((0, 0), (1, 0), (0, 0)))[:, :-1]
        return bytes(steps.astype(whole.dtype).tobytes())
    if predictor == 3:
        big = samples.astype(samples.dtype.newbyteorder(">")).reshape(height, width * count)
        spread = big.view(np.uint8).reshape(height, -1, size).transpose(0, 2, 1).reshape(height, -1)
        return (spread - np.pad(spread, ((0, 0), (count, 0)))[:, :-count]).tobytes()
    return samples.tobytes()


def _directory(
    tags: dict[int, int | tuple[int, ...]], order: str, start: int, *, big: bool
) -> bytes:
    inline, entry = (8, "HHQ") if big else (4, "HHI")
    kind, form = (_LONG8, "Q") if big else (_LONG, "I")
    place = start + (8 if big else 2) + (12 + 8 if big else 12) * len(tags) + inline
    entries, extra = b"", b""
    for tag, value in sorted(tags.items()):
        values = value if isinstance(value, tuple) else (value,)
        is_short = tag in (258, 338, 339)
        each = struct.pack(f"{order}{len(values)}{'H' if is_short else form}", *values)
        entries += struct.pack(order + entry, tag, _SHORT if is_short else kind, len(values))
        if len(each) > inline:
            entries += struct.pack(order + form, place + len(extra))
            extra += each + bytes(len(each) % 2)
        else:
            entries += each.ljust(inline, b"\0")
    count = struct.pack(order + ("Q" if big else "H"), len(tags))
    return count + entries + bytes(inline) + extra
