"""Opens a picture's bytes safely and converts it to upright RGB in sRGB.

Whatever Pillow and libheif raise about a bad file is translated here to PictureErrors.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import (
    AvifImagePlugin,
    Image,
    JpegImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from fashion_finder.errors import PictureError, PictureTooLarge, PictureUnreadable
from fashion_finder.images.colour import to_eight_bits, to_srgb

# For an EPS file, whatever its name, Pillow runs whatever `gs` is on the PATH: so only these decoders
# ever get the bytes. "JPEG" covers MPO. HEIF is added once its plugin is registered.
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
# Image.open imports all of Pillow's plugins if one of these formats is not registered yet.
_PLUGINS: Final = (AvifImagePlugin, TiffImagePlugin, WebPImagePlugin)

PIXEL_LIMIT: Final = 178_956_970
"""Most pixels that are decoded, as in Pillow itself: half a gigabyte in RGB."""

SCALED_PIXEL_LIMIT: Final = 500_000_000
"""Most pixels of a JPEG that is decoded at a reduced size, so that 200-megapixel phones work.

Only for baseline files: a progressive one keeps all its coefficients in memory at any scale.
"""

_DECODER_THREADS: Final = 2  # a question gains from the second, a pool of workers loses nothing

_OTHER_FILES: Final = (
    (b"%!PS", "it is a PostScript file, not a picture"),
    (b"\xc5\xd0\xd3\xc6", "it is a PostScript file, not a picture"),
    (b"%PDF", "it is a PDF document, not a picture"),
    (b"8BPS", "it is a Photoshop document, which this program does not open"),
    (b"PK\x03\x04", "it is a zip archive or an office document, not a picture"),
    (b"<!doctype html", "it is a web page, not a picture"),
    (b"<html", "it is a web page, not a picture"),
    (b"<svg", "it is a drawing in SVG, which this program does not open"),
    (b"<?xml", "it is an XML document, not a picture"),
)
"""Files most often mistaken for pictures, by their first bytes in lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A decoded picture: upright, in sRGB, perhaps smaller than the photo."""

    image: Image.Image  # mode RGB
    width: int  # of the upright photo itself, pixels
    height: int
    plain: bool = False  # the file is a JPEG that every decoder shows like this


def decode(data: bytes, side: int, subject: Path | None = None) -> Upright:
    """Decode a picture's first frame.

    Args:
        data: the file's bytes.
        side: the longer side that the caller needs, pixels. A larger photo may come back reduced,
            but not below this.
        subject: named in errors.

    Raises:
        PictureUnreadable: damaged, truncated, empty, or not a picture of a known format.
        PictureTooLarge: beyond ``PIXEL_LIMIT``, or memory ran out.
    """
    if not data:
        raise PictureUnreadable(subject, "the file is empty")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a file's oddities; what matters is raised
        with _translated(data, subject):
            image = _open(data)
        with image:
            width, height = image.size
            is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
            scalable = is_jpeg and not image.info.get("progressive")
            if width * height > (SCALED_PIXEL_LIMIT if scalable else PIXEL_LIMIT):
                raise PictureTooLarge(subject, _measures(width, height))
            with _translated(data, subject, (width, height)):
                reduced = _draft(image, side)
                image.load()
                if not reduced:  # libheif and libtiff may know the upright size only now
                    width, height = image.size
                eight_bits = to_eight_bits(image)
                smaller = _reduce(eight_bits, side)
                flat = to_srgb(smaller, image.info.get("icc_profile"))
            orientation = _orientation(image)
            plain = flat is image and image.format == "JPEG" and orientation == 1
    if orientation in _TRANSPOSE:
        flat = flat.transpose(_TRANSPOSE[orientation])
        if orientation >= 5:
            width, height = height, width
    return Upright(flat, width, height, plain)


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
    except MemoryError as error:
        measures = f"{_measures(*size)} need" if size else "it needs"
        raise PictureTooLarge(subject, f"{measures} more memory than there is") from error
    except Exception as error:
        raise PictureUnreadable(subject, _detail(data, error)) from error


def _detail(data: bytes, error: Exception) -> str:
    """Why a file cannot be decoded, in words for its owner."""
    if isinstance(error, UnidentifiedImageError):
        start = data[:64].lstrip().lower()
        for sign, what in _OTHER_FILES:
            if start.startswith(sign.lower()):
                return what
        return "it is damaged, or not a picture of a known format"
    if "truncated" in str(error).lower():
        return "the file is cut short"
    return "the picture data is damaged"


def _open(data: bytes) -> Image.Image:
    formats: tuple[str, ...] = _FORMATS
    if data[4:8] == b"ftyp":
        _register_heif()
        # AVIF first: both accept the brand "mif1", and our libheif has no AV1 decoder.
        formats = ("AVIF", "HEIF")
    return Image.open(BytesIO(data), formats=formats)


@lru_cache(maxsize=1)
def _register_heif() -> None:
    # Imported late: it takes as long to load as the rest of Pillow, and few folders need it.
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False, decode_threads=_DECODER_THREADS)


def _measures(width: int, height: int) -> str:
    return f"{width} x {height} pixels"


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


# Unlike Pillow's own check, the one in `decode` names the dimensions and lets scaled JPEGs through.
Image.MAX_IMAGE_PIXELS = None
AvifImagePlugin.DEFAULT_MAX_THREADS = _DECODER_THREADS
