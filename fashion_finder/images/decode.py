"""Opens a picture's bytes safely and converts it to upright RGB in sRGB.

Whatever Pillow and libheif raise about a bad file is translated here to PictureErrors.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import GifImagePlugin, Image, JpegImagePlugin

from fashion_finder.errors import PictureError, PictureTooLarge, PictureUnreadable
from fashion_finder.images.colour import to_eight_bits, to_srgb
from fashion_finder.images.opening import Opened, open_picture, out_of_memory
from fashion_finder.images.partial import LEAST_ROWS, whiten_missing
from fashion_finder.images.salvage import Salvaged, lacks_its_end, salvage
from fashion_finder.images.unread import CUT_SHORT, unread_reason


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A decoded picture: upright, in sRGB, perhaps smaller than the photo."""

    image: Image.Image  # mode RGB
    width: int  # of the upright photo itself, pixels
    height: int
    plain: bool = False  # the file is a JPEG that every decoder shows like this
    cut_short: bool = False  # the file ends too early; the rows that it lacks are white


def decode(data: bytes, side: int, subject: Path | None = None) -> Upright:
    """Decode a picture's first frame.

    Args:
        data: the file's bytes.
        side: the longer side that the caller needs, pixels. A larger photo may come back reduced,
            but not below this.
        subject: named in errors.

    Raises:
        PictureUnreadable: damaged, empty, of a kind that is not read, or cut so short that less
            than ``LEAST_ROWS`` of it are there.
        PictureTooLarge: too many pixels, or memory ran out.
    """
    if not data:
        raise PictureUnreadable(subject, "the file is empty")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a file's oddities; what matters is raised
        with _translated(data, subject):
            opened, salvaged = _open(data, side, subject)
        with opened.image, _translated(data, subject, opened.size):
            if salvaged is None:
                opened, salvaged = _load(opened, data, side, subject)
            return _upright(opened, salvaged, side)


_TRANSPOSE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, tag 0x0112) -> what makes the picture upright."""


@contextmanager
def _translated(
    data: bytes, subject: Path | None, size: tuple[int, int] | None = None
) -> Iterator[None]:
    """Turn what Pillow raises into a PictureError.

    Any Exception, because besides OSError and SyntaxError, damaged files have raised ValueError,
    KeyError, struct.error, AssertionError, OverflowError and more.
    """
    try:
        yield
    except PictureError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or _NO_MEMORY in str(error).lower():
            if size is not None:
                raise out_of_memory(size, subject) from error
            raise PictureTooLarge(subject, "it needs more memory than there is") from error
        raise PictureUnreadable(subject, unread_reason(data, error)) from error


_NO_MEMORY: Final = "memory allocation"  # libheif's words


def _open(data: bytes, side: int, subject: Path | None) -> tuple[Opened, Salvaged | None]:
    """Read a picture's header; of some formats that are cut short, also its pixels."""
    try:
        return open_picture(data, side, subject), None
    except (PictureError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - raised again when nothing is there
        salvaged = _salvaged(data, side, subject, error)
        image = salvaged.image
        return Opened(image, image.size, image.info.get("icc_profile"), is_loaded=True), salvaged


def _load(
    opened: Opened, data: bytes, side: int, subject: Path | None
) -> tuple[Opened, Salvaged | None]:
    """Decode a picture, or what there is of it."""
    if opened.is_loaded:
        return opened, None
    image = opened.image
    salvaged = None
    is_reduced = _draft(image, side)
    frame = image.tile[0].extents if isinstance(image, GifImagePlugin.GifImageFile) else None
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again when nothing is there
        salvaged = _salvaged(data, side, subject, error)
        image = salvaged.image
    else:
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            salvaged = lacks_its_end(data, image, lambda data: _reopened(data, side))
            if salvaged is not None:
                image = _enough(salvaged, subject).image
        elif frame not in (None, (0, 0, *image.size)):
            image = _on_white(image, frame)
    # libheif and libtiff may know the upright size only now.
    size = opened.size if is_reduced else image.size
    return replace(opened, image=image, size=size), salvaged


def _on_white(image: Image.Image, frame: tuple[int, int, int, int]) -> Image.Image:
    """A GIF's first frame on its canvas, which shows through, whatever its background colour."""
    canvas = Image.new("RGB", image.size, "white")
    drawn = image.convert("RGBA").crop(frame)
    canvas.paste(drawn, frame[:2], drawn)
    return canvas


def _salvaged(data: bytes, side: int, subject: Path | None, error: Exception) -> Salvaged:
    """What there is of a picture that cannot be decoded; raises the error when it is too little."""
    looks_cut = unread_reason(data, error) == CUT_SHORT
    try:
        salvaged = salvage(data, lambda data: _reopened(data, side), looks_cut=looks_cut)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the first error says more
        salvaged = None
    if salvaged is None:
        raise error
    return _enough(salvaged, subject)


def _enough(salvaged: Salvaged, subject: Path | None) -> Salvaged:
    if salvaged.there.mean() < LEAST_ROWS:
        raise PictureUnreadable(subject, CUT_SHORT)
    return salvaged


def _reopened(data: bytes, side: int) -> Image.Image:
    image = open_picture(data, side).image
    _draft(image, side)
    return image


def _upright(opened: Opened, salvaged: Salvaged | None, side: int) -> Upright:
    """Reduce a picture, convert its colours and turn it."""
    image, (width, height) = opened.image, opened.size
    eight_bits = to_eight_bits(image)
    if opened.aperture is not None:
        eight_bits = eight_bits.crop(opened.aperture)
        width, height = eight_bits.size
    flat = to_srgb(_reduce(eight_bits, side), opened.profile, opened.space)
    if salvaged is not None and not salvaged.there.all():
        flat = whiten_missing(flat, salvaged.there)
    orientation = _orientation(image) if opened.orientation is None else opened.orientation
    plain = flat is image and image.format == "JPEG" and orientation == 1 and salvaged is None
    if orientation in _TRANSPOSE:
        flat = flat.transpose(_TRANSPOSE[orientation])
        if orientation >= 5:
            width, height = height, width
    return Upright(flat, width, height, plain, salvaged is not None and not salvaged.is_whole)


def _draft(image: Image.Image, side: int) -> bool:
    """Let libjpeg decode at 1/2, 1/4 or 1/8 if that leaves enough. Returns whether it will."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return False
    width, height = image.size
    scale = next((s for s in (8, 4, 2) if max(width, height) >= s * side), 1)
    if scale > 1:
        image.draft(None, (max(1, width // scale), max(1, height // scale)))
    return image.size != (width, height)


def _reduce(image: Image.Image, side: int) -> Image.Image:
    """Average whole blocks of pixels while the longer side stays at ``side`` or more."""
    factor = max(image.size) // side
    if factor < 2:
        return image
    width, height = image.size
    return image.reduce((min(factor, width), min(factor, height)))


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation still to apply; 1 when there is none or the block is broken."""
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - a broken block fails in as many ways as a broken picture
        return 1
    return value if isinstance(value, int) else 1
