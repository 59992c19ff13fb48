from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Pixels
from fashion_finder.errors import PictureUnreadable
from fashion_finder.images import bmp
from fashion_finder.images.decode import decode
from tests.unit.images.pictures import assert_near, encode, quarters

RGB, JPEG, PNG, BIT_FIELDS, ALPHA_BIT_FIELDS = 0, 4, 5, 3, 6


def bitmap(
    rows: Pixels,
    bits: int,
    *,
    compression: int = RGB,
    masks: tuple[int, ...] = (),
    palette: bytes = b"",
    header: int = 40,
    top_down: bool = False,
    width: int | None = None,
) -> bytes:
    """A BMP of rows of bytes, from the top, with a header of so many bytes."""
    height, stored = len(rows), rows.shape[1]
    padded = np.pad(rows, ((0, 0), (0, -stored % 4)))
    body = (padded if top_down else padded[::-1]).tobytes()
    across = width or stored * 8 // bits
    sides = (across, -height if top_down else height)
    information = struct.pack("<IiiHH", header, *sides, 1, bits)
    information += struct.pack("<I", compression) if header >= 20 else b""
    information = information.ljust(40 if header >= 40 else header, b"\0")
    fields = struct.pack(f"<{len(masks)}I", *masks)
    information = (information + fields).ljust(header, b"\0")
    start = 14 + len(information) + len(palette)
    return (
        b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + information + palette + body
    )


def shown(data: bytes) -> Pixels:
    """What is shown of a file."""
    return np.asarray(decode(data, 64).image)


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("header", [40, 52, 56, 108, 124])
def test_any_bit_masks(header: int, top_down: bool) -> None:
    """Red of ten bits, green of eleven, blue of eleven; whatever the header."""
    masks = (0x3FF << 22, 0x7FF << 11, 0x7FF)
    values = np.array([[0x3FF << 22, 0x7FF << 11, 0x7FF], [0, 0xFFFFFFFF, 512 << 22]], np.uint32)
    data = bitmap(
        values.view(np.uint8),
        32,
        compression=BIT_FIELDS,
        masks=masks if header < 56 else (*masks, 0),
        header=header,
        top_down=top_down,
    )
    expected = [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[0] * 3, [255] * 3, [128, 0, 0]]]
    assert_near(shown(data), expected, 1)


def test_masks_with_alpha() -> None:
    """Four bits a channel; transparent is white."""
    values = np.array([[0xFF00, 0x0F00, 0xF0F0, 0xF00F]], np.uint16)
    data = bitmap(
        values.view(np.uint8),
        16,
        compression=ALPHA_BIT_FIELDS,
        masks=(0xF00, 0xF0, 0xF, 0xF000),
        header=56,
    )
    expected = [[[255, 0, 0], [255, 255, 255], [0, 255, 0], [0, 0, 255]]]
    assert_near(shown(data), expected, 1)


def test_mask_for_alpha_that_is_not_used() -> None:
    """When all of it is zero, nothing is transparent."""
    values = np.array([[0x0F00, 0x00F0]], np.uint16)
    data = bitmap(
        values.view(np.uint8),
        16,
        compression=BIT_FIELDS,
        masks=(0xF00, 0xF0, 0xF, 0xF000),
        header=56,
    )
    assert_near(shown(data), [[[255, 0, 0], [0, 255, 0]]], 1)


def test_two_bits_a_pixel() -> None:
    """Four colours, in a file of Windows CE."""
    palette = bytes((0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0))
    data = bitmap(np.array([[0b00011011]], np.uint8), 2, palette=palette)
    assert shown(data).tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255] * 3]]


def test_short_header_of_os2() -> None:
    """Version 2 may leave out all but its first fields."""
    palette = bytes((9, 8, 7, 0, 30, 20, 10, 0))
    data = bitmap(np.array([[0, 1, 0]], np.uint8), 8, palette=palette.ljust(1024, b"\0"), header=16)
    assert shown(data).tolist() == [[[7, 8, 9], [10, 20, 30], [7, 8, 9]]]


def test_palette_longer_than_its_indices() -> None:
    """Colours that nothing can refer to do no harm."""
    palette = bytes(range(4)) * 300
    data = bitmap(np.array([[0, 255]], np.uint8), 8, palette=palette)
    assert shown(data).tolist() == [[[2, 1, 0], [2, 1, 0]]]


@pytest.mark.parametrize("compression, words", [(JPEG, "a JPEG"), (PNG, "a PNG")])
def test_bmp_around_another_picture_is_named(compression: int, words: str) -> None:
    """Printers get such files."""
    data = bitmap(np.zeros((1, 8), np.uint8), 8, compression=compression)
    with pytest.raises(PictureUnreadable, match=f"BMP with {words} in it is not read"):
        shown(data[:28] + bytes(2) + data[30:])


def test_bare_bitmap_is_named() -> None:
    """A DIB, as it lies in the clipboard."""
    with pytest.raises(PictureUnreadable, match="a BMP without its file header is not read"):
        shown(encode(quarters(), "BMP")[14:])


def test_bitmap_of_odd_masks_that_is_cut() -> None:
    """The reason is the true one."""
    values = np.zeros((9, 9), np.uint32)
    data = bitmap(values.view(np.uint8), 32, compression=BIT_FIELDS, masks=(7, 56, 448))
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        shown(data[:-20])


@given(st.binary(max_size=200))
def test_any_header(body: bytes) -> None:
    """A picture, an error of the decoder's, or none of our business."""
    header = bmp.read_header(b"BM" + body)
    if header is not None and header.is_ours and header.size[0] * header.size[1] < 10_000:
        try:
            assert bmp.decode(b"BM" + body, header).size == header.size
        except ValueError:
            pass
