from __future__ import annotations

import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fashion_finder.errors import PictureUnreadable
from fashion_finder.images import png
from fashion_finder.images.colour import PROFILE_LIMIT
from fashion_finder.images.decode import decode
from tests.unit.images.colours import card, p3_card
from tests.unit.images.icc import display_p3_profile
from tests.unit.images.pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    assert_near,
    corners,
    encode,
    pixels_of,
    prepared,
    quarters,
)

UPRIGHT = (RED, GREEN, BLUE, YELLOW)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(image: Image.Image, *chunks: bytes, at_end: bool = False) -> bytes:
    """A PNG with chunks after its header, or before its end."""
    data = encode(image)
    place = len(data) - 12 if at_end else 33
    return data[:place] + b"".join(chunks) + data[place:]


def bomb(size: int) -> bytes:
    """Zeros, deflated a thousandfold."""
    return zlib.compress(bytes(size), 9)


TEXT = 3 << 20


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize(
    "stored",
    [
        chunk(b"zTXt", b"Comment\0\0" + bomb(TEXT)),
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb(TEXT)),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + bomb(TEXT)),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb(TEXT)),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * TEXT),
        chunk(b"tEXt", b"Comment\0" + b"x" * TEXT),
        chunk(b"tEXt", b"Comment\0" + b"x" * 9999) * 300,
        chunk(b"iCCP", b"icc\0\0" + bomb(TEXT)),
        chunk(b"prVt", b"x" * TEXT),
        chunk(b"tEXt", b"\xff\0\0\xff") + chunk(b"zTXt", b"x") + chunk(b"iTXt", b"x\0\1\1"),
        chunk(b"zTXt", b"Comment\0\7what") + chunk(b"iCCP", b"icc\0\7what"),
        chunk(b"tRNS", b"\0") + chunk(b"gAMA", b"") + chunk(b"eXIf", b"?"),
        b"\0\0\0\4tEXtabcdbad!",  # a checksum that does not fit, of a chunk that is not needed
    ],
)
def test_what_is_not_the_picture_does_not_matter(stored: bytes, at_end: bool) -> None:
    """Texts and profiles beyond 1 MB are valid, and odd ones are no reason to refuse a picture."""
    data = with_chunks(quarters(), stored, at_end=at_end)
    assert_near(corners(pixels_of(data)), UPRIGHT, 0)


def test_profile_of_two_megabytes_converts() -> None:
    """Display P3, with a table that nobody needs."""
    profile = display_p3_profile(padding=2 << 20)
    data = with_chunks(p3_card(), chunk(b"iCCP", b"P3\0\0" + zlib.compress(profile)))
    found = pixels_of(data, preview=300).astype(int)
    assert np.abs(found - card()).mean() <= 2


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "TIFF"])
def test_large_profile_in_other_formats(form: str) -> None:
    """In JPEG it lies in dozens of segments."""
    profile = display_p3_profile(padding=2 << 20)
    options = {"quality": 100, "subsampling": 0} if form == "JPEG" else {"lossless": True}
    data = encode(p3_card(), form, icc_profile=profile, **options if form != "TIFF" else {})
    found = pixels_of(data, preview=300).astype(int)
    assert np.abs(found - card()).mean() <= 2


def test_profile_beyond_the_limit_is_dropped() -> None:
    """The picture is shown as if it had none."""
    stored = chunk(b"iCCP", b"icc\0\0" + bomb(PROFILE_LIMIT + 1))
    data = with_chunks(quarters(), stored, chunk(b"gAMA", struct.pack(">I", 45455)))
    assert_near(corners(pixels_of(data)), UPRIGHT, 0)


def test_nothing_is_inflated_beyond_its_limit() -> None:
    """A bomb of 4 GB costs what its limit allows, in time and memory."""
    if sys.platform == "win32":
        pytest.skip("the peak of memory is told by POSIX only")
    import resource

    packed = _endless(4 << 30)
    assert len(packed) < 8 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert png.inflate(packed, 1 << 20) is None
    data = with_chunks(quarters(), *(chunk(b"zTXt", b"Comment\0\0" + packed),) * 2)
    assert_near(corners(pixels_of(data)), UPRIGHT, 0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 << 10  # KB: copies of the file


def _endless(size: int) -> bytes:
    """A zlib stream of so many zeros, of which only a piece is ever deflated."""
    piece, pieces = 1 << 24, []
    packer = zlib.compressobj(9)
    pieces.append(packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH))
    repeated = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    return pieces[0] + repeated * (size // piece - 1)


@pytest.mark.parametrize(
    "stored",
    [
        chunk(b"eXIf", b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"),
        chunk(
            b"iTXt",
            b"XML:com.adobe.xmp\0\1\0\0\0"
            + zlib.compress(b'<x:xmpmeta><r:Description tiff:Orientation="6"/></x:xmpmeta>'),
        ),
    ],
)
@pytest.mark.parametrize("at_end", [False, True])
def test_orientation_is_kept(stored: bytes, at_end: bool) -> None:
    """Wherever it is stored."""
    picture = prepared(with_chunks(quarters(), chunk(b"tEXt", b"a\0b"), stored, at_end=at_end))
    assert (picture.width, picture.height) == (64, 96)
    assert picture.preview is not None
    assert_near(corners(picture.preview), (BLUE, RED, YELLOW, GREEN), 0)


def test_raw_exif_profile_turns() -> None:
    """As ImageMagick stores EXIF: in hexadecimal, deflated."""
    exif = Image.Exif()
    exif[0x0112] = 6
    raw = b"Exif\0\0" + exif.tobytes()[6:]
    text = b"\nexif\n%8d\n" % len(raw) + raw.hex().encode() + b"\n"
    stored = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))
    assert prepared(with_chunks(quarters(), stored)).height == 96


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_transparent_grey_of_every_depth(depth: int) -> None:
    """The transparent level is white; its neighbour is not."""
    key = 0 if depth == 1 else 1
    other = (1 << depth) - 1
    value = (key, other) if depth < 16 else (key, 256)
    row = 4 * value
    bits = "".join(f"{level:0{depth}b}" for level in row)
    stored = int(bits, 2).to_bytes(-(-len(bits) // 8), "big")
    header = struct.pack(">IIBBBBB", 8, 8, depth, 0, 0, 0, 0)
    data = (
        png.SIGNATURE
        + chunk(b"IHDR", header)
        + chunk(b"tRNS", struct.pack(">H", key))
        + chunk(b"IDAT", zlib.compress((b"\0" + stored) * 8))
        + chunk(b"IEND", b"")
    )
    shown = np.asarray(decode(data, 8).image)[4, :2, 0]
    assert shown[0] == 255
    assert shown[1] == (255 if depth < 16 else 1)


def test_transparent_colour_of_sixteen_bits() -> None:
    """It is found although Pillow keeps eight of them."""
    pixel = struct.pack(">HHH", 0x1234, 0x5678, 0x9ABC) + struct.pack(">HHH", 0x2000, 0, 0)
    data = (
        png.SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, 2, 0, 0, 0))
        + chunk(b"tRNS", pixel[:6])
        + chunk(b"IDAT", zlib.compress((b"\0" + pixel) * 2))
        + chunk(b"IEND", b"")
    )
    assert np.asarray(decode(data, 2).image)[0].tolist() == [[255, 255, 255], [0x20, 0, 0]]


def test_animation_whose_frames_are_damaged() -> None:
    """The still picture does not need them."""
    data = encode(quarters(), save_all=True, append_images=[Image.new("RGB", (96, 64))])
    place = data.index(b"fcTL") - 4
    broken = data[:place] + data[place + 38 :]
    assert_near(corners(pixels_of(broken)), UPRIGHT, 0)


def test_png_for_iphone_apps_is_named() -> None:
    """Xcode's PNGs hold another kind of stream."""
    data = (
        png.SIGNATURE
        + chunk(b"CgBI", bytes(4))
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 6, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(18), wbits=-15))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(PictureUnreadable, match=r"a PNG made for iPhone apps .* is not read"):
        decode(data, 100)


@settings(max_examples=200)
@given(st.data())
def test_damaged_png_is_taken_apart(data: st.DataObject) -> None:
    """Whatever its chunks claim; without damage, only what is needed is left."""
    file = with_chunks(
        Image.new("RGB", (3, 2), RED),
        chunk(b"gAMA", struct.pack(">I", 100_000)),
        chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"profile")),
        chunk(b"tEXt", b"Comment\0words"),
    )
    whole = png.take_apart(file, PROFILE_LIMIT)
    assert (whole.profile, b"Comment" in whole.picture) == (b"profile", False)
    broken = bytearray(file)
    place = data.draw(st.integers(8, len(broken) - 1))
    broken[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=5))
    parts = png.take_apart(bytes(broken), PROFILE_LIMIT)
    assert parts.picture.startswith(png.SIGNATURE)
    assert len(parts.picture) <= len(broken) + 12
    assert isinstance(png.is_cut(bytes(broken)), bool)
