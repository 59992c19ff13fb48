"""Near duplicates are recognised; another piece or another colour is none."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from fashion_finder.images.preprocess import prepare_square
from fashion_finder.images.signature import SIGNATURE_BYTES, same_photo, signature_of
from tests.pictures import COLOURS, SHAPES, draw
from tests.unit.images.pictures import encode, prepared

Change = Callable[[Image.Image], Image.Image]


def photo(colour: str = "red", mark: int = 3) -> Image.Image:
    """A dress with a button, on white."""
    return draw("dress", colour, mark=mark)


def signed(picture: Image.Image) -> bytes:
    """Its signature."""
    return signature_of(prepare_square(picture))


def saved(picture: Image.Image, form: str = "JPEG", quality: int = 60) -> Image.Image:
    """As read back from a file."""
    file = io.BytesIO()
    picture.save(file, form, quality=quality)
    return Image.open(file).convert("RGB")


def _bordered(picture: Image.Image) -> Image.Image:
    wider = Image.new("RGB", (picture.width + 50, picture.height + 10), "white")
    wider.paste(picture, (40, 5))
    return wider


def _busy(picture: Image.Image) -> Image.Image:
    """The piece before a wall of two colours: no white border says where it begins."""
    wall = Image.new("RGB", picture.size, (120, 140, 90))
    wall.paste((90, 70, 60), (0, picture.height // 2, picture.width, picture.height))
    white = picture.convert("L").point(lambda level: 0 if level > 240 else 255)
    wall.paste(picture, (0, 0), white)
    return wall


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: saved(picture, quality=35),
        lambda picture: saved(picture, "WEBP"),
        lambda picture: picture.resize((120, 160), Image.Resampling.LANCZOS),
        lambda picture: picture.resize((700, 933)),
        lambda picture: saved(picture.crop((9, 12, 291, 396))),
        lambda picture: saved(_bordered(picture)),
    ],
    ids=["JPEG", "WebP", "smaller", "larger", "cropped", "white border"],
)
@pytest.mark.parametrize("before", ["white", "a wall"])
def test_a_photo_saved_again_is_the_same(change: Change, before: str) -> None:
    """Whichever of the two was there first."""
    original = photo() if before == "white" else _busy(photo())
    first, second = signed(original), signed(change(original))
    assert same_photo(first, [second]).tolist() == [True]
    assert same_photo(second, [first]).tolist() == [True]


def test_a_soft_copy_of_a_striped_piece_is_the_same() -> None:
    """Either may be the sharper one; which of the two is moved must not matter."""
    levels = np.asarray(draw("dress", "red", size=(600, 800))).astype(int)
    stripes = np.sin(np.arange(600) / 15 * 2 * np.pi)[None, :, None] * 60
    piece = (levels < 235).any(axis=2, keepdims=True)
    sharp = Image.fromarray(np.clip(levels + piece * stripes, 0, 255).astype(np.uint8))
    first, second = signed(sharp), signed(sharp.filter(ImageFilter.GaussianBlur(4)))
    assert same_photo(first, [second]).tolist() == [True]
    assert same_photo(second, [first]).tolist() == [True]


@pytest.mark.parametrize("colour", sorted(set(COLOURS) - {"red"}))
def test_another_colour_is_another_piece(colour: str) -> None:
    """Colourways stay apart, so that another colour can be found."""
    assert not same_photo(signed(photo()), [signed(photo(colour))]).any()


def test_a_tint_is_another_colour() -> None:
    """A pale shirt in pale blue has nearly the same levels everywhere."""
    white = Image.new("RGB", (300, 400), "white")
    pale, tinted = white.copy(), white.copy()
    pale.paste((232, 232, 232), (60, 60, 240, 340))
    tinted.paste((222, 232, 245), (60, 60, 240, 340))
    assert not same_photo(signed(pale), [signed(tinted)]).any()


def test_another_piece_is_another_piece() -> None:
    """Another shape, or the same one with its button elsewhere."""
    others = [signed(draw(shape, "red")) for shape in sorted(set(SHAPES) - {"dress"})]
    others += [signed(photo(mark=0)), signed(photo(mark=12))]
    assert not same_photo(signed(photo()), others).any()


def test_the_same_cut_stretched_is_another_piece() -> None:
    """A long skirt and a short one are one picture at two heights."""
    long = photo().resize((300, 560))
    assert not same_photo(signed(photo()), [signed(long)]).any()


def test_verdicts_come_in_order_and_what_is_not_signed_is_like_nothing() -> None:
    """A catalogue may hold pictures that were never signed."""
    one, other = signed(photo()), signed(photo("blue"))
    assert len(one) == SIGNATURE_BYTES
    assert same_photo(one, [other, b"", one, b"short"]).tolist() == [False, False, True, False]
    assert same_photo(b"", [b"", one]).tolist() == [False, False]
    assert same_photo(one, []).tolist() == []


@pytest.mark.parametrize("colour", ["white", "black", (128, 128, 128)])
def test_a_picture_of_nothing_has_a_signature(colour: str) -> None:
    """No content and no slope, yet an answer."""
    plain = signed(Image.new("RGB", (40, 30), colour))
    assert same_photo(plain, [plain]).tolist() == [True]
    assert not same_photo(plain, [signed(photo())]).any()


def test_a_thumbnail_has_the_signature_of_its_photo() -> None:
    """So that old catalogues can be signed without their files."""
    read = prepared(encode(photo().resize((900, 1200))))
    again = prepared(read.thumbnail)
    assert same_photo(read.signature, [again.signature]).tolist() == [True]
