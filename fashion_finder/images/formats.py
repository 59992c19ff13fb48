"""Which files are pictures, and which hold pictures that are not read.

By their names, without Pillow, because the scan checks every file; and by their first bytes, because
a question may have any name.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PICTURE_SUFFIXES: Final = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        *(".png", ".webp", ".avif", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
        *(".heic", ".heif", ".hif"),
    }
)
"""Endings of picture files, lower case, with the dot."""

RAW: Final = "RAW"
PSD: Final = "PSD"
JPEG_XL: Final = "JPEG XL"
JPEG_2000: Final = "JPEG 2000"
JPEG_XR: Final = "JPEG XR"
PDF: Final = "PDF"
VIDEO: Final = "video"
VECTOR: Final = "vector drawing"
LAYERED: Final = "editor document"
HDR: Final = "HDR"
ICON: Final = "icon"
OTHER: Final = "other picture"

UNREAD_SUFFIXES: Final[dict[str, str]] = {
    f".{ending}": kind
    for kind, endings in {
        # Canon, Nikon, Sony, Fujifilm, Olympus, Panasonic, Pentax, Samsung, Sigma, Hasselblad, Phase
        # One, Leaf, Mamiya, Leica, Kodak, Minolta, Epson, Ricoh, Casio, GoPro, Apple and the rest.
        RAW: "crw cr2 cr3 nef nrw arw sr2 srf arq raf orf ori rw2 raw pef dng srw x3f 3fr fff iiq eip"
        " mos mef rwl dcr kdc dcs drf k25 mrw mdc erf bay cs1 cine gpr rwz sti pxn rdc qtk",
        PSD: "psd psb pdd",
        JPEG_XL: "jxl",
        JPEG_2000: "jp2 j2k j2c jpc jpf jpx jpm jph jhc",
        JPEG_XR: "jxr wdp hdp",
        PDF: "pdf",
        VIDEO: "mp4 m4v mov qt avi mkv webm mts m2ts m2t wmv asf flv f4v mpg mpeg mpe m2v vob ogv 3gp"
        " 3g2 mxf divx rm rmvb dv insv lrv tod braw r3d",
        VECTOR: "svg svgz eps epsf epsi ps ai cdr wmf emf",
        # GIMP, Affinity, Krita, Clip Studio, Procreate, Pixelmator, Paint.NET, PaintShop, InDesign ...
        LAYERED: "xcf afphoto afdesign afpub kra ora clip procreate pxd pxm pdn psp pspimage indd"
        " sketch",
        HDR: "exr hdr rgbe",
        ICON: "ico cur icns",
        OTHER: "tga pcx ppm pgm pbm pnm pam pfm xbm xpm dds bpg flif qoi pict pct sgi ras djvu djv dcm"
        " heics heifs avifs avci apng pjpeg pjp jps pns",
    }.items()
    for ending in endings.split()
}
"""Endings of files with pictures that are not read, lower case, with the dot -> their kind."""

_DETAILS: Final = {
    RAW: "it is a RAW file: use its JPEG",
    PSD: "it is a Photoshop document, which is not read",
    JPEG_XL: "it is a JPEG XL picture, which is not read",
    JPEG_2000: "it is a JPEG 2000 picture, which is not read",
    JPEG_XR: "it is a JPEG XR picture, which is not read",
    PDF: "it is a PDF document, not a picture",
    VIDEO: "it is a video, not a picture",
    VECTOR: "it is a drawing in PostScript or SVG, which is not read",
    LAYERED: "it is a document of a picture editor, which is not read",
    HDR: "it is an HDR picture in OpenEXR or Radiance, which is not read",
    ICON: "it is an icon, which is not read",
    OTHER: "its format is not read",
}

PICTURE: Final = "picture"
_KINDS: Final = UNREAD_SUFFIXES | dict.fromkeys(PICTURE_SUFFIXES, PICTURE)


def kind_of_name(name: str) -> str | None:
    """What a file called ``name`` (no folder) is by its ending: `PICTURE`, or a kind not read.

    None for anything else, and for hidden files: macOS writes ``._`` companions on foreign drives,
    which have a picture's ending but hold none.
    """
    _, dot, ending = name.rpartition(".")
    kind = _KINDS.get(dot + ending.lower())
    return None if kind is None or name.startswith(".") else kind


def is_picture_name(name: str) -> bool:
    """Whether a file called ``name`` (no folder) counts as a picture."""
    return kind_of_name(name) is PICTURE


def detail_of(kind: str) -> str:
    """Why a file of a kind that is not read is refused."""
    return _DETAILS[kind]


# ---------------------------------------------------------------- by content

_SIGNATURES: Final = (
    (b"FUJIFILMCCD-RAW", RAW),
    (b"FOVb", RAW),  # Sigma
    (b"\0MRM", RAW),  # Minolta
    (b"IIRO\x08\0\0\0", RAW),  # Olympus: TIFF with a magic number of its own
    (b"IIRS\x08\0\0\0", RAW),
    (b"MMOR\0\0\0\x08", RAW),
    (b"IIU\0", RAW),  # Panasonic, Leica
    (b"II\x1a\0\0\0HEAPCCDR", RAW),  # Canon's CRW
    (b"8BPS", PSD),
    (b"\xff\x0a", JPEG_XL),  # ISO/IEC 18181-2: bare, and in boxes
    (b"\0\0\0\x0cJXL \r\n\x87\n", JPEG_XL),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JPEG_2000),  # ISO/IEC 15444-1, likewise
    (b"\xff\x4f\xff\x51", JPEG_2000),
    (b"II\xbc", JPEG_XR),
    (b"%PDF", PDF),
    (b"\x1a\x45\xdf\xa3", VIDEO),  # Matroska, WebM
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),  # Windows Media
    (b"FLV\x01", VIDEO),
    (b"\0\0\x01\xba", VIDEO),  # MPEG
    (b"\0\0\x01\xb3", VIDEO),
    (b"%!PS", VECTOR),
    (b"\xc5\xd0\xd3\xc6", VECTOR),  # EPS with a preview
    (b"<svg", VECTOR),
    (b"gimp xcf", LAYERED),
    (b"\0\xffKA", LAYERED),  # Affinity
    (b"Paint Shop Pro Image File", LAYERED),
    (b"PDN3", LAYERED),
    (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", LAYERED),  # InDesign
    (b"\x76\x2f\x31\x01", HDR),  # OpenEXR
    (b"#?RADIANCE", HDR),
    (b"#?RGBE", HDR),
    (b"icns", ICON),
    (b"DDS ", OTHER),
    (b"qoif", OTHER),
    (b"BPG\xfb", OTHER),
    (b"FLIF", OTHER),
    (b"AT&TFORM", OTHER),  # DjVu
)

_CANON_BRAND: Final = b"crx "
_VIDEO_BRANDS: Final = (
    *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"),
    *(b"mp41", b"mp42", b"mp71", b"avc1", b"M4V ", b"M4VH", b"M4VP", b"qt  ", b"dash", b"f4v "),
    *(b"MSNV", b"XAVC", b"NDSC", b"NDSH", b"NDSM", b"NDSP", b"CAEP", b"mmp4"),
    *(b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gp8", b"3gp9", b"3ge6", b"3gg6", b"3g2a", b"3g2b"),
)
_QUICKTIME_ATOMS: Final = (b"moov", b"mdat", b"wide")  # of files older than `ftyp`


def kind_of_data(data: bytes) -> str | None:
    """The kind of a file whose content is not read, whatever its name; None for any other file."""
    box, brand = data[4:8], data[8:12]
    if box == b"ftyp":  # ISO/IEC 14496-12; AVIF and HEIF have brands of their own
        if brand == _CANON_BRAND:
            return RAW
        return VIDEO if brand in _VIDEO_BRANDS else None
    if box in _QUICKTIME_ATOMS or (data[:4] == b"RIFF" and brand == b"AVI "):
        return VIDEO
    if data[:2] in _ORDERS and _is_raw_tiff(data):
        return RAW
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def unread_kind(data: bytes, path: Path | None) -> str | None:
    """The kind of a file that must not be decoded; None for what may be a picture.

    A RAW file is known by its ending, too: most are TIFF files whose first picture is a small
    preview. Anything else with a foreign ending may still hold a picture that is read.
    """
    kind = kind_of_data(data)
    if kind is None and path is not None and kind_of_name(path.name) is RAW:
        return RAW
    return kind


# ---------------------------------------------------------------- TIFF, TIFF/EP and DNG

_ORDERS: Final = {b"II": "<", b"MM": ">"}
_SUB_FOLDERS: Final = 330  # SubIFDs, Adobe's TIFF Tech Note 1
_PHOTOMETRIC: Final = 262
_SENSOR_DATA: Final = frozenset({32803, 34892})  # TIFF/EP's CFA, DNG's LinearRaw
_DNG_VERSION: Final = 50706  # DNG 1.7, in the first directory of every such file
_MOST_DIRECTORIES: Final = 16
_MOST_ENTRIES: Final = 512


def _is_raw_tiff(data: bytes) -> bool:
    """Whether a TIFF file holds the data of a camera's sensor, whatever its first picture shows."""
    if data[8:10] == b"CR" and data[2:4] == b"*\0":  # Canon's CR2
        return True
    order = _ORDERS[data[:2]]
    version = _number(data, 2, 2, order)
    if version not in (42, 43):
        return False
    wide = version == 43  # BigTIFF
    waiting = [_number(data, 8 if wide else 4, 8 if wide else 4, order)]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        start = waiting.pop(0)
        if not start or start in seen:
            continue
        seen.add(start)
        for tag, values in _entries(data, start, order, wide=wide):
            if tag == _DNG_VERSION or (tag == _PHOTOMETRIC and _SENSOR_DATA.intersection(values)):
                return True
            if tag == _SUB_FOLDERS:
                waiting += values
    return False


_SIZES: Final = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}  # bytes of an integer of each TIFF type
_MOST_VALUES: Final = 8


def _entries(data: bytes, start: int, order: str, *, wide: bool) -> Iterator[tuple[int, list[int]]]:
    """The tags of one directory, and the first of their values where those are whole numbers."""
    head, length, field = (8, 20, 8) if wide else (2, 12, 4)
    for number in range(min(_number(data, start, head, order), _MOST_ENTRIES)):
        entry = start + head + number * length
        tag, kind = _number(data, entry, 2, order), _number(data, entry + 2, 2, order)
        count, place = _number(data, entry + 4, field, order), entry + 4 + field
        size = _SIZES.get(kind, 0)
        if size and size * count > field:
            place = _number(data, place, field, order)
        values = range(min(count, _MOST_VALUES) if size else 0)
        yield tag, [_number(data, place + index * size, size, order) for index in values]


def _number(data: bytes, start: int, size: int, order: str) -> int:
    """An unsigned integer; 0 beyond the end of the data."""
    piece = data[start : start + size]
    if len(piece) < size:
        return 0
    (value,) = struct.unpack(order + {1: "B", 2: "H", 4: "I", 8: "Q"}[size], piece)
    return int(value)
