from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fashion_finder.errors import PictureTooLarge, PictureUnreadable
from fashion_finder.images import decode as decoding
from fashion_finder.images.decode import decode
from fashion_finder.images.read import read_picture
from tests.unit.images.pictures import (
    BLUE,
    DATA,
    GREEN,
    RED,
    YELLOW,
    Corners,
    assert_near,
    corners,
    encode,
    every_format,
    pixels_of,
    prepared,
    quarters,
)

UPRIGHT: Corners = (RED, GREEN, BLUE, YELLOW)


@pytest.mark.parametrize("name", list(every_format()))
def test_every_format_is_read(name: str) -> None:
    """Each format shows its picture with the right colours the right way up."""
    pixels = pixels_of(every_format()[name])
    assert pixels.shape == (64, 96, 3)
    assert_near(corners(pixels), UPRIGHT, 4)


@pytest.mark.parametrize("before", [18, 30])
def test_arithmetic_jpeg(before: int) -> None:
    """Also when its coded data lie across the 64 KB that Pillow hands over at a time."""
    data = (DATA / "quarters-arithmetic.jpg").read_bytes()
    coded = data.index(b"\xff\xda")
    length = 65_536 - coded - before
    comment = b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - 4)
    padded = data[:2] + comment + data[2:]
    for file in (data, padded):
        assert_near(corners(pixels_of(file)), UPRIGHT, 6)


def test_heif_container_of_any_brand() -> None:
    """A HEIC that names the general brand first is not mistaken for an AVIF."""
    data = (DATA / "quarters.heic").read_bytes()
    assert_near(corners(pixels_of(data[:8] + b"mif1" + data[12:])), UPRIGHT, 4)


def test_avif_of_the_general_brand() -> None:
    """An AVIF that names the general brand first is not given to the HEIC decoder."""
    data = every_format()["avif"]
    assert_near(corners(pixels_of(data[:8] + b"mif1" + data[12:])), UPRIGHT, 4)


def test_turned_heic() -> None:
    """A HEIC's own rotation is applied, once."""
    picture = prepared(DATA / "quarters-turned.heic")
    assert (picture.width, picture.height) == (64, 96)
    assert picture.preview is not None
    assert_near(corners(picture.preview), (BLUE, RED, YELLOW, GREEN), 4)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize(
    "orientation, stored_as",
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_exif_orientation(form: str, orientation: int, stored_as: Image.Transpose | None) -> None:
    """All eight orientations come out upright, and the size reported is the upright one."""
    stored = quarters() if stored_as is None else quarters().transpose(stored_as)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = prepared(encode(stored, form, exif=exif))
    assert (picture.width, picture.height) == (96, 64)
    assert picture.preview is not None
    assert_near(corners(picture.preview), UPRIGHT, 14)


def test_large_turned_jpeg() -> None:
    """The upright size is that of the photo, also when it was decoded at a reduced scale."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = prepared(encode(quarters(3200, 2400), "JPEG", exif=exif), preview=0)
    assert (picture.width, picture.height) == (2400, 3200)
    assert_near(corners(picture.square[:, 28:-28]), (BLUE, RED, YELLOW, GREEN), 4)


@pytest.mark.parametrize(
    "block", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff"]
)
def test_broken_exif_is_ignored(block: bytes) -> None:
    """A picture with a damaged EXIF block is shown as it is stored."""
    assert_near(corners(pixels_of(encode(quarters(), "JPEG", exif=block))), UPRIGHT, 14)


def test_first_frame_of_an_animation() -> None:
    """Of several frames the first is read."""
    frames = [Image.new("RGB", (64, 48), colour) for colour in (BLUE, RED, GREEN)]
    for form in ("GIF", "WEBP", "TIFF", "AVIF", "PNG"):
        data = encode(frames[0], form, save_all=True, append_images=frames[1:])
        assert_near(pixels_of(data)[24, 32], BLUE, 4)


@pytest.mark.parametrize("is_transparent", [False, True])
def test_gif_that_does_not_fill_its_canvas(is_transparent: bool) -> None:
    """What its first frame leaves out is white, whatever its background colour."""
    options = {"transparency": 200} if is_transparent else {}
    data = bytearray(encode(quarters(), "GIF", **options))
    data[6:10] = struct.pack("<HH", 192, 128)  # of the canvas
    place = data.index(b",\0\0\0\0\x60\0\x40\0")
    data[place + 1 : place + 5] = struct.pack("<HH", 96, 64)  # where the frame is
    pixels = pixels_of(bytes(data))
    assert pixels.shape == (128, 192, 3)
    assert_near(corners(pixels[64:, 96:]), UPRIGHT, 4)
    assert (pixels[:64] == 255).all()
    assert (pixels[:, :96] == 255).all()


def test_reduced_jpeg_resembles_the_whole() -> None:
    """Decoding a large JPEG at a reduced scale changes the model's input by less than a level."""
    rng = np.random.default_rng(5)
    weave = rng.integers(0, 256, (150, 200, 3), np.uint8)
    photo = Image.fromarray(weave).resize((2400, 1800), Image.Resampling.BICUBIC)
    data = encode(photo, "JPEG", quality=92)
    reduced = prepared(data, preview=0).square.astype(int)
    whole = prepared(data, preview=2400).square.astype(int)
    assert 0 < np.abs(reduced - whole).mean() < 1


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_large_photo_is_not_kept_whole(form: str) -> None:
    """What comes back is not much larger than what was asked for, and never smaller."""
    upright = decode(encode(quarters(4000, 3000), form), 480)
    assert (upright.width, upright.height) == (4000, 3000)
    assert 480 <= max(upright.image.size) <= 2 * 480


def test_large_jpeg_is_never_decoded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """libjpeg does the reduction; the full picture never exists."""
    decoded = []

    def watch(image: Image.Image) -> Image.Image:
        decoded.append(image.size)
        return image

    monkeypatch.setattr(decoding, "to_eight_bits", watch)
    decode(encode(quarters(4000, 3000), "JPEG"), 480)
    assert decoded == [(500, 375)]


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1), (3, 9_000)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_extreme_shapes(form: str, size: tuple[int, int]) -> None:
    """A single pixel and a line are pictures too."""
    picture = prepared(encode(Image.new("RGB", size, BLUE), form))
    assert (picture.width, picture.height) == size
    assert_near(picture.square[111, 111], BLUE, 4)


# ---------------------------------------------------------------- what is refused


def test_planted_ghostscript_never_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An EPS file named .jpg is refused, and no program called gs is started for it."""
    if sys.platform == "win32":
        pytest.skip("the planted program is a shell script")
    trace = tmp_path / "it-ran"
    planted = tmp_path / "bin" / "gs"
    planted.parent.mkdir()
    planted.write_text(f"#!/bin/sh\ntouch '{trace}'\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", f"{planted.parent}{os.pathsep}{os.environ['PATH']}")
    eps = tmp_path / "dress.jpg"
    eps.write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n"
        b"newpath 0 0 moveto 100 100 lineto stroke\nshowpage\n%%EOF\n"
    )
    with pytest.raises(PictureUnreadable, match="PostScript"):
        read_picture(eps)
    assert not trace.exists()


@pytest.mark.parametrize(
    "data, words",
    [
        (b"plain text in a file named .jpg", "not a picture of a known format"),
        (b"  <!DOCTYPE html><title>404</title>", "it is a web page"),
        (b"%PDF-1.7", "it is a PDF document"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\xff\xd8\xff", "it is damaged"),
        (b"GIF89a", "cut short|damaged"),
    ],
)
def test_strangers_are_named(data: bytes, words: str) -> None:
    """The reason says what the file is, when that is known."""
    with pytest.raises(PictureUnreadable, match=words) as caught:
        read_picture(data)
    assert "0x" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["jpeg", "progressive jpeg", "png", "webp", "avif", "bmp", "tiff", "heic"]
)
def test_truncated_file_is_not_half_shown(name: str) -> None:
    """A file that stops halfway is unreadable, in each format."""
    data = every_format()[name]
    with pytest.raises(PictureUnreadable):
        read_picture(data[: len(data) * 6 // 10])


def test_truncated_large_jpeg() -> None:
    """An interrupted copy of a photo is distinguished from other damage."""
    data = encode(quarters(2400, 1800), "JPEG")
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read_picture(data[: len(data) // 2])


def _png_of_claimed_size(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims any size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, body, b"IEND")
    )


def _jpeg_of_claimed_size(width: int, height: int, progressive: bool = False) -> bytes:
    """A tiny JPEG whose frame header claims any size."""
    data = bytearray(encode(quarters(), "JPEG", progressive=progressive))
    frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        _png_of_claimed_size(30_000, 30_000),
        _jpeg_of_claimed_size(30_000, 30_000),
        _jpeg_of_claimed_size(20_000, 10_000, progressive=True),
    ],
    ids=["png", "jpeg", "progressive jpeg"],
)
def test_decompression_bomb_is_refused_by_its_header(data: bytes) -> None:
    """Too many pixels are refused before any is decoded, and the error names the size."""
    with pytest.raises(PictureTooLarge, match=r"[0-9]+000 x [0-9]+000 pixels"):
        read_picture(data)


def test_large_baseline_jpeg_is_let_through_to_the_decoder() -> None:
    """A 200-megapixel phone photo is decoded at a reduced scale; this one only lacks its data."""
    with pytest.raises(PictureUnreadable, match="cut short"):
        read_picture(_jpeg_of_claimed_size(16_320, 12_240)[:-100])


def test_size_just_within_the_limit_is_tried() -> None:
    """100 megapixels give no warning and no refusal; this file only lacks its data."""
    with pytest.raises(PictureUnreadable):
        read_picture(_png_of_claimed_size(10_000, 10_000))


def test_memory_running_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little memory for one picture is that picture's error, with its size."""

    def starve(*_: object) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr(decoding, "to_eight_bits", starve)
    with pytest.raises(PictureTooLarge, match="96 x 64 pixels need more memory than there is"):
        read_picture(encode(quarters()))
