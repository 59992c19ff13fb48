"""TIFF files whose samples Pillow does not take: their bytes through its decoders, their meaning by us.

Pillow opens a list of combinations of bits, formats and extra samples. For the others, each row of
the file is decoded as that many grey bytes, with whatever compression, and put together here. The
tags are those of TIFF 6.0, and of its supplements for floats (Adobe, 1995 and 2005) and BigTIFF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

from fashion_finder.images.colour import white_of

Samples = npt.NDArray[Any]
"""[rows, columns, samples], of whatever numbers the file holds."""

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_FILL_ORDER, _STRIP_OFFSETS, _ORIENTATION, _SAMPLES = 266, 273, 274, 277
_ROWS_PER_STRIP, _STRIP_SIZES, _PLANAR, _PREDICTOR = 278, 279, 284, 317
_COLOUR_MAP, _TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS, _TILE_SIZES = 320, 322, 323, 324, 325
_EXTRA_SAMPLES, _SAMPLE_FORMAT, _JPEG_TABLES, _SUBSAMPLING = 338, 339, 347, 530
_ICC_PROFILE: Final = 34675

_KEPT: Final = frozenset(
    {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _STRIP_OFFSETS, _ORIENTATION}
    | {_SAMPLES, _ROWS_PER_STRIP, _STRIP_SIZES, _PLANAR, _PREDICTOR, _COLOUR_MAP, _TILE_WIDTH}
    | {_TILE_LENGTH, _TILE_OFFSETS, _TILE_SIZES, _EXTRA_SAMPLES, _SAMPLE_FORMAT, _JPEG_TABLES}
    | {_SUBSAMPLING, _ICC_PROFILE}
)
_TYPES: Final = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I"} | {
    16: "Q",
    17: "q",
    18: "Q",
}
_UNDEFINED, _LONG = 7, 4
_MOST_ENTRIES: Final = 4096
_MOST_SAMPLES: Final = 64
_MOST_BYTES: Final = 768 << 20
"""Most bytes of samples that are put together: they are held twice."""

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_CIE_LAB, _ICC_LAB = 8, 9
_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3
_ASSOCIATED, _UNASSOCIATED = 1, 2

_BYTE_COMPRESSIONS: Final = frozenset({1, 5, 8, 32773, 32946, 34925, 50000})
"""Compressions that know nothing of the samples: none, LZW, deflate, PackBits, LZMA, Zstandard."""

_PILLOWS: Final = frozenset({2, 3, 4, 6, 7})
"""Compressions of 1 or 8 bits that Pillow decodes."""

_COMPRESSIONS: Final = {
    2: "CCITT",
    3: "CCITT",
    4: "CCITT",
    6: "the old form of JPEG",
    7: "JPEG",
    34661: "JBIG",
    34676: "LogLuv",
    34677: "LogLuv",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG (DNG)",
    34925: "LZMA",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_PHOTOMETRICS: Final = {
    4: "a transparency mask",
    6: "YCbCr",
    10: "ITU Lab",
    32803: "raw sensor data",
    32844: "LogL",
    32845: "LogLuv",
    34892: "linear raw data",
    51177: "depths",
}


@dataclass(frozen=True, slots=True)
class Directory:
    """The tags of a TIFF's first picture."""

    order: str  # "<" or ">"
    is_big: bool  # BigTIFF
    tags: dict[int, tuple[int, tuple[int, ...]]]  # number -> type, values

    def get(self, tag: int, missing: int) -> int:
        """A tag's first value."""
        values = self.all(tag)
        return values[0] if values else missing

    def all(self, tag: int) -> tuple[int, ...]:
        """A tag's values; none when it is missing."""
        return self.tags[tag][1] if tag in self.tags else ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, pixels."""
        return self.get(_WIDTH, 0), self.get(_HEIGHT, 0)

    @property
    def orientation(self) -> int:
        """As in EXIF, from 1."""
        return self.get(_ORIENTATION, 1)

    @property
    def profile(self) -> bytes | None:
        """The ICC profile."""
        stored = self.all(_ICC_PROFILE)
        return bytes(value & 0xFF for value in stored) or None


def read_directory(data: bytes) -> Directory | None:
    """The first directory of a TIFF; None when there is none, or it is damaged."""
    try:
        return _read_directory(data)
    except (struct.error, KeyError, ValueError, OverflowError):
        return None


def _read_directory(data: bytes) -> Directory | None:
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    (version,) = struct.unpack_from(order + "H", data, 2)
    is_big = version == 43
    if version not in (42, 43):
        return None
    head, entry, inline = ("Q", "HHQ", 8) if is_big else ("H", "HHI", 4)
    (place,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    (count,) = struct.unpack_from(order + head, data, place)
    place += struct.calcsize(order + head)
    tags: dict[int, tuple[int, tuple[int, ...]]] = {}
    for _ in range(min(count, _MOST_ENTRIES)):
        tag, kind, length = struct.unpack_from(order + entry, data, place)
        place += struct.calcsize(order + entry)
        if tag in _KEPT and kind in _TYPES:
            form = f"{order}{length}{_TYPES[kind]}"
            start = place
            if struct.calcsize(form) > inline:
                (start,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, place)
            if length <= len(data):
                tags[tag] = (kind, struct.unpack_from(form, data, start))
        place += inline
    return Directory(order, is_big, tags) if all(Directory(order, is_big, tags).size) else None


def unread_kind(directory: Directory) -> str | None:
    """What kind of TIFF this is, when nothing here decodes it."""
    compression = directory.get(_COMPRESSION, 1)
    photometric = directory.get(_PHOTOMETRIC, _BLACK_IS_ZERO)
    if photometric in _PHOTOMETRICS and (photometric != _YCBCR or compression != 7):
        return f"TIFF of {_PHOTOMETRICS[photometric]}"
    bits = sorted(set(directory.all(_BITS))) or [1]
    if compression not in _BYTE_COMPRESSIONS and not (compression in _PILLOWS and bits[-1] <= 8):
        name = _COMPRESSIONS.get(compression, f"method {compression}")
        return f"TIFF compressed with {name}"
    if directory.get(_SAMPLES, 1) > _MOST_SAMPLES:
        return f"TIFF with more than {_MOST_SAMPLES} samples a pixel"
    if compression in _BYTE_COMPRESSIONS and _layout(directory) is None:
        return f"TIFF with {' and '.join(map(str, bits))} bits a sample"
    return None


def is_ours(directory: Directory) -> bool:
    """Whether Pillow would open this TIFF, but shows wrong colours.

    Version 13 mixes up planes that are stored one after the other, and in some combinations the signs
    or bytes of 32-bit samples.
    """
    layout = _layout(directory)
    photometric = directory.get(_PHOTOMETRIC, _BLACK_IS_ZERO)
    if layout is None or directory.get(_COMPRESSION, 1) not in _BYTE_COMPRESSIONS:
        return False
    if photometric == _PALETTE or photometric in _PHOTOMETRICS:
        return False
    bits, _, count = layout
    return bits >= 32 or (count > 1 and directory.get(_PLANAR, 1) == 2)


def lacks_data(directory: Directory, length: int) -> bool:
    """Whether the picture reaches beyond the end of a file of this length."""
    for offsets, sizes in ((_STRIP_OFFSETS, _STRIP_SIZES), (_TILE_OFFSETS, _TILE_SIZES)):
        pieces = zip(directory.all(offsets), directory.all(sizes), strict=False)
        if any(start + size > length for start, size in pieces):
            return True
    return False


def directory_is_beyond(data: bytes) -> bool:
    """Whether the directory of a TIFF, which often is its last part, lies beyond the end."""
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 16 or struct.unpack_from(order + "H", data, 2)[0] not in (42, 43):
        return False
    is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
    (place,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    return int(place) + 2 > len(data)


def rewritten(data: bytes, directory: Directory) -> bytes:
    """The same picture as a TIFF that is not a BigTIFF."""
    return _with_directory(data, directory.order, directory.tags)


def decode_samples(data: bytes, directory: Directory) -> Image.Image | None:
    """Decode what Pillow does not take; None when this does not either.

    Returns:
        An 8-bit picture of mode L, LA, La, RGB, RGBA, RGBa, CMYK or LAB. Integers are scaled by
        their range, floats as ``white_of`` recognises them.

    Raises:
        MemoryError: the samples have more bytes than are put together here.
    """
    layout = _layout(directory)
    if layout is None or directory.get(_COMPRESSION, 1) not in _BYTE_COMPRESSIONS:
        return None
    width, height = directory.size
    bits, _, count = layout
    if width * height * count * bits > 8 * _MOST_BYTES:
        raise MemoryError
    photometric = directory.get(_PHOTOMETRIC, _RGB if count >= 3 else _BLACK_IS_ZERO)
    base = {_RGB: 3, _CMYK: 4, _CIE_LAB: 3, _ICC_LAB: 3}.get(photometric, 1)
    if photometric == _PALETTE or photometric in _PHOTOMETRICS or count < base:
        return None
    extra = directory.all(_EXTRA_SAMPLES)
    has_alpha = count > base and (extra[:1] in ((_ASSOCIATED,), (_UNASSOCIATED,)))
    samples = _samples(data, directory, base + has_alpha)
    colours, alpha = samples[..., :base], samples[..., base] if has_alpha else None
    opaque = _levels(alpha, bits) if alpha is not None else None
    if photometric in (_CIE_LAB, _ICC_LAB):
        return _lab(colours, bits, opaque, is_signed=photometric == _CIE_LAB)
    levels = _levels(colours, bits)
    if photometric == _WHITE_IS_ZERO:
        levels = 255 - levels
    if photometric == _CMYK:
        return _cmyk(levels, opaque, extra[:1] == (_ASSOCIATED,))
    if opaque is None:
        return Image.fromarray(levels[..., 0] if base == 1 else levels)
    mode = ("L" if base == 1 else "RGB") + ("a" if extra[0] == _ASSOCIATED else "A")
    joined = np.concatenate((levels, opaque[..., None]), axis=2)
    return Image.frombytes(mode, (width, height), joined.tobytes(), "raw", mode)


def _layout(directory: Directory) -> tuple[int, int, int] | None:
    """Bits a sample, their format and the number of samples; None when they cannot be unpacked."""
    count = directory.get(_SAMPLES, 1)
    bits = set(directory.all(_BITS)) or {1}
    forms = set(directory.all(_SAMPLE_FORMAT)) or {_UNSIGNED}
    if directory.get(_PHOTOMETRIC, _RGB) in (_CIE_LAB, _ICC_LAB) and _FLOAT not in forms:
        forms = {_UNSIGNED}  # which of the three are signed is known without that
    if len(bits) != 1 or len(forms) != 1 or not 1 <= count <= _MOST_SAMPLES:
        return None
    (width,), (form,) = bits, forms
    if form == _FLOAT:
        return (width, form, count) if width in (16, 32, 64) else None
    if form in (_UNSIGNED, _SIGNED, 4):
        whole = width in (8, 16, 32, 64)
        return (width, form, count) if whole or (width < 32 and form != _SIGNED) else None
    return None


def _samples(data: bytes, directory: Directory, needed: int) -> Samples:
    """The samples of a picture, or the first ones that are needed, [height, width, samples]."""
    layout = _layout(directory)
    if layout is None:
        raise ValueError("no layout")
    bits, form, count = layout
    if directory.get(_PLANAR, 1) == 1 or count == 1:
        return _plane(data, directory, bits, form, count, None)
    planes = [_plane(data, directory, bits, form, 1, index) for index in range(needed)]
    return np.concatenate(planes, axis=2)


def _plane(
    data: bytes, directory: Directory, bits: int, form: int, count: int, index: int | None
) -> Samples:
    """The samples of all planes together, or of one of several."""
    width, height = directory.size
    is_tiled = bool(directory.all(_TILE_OFFSETS))
    segment = max(1, directory.get(_TILE_WIDTH, width)) if is_tiled else width
    down = max(1, directory.get(_TILE_LENGTH if is_tiled else _ROWS_PER_STRIP, height))
    across = -(-width // segment)
    row_bytes = -(-segment * count * bits // 8)
    if height * across * row_bytes > _MOST_BYTES:
        raise MemoryError
    offsets, sizes = (_TILE_OFFSETS, _TILE_SIZES) if is_tiled else (_STRIP_OFFSETS, _STRIP_SIZES)
    tags = {
        _WIDTH: (_LONG, (row_bytes * across,)),
        _HEIGHT: (_LONG, (height,)),
        _BITS: (3, (8,)),
        _COMPRESSION: (3, (directory.get(_COMPRESSION, 1),)),
        _PHOTOMETRIC: (3, (_BLACK_IS_ZERO,)),
        _FILL_ORDER: (3, (directory.get(_FILL_ORDER, 1),)),
        _SAMPLES: (3, (1,)),
        **{tag: directory.tags[tag] for tag in (_ROWS_PER_STRIP,) if tag in directory.tags},
    }
    if is_tiled:
        tags |= {_TILE_WIDTH: (_LONG, (row_bytes,)), _TILE_LENGTH: directory.tags[_TILE_LENGTH]}
    for tag in (offsets, sizes):
        values = directory.all(tag)
        each = across * -(-height // down)
        if values:
            part = values if index is None else values[index * each : (index + 1) * each]
            tags[tag] = (_LONG, part)
    with TiffImagePlugin.TiffImageFile(
        BytesIO(_with_directory(data, directory.order, tags))
    ) as image:
        stored = np.asarray(image)
    rows = stored.reshape(height * across, row_bytes)
    samples = _unpacked(rows, directory, bits, form, segment * count, count)
    return np.asarray(samples.reshape(height, across * segment, count)[:, :width])


def _unpacked(
    rows: npt.NDArray[np.uint8], directory: Directory, bits: int, form: int, length: int, count: int
) -> Samples:
    """Numbers from the bytes of rows, [rows, length]; undoes the predictor, `count` samples a step."""
    predictor = directory.get(_PREDICTOR, 1)
    if bits not in (8, 16, 32, 64):
        return _unpacked_bits(rows, bits, length)
    size = bits // 8
    if predictor == 3:
        summed = _summed(rows.reshape(len(rows), -1, count)).reshape(len(rows), size, length)
        big_endian = np.ascontiguousarray(summed.transpose(0, 2, 1))
        return big_endian.view(f">f{size}")[..., 0]
    whole = np.ascontiguousarray(rows).view(f"{directory.order}u{size}")
    if predictor == 2:
        whole = _summed(whole.astype(f"=u{size}").reshape(len(rows), -1, count))
        whole = whole.reshape(len(rows), length)
    kind = {_FLOAT: "f", _SIGNED: "i"}.get(form, "u")
    return whole.astype(f"=u{size}", copy=False).view(
        f"=f{size}" if kind == "f" else f"={kind}{size}"
    )


def _summed(steps: Samples) -> Samples:
    return np.cumsum(steps, axis=1, dtype=steps.dtype)


def _unpacked_bits(rows: npt.NDArray[np.uint8], bits: int, length: int) -> Samples:
    """Numbers that do not fill bytes, from the most significant bit on."""
    values = np.empty((len(rows), length), np.uint32)
    weights = (1 << np.arange(bits - 1, -1, -1)).astype(np.uint32)
    for number, row in enumerate(rows):
        each = np.unpackbits(row, count=length * bits).reshape(length, bits)
        values[number] = each @ weights
    return values


def _levels(samples: Samples, bits: int) -> npt.NDArray[np.uint8]:
    """Samples as 8 bits: unsigned ones of up to 31 bits by their range, others by their values."""
    levels = np.empty(samples.shape, np.uint8)
    if samples.dtype.kind == "u" and bits < 32:
        black, white = 0.0, float((1 << bits) - 1)
    else:
        black, white = white_of(samples)
    for part, values in _bands(levels, samples):
        finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        part[:] = np.clip((finite - black) * (255 / (white - black)) + 0.5, 0, 255)
    return levels


def _bands(
    levels: npt.NDArray[np.uint8], samples: Samples
) -> Iterator[tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]]:
    """Some rows at a time, so that no picture is held in floats."""
    step = max(1, (1 << 22) // max(1, samples[0].size))
    for top in range(0, len(samples), step):
        yield levels[top : top + step], samples[top : top + step].astype(np.float64)


def _lab(
    samples: Samples, bits: int, opaque: npt.NDArray[np.uint8] | None, *, is_signed: bool
) -> Image.Image:
    """CIELAB, or ICC's form of it, in which a and b are stored from 0 on (TIFF 6.0, section 23)."""
    stored = np.empty(samples.shape, np.uint8)
    is_float = samples.dtype.kind == "f"
    for part, values in _bands(stored, samples):
        values = np.nan_to_num(values)
        if not is_float:
            values = values.copy()
            top = float(1 << bits)
            values[..., 0] *= 100 / (top - 1)
            chroma = values[..., 1:]
            if is_signed:
                chroma[chroma >= top / 2] -= top
            else:
                chroma -= top / 2
            chroma /= top / 256
        lightness = values[..., 0] * 2.55
        cover = opaque[: len(part)] / 255 if opaque is not None else None
        if cover is not None and opaque is not None:
            lightness = 255 + (lightness - 255) * cover
            values[..., 1:] *= cover[..., None]
            opaque = opaque[len(part) :]
        part[..., 0] = np.clip(lightness + 0.5, 0, 255)
        part[..., 1:] = np.clip(np.round(values[..., 1:]), -128, 127).astype(np.int8).view(np.uint8)
    height, width, _ = samples.shape
    return Image.frombytes("LAB", (width, height), stored.tobytes(), "raw", "LAB")


def _cmyk(
    inks: npt.NDArray[np.uint8], opaque: npt.NDArray[np.uint8] | None, is_premultiplied: bool
) -> Image.Image:
    """Inks on white paper, where what is transparent has none."""
    if opaque is not None and not is_premultiplied:
        for part, cover in zip(inks, opaque, strict=True):
            part[:] = (part.astype(np.uint16) * cover[:, None] + 127) // 255
    height, width = inks.shape[:2]
    return Image.frombytes("CMYK", (width, height), inks.tobytes(), "raw", "CMYK")


def _with_directory(data: bytes, order: str, tags: dict[int, tuple[int, tuple[int, ...]]]) -> bytes:
    """A TIFF of the same bytes whose only directory, at the end, has these tags."""
    start = len(data) + len(data) % 2
    extra_start = start + 2 + 12 * len(tags) + 4
    entries, extra = b"", b""
    for tag, (kind, values) in sorted(tags.items()):
        stored_kind = kind if kind in (1, 3, _UNDEFINED) else _LONG
        stored = struct.pack(f"{order}{len(values)}{_TYPES[stored_kind]}", *values)
        entries += struct.pack(order + "HHI", tag, stored_kind, len(values))
        if len(stored) > 4:
            entries += struct.pack(order + "I", extra_start + len(extra))
            extra += stored + bytes(len(stored) % 2)
        else:
            entries += stored.ljust(4, b"\0")
    header = data[:2] + struct.pack(order + "HI", 42, start)
    directory = struct.pack(order + "H", len(tags)) + entries + bytes(4) + extra
    return b"".join((header, data[8:], bytes(len(data) % 2), directory))
