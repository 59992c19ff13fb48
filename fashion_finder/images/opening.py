"""Opens a picture's bytes with the one decoder that is meant for them."""

from __future__ import annotations

from dataclasses import dataclass
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

from fashion_finder.errors import PictureTooLarge
from fashion_finder.images import bmp, heif, png, tiff
from fashion_finder.images.colour import PROFILE_LIMIT
from fashion_finder.images.colour_space import SRGB, ColourSpace, from_code_points
from fashion_finder.images.isobmff import PictureBoxes, read_boxes

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


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture whose header was read; its pixels, too, if ``is_loaded``."""

    image: Image.Image
    size: tuple[int, int]  # of the photo as it lies in the file, pixels
    profile: bytes | None  # ICC
    space: ColourSpace = SRGB  # when there is no profile
    aperture: tuple[int, int, int, int] | None = None  # what of it is meant to be seen, pixels
    orientation: int | None = None  # as in EXIF; None: what `image` says
    is_loaded: bool = False  # perhaps reduced


def open_picture(data: bytes, side: int, subject: Path | None = None) -> Opened:
    """Read a picture's header, and check its size before anything is decoded.

    Args:
        data: the file's bytes.
        side: the longer side that the caller needs, pixels.
        subject: named in errors.

    Raises:
        PictureTooLarge: more pixels than can be decoded.
        Exception: whatever the decoder says about a bad file.
    """
    if data[4:8] == b"ftyp":
        return _open_boxes(data, side, subject)
    if data.startswith(png.SIGNATURE):
        parts = png.take_apart(data, PROFILE_LIMIT)
        image = _checked(_open(parts.picture), subject)
        return Opened(image, image.size, parts.profile, parts.space)
    directory = tiff.read_directory(data)
    if directory is not None:
        return _open_tiff(data, directory, subject)
    header = bmp.read_header(data)
    if header is not None and header.is_ours:
        _check_size(header.size, PIXEL_LIMIT, subject)
        decoded = bmp.decode(data, header)
        return Opened(decoded, decoded.size, None, is_loaded=True)
    image = _checked(_open(data), subject)
    return Opened(image, image.size, image.info.get("icc_profile"))


def out_of_memory(size: tuple[int, int], subject: Path | None) -> PictureTooLarge:
    """The error for a picture of this size."""
    return PictureTooLarge(subject, f"{_measures(size)} need more memory than there is")


def _open(data: bytes, formats: tuple[str, ...] = _FORMATS) -> Image.Image:
    image = Image.open(BytesIO(data), formats=formats)
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.decodermaxblock = len(data)  # an arithmetic decoder cannot wait for more
    return image


def _checked(image: Image.Image, subject: Path | None) -> Image.Image:
    is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
    scalable = is_jpeg and not image.info.get("progressive")
    _check_size(image.size, SCALED_PIXEL_LIMIT if scalable else PIXEL_LIMIT, subject)
    return image


def _check_size(size: tuple[int, int], limit: int, subject: Path | None) -> None:
    if size[0] * size[1] <= limit:
        return
    detail = _measures(size)
    if limit == heif.PIXEL_LIMIT:
        detail += f"; of a HEIC, at most {limit // 1_000_000} megapixels fit into memory"
    raise PictureTooLarge(subject, detail)


def _measures(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]} pixels"


def _open_boxes(data: bytes, side: int, subject: Path | None) -> Opened:
    """Open an AVIF or a HEIC."""
    boxes = read_boxes(data)
    is_avif = boxes.coding == b"av01"
    if boxes.size is not None:
        _check_size(boxes.size, PIXEL_LIMIT if is_avif else heif.PIXEL_LIMIT, subject)
    heif.register()
    # AVIF first: both accept the brand "mif1", and our libheif has no AV1 decoder.
    image = _open(data, ("AVIF", "HEIF"))
    profile = image.info.get("icc_profile")
    space = _signalled(boxes, image)
    if image.format == "AVIF":
        _check_size(image.size, PIXEL_LIMIT, subject)
        return Opened(image, image.size, profile, space, boxes.clean_aperture)
    _check_size(image.size, heif.PIXEL_LIMIT, subject)
    width, height = image.size
    if width * height <= PIXEL_LIMIT:
        return Opened(image, image.size, profile, space)
    orientation = image.getexif().get(0x0112, 1)
    image.close()
    try:
        reduced, size = heif.decode_reduced(data, max(1, max(width, height) // side))
    except MemoryError as error:
        raise out_of_memory((width, height), subject) from error
    return Opened(reduced, size, profile, space, orientation=orientation, is_loaded=True)


def _signalled(boxes: PictureBoxes, image: Image.Image) -> ColourSpace:
    if boxes.code_points is not None:
        return from_code_points(*boxes.code_points)
    told = image.info.get("nclx_profile")  # libheif looks into the coded picture, too
    if told is None:
        return SRGB
    return from_code_points(told["color_primaries"], told["transfer_characteristics"])


def _open_tiff(data: bytes, directory: tiff.Directory, subject: Path | None) -> Opened:
    """Open a TIFF: with Pillow, unless it does not or does it wrongly."""
    _check_size(directory.size, PIXEL_LIMIT, subject)
    complaint = UnidentifiedImageError()
    if not tiff.is_ours(directory):
        try:
            image = _open(tiff.rewritten(data, directory) if directory.is_big else data)
        except UnidentifiedImageError as error:
            complaint = error
        else:
            return Opened(image, image.size, image.info.get("icc_profile"))
    try:
        decoded = tiff.decode_samples(data, directory)
    except MemoryError as error:
        raise out_of_memory(directory.size, subject) from error
    if decoded is None:
        raise complaint
    return Opened(
        decoded,
        decoded.size,
        directory.profile,
        orientation=directory.orientation,
        is_loaded=True,
    )


# Unlike Pillow's own check, the one here names the dimensions and lets scaled JPEGs through.
Image.MAX_IMAGE_PIXELS = None
AvifImagePlugin.DEFAULT_MAX_THREADS = _DECODER_THREADS
