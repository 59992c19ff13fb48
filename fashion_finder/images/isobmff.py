"""What an AVIF or HEIC file says about its picture in the boxes around it (ISO/IEC 14496-12, 23008-12).

libavif tells Pillow neither the size of a picture that it refuses nor the colours and the clean
aperture of one that it decodes; libheif does not tell the colours of the coded picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fashion_finder.images.bitstream import CodePoints, of_av1, of_hevc

_MOST_BOXES: Final = 4096
_MOST_ITEMS: Final = 65_536
"""Boxes of one parent, and items of one list, that are looked at; the standard has no limits."""

_HEADER_BYTES: Final = 256  # of a coded picture: its sequence header is at its beginning


@dataclass(frozen=True, slots=True)
class PictureBoxes:
    """Properties of the picture that is shown first; None where the file does not tell."""

    size: tuple[int, int] | None = None  # before rotation and cropping, pixels
    code_points: CodePoints | None = None
    clean_aperture: tuple[int, int, int, int] | None = None  # left, top, right, bottom, pixels
    coding: bytes | None = None  # the type of the item, or of the tiles it is put together from


def read_boxes(data: bytes) -> PictureBoxes:
    """Read the primary item's properties; whatever is missing or damaged is left out."""
    try:
        return _read(memoryview(data))
    except (struct.error, IndexError, ValueError):
        return PictureBoxes()


def _read(data: memoryview) -> PictureBoxes:
    meta = _child(data, b"meta")
    if meta is None:
        return PictureBoxes()
    meta = meta[4:]
    item_properties = _child(meta, b"iprp")
    container = _child(item_properties, b"ipco")
    if item_properties is None or container is None:
        return PictureBoxes()
    properties = list(_boxes(container))
    primary = _primary(meta)
    own = list(_of_item(primary, item_properties, properties))
    tile = _first_tile(meta, primary)
    tiles = list(_of_item(tile, item_properties, properties))
    coding = _item_type(meta, primary if tile is None else tile)
    code_points = _code_points(own) or _code_points(tiles)
    if code_points is None and coding == b"av01":
        code_points = of_av1(_start_of_item(data, meta, primary if tile is None else tile))
    size = next((struct.unpack_from(">II", body, 4) for kind, body in own if kind == b"ispe"), None)
    aperture = next((body for kind, body in own if kind == b"clap"), None)
    return PictureBoxes(
        size=size,
        code_points=code_points,
        clean_aperture=_clean_aperture(aperture, size) if aperture is not None and size else None,
        coding=coding,
    )


def is_cut(data: bytes) -> bool:
    """Whether the last box reaches beyond the end of the file."""
    place = 0
    for _ in range(_MOST_BOXES):
        if place + 16 > len(data):
            return place != len(data)
        (size,) = struct.unpack_from(">I", data, place)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        if size < 8:  # up to the end, or damaged
            return False
        place += size
    return False


def _boxes(data: memoryview, most: int = _MOST_BOXES) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and body of each box in `data`, up to the first one that is damaged."""
    place = 0
    for _ in range(most):
        if place + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, place)
        start = place + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = len(data) if size == 0 else place + size
        if not start <= end <= len(data):
            return
        yield kind, data[start:end]
        place = end


def _child(data: memoryview | None, kind: bytes) -> memoryview | None:
    if data is None:
        return None
    return next((body for found, body in _boxes(data) if found == kind), None)


def _primary(meta: memoryview) -> int:
    box = _child(meta, b"pitm")
    if box is None:
        raise ValueError("no primary item")
    (item,) = struct.unpack_from(">I" if box[0] else ">H", box, 4)
    return int(item)


def _of_item(
    wanted: int | None, item_properties: memoryview, properties: list[tuple[bytes, memoryview]]
) -> Iterator[tuple[bytes, memoryview]]:
    """The properties of an item, in its own order."""
    for kind, box in _boxes(item_properties):
        if kind != b"ipma" or wanted is None:
            continue
        wide_items, wide_numbers = box[0] >= 1, box[3] & 1
        (count,) = struct.unpack_from(">I", box, 4)
        place = 8
        for _ in range(min(count, _MOST_ITEMS)):
            (item,) = struct.unpack_from(">I" if wide_items else ">H", box, place)
            place += 4 if wide_items else 2
            form = f">{box[place]}{'H' if wide_numbers else 'B'}"
            if item == wanted:
                for number in struct.unpack_from(form, box, place + 1):
                    number &= 0x7FFF if wide_numbers else 0x7F  # without "essential"
                    if 1 <= number <= len(properties):
                        yield properties[number - 1]
            place += 1 + struct.calcsize(form)


def _first_tile(meta: memoryview, item: int) -> int | None:
    """The first item that this one is put together from."""
    references = _child(meta, b"iref")
    if references is None:
        return None
    form = ">IHI" if references[0] else ">HHH"
    for kind, body in _boxes(references[4:]):
        if kind == b"dimg":
            source, count, first = struct.unpack_from(form, body)
            if source == item and count:
                return int(first)
    return None


def _item_type(meta: memoryview, wanted: int) -> bytes | None:
    items = _child(meta, b"iinf")
    if items is None:
        return None
    for kind, box in _boxes(items[8 if items[0] else 6 :], _MOST_ITEMS):
        if kind == b"infe" and box[0] in (2, 3):
            form = ">I2x4s" if box[0] == 3 else ">H2x4s"
            item, coding = struct.unpack_from(form, box, 4)
            if item == wanted:
                return bytes(coding)
    return None


def _code_points(properties: list[tuple[bytes, memoryview]]) -> CodePoints | None:
    """The colours that the file tells, or else the coded picture."""
    found = dict(reversed(properties))
    for kind, body in properties:
        if kind == b"colr" and bytes(body[:4]) == b"nclx":
            primaries, transfer = struct.unpack_from(">HH", body, 4)
            return primaries, transfer
    if b"hvcC" in found:
        return of_hevc(bytes(found[b"hvcC"]))
    return of_av1(bytes(found[b"av1C"][4:])) if b"av1C" in found else None


def _start_of_item(data: memoryview, meta: memoryview, wanted: int) -> bytes:
    """The first bytes of an item that lies in the file."""
    box = _child(meta, b"iloc")
    if box is None:
        return b""
    version = box[0]
    offset_size, length_size, base_size = box[4] >> 4, box[4] & 15, box[5] >> 4
    index_size = box[5] & 15 if version else 0
    wide = version >= 2
    (count,) = struct.unpack_from(">I" if wide else ">H", box, 6)
    place = 10 if wide else 8

    def number(size: int) -> int:
        nonlocal place
        place += size
        return int.from_bytes(box[place - size : place], "big")

    for _ in range(min(count, _MOST_ITEMS)):
        item = number(4 if wide else 2)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        extents = number(2)
        if item == wanted:
            number(index_size)
            start = base + number(offset_size)
            return bytes(data[start : start + _HEADER_BYTES]) if method == 0 and extents else b""
        place += extents * (index_size + offset_size + length_size)
    return b""


def _clean_aperture(box: memoryview, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The part of the picture that is meant to be seen; None when it is not one.

    Its size and the distance of its centre from the picture's are fractions (14496-12, 12.1.4).
    """
    width, height, *offset = struct.unpack_from(">IIIIiIiI", box)[::2]
    dividers = struct.unpack_from(">IIIIiIiI", box)[1::2]
    if 0 in dividers:
        return None
    sides = (width / dividers[0], height / dividers[1])
    centre = [
        shift / divider + side / 2
        for shift, divider, side in zip(offset, dividers[2:], size, strict=True)
    ]
    left, top = (round(middle - side / 2) for middle, side in zip(centre, sides, strict=True))
    right, bottom = left + round(sides[0]), top + round(sides[1])
    if not (0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]):
        return None
    return left, top, right, bottom
