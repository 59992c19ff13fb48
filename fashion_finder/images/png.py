"""What of a PNG file makes the picture (W3C PNG, third edition).

Pillow inflates texts and profiles up to 1 MB and refuses a file with more; here they are dropped, or
read up to limits of our own. It also passes over the chunks that tell colours.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from fashion_finder.images.colour_space import (
    SRGB,
    Chromaticities,
    ColourSpace,
    from_code_points,
    from_gamma,
)

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_TEXT_LIMIT: Final = 1 << 20
"""Largest text that is kept for the orientation in it, bytes, inflated; Pillow's own limit."""

_CRITICAL: Final = (b"IHDR", b"PLTE")
_TEXTS: Final = {
    b"zTXt": b"Raw profile type exif",
    b"tEXt": b"Raw profile type exif",
    b"iTXt": b"XML:com.adobe.xmp",
}
"""Where programs store EXIF and XMP, and so the orientation, besides eXIf."""

_END: Final = struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))


@dataclass(frozen=True, slots=True)
class PngParts:
    """A PNG taken apart."""

    picture: bytes  # a PNG of the still picture alone
    profile: bytes | None  # ICC
    space: ColourSpace  # when there is no profile


def take_apart(data: bytes, profile_limit: int) -> PngParts:
    """Keep the chunks that a still picture and its orientation need; read those that tell colours.

    Args:
        data: a file that starts with ``SIGNATURE``. A damaged one is left to Pillow to refuse.
        profile_limit: largest ICC profile that is inflated, bytes; a larger one is dropped.
    """
    kept: list[bytes] = []
    colours: dict[bytes, bytes] = {}
    seen: set[bytes] = set()
    place = len(SIGNATURE)
    pixels: tuple[int, int] | None = None  # where the chunks IDAT lie, from and to
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + size
        if kind == b"IDAT":
            if pixels is None:
                pixels = (place, end)
            elif pixels[1] == place:
                pixels = (pixels[0], end)
        elif kind == b"IEND" or end > len(data):
            break
        elif kind in _CRITICAL:
            kept.append(data[place:end])
        elif kind not in seen and _is_wanted(data, kind, place, end):
            body = data[place + 8 : end - 4]
            if kind in _COLOURS:
                colours[kind] = body
            elif kind == b"tRNS":
                kept.append(_eight_bit_key(data, body))
            elif kind == b"eXIf" or _is_short(kind, body):
                kept.append(data[place:end])
            seen.add(kind)
        place = end
    whole = pixels is not None and pixels[1] <= len(data)
    stored = data[slice(*pixels)] if pixels else b""
    picture = b"".join((SIGNATURE, *kept, stored, _END if whole else b""))
    profile, space = _colours(colours, profile_limit)
    return PngParts(picture, profile, space)


def is_cut(data: bytes) -> bool:
    """Whether a file ends within a chunk, or before its last one."""
    place = len(SIGNATURE)
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        place += 12 + size
        if kind == b"IEND":
            break
        if not kind.isalpha():  # what follows is not a chunk: something was damaged before
            return False
    else:
        return True
    return bool(place > len(data))


_COLOURS: Final = frozenset({b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})
_OTHERS: Final = frozenset({b"tRNS", b"eXIf"})


def _is_wanted(data: bytes, kind: bytes, place: int, end: int) -> bool:
    keyword = _TEXTS.get(kind)
    if keyword is None and kind not in _COLOURS and kind not in _OTHERS:
        return False
    if keyword is not None and not data.startswith(keyword + b"\0", place + 8, end):
        return False
    return zlib.crc32(data[place + 4 : end - 4]).to_bytes(4, "big") == data[end - 4 : end]


def _eight_bit_key(data: bytes, key: bytes) -> bytes:
    """The chunk tRNS whose transparent colour is in the levels that Pillow makes of the pixels.

    It leaves 16-bit grey as it is; of other 16-bit colours it keeps the high bytes.
    """
    depth, colours = data[24], data[25]
    if colours == 2 and depth == 16 and len(key) == 6:
        key = bytes((0, key[0], 0, key[2], 0, key[4]))
    elif colours == 0 and depth in (2, 4) and len(key) == 2:
        key = bytes((0, (key[1] & ((1 << depth) - 1)) * (255 // ((1 << depth) - 1))))
    elif len(key) < {0: 2, 2: 6}.get(colours, 0):
        return b""  # for Pillow it would be an error
    body = b"tRNS" + key
    return struct.pack(">I", len(key)) + body + struct.pack(">I", zlib.crc32(body))


def _is_short(kind: bytes, body: bytes) -> bool:
    """Whether Pillow will read a text."""
    _, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        return inflate(rest[1:], _TEXT_LIMIT) is not None
    if kind == b"iTXt" and rest[:1] != b"\0":
        packed = rest[2:].split(b"\0", 2)
        return len(packed) == 3 and inflate(packed[2], _TEXT_LIMIT) is not None
    return len(rest) <= _TEXT_LIMIT


def inflate(packed: bytes, limit: int) -> bytes | None:
    """Inflate a zlib stream; None when it is damaged or holds more than `limit` bytes."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, limit)
    except zlib.error:
        return None
    return data if stream.eof or not stream.unconsumed_tail else None


def _colours(chunks: dict[bytes, bytes], profile_limit: int) -> tuple[bytes | None, ColourSpace]:
    """ICC profile and colour space, by the order of precedence of PNG, 4.3."""
    code_points = chunks.get(b"cICP", b"")
    if len(code_points) == 4:
        return None, from_code_points(code_points[0], code_points[1])
    _, _, stored = chunks.get(b"iCCP", b"").partition(b"\0")
    if stored[:1] == b"\0":
        profile = inflate(stored[1:], profile_limit)
        if profile:
            return profile, SRGB
    if b"sRGB" in chunks:
        return None, SRGB
    gamma, primaries = chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b"")
    return None, from_gamma(
        struct.unpack(">I", gamma)[0] / 100_000 if len(gamma) == 4 else None,
        _chromaticities(primaries) if len(primaries) == 32 else None,
    )


def _chromaticities(chunk: bytes) -> Chromaticities:
    white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y = (
        value / 100_000 for value in struct.unpack(">8I", chunk)
    )
    return white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y
