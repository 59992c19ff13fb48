"""Why a picture cannot be read, in words for its owner."""

from __future__ import annotations

from typing import Final

from PIL import UnidentifiedImageError

from fashion_finder.images import bmp, jpeg, png, salvage, tiff, webp
from fashion_finder.images.isobmff import is_cut, read_boxes

CUT_SHORT: Final = "the file is cut short"

_OTHER_FILES: Final = (
    (b"PK\x03\x04", "it is a zip archive or an office document, not a picture"),
    (b"<!doctype html", "it is a web page, not a picture"),
    (b"<html", "it is a web page, not a picture"),
    (b"<?xml", "it is an XML document, not a picture"),
)
"""Files most often mistaken for pictures, by their first bytes in lower case."""

_CODINGS: Final = {
    b"av01": "HEIF with AV1",
    b"avc1": "HEIF with H.264",
    b"j2k1": "HEIF with JPEG 2000",
    b"jpeg": "HEIF with JPEG",
    b"unci": "HEIF without compression",
    b"mski": "HEIF with a mask",
    b"vvc1": "HEIF with H.266",
}
"""Codings of ISO/IEC 23008-12 that our libheif has no decoder for."""

_BARE_BMP: Final = (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")  # sizes of its usual headers

_TRUNCATED: Final = ("truncated", "not enough image data", "insufficient data", "end of file")
"""What decoders say about a file that ends too early."""


def unread_reason(data: bytes, error: Exception) -> str:
    """What is wrong with a file, or what kind it is, when decoding it has raised an error."""
    kind = _unread_kind(data)
    if kind is not None:
        return f"{kind} is not read"
    if _is_cut(data) or any(words in str(error).lower() for words in _TRUNCATED):
        return CUT_SHORT
    if isinstance(error, UnidentifiedImageError):
        start = data[:64].lstrip().lower()
        for sign, what in _OTHER_FILES:
            if start.startswith(sign.lower()):
                return what
        return "it is damaged, or not a picture of a known format"
    return "the picture data is damaged"


def _unread_kind(data: bytes) -> str | None:
    """The kind of a sound file that no decoder here takes."""
    if data.startswith(b"\xff\xd8"):
        return jpeg.read_structure(data).unread_kind
    if data.startswith(png.SIGNATURE):
        return "a PNG made for iPhone apps (CgBI)" if data[12:16] == b"CgBI" else None
    if data[4:8] == b"ftyp":
        coding = read_boxes(data).coding
        is_avif = data[8:12] in (b"avif", b"avis")
        return None if coding is None or is_avif else _CODINGS.get(coding)
    directory = tiff.read_directory(data)
    if directory is not None:
        return tiff.unread_kind(directory)
    header = bmp.read_header(data)
    if header is not None:
        return bmp.unread_kind(header)
    return "a BMP without its file header" if data.startswith(_BARE_BMP) else None


def _is_cut(data: bytes) -> bool:
    """Whether a file announces more than it holds."""
    if len(salvage.without_zeros(data)) < len(data):
        return True
    if data[4:8] == b"ftyp":
        return is_cut(data)
    if webp.is_cut(data):
        return True
    if data.startswith(png.SIGNATURE):
        return png.is_cut(data)
    if data.startswith(b"\xff\xd8"):
        structure = jpeg.read_structure(data)
        return not structure.ended and structure.scan > 0
    directory = tiff.read_directory(data)
    if directory is not None:
        return tiff.lacks_data(directory, len(data))
    return data[:2] in (b"II", b"MM") and tiff.directory_is_beyond(data)
