"""Small JPEG copies, shown in the grid even while the photo itself is offline."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image

from fashion_finder.images.decode import Upright
from fashion_finder.images.preprocess import fitted_size

THUMBNAIL_SIDE: Final = 256
"""Longer side of a new thumbnail, pixels."""

_KEPT_SIDE: Final = 320
_KEPT_BYTES: Final = 24 << 10
"""A plain JPEG up to this size is its own thumbnail: for catalogue photos of 225 x 300 pixels, making
another would be a good part of the work of reading them."""

_QUALITY: Final = 80  # about 8 KB each; at 70 the blocks show on plain backgrounds


def shrink(image: Image.Image, side: int) -> Image.Image:
    """A copy of at most ``side`` pixels on the longer side; smaller pictures keep their size."""
    if max(image.size) <= side:
        return image
    return image.resize(
        fitted_size(image.width, image.height, side), Image.Resampling.BICUBIC, reducing_gap=3.0
    )


def make_thumbnail(upright: Upright, data: bytes) -> bytes:
    """The thumbnail of a picture decoded from `data`: JPEG bytes, `data` itself if it will do."""
    if upright.plain and len(data) <= _KEPT_BYTES and max(upright.image.size) <= _KEPT_SIDE:
        return data
    return encode_thumbnail(upright.image)


def encode_thumbnail(image: Image.Image, side: int = THUMBNAIL_SIDE) -> bytes:
    """JPEG bytes of an RGB picture, at most ``side`` pixels on the longer side."""
    file = BytesIO()
    shrink(image, side).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
