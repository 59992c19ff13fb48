"""The structure of a JPEG file (ITU-T T.81): its kind, and how much of it is there.

libjpeg fills with grey what a file lacks, and says so to nobody.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from fashion_finder.images.partial import row_digests

_EOI: Final = b"\xff\xd9"
_MARKER: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""Ends entropy-coded data: a marker other than a stuffed byte and a restart (T.81, B.1.1)."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN: Final = 0xDA
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length

_KINDS: Final = {
    0xC3: "lossless JPEG",
    0xC5: "hierarchical JPEG",
    0xC6: "hierarchical JPEG",
    0xC7: "lossless JPEG",
    0xCB: "lossless JPEG",
    0xCD: "hierarchical JPEG",
    0xCE: "hierarchical JPEG",
    0xCF: "lossless JPEG",
}
_JPEG_LS: Final = 0xF7

_FILLER: Final = b"\0" + bytes(random.Random(1).randrange(255) for _ in range(2048))
"""Coded data that no picture holds. Its first byte completes a stuffed one that was cut."""

_MOST_MISSING_BITS: Final = 1
"""A row of a progressive file is there when its coefficients lack no more than their last bit: what a
somewhat lower quality would have dropped too."""

_MEASURED_PIXELS: Final = 24_000_000
"""Larger pictures are measured at a reduced scale, 1/4 at least: at 1/8 only averages are decoded."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What lies in a JPEG file, as far as it goes."""

    frame: int | None = None  # the marker SOFn
    bits: int = 8  # a sample's
    pixels: int = 0
    ended: bool = False  # by its marker
    scan: int = 0  # where the coded data of the last scan starts; 0 when there is no scan
    end: int = 0  # where they end
    missing_bits: int = 99  # the most that any coefficient lacks once all scans are complete
    missing_before: int = 99  # the same without the last scan

    @property
    def unread_kind(self) -> str | None:
        """What kind of JPEG this is, when libjpeg as Pillow builds it does not decode it."""
        if self.frame == _JPEG_LS:
            return "JPEG-LS"
        if self.frame in _KINDS:
            return _KINDS[self.frame]
        return f"JPEG with {self.bits} bits a colour" if self.bits != 8 else None


def read_structure(data: bytes) -> Structure:
    """Walk through the markers up to the end of the picture, or of the data."""
    frame: int | None = None
    bits, pixels, scan, end = 8, 0, 0, 0
    lacking: dict[int, list[int]] = {}
    missing = missing_before = 99
    place = 2
    ended = False
    while match := _MARKER.search(data, place):
        marker, place = data[match.end() - 1], match.end()
        if marker == _EOI[1]:
            ended = True
            break
        if marker in _ALONE:
            continue
        size = int.from_bytes(data[place : place + 2], "big")
        body = data[place + 2 : place + size]
        if size < 2 or len(body) < size - 2:
            break
        place += size
        if (marker in _FRAMES or marker == _JPEG_LS) and len(body) >= 6:
            frame, bits = marker, body[0]
            pixels = int.from_bytes(body[1:3], "big") * int.from_bytes(body[3:5], "big")
            lacking = {number: [99] * 64 for number in body[6::3]}
        elif marker == _START_OF_SCAN and body:
            missing_before = missing
            _note_scan(body, lacking)
            missing = max((max(each) for each in lacking.values()), default=99)
            scan = place
            following = _MARKER.search(data, place)
            place = end = following.start() if following else len(data)
    return Structure(frame, bits, pixels, ended, scan, end, missing, missing_before)


def _note_scan(header: bytes, lacking: dict[int, list[int]]) -> None:
    """Note how many bits the coefficients lack after a scan (T.81, B.2.3)."""
    count = header[0]
    if len(header) < 4 + 2 * count:
        return
    first, last, precision = header[1 + 2 * count : 4 + 2 * count]
    for number in header[1 : 1 + 2 * count : 2]:
        for index in range(first, min(last, 63) + 1):
            lacking.get(number, [0] * 64)[index] = precision & 15


def completed(data: bytes, structure: Structure) -> bytes:
    """The file up to the end of its last scan, with an end marker."""
    return data[: structure.end] + _EOI


def share_there(
    data: bytes, structure: Structure, decode: Callable[[bytes, int], Image.Image]
) -> tuple[float, bool]:
    """What share of a picture's rows is really stored, from the top, and whether all of it is.

    The file is decoded twice: ended where its data end, and with meaningless data added there. Where
    the two differ, data are missing.

    Args:
        structure: that of ``data``.
        decode: decodes a file at a scale of one to ``n``.
    """
    if not structure.scan or structure.missing_bits > _MOST_MISSING_BITS:
        return 0.0, False
    nearly = structure.missing_before <= _MOST_MISSING_BITS
    scale = next((n for n in (1, 2) if structure.pixels <= n * n * _MEASURED_PIXELS), 4)
    ended = row_digests(decode(completed(data, structure), scale))
    filled = row_digests(decode(data[: structure.end] + _FILLER + _EOI, scale))
    differ = np.flatnonzero(ended != filled)
    if len(differ):
        return (1.0 if nearly else float(differ[0]) / len(ended)), False
    return 1.0, structure.missing_bits == 0
