"""The one resize between a photo and the model: whole picture, centred on white."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from fashion_finder.domain import Pixels

INPUT_SIDE: Final = 224
"""Side of the model's input, pixels: the size ResNet50 was designed for (He et al. 2015)."""


def fitted_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height that make the longer side ``side`` pixels and keep the shape.

    A picture of extreme shape keeps at least one pixel of its shorter side.
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
