from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from fashion_finder.domain import Pixels
from fashion_finder.errors import PictureError, PictureTooLarge, PictureUnreadable
from fashion_finder.images import tiff as reading
from fashion_finder.images.decode import decode
from tests.unit.images.colours import card, p3_card
from tests.unit.images.icc import display_p3_profile
from tests.unit.images.pictures import DATA, assert_near
from tests.unit.images.tiffs import Order, tiff

GREY, RGB, CMYK, CIE_LAB, ICC_LAB = 1, 2, 5, 8, 9
UNASSOCIATED, ASSOCIATED, UNSPECIFIED = 2, 1, 0

Samples = npt.NDArray[Any]


def photo() -> Pixels:
    """RGB and alpha, [30, 41, 4]; no side is a multiple of a tile's."""
    grains = np.random.default_rng(3).integers(0, 256, (5, 6, 4), np.uint8)
    return np.asarray(Image.fromarray(grains).resize((41, 30), Image.Resampling.BICUBIC))


def shown(data: bytes) -> Pixels:
    """What is shown of a file."""
    return np.asarray(decode(data, 64).image)


def scaled(levels: Pixels, kind: str) -> Samples:
    """Levels as samples of a type, by its range; floats from 0 to 1."""
    target = np.dtype(kind)
    if target.kind == "f":
        return (levels / 255).astype(target)
    repeated = levels.astype(np.uint64)
    for _ in range(target.itemsize - 1):
        repeated = repeated << np.uint64(8) | levels
    return repeated.astype(target)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "u8", "f2", "f4", "f8"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_rgb_of_every_depth(kind: str, order: Order, big: bool) -> None:
    """In strips and tiles, interleaved and in planes, plain and packed, with every predictor."""
    levels = photo()[..., :3]
    predictors = (1, 2, 3) if kind[0] == "f" else (1, 2)
    for planes, tile, predictor in product((False, True), (None, (16, 16)), predictors):
        data = tiff(
            scaled(levels, kind),
            RGB,
            order=order,
            big=big,
            planes=planes,
            packed=predictor > 1 or planes,
            predictor=predictor,
            tile=tile,
        )
        assert_near(shown(data), levels, 1)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4", "f8"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [False, True])
def test_grey_of_every_depth(kind: str, order: Order, packed: bool) -> None:
    """With the right sign and order of bytes."""
    levels = photo()[..., :1]
    data = tiff(scaled(levels, kind), GREY, order=order, packed=packed)
    assert_near(shown(data), np.repeat(levels, 3, axis=2), 1)


@pytest.mark.parametrize("bits", [3, 4, 6, 10, 12, 14, 24])
def test_rgb_of_odd_bits(bits: int) -> None:
    """Samples that do not fill bytes."""
    levels = photo()[..., :3]
    samples = np.round(levels / 255 * ((1 << bits) - 1)).astype(np.uint32)
    expected = np.round(samples / ((1 << bits) - 1) * 255)
    assert_near(shown(tiff(samples, RGB, bits=bits)), expected, 1)


def test_white_is_zero() -> None:
    """Of 16-bit floats, which Pillow refuses."""
    levels = photo()[..., :1]
    assert_near(shown(tiff(scaled(255 - levels, "f2"), 0)), np.repeat(levels, 3, axis=2), 1)


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("planes", [False, True])
@pytest.mark.parametrize(
    "base, extra", [(1, (UNASSOCIATED,)), (3, (UNASSOCIATED,)), (3, (UNASSOCIATED, UNSPECIFIED))]
)
def test_alpha_is_laid_over_white(
    kind: str, planes: bool, base: int, extra: tuple[int, ...]
) -> None:
    """Grey and RGB; of several extra samples, the first is alpha."""
    levels, alpha = photo()[..., :base], photo()[..., 3:]
    samples = np.concatenate([levels, alpha, *([alpha] * (len(extra) - 1))], axis=2)
    data = tiff(scaled(samples, kind), GREY if base == 1 else RGB, planes=planes, tags={338: extra})
    cover = alpha / 255
    assert_near(shown(data), np.broadcast_to(levels * cover + 255 * (1 - cover), (30, 41, 3)), 2)


def test_two_alphas() -> None:
    """Two samples that both claim to be alpha: the first one is used."""
    levels, alpha = photo()[..., :3], photo()[..., 3:]
    for claimed in ((UNASSOCIATED, UNASSOCIATED), (ASSOCIATED, UNASSOCIATED)):
        cover = alpha / 255
        stored = levels * cover if claimed[0] == ASSOCIATED else levels
        samples = np.concatenate([stored.astype(np.uint8), alpha, 255 - alpha], axis=2)
        data = tiff(samples, RGB, tags={338: claimed})
        assert_near(shown(data), levels * cover + 255 * (1 - cover), 3)


def test_plane_that_nobody_needs_may_be_missing() -> None:
    """The extra plane of Pillow's own test picture has no bytes."""
    levels = photo()[..., :1]
    samples = np.concatenate([levels, levels], axis=2).view(np.int8)
    grey = tiff(samples, GREY, planes=True, packed=True, tags={338: (UNSPECIFIED,), 339: (2, 2)})
    directory = reading.read_directory(grey)
    assert directory is not None
    first = len(directory.all(273)) // 2
    short = {273: directory.all(273)[:first], 279: directory.all(279)[:first]}
    data = tiff(
        samples, GREY, planes=True, packed=True, tags={338: (UNSPECIFIED,), 339: (2, 2), **short}
    )
    assert shown(data).shape == (30, 41, 3)


def test_further_samples_are_dropped() -> None:
    """A mask or a near-infrared channel is not alpha."""
    levels = photo()[..., :3]
    samples = np.concatenate([levels, 255 - levels], axis=2)
    data = tiff(scaled(samples, "f4"), RGB, tags={338: (UNSPECIFIED,) * 3})
    assert_near(shown(data), levels, 1)


# ---------------------------------------------------------------- inks and Lab


@pytest.mark.parametrize("kind", ["u1", "u2"])
@pytest.mark.parametrize("claimed", [UNASSOCIATED, ASSOCIATED])
def test_cmyk_with_alpha(kind: str, claimed: int) -> None:
    """Where it is transparent, there is no ink on the paper."""
    inks = np.zeros((16, 16, 5), np.uint8)
    inks[..., 1] = inks[..., 2] = 255  # red
    inks[..., 4] = 255
    inks[:, 8:, 4] = 0
    if claimed == ASSOCIATED:
        inks[:, 8:, :4] = 0
    pixels = shown(tiff(scaled(inks, kind), CMYK, tags={338: (claimed,)}))
    assert_near(pixels[8, 2], (255, 0, 0), 3)
    assert_near(pixels[8, 13], (255, 255, 255), 3)


@pytest.mark.parametrize(
    "kind, photometric",
    [*((kind, CIE_LAB) for kind in ("u1", "u2", "i2", "f4")), ("u1", ICC_LAB), ("u2", ICC_LAB)],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_lab_of_every_depth(kind: str, photometric: int, order: Order) -> None:
    """As colourful as the picture that it was made from."""
    converted = ImageCms.profileToProfile(
        Image.fromarray(card()),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert converted is not None
    eight = np.asarray(converted)
    lightness, chroma = eight[..., :1] / 2.55, eight[..., 1:].view(np.int8).astype(float)
    if kind == "f4":
        samples: Samples = np.concatenate([lightness, chroma], axis=2).astype(np.float32)
    else:
        size = np.dtype(kind).itemsize
        top = 256**size
        shift = top // 2 if photometric == ICC_LAB else 0
        stored = np.concatenate([lightness / 100 * (top - 1), chroma * (top / 256) + shift], axis=2)
        samples = (np.round(stored).astype(int) % top).astype(f"u{size}").view(kind)
    found = np.asarray(decode(tiff(samples, photometric, order=order), 256).image)
    assert np.abs(found.astype(int) - card()).mean() < 3


def test_lab_that_tells_its_signs() -> None:
    """Lightness is unsigned, a and b are signed."""
    samples = np.zeros((8, 8, 3), np.uint16)
    samples[..., 0] = 0xFFFF
    assert_near(shown(tiff(samples, CIE_LAB, tags={339: (1, 2, 2)})), 255, 1)


def test_lab_with_alpha() -> None:
    """Transparent is white."""
    samples = np.zeros((8, 8, 4), np.uint16)
    samples[..., 0] = 30_000
    pixels = shown(tiff(samples, CIE_LAB, tags={338: (UNASSOCIATED,)}))
    assert_near(pixels, 255, 3)


# ---------------------------------------------------------------- what files say besides


def test_big_endian_bigtiff_of_any_compression() -> None:
    """As Pillow itself reads other BigTIFFs, here with a tag of each type."""
    levels = photo()[..., :3]
    data = tiff(levels, RGB, order=">", big=True, packed=True, predictor=2, tags={274: 6})
    found = decode(data, 64)
    assert (found.width, found.height) == (30, 41)
    assert_near(np.asarray(found.image), np.rot90(levels, -1), 0)


def test_orientation_of_samples() -> None:
    """Also where Pillow did not read the tag."""
    levels = photo()[..., :3]
    found = decode(tiff(scaled(levels, "f4"), RGB, tags={274: 8}), 64)
    assert (found.width, found.height) == (30, 41)
    assert_near(np.asarray(found.image), np.rot90(levels), 1)


def test_profile_of_samples() -> None:
    """An ICC profile applies to floats as to bytes."""
    profile = display_p3_profile()
    samples = (np.asarray(p3_card()) / 255).astype(np.float32)
    data = tiff(samples, RGB, tags={34675: tuple(profile)})
    found = np.asarray(decode(data, 256).image).astype(int)
    assert np.abs(found - card()).mean() < 2


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 7.5])
def test_floats_are_scaled_by_what_they_hold(white: float) -> None:
    """By the usual conventions, and high dynamic range by its largest value; nothing turns black."""
    levels = photo()[..., :3]
    stretched = levels.astype(float) - levels.min()
    stretched *= 255 / stretched.max()
    samples = (stretched / 255 * white).astype(np.float32)
    samples[0, 0] = np.nan
    samples[0, 1] = np.inf
    assert_near(shown(tiff(samples, RGB))[1:], stretched[1:], 1)


# ---------------------------------------------------------------- what is not read


@pytest.mark.parametrize(
    "tags, words",
    [
        ({259: 34887}, "TIFF compressed with LERC is not read"),
        ({259: 50001}, "TIFF compressed with WebP is not read"),
        ({259: 34661}, "TIFF compressed with JBIG is not read"),
        ({259: 34676, 262: 32845}, "TIFF of LogLuv is not read"),
        ({262: 32803}, "TIFF of raw sensor data is not read"),
        ({258: (5, 6, 5)}, "TIFF with 5 and 6 bits a sample is not read"),
        ({258: (48, 48, 48), 339: (3, 3, 3)}, "TIFF with 48 bits a sample is not read"),
        ({277: 300}, "TIFF with more than 64 samples a pixel is not read"),
    ],
)
def test_kind_that_is_not_read_is_named(tags: dict[int, int | tuple[int, ...]], words: str) -> None:
    """None of these is damaged."""
    with pytest.raises(PictureUnreadable, match=words):
        shown(tiff(photo()[..., :3], RGB, tags=tags))


def test_damaged_tiff_is_called_damaged() -> None:
    """A compression that is read, with garbage in it."""
    data = bytearray(tiff(photo()[..., :3], RGB, packed=True))
    data[20:200] = bytes(180)
    with pytest.raises(PictureUnreadable, match="damaged"):
        shown(bytes(data))


def test_samples_beyond_the_memory() -> None:
    """They are refused before anything is decoded."""
    data = tiff(photo()[..., :3].astype(np.float64), RGB, tags={256: 12_000, 257: 12_000})
    with pytest.raises(PictureTooLarge, match="12000 x 12000 pixels need more memory"):
        shown(data)


@settings(max_examples=150)
@given(st.data())
def test_damaged_tiff_gives_a_picture_or_a_reason(data: st.DataObject) -> None:
    """Whatever its directory claims."""
    big = data.draw(st.booleans())
    order: Order = ">" if data.draw(st.booleans()) else "<"
    broken = bytearray(tiff(scaled(photo()[::4, ::4, :3], "f4"), RGB, big=big, order=order))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(len(broken) // 2, len(broken) - 1))
        broken[place] = data.draw(st.integers(0, 255))
    with suppress(PictureError):
        assert shown(bytes(broken)).ndim == 3


@given(st.binary(max_size=300))
def test_any_bytes_have_a_directory_or_none(body: bytes) -> None:
    """Of both kinds and orders of bytes."""
    for head in (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"):
        reading.read_directory(head + body)
        reading.directory_is_beyond(head + body)


def test_other_files_have_no_directory() -> None:
    """A HEIC is none."""
    assert reading.read_directory((DATA / "quarters.heic").read_bytes()) is None
