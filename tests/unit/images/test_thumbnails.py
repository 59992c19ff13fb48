from __future__ import annotations

import pytest
from PIL import Image

from fashion_finder.images.read import encode_thumbnail
from tests.unit.images.pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    assert_near,
    corners,
    encode,
    jpeg_pixels,
    prepared,
    quarters,
)


def test_thumbnail_is_a_small_copy() -> None:
    """The longer side is 256 pixels, shape and colours are kept, and the bytes are few."""
    data = encode_thumbnail(quarters(1200, 800))
    pixels = jpeg_pixels(data)
    assert pixels.shape == (171, 256, 3)
    assert_near(corners(pixels), (RED, GREEN, BLUE, YELLOW), 6)
    assert len(data) < 12_000


def test_small_pictures_keep_their_size() -> None:
    """Enlarging would only cost space."""
    assert jpeg_pixels(encode_thumbnail(quarters(40, 30))).shape == (30, 40, 3)


def test_a_small_plain_jpeg_is_its_own_thumbnail() -> None:
    """Nothing is encoded again: a catalogue photo is small enough as it is."""
    photo = encode(quarters(225, 300), "JPEG", quality=90)
    assert prepared(photo).thumbnail == photo
    assert jpeg_pixels(photo).shape == (300, 225, 3)


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@pytest.mark.parametrize(
    "photo",
    [
        encode(quarters(225, 300), "PNG"),
        encode(quarters(225, 400), "JPEG"),
        encode(quarters(225, 300), "JPEG", exif=_turned()),
        encode(quarters(225, 300).convert("CMYK"), "JPEG"),
        encode(quarters(225, 300).convert("L"), "JPEG"),
        encode(quarters(225, 300), "MPO", save_all=True, append_images=[quarters()]),
        encode(quarters(225, 300), "JPEG") + bytes(30_000),
    ],
    ids=["png", "large", "turned", "cmyk", "grey", "mpo", "heavy"],
)
def test_what_others_would_show_differently_gets_a_thumbnail_of_its_own(photo: bytes) -> None:
    """Upright, in sRGB, one frame, and light."""
    thumbnail = prepared(photo).thumbnail
    assert thumbnail != photo
    assert max(jpeg_pixels(thumbnail).shape) == 256
    assert len(thumbnail) < 12_000
