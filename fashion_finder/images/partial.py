"""Pictures whose files are cut short: which rows are there, and the picture of those."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

Rows = npt.NDArray[np.bool_]
"""Which rows of a picture are there, from the top: bool, [height]."""

LEAST_ROWS: Final = 0.9
"""A picture of which less is there is not shown: what is missing might be the piece."""


def load_rows(open_image: Callable[[], Image.Image]) -> tuple[Image.Image, Rows]:
    """Decode what there is of a picture, with the decoder's error ignored.

    It is decoded twice, over two different grounds: a row that is the same both times was decoded.

    Args:
        open_image: opens the picture afresh, not yet loaded.

    Returns:
        The picture as far as it goes, and which of its rows that are.
    """
    digests = row_digests(_load_over(open_image(), 0))
    image = _load_over(open_image(), 255)
    return image, digests == row_digests(image)


def row_digests(image: Image.Image) -> npt.NDArray[np.uint32]:
    """A checksum of each row, [height]."""
    pixels = np.asarray(image)
    return np.array([zlib.crc32(row.tobytes()) for row in pixels], np.uint32)


def whiten_missing(image: Image.Image, there: Rows) -> Image.Image:
    """Paint white the rows of an RGB picture that are missing; it may have been reduced since."""
    height = image.height
    bounds = np.arange(height + 1) * len(there) // height
    missing_above = np.concatenate(([0], np.cumsum(~there)))
    missing = missing_above[np.maximum(bounds[1:], bounds[:-1] + 1)] > missing_above[bounds[:-1]]
    pixels = np.array(image)
    pixels[missing] = 255
    return Image.fromarray(pixels)


def _load_over(image: Image.Image, level: int) -> Image.Image:
    """Load as much as the decoder can, over a ground of this level."""
    prepare: Callable[[], None] = image.load_prepare  # type: ignore[attr-defined]  # of ImageFile

    def prepare_ground() -> None:
        prepare()
        core: Any = image.im
        core.paste(level if core.bands == 1 else (level,) * core.bands, (0, 0, *core.size))

    image.load_prepare = prepare_ground  # type: ignore[attr-defined]  # of ImageFile
    try:
        image.load()
    except Exception:  # noqa: BLE001 - a file that is cut fails in as many ways as a broken one
        image.tile = []  # type: ignore[attr-defined]  # of ImageFile: nothing is left to load
    return image
