from __future__ import annotations

import pytest

from fashion_finder.errors import PictureUnreadable
from fashion_finder.images.thumbnails import decode_thumbnail, encode_thumbnail
from tests.unit.images.pictures import BLUE, GREEN, RED, YELLOW, assert_near, corners, quarters


def test_thumbnail_is_a_small_copy() -> None:
    """The longer side is 256 pixels, shape and colours are kept, and the bytes are few."""
    data = encode_thumbnail(quarters(1200, 800))
    pixels = decode_thumbnail(data)
    assert pixels.shape == (171, 256, 3)
    assert_near(corners(pixels), (RED, GREEN, BLUE, YELLOW), 6)
    assert len(data) < 12_000


def test_small_pictures_keep_their_size() -> None:
    """Enlarging would only cost space."""
    assert decode_thumbnail(encode_thumbnail(quarters(40, 30))).shape == (30, 40, 3)


@pytest.mark.parametrize("data", [b"", b"no picture", encode_thumbnail(quarters())[:300]])
def test_damaged_thumbnail_is_reported(data: bytes) -> None:
    """A thumbnail store with a broken entry gives a PictureError, nothing else."""
    with pytest.raises(PictureUnreadable):
        decode_thumbnail(data)
