from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from fashion_finder.images.colour_space import (
    REC_709,
    SRGB,
    ColourSpace,
    convert,
    from_code_points,
    from_gamma,
)
from fashion_finder.images.decode import decode
from tests.unit.images.boxes import avif, heic, heic_grid, nclx
from tests.unit.images.colours import (
    TO_P3,
    card,
    hlg_card,
    levels,
    light,
    p3_card,
    pq_card,
    pq_coded,
    srgb_coded,
)
from tests.unit.images.pictures import DATA, assert_near, encode, pixels_of


def mean_difference(data: bytes) -> float:
    """Of a file from the card in sRGB, levels."""
    return float(np.abs(pixels_of(data, preview=300).astype(int) - card()).mean())


@pytest.mark.parametrize(
    "stored, code_points, bound",
    [
        (p3_card(), (12, 13), 2),
        (Image.fromarray(card()), (1, 13), 1),
        (Image.fromarray(card()), (1, 1), 1),  # what video calls BT.709, on a display
        (Image.fromarray(card()), (2, 2), 1),
        (pq_card(), (9, 16), 5),
        (hlg_card(), (9, 18), 5),
    ],
    ids=["Display P3", "sRGB", "BT.709", "unspecified", "PQ", "HLG"],
)
def test_avif_colours_by_code_points(
    stored: Image.Image, code_points: tuple[int, int], bound: float
) -> None:
    """Without an ICC profile, the box nclx says what the levels mean."""
    assert mean_difference(avif(stored, nclx(*code_points, matrix=6))) <= bound


def test_profile_outranks_code_points() -> None:
    """A file may have both; the profile is what other programs use."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    own = struct.pack(">I4s", 12 + len(profile), b"colr") + b"prof" + profile
    data = avif(Image.fromarray(card()), nclx(9, 16, matrix=6), own)
    assert mean_difference(data) <= 1


def test_heic_colours_by_code_points() -> None:
    """HEIC, as a whole and as a grid of tiles whose colours the grid tells."""
    plain = pixels_of(DATA / "quarters.heic")[16, 24]
    expected = np.asarray(convert(Image.fromarray(plain[None, None]), from_code_points(12, 13)))
    assert np.abs(expected[0, 0].astype(int) - plain).max() > 15
    assert_near(pixels_of(heic(nclx(12, 13, matrix=6)))[16, 24], expected[0, 0], 1)
    assert_near(pixels_of(heic_grid(2, 1, 192, 64, nclx(12, 13, 6)))[16, 24], expected[0, 0], 1)


def test_hdr_keeps_colours_up_to_reference_white() -> None:
    """A picture that holds nothing brighter is not tone-mapped: white is white, and red that red."""
    found = np.asarray(convert(pq_card(), from_code_points(9, 16)))
    assert np.abs(found.astype(int) - card()).mean() < 1.5


def test_dark_hdr_stays_dark() -> None:
    """Tone mapping never brightens: a card in the shade is as dark as its light says."""
    found = np.asarray(convert(pq_card(white=120), from_code_points(9, 16))).astype(int)
    shade = srgb_coded(light(card()) * (120 / 203)) * 255
    assert np.abs(found - shade).mean() < 2


def test_hdr_above_reference_white_is_rolled_off() -> None:
    """A ramp up to 4,000 cd/m2 stays a ramp; three quarters of reference white and less stay put."""
    nits = np.geomspace(1, 4000, 200)
    ramp = levels(np.repeat(pq_coded(nits)[None, :, None], 3, axis=2))
    found = np.asarray(convert(ramp, from_code_points(9, 16))).astype(int)[0]
    assert (np.diff(found[:, 1]) >= 0).all()
    assert found[-1, 1] >= 254
    white = found[np.searchsorted(nits, 203), 1]
    assert 225 <= white <= 245  # room is left above it
    dark = nits < 0.75 * 203
    expected = srgb_coded(nits / 203) * 255
    assert np.abs(found[dark, 1] - expected[dark]).max() <= 3
    assert (np.ptp(found, axis=1) <= 1).all()  # grey stays grey


def test_bright_colour_keeps_its_hue() -> None:
    """A red lamp ten times as bright as paper is red, not yellow."""
    lamp = np.zeros((8, 8, 3))
    lamp[...] = pq_coded(np.array([2030.0, 20.0, 20.0]))
    red, green, blue = np.asarray(convert(levels(lamp), from_code_points(1, 16)))[0, 0]
    assert red >= 250
    assert green == pytest.approx(blue, abs=3)
    assert green < 60


@pytest.mark.parametrize("transfer", [4, 5, 8, 9, 10, 13, 16, 17, 18])
@pytest.mark.parametrize("primaries", [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22])
def test_black_and_white_stay(primaries: int, transfer: int) -> None:
    """Whatever the primaries and their white: nothing is tinted, dark stays darker than bright."""
    greys = np.repeat(np.array([[0, 60, 120, 180, 255]], np.uint8)[..., None], 3, axis=2)
    space = from_code_points(primaries, transfer)
    found = np.asarray(convert(Image.fromarray(greys), space)).astype(int)[0]
    assert (np.ptp(found, axis=1) <= 1).all()
    assert (np.diff(found[:, 1]) >= 0).all()
    assert found[0, 1] <= 26  # a logarithm's black is a hundredth of its white
    assert found[-1, 1] >= 254


@given(primaries=st.integers(0, 65535), transfer=st.integers(0, 65535))
def test_any_code_points_give_a_picture(primaries: int, transfer: int) -> None:
    """Reserved ones count as sRGB."""
    image = Image.fromarray(card()[:2])
    found = convert(image, from_code_points(primaries, transfer))
    assert found.size == image.size
    assert found.mode == "RGB"


def test_transparent_hdr_lies_on_white() -> None:
    """The white laid under a picture is white paper, not 10,000 cd/m2."""
    image = pq_card()
    image.putalpha(0)
    assert_near(pixels_of(png(image, (b"cICP", bytes((9, 16, 0, 1))))), 255, 0)


# ---------------------------------------------------------------- PNG


def png(image: Image.Image, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with chunks after its header."""
    data = encode(image)
    inserted = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return data[:33] + inserted + data[33:]


def gamma(value: float) -> tuple[bytes, bytes]:
    """The chunk gAMA."""
    return b"gAMA", struct.pack(">I", round(value * 100_000))


P3 = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
PLAIN = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def linear_card() -> Image.Image:
    """The card without a curve."""
    return levels(light(card()))


@pytest.mark.parametrize(
    "stored, chunks",
    [
        (p3_card(), [(b"cICP", bytes((12, 13, 0, 1)))]),
        (pq_card(), [(b"cICP", bytes((9, 16, 0, 1)))]),
        (p3_card(), [(b"cHRM", P3)]),
        (levels((light(card()) @ TO_P3.T).clip(0) ** (1 / 2.2)), [gamma(1 / 2.2), (b"cHRM", P3)]),
        (linear_card(), [gamma(1.0)]),
        (levels(light(card()) ** (1 / 1.8)), [gamma(1 / 1.8)]),
        # cICP outranks iCCP, that sRGB, and that gAMA and cHRM (PNG, 4.3).
        (p3_card(), [(b"sRGB", b"\0"), gamma(1.0), (b"cICP", bytes((12, 13, 0, 1)))]),
        (Image.fromarray(card()), [(b"sRGB", b"\0"), gamma(1.0), (b"cHRM", P3)]),
        # What most files say, and what makes no sense.
        (Image.fromarray(card()), [gamma(0.45455), (b"cHRM", PLAIN)]),
        (Image.fromarray(card()), [gamma(0), (b"cHRM", bytes(32))]),
        (Image.fromarray(card()), [gamma(40000), (b"cHRM", b"\xff" * 32)]),
        (Image.fromarray(card()), [(b"gAMA", b"\0"), (b"cHRM", b"x"), (b"cICP", b"\x0c\x0d")]),
    ],
)
def test_png_colours(stored: Image.Image, chunks: list[tuple[bytes, bytes]]) -> None:
    """PNG's own chunks say what the levels mean."""
    assert mean_difference(png(stored, *chunks)) <= 2


def test_grey_png_with_a_gamma() -> None:
    """Grey follows its gamma, and stays grey."""
    image = Image.new("L", (32, 32), 55)  # 0.216 of white, which sRGB writes as 128
    assert_near(pixels_of(png(image, gamma(1.0)))[16, 16], (128, 128, 128), 1)


def test_plain_png_is_not_touched() -> None:
    """With the usual gamma, not a level is changed."""
    data = png(Image.fromarray(card()), gamma(0.45455), (b"cHRM", PLAIN))
    assert (np.asarray(decode(data, 300).image) == card()).all()


@given(
    gamma=st.none() | st.floats(-1e9, 1e9),
    values=st.none() | st.tuples(*[st.floats(0, 43_000)] * 8),
)
def test_any_gamma_and_primaries_give_a_colour_space(
    gamma: float | None, values: tuple[float, ...] | None
) -> None:
    """Values that make no sense are ignored."""
    space = from_gamma(gamma, values)  # type: ignore[arg-type]  # eight of them
    image = Image.fromarray(card()[:1])
    assert convert(image, space).size == image.size


def test_what_counts_as_srgb() -> None:
    """Nothing is converted for the names of sRGB."""
    assert from_code_points(1, 13).is_srgb
    assert from_code_points(2, 2) == from_gamma(None, None) == SRGB
    assert from_gamma(1 / 2.2, REC_709).is_srgb
    assert not ColourSpace(gamma=1.8).is_srgb
