"""What can still be shown of a picture whose file is cut short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, JpegImagePlugin

from fashion_finder.images import jpeg, webp
from fashion_finder.images.partial import Rows, load_rows

_LEAST_ZEROS: Final = 64
"""Zeros at the end of a file that no format needs: what an interrupted copy of a file leaves that was
laid out in full size."""

_JPEG: Final = b"\xff\xd8"
_GREY: Final = 128  # what libjpeg makes of missing data


@dataclass(frozen=True, slots=True, eq=False)
class Salvaged:
    """A picture as far as it goes."""

    image: Image.Image  # loaded
    there: Rows  # of its rows
    is_whole: bool  # nothing but the file's end was missing


def without_zeros(data: bytes) -> bytes:
    """The file without a tail of zeros."""
    shorter = data.rstrip(b"\0")
    return shorter if len(data) - len(shorter) >= _LEAST_ZEROS else data


def salvage(
    data: bytes, open_image: Callable[[bytes], Image.Image], *, looks_cut: bool
) -> Salvaged | None:
    """Decode what there is of a picture.

    Args:
        data: of the file.
        open_image: opens a file's bytes, perhaps at a reduced size, without loading it.
        looks_cut: what the decoder said sounds like it.

    Returns:
        None when the file is not cut short, or its decoder does not tell how far it goes.

    Raises:
        Exception: of the decoder.
    """
    stored = without_zeros(data)
    if stored.startswith(_JPEG):
        structure = jpeg.read_structure(stored)
        return None if structure.ended else _salvage_jpeg(stored, structure, open_image)
    if webp.is_cut(stored):
        found = webp.load_rows(stored, open_image)
        return None if found is None else Salvaged(*found, is_whole=bool(found[1].all()))
    if looks_cut or len(stored) < len(data):
        image, there = load_rows(lambda: open_image(stored))
        return Salvaged(image, there, is_whole=bool(there.all()))
    return None


def lacks_its_end(
    data: bytes, image: Image.Image, open_image: Callable[[bytes], Image.Image]
) -> Salvaged | None:
    """Recognise a JPEG that was ended before its last row, after libjpeg has decoded it.

    Args:
        data: of the file.
        image: decoded from it.
        open_image: as for ``salvage``.

    Returns:
        None when all rows are there.
    """
    if image.mode not in ("L", "RGB") or not _ends_in_grey(image):
        return None
    structure = jpeg.read_structure(data)
    if not structure.scan or structure.missing_bits:
        return None
    salvaged = _salvage_jpeg(data, structure, open_image)
    return None if salvaged.is_whole else salvaged


def _ends_in_grey(image: Image.Image) -> bool:
    last = image.crop((0, image.height - 1, *image.size))
    return bool((np.asarray(last) == _GREY).all())


def _salvage_jpeg(
    data: bytes, structure: jpeg.Structure, open_image: Callable[[bytes], Image.Image]
) -> Salvaged:
    share, is_whole = jpeg.share_there(data, structure, _decode_jpeg)
    image = open_image(jpeg.completed(data, structure))
    image.load()
    return Salvaged(image, np.arange(image.height) < round(share * image.height), is_whole)


def _decode_jpeg(data: bytes, scale: int) -> Image.Image:
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as image:
        image.decodermaxblock = len(data)  # as when it was opened
        if scale > 1:
            image.draft(None, (image.width // scale, image.height // scale))
        image.load()
    return image
