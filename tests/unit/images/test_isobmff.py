from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fashion_finder.errors import PictureTooLarge, PictureUnreadable
from fashion_finder.images import heif, opening
from fashion_finder.images.decode import decode
from fashion_finder.images.isobmff import PictureBoxes, is_cut, read_boxes
from tests.unit.images.boxes import (
    avif,
    box,
    container,
    heic,
    heic_grid,
    nclx,
    parts_of,
    size_box,
)
from tests.unit.images.pictures import (
    BLUE,
    DATA,
    GREEN,
    RED,
    YELLOW,
    assert_near,
    corners,
    pixels_of,
    prepared,
    quarters,
)


def aperture(width: int, height: int, right: int = 0, down: int = 0) -> bytes:
    """A box clap: sides, and how far its centre is from the picture's, in halves of a pixel."""
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 2, down, 2))


def test_properties_of_a_file_by_pillow() -> None:
    """Size, colours and coding of an AVIF and of a HEIC."""
    file = BytesIO()
    quarters().save(file, "AVIF")
    found = read_boxes(file.getvalue())
    assert (found.size, found.code_points, found.coding) == ((96, 64), (1, 13), b"av01")
    heic_boxes = read_boxes((DATA / "quarters.heic").read_bytes())
    assert (heic_boxes.size, heic_boxes.coding) == ((96, 64), b"hvc1")


def test_grid_has_the_colours_of_its_tiles() -> None:
    """When it tells none itself."""
    own, coded = parts_of(heic(nclx(12, 13)))
    data = container(coded, own, b"hvc1", grid=(2, 1, 192, 64), grid_properties=[size_box(192, 64)])
    assert read_boxes(data) == PictureBoxes((192, 64), (12, 13), None, b"hvc1")


def test_clean_aperture_of_an_avif() -> None:
    """Only the part that is meant to be seen is, in its own size."""
    picture = prepared(avif(quarters(), aperture(40, 32, right=-56, down=-32)))  # the top left
    assert (picture.width, picture.height) == (40, 32)
    assert picture.preview is not None
    assert_near(picture.preview[4:28, 4:36], np.broadcast_to(RED, (24, 32, 3)), 8)


def test_clean_aperture_and_rotation() -> None:
    """The part is cut out before it is turned (23008-12, 6.5.10)."""
    turn = box(b"irot", b"\1")  # anticlockwise by 90 degrees
    picture = prepared(avif(quarters(), aperture(40, 64, right=-56), turn))  # red over blue
    assert (picture.width, picture.height) == (64, 40)
    assert picture.preview is not None
    assert_near(corners(picture.preview), (RED, BLUE, RED, BLUE), 8)


def test_clean_aperture_of_a_heic_is_applied_once() -> None:
    """Libheif does it."""
    picture = prepared(heic(aperture(48, 32)))
    assert (picture.width, picture.height) == (48, 32)
    assert picture.preview is not None
    assert_near(corners(picture.preview), (RED, GREEN, BLUE, YELLOW), 8)


@pytest.mark.parametrize(
    "clap",
    [
        aperture(97, 64),
        aperture(96, 64, right=4),
        aperture(0, 0),
        box(b"clap", bytes(32)),
    ],
)
def test_aperture_that_makes_no_sense_is_ignored(clap: bytes) -> None:
    """The whole picture is shown."""
    assert_near(corners(pixels_of(avif(quarters(), clap))), (RED, GREEN, BLUE, YELLOW), 8)


@pytest.mark.parametrize("sides", [(17_000, 17_000), (40_000, 40_000), (2**32 - 1, 2**32 - 1)])
def test_large_avif_is_called_large(sides: tuple[int, int]) -> None:
    """Although libavif only says that it cannot read it."""
    own, coded = parts_of(avif(quarters()))
    kept = [each for each in own if each[4:8] != b"ispe"]
    with pytest.raises(PictureTooLarge, match=f"{sides[0]} x {sides[1]} pixels"):
        decode(container(coded, [*kept, size_box(*sides)]), 100)


# ---------------------------------------------------------------- large HEIC


def test_heic_of_two_hundred_megapixels_is_not_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid of tiles, as phones make, is read at a reduced size; here with a small limit."""
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 100_000)
    upright = decode(heic_grid(8, 6, 760, 380), 200)
    assert (upright.width, upright.height) == (760, 380)
    assert upright.image.size == (254, 127)
    assert_near(np.asarray(upright.image)[8, 12], RED, 8)
    assert_near(np.asarray(upright.image)[8, 20], GREEN, 8)
    assert_near(np.asarray(upright.image)[17, 12], BLUE, 8)


def test_large_heic_is_reduced_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the height of a band, the picture is the same."""
    data = heic_grid(4, 5, 380, 310, box(b"irot", b"\1"))
    whole = heif.decode_reduced(data, 3)
    monkeypatch.setattr(heif, "_BAND", 380 * 20)
    banded = heif.decode_reduced(data, 3)
    assert whole[1] == banded[1] == (310, 380)
    assert whole[0].size == (104, 127)
    assert (np.asarray(whole[0]) == np.asarray(banded[0])).all()


def test_reduced_heic_resembles_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upright and in the colours that it tells."""
    data = heic_grid(4, 4, 384, 256, nclx(12, 13, 6), box(b"irot", b"\1"))
    whole = decode(data, 100)
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 1000)
    reduced = decode(data, 100)
    assert (reduced.width, reduced.height) == (whole.width, whole.height) == (256, 384)
    difference = np.asarray(reduced.image).astype(int) - np.asarray(whole.image)
    assert np.abs(difference).mean() < 1


def test_heic_beyond_the_memory_is_too_large(tmp_path: Path) -> None:
    """The reason names its size."""
    data = heic_grid(160, 240, 15_360, 15_360)
    with pytest.raises(PictureTooLarge, match="15360 x 15360 pixels; of a HEIC, at most 210 mega"):
        decode(data, 486)


def test_memory_that_runs_out_in_a_large_heic(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with 10 bits and full chroma: libheif has words of its own for it."""

    class Starved:
        @property
        def data(self) -> bytes:
            raise RuntimeError("Memory allocation error: Unspecified")

    monkeypatch.setattr(opening, "PIXEL_LIMIT", 1000)
    monkeypatch.setattr("pi_heif.open_heif", lambda *_, **__: Starved())
    with pytest.raises(PictureTooLarge, match="192 x 128 pixels need more memory than there is"):
        decode(heic_grid(2, 2, 192, 128), 100)


# ---------------------------------------------------------------- damage


@given(st.binary(max_size=300))
def test_any_bytes_are_boxes_or_nothing(data: bytes) -> None:
    """No error, whatever the boxes claim."""
    assert isinstance(read_boxes(data), PictureBoxes)
    assert isinstance(is_cut(data), bool)


@given(st.data())
def test_damaged_boxes_give_what_is_left(data: st.DataObject) -> None:
    """Bytes changed, removed and repeated, in a file with every kind of box."""
    broken = bytearray(heic_grid(3, 2, 280, 120, nclx(9, 16), aperture(100, 100))[:700])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    assert isinstance(read_boxes(bytes(broken)), PictureBoxes)


def test_many_boxes_take_no_time() -> None:
    """A file of nothing but boxes, and one that claims four thousand million properties."""
    many = box(b"meta", bytes(4) + box(b"free") * 200_000)
    assert read_boxes(box(b"ftyp", b"avif") + many) == PictureBoxes()
    claimed = container(b"", [size_box(1, 1)])
    place = claimed.index(b"ipma") + 8
    assert read_boxes(claimed[:place] + b"\xff" * 4 + claimed[place + 4 :]).coding in (
        None,
        b"av01",
    )


@pytest.mark.parametrize("coding, words", [(b"j2k1", "JPEG 2000"), (b"vvc1", "H.266")])
def test_coding_without_a_decoder_is_named(coding: bytes, words: str) -> None:
    """A sound file is not called damaged."""
    data = container(b"coded", [size_box(96, 64)], coding, brand=b"mif1")
    with pytest.raises(PictureUnreadable, match=f"HEIF with {words} is not read"):
        decode(data, 100)


@pytest.mark.parametrize("data", [avif(quarters()), heic()], ids=["avif", "heic"])
def test_cut_box_is_cut_short(data: bytes) -> None:
    """Which rows are there, their decoders do not tell: it is refused, with the true reason."""
    assert not is_cut(data)
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        decode(data[:-20], 100)


def test_image_is_closed_after_its_header() -> None:
    """Reading a header decodes nothing."""
    with opening.open_picture(avif(quarters()), 100).image as image:
        assert isinstance(image, Image.Image)
