"""WebP files that are cut short (RFC 9649).

libwebp decodes a frame only when all of its chunk is there, and whatever the chunk holds.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image

from fashion_finder.images.partial import Rows, row_digests

_PIXELS: Final = (b"VP8 ", b"VP8L")
_FILLER: Final = random.Random(2).randbytes(4096)
_LEAST_FILLER: Final = 1 << 20
"""Made-up data is longer than what it stands for: a decoder that comes to its end gives up."""


def is_cut(data: bytes) -> bool:
    """Whether a file lacks bytes of its RIFF chunk."""
    return data[:4] == b"RIFF" and len(data) < 8 + int.from_bytes(data[4:8], "little")


def load_rows(
    data: bytes, open_image: Callable[[bytes], Image.Image]
) -> tuple[Image.Image, Rows] | None:
    """Decode what there is of a picture.

    What is missing is made up, twice, differently: up to the first row that differs, it was not
    needed.

    Args:
        data: a file that is cut.
        open_image: opens a file's bytes.

    Returns:
        The picture, and which of its rows are there; None when there are none.

    Raises:
        Exception: of the decoder, which may not accept what was made up.
    """
    start, has_pixels = 12, False
    while start + 8 <= len(data):
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        if start + 8 + size > len(data):
            break
        has_pixels = has_pixels or data[start : start + 4] in _PIXELS
        start += 8 + size + size % 2
    if has_pixels:  # what is cut is EXIF or the like
        image = open_image(_riff(data[8:start].ljust(start - 8, b"\0")))
        image.load()
        return image, np.ones(image.height, np.bool_)
    if data[start : start + 4] not in _PIXELS:
        return None
    length = len(data) + _LEAST_FILLER
    first = open_image(_completed(data, start, bytes(length)))
    first.load()
    second = open_image(_completed(data, start, _FILLER * (length // len(_FILLER))))
    second.load()
    differ = row_digests(first) != row_digests(second)
    return first, np.cumsum(differ) == 0


def _completed(data: bytes, start: int, filler: bytes) -> bytes:
    """The file with its last chunk, which begins at `start`, lengthened by the filler."""
    body = data[start + 8 :] + filler[: len(filler) - (len(data) + len(filler)) % 2]
    return _riff(data[8:start] + data[start : start + 4] + len(body).to_bytes(4, "little") + body)


def _riff(body: bytes) -> bytes:
    return b"RIFF" + len(body).to_bytes(4, "little") + body
