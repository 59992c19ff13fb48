"""HEIC through libheif: as a Pillow plugin, and reduced while it is copied out of libheif's memory."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image

_THREADS: Final = 2

PIXEL_LIMIT: Final = 210_000_000
"""Most pixels that are decoded: libheif holds the whole picture, 200 megapixels in 0.9 GB, or with
10 bits in 1.5 GB (3 GB, and so too much, without chroma subsampling); Pillow never does."""

_BAND: Final = 8 << 20  # pixels that are handed to Pillow at a time


@lru_cache(maxsize=1)
def register() -> None:
    """Let Pillow open HEIC."""
    # Imported late: it takes as long to load as the rest of Pillow, and few folders need it.
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False, decode_threads=_THREADS)


def decode_reduced(data: bytes, factor: int) -> tuple[Image.Image, tuple[int, int]]:
    """Decode the primary picture, averaging blocks of ``factor`` x ``factor`` pixels.

    Returns:
        The picture, upright, and its size in the file, upright.

    Raises:
        MemoryError: more memory is needed than there is.
        Exception: whatever libheif says about a bad file.
    """
    register()
    from pi_heif import open_heif

    file = open_heif(BytesIO(data), convert_hdr_to_8bit=True)
    try:
        pixels = memoryview(file.data)
    except RuntimeError as error:
        if "memory allocation" in str(error).lower():
            raise MemoryError from error
        raise
    mode, stride, (width, height) = file.mode, file.stride, file.size
    reduced = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = max(1, _BAND // width // factor) * factor
    for top in range(0, height, rows):
        size = (width, min(rows, height - top))
        part = pixels[top * stride : (top + size[1]) * stride]
        band = Image.frombytes(mode, size, part, "raw", mode, stride, 1)
        reduced.paste(band.reduce(factor), (0, top // factor))
    return reduced, (width, height)
