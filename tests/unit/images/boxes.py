"""AVIF and HEIC files put together from boxes (ISO/IEC 14496-12), around pictures coded elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from tests.unit.images.pictures import DATA

_ESSENTIAL = (b"av1C", b"hvcC", b"clap", b"irot", b"imir")


def box(kind: bytes, body: bytes = b"") -> bytes:
    """A box."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags) + body)


def nclx(primaries: int, transfer: int, matrix: int = 0, *, full_range: bool = True) -> bytes:
    """The box that tells colours by code points."""
    body = struct.pack(">HHHB", primaries, transfer, matrix, full_range << 7)
    return box(b"colr", b"nclx" + body)


def size_box(width: int, height: int) -> bytes:
    """The box that tells a picture's size."""
    return full(b"ispe", struct.pack(">II", width, height))


def parts_of(data: bytes) -> tuple[list[bytes], bytes]:
    """The property boxes, and the coded picture, of a file that holds one item."""
    start = data.index(b"ipco") - 4
    properties = list(_boxes(data[start + 8 : start + _size(data, start)]))
    coded = data[data.index(b"mdat") + 4 :]
    return properties, coded


def container(
    coded: bytes,
    properties: Sequence[bytes],
    coding: bytes = b"av01",
    *,
    brand: bytes = b"avif",
    grid: tuple[int, int, int, int] | None = None,
    grid_properties: Sequence[bytes] = (),
) -> bytes:
    """A file of one item.

    With a `grid` (columns, rows, width, height): of that many tiles that share the coded picture.
    """
    tiles = grid[0] * grid[1] if grid else 1
    every = [*properties, *grid_properties]
    numbered = [n | 0x80 * (each[4:8] in _ESSENTIAL) for n, each in enumerate(every, 1)]
    own = bytes(numbered[: len(properties)])
    infes = [
        full(b"infe", struct.pack(">HH4sx", n + 1, 0, coding), 2, int(grid is not None))
        for n in range(tiles)
    ]
    maps = [struct.pack(">HB", n + 1, len(properties)) + own for n in range(tiles)]
    extra = b""
    shape = b""
    if grid is not None:
        columns, rows, width, height = grid
        shape = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
        infes.append(full(b"infe", struct.pack(">HH4sx", tiles + 1, 0, b"grid"), 2))
        numbers = bytes(numbered[len(properties) :])
        maps.append(struct.pack(">HB", tiles + 1, len(numbers)) + numbers)
        links = struct.pack(f">HH{tiles}H", tiles + 1, tiles, *range(1, tiles + 1))
        extra = full(b"iref", box(b"dimg", links)) + box(b"idat", shape)
    head = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)

    def meta(start: int) -> bytes:
        places = [struct.pack(">HHHHII", n + 1, 0, 0, 1, start, len(coded)) for n in range(tiles)]
        if grid is not None:
            places.append(struct.pack(">HHHHII", tiles + 1, 1, 0, 1, 0, len(shape)))
        return full(
            b"meta",
            full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + full(b"pitm", struct.pack(">H", len(infes)))
            + full(b"iinf", struct.pack(">H", len(infes)) + b"".join(infes))
            + box(
                b"iprp",
                box(b"ipco", b"".join(every))
                + full(b"ipma", struct.pack(">I", len(maps)) + b"".join(maps)),
            )
            + extra
            + full(b"iloc", b"\x44\0" + struct.pack(">H", len(places)) + b"".join(places), 1),
        )

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", coded)


def avif(image: Image.Image, *properties: bytes) -> bytes:
    """A picture as AVIF, without loss but for coding, with these properties instead of its colours."""
    file = BytesIO()
    image.save(file, "AVIF", quality=100, subsampling="4:4:4", range="full")
    own, coded = parts_of(file.getvalue())
    kept = [each for each in own if each[4:8] not in (b"colr", b"irot", b"imir")]
    return container(coded, [*kept, *properties])


def heic(*properties: bytes) -> bytes:
    """The quarters as HEIC, with these properties instead of its colours."""
    own, coded = parts_of((DATA / "quarters.heic").read_bytes())
    kept = [each for each in own if each[4:8] in (b"hvcC", b"ispe")]
    return container(coded, [*kept, *properties], b"hvc1", brand=b"heic")


def heic_grid(columns: int, rows: int, width: int, height: int, *properties: bytes) -> bytes:
    """A HEIC whose tiles all are the quarters, 96 x 64 pixels."""
    own, coded = parts_of((DATA / "quarters.heic").read_bytes())
    kept = [each for each in own if each[4:8] in (b"hvcC", b"ispe")]
    return container(
        coded,
        kept,
        b"hvc1",
        brand=b"heic",
        grid=(columns, rows, width, height),
        grid_properties=[size_box(width, height), *properties],
    )


def _size(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "big")


def _boxes(data: bytes) -> list[bytes]:
    found = []
    place = 0
    while place < len(data):
        found.append(data[place : place + _size(data, place)])
        place += _size(data, place)
    return found
