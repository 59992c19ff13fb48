"""The one resize between a photo and the model: whole picture, centred on white."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from fashion_finder.domain import INPUT_SIDE, Pixels, Region


def fitted_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height that make the longer side ``side`` pixels and keep the shape.

    The shorter side keeps at least one pixel.
    """
    longer = max(width, height)
    return max(1, round(width * side / longer)), max(1, round(height * side / longer))


def prepare_square(image: Image.Image, size: int = INPUT_SIDE) -> Pixels:
    """Fit the whole picture into a white square; nothing is cropped, small pictures grow.

    Args:
        image: upright and in sRGB; other modes than RGB are converted.
        size: side of the square, pixels.

    Returns:
        uint8 [size, size, 3]. Bicubic; Pillow widens the kernel with the reduction, so that
        fine patterns do not alias.
    """
    width, height = fitted_size(image.width, image.height, size)
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    fitted = rgb.resize((width, height), Image.Resampling.BICUBIC)
    square: Pixels = np.full((size, size, 3), 255, np.uint8)
    left, top = (size - width) // 2, (size - height) // 2
    square[top : top + height, left : left + width] = np.asarray(fitted)
    return square


def prepare_region(pixels: Pixels, region: Region, size: int = INPUT_SIDE) -> Pixels:
    """Fit a region of a decoded picture into a white square, as `prepare_square` does the whole.

    Args:
        pixels: [height, width, 3].
        region: covers at least one pixel however small it is; what lies outside is ignored.
        size: side of the square, pixels.
    """
    height, width = pixels.shape[:2]
    left, right = _span(region.left, region.right, width)
    top, bottom = _span(region.top, region.bottom, height)
    return prepare_square(Image.fromarray(pixels[top:bottom, left:right]), size)


def _span(begin: float, end: float, length: int) -> tuple[int, int]:
    """First pixel and the one after the last, of a span given in shares of `length`."""
    first = min(max(0, math.floor(begin * length + 1e-6)), length - 1)
    return first, max(first + 1, min(length, math.ceil(end * length - 1e-6)))
