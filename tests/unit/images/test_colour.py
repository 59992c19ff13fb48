from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from fashion_finder.domain import Pixels
from tests.unit.images.icc import profile
from tests.unit.images.pictures import (
    BLUE,
    RED,
    assert_near,
    corners,
    encode,
    jpeg_pixels,
    pixels_of,
    prepared,
    quarters,
)


def ramp() -> Pixels:
    """Grey from black to white, left to right, [16, 256]."""
    return np.tile(np.arange(256, dtype=np.uint8), (16, 1))


def profile_with_channels_swapped() -> bytes:
    """An sRGB profile whose red and blue primaries have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def profile_with_red(x: float, y: float, z: float) -> bytes:
    """An sRGB profile with another red primary (CIE XYZ, adapted to D50)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entry = profile.index(b"rXYZ")
    start = int.from_bytes(profile[entry + 4 : entry + 8], "big")
    for index, value in enumerate((x, y, z)):
        place = start + 8 + 4 * index
        profile[place : place + 4] = round(value * 65536).to_bytes(4, "big", signed=True)
    return bytes(profile)


def profile_with_wide_red() -> bytes:
    """An sRGB profile with the red primary that Apple's Display P3 profile publishes."""
    return profile_with_red(0.51512, 0.24120, -0.00105)


def test_embedded_profile_is_converted_to_srgb() -> None:
    """What a profile calls red is shown as what it means."""
    data = encode(
        Image.new("RGB", (32, 32), (255, 0, 0)), icc_profile=profile_with_channels_swapped()
    )
    assert_near(pixels_of(data)[16, 16], (0, 0, 255), 2)


def test_wider_red_is_brightened() -> None:
    """A red within sRGB that a wide profile stores with a small number grows again."""
    data = encode(Image.new("RGB", (32, 32), (180, 60, 60)), icc_profile=profile_with_wide_red())
    red, _, _ = pixels_of(data)[16, 16]
    assert red > 190


def test_profile_of_a_large_jpeg() -> None:
    """The profile is applied also when the JPEG is decoded at a reduced scale."""
    data = encode(quarters(2000, 1500), "JPEG", icc_profile=profile_with_channels_swapped())
    assert_near(corners(pixels_of(data))[0], RED[::-1], 4)


def test_the_thumbnail_is_in_srgb() -> None:
    """A small JPEG with a profile does not serve as its own thumbnail."""
    data = encode(quarters(), "JPEG", icc_profile=profile_with_channels_swapped())
    thumbnail = jpeg_pixels(prepared(data).thumbnail)
    assert_near(corners(thumbnail)[0], RED[::-1], 6)


def test_srgb_profile_changes_nothing() -> None:
    """Pictures that say they are in sRGB keep their very pixels."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = quarters()
    assert (pixels_of(encode(image, icc_profile=profile)) == np.asarray(image)).all()


def test_profile_that_is_nearly_srgb_changes_nothing() -> None:
    """The many rounded copies of sRGB in circulation leave the pixels alone, too."""
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (64, 64, 3), np.uint8)
    nearly = profile_with_red(0.4363, 0.2227, 0.0141)  # sRGB's own is (0.4361, 0.2225, 0.0139)
    assert (pixels_of(encode(Image.fromarray(pixels), icc_profile=nearly)) == pixels).all()


@pytest.mark.parametrize("profile", [b"nonsense", profile_with_wide_red()[:200], b"\0" * 128])
def test_broken_profile_is_ignored(profile: bytes) -> None:
    """A damaged profile costs its effect, not the picture."""
    image = quarters()
    assert (pixels_of(encode(image, icc_profile=profile)) == np.asarray(image)).all()


def test_profile_of_another_kind_is_ignored() -> None:
    """A grey picture with an RGB profile, as scanners write, stays as it is."""
    data = encode(Image.fromarray(ramp()), icc_profile=profile_with_channels_swapped())
    assert_near(pixels_of(data)[8, :, 0], ramp()[8], 0)


def test_profile_and_transparency_together() -> None:
    """A transparent picture is laid over white and its profile applied."""
    image = Image.new("RGBA", (32, 32), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 16, 32))
    pixels = pixels_of(encode(image, icc_profile=profile_with_channels_swapped()))
    assert_near(pixels[16, 4], (255, 255, 255), 2)
    assert_near(pixels[16, 28], (0, 0, 255), 2)


# ---------------------------------------------------------------- kinds of picture


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_without_profile(form: str) -> None:
    """CMYK comes out in its colours, not inverted."""
    data = encode(quarters().convert("CMYK"), form)
    assert_near(corners(pixels_of(data))[0], RED, 12)


def test_cmyk_with_unfit_profile() -> None:
    """CMYK with an RGB profile is converted by the plain formula."""
    data = encode(quarters().convert("CMYK"), "TIFF", icc_profile=profile_with_wide_red())
    assert_near(corners(pixels_of(data))[2], BLUE, 12)


def test_cmyk_with_its_profile() -> None:
    """A CMYK profile decides what its inks look like."""
    image = Image.new("CMYK", (32, 32), (0, 0, 0, 0))
    image.paste((255, 0, 0, 0), (16, 0, 32, 32))
    pixels = pixels_of(encode(image, "TIFF", icc_profile=_ink_profile()))
    assert_near(pixels[16, 4], (255, 255, 255), 3)
    assert_near(pixels[16, 28], (0, 0, 0), 60)  # this profile's "cyan" is a dark grey
    assert np.ptp(pixels[16, 28].astype(int)) < 12


def test_grey_with_its_profile() -> None:
    """A grey profile decides what its levels look like."""
    image = Image.new("L", (32, 32), 55)  # 0.216 of white, which sRGB writes as 128
    pixels = pixels_of(encode(image, "TIFF", icc_profile=_linear_grey_profile()))
    assert_near(pixels[16, 16], (128, 128, 128), 2)


def _linear_grey_profile() -> bytes:
    """A hand-made grey profile whose levels are proportional to light."""
    proportional = b"curv" + bytes(8)
    return profile(b"mntrGRAYXYZ ", {b"kTRC": proportional})


def _ink_profile() -> bytes:
    """A hand-made CMYK profile: any ink, in full, is L* 20 grey; paper is white.

    One A2B0 table of two points per ink, 8 bits (ICC.1:2001-04, 6.5.9, lut8Type).
    """
    identity = b"".join((65536 if i % 4 == 0 else 0).to_bytes(4, "big") for i in range(9))
    curve = bytes(range(256))
    points = b"".join(bytes((255 if inks == 0 else 51, 128, 128)) for inks in range(16))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + curve * 4 + points + curve * 3
    return profile(b"prtrCMYKLab ", {b"A2B0": table})


def test_lab() -> None:
    """A CIELAB picture is shown in its colours."""
    lab = ImageCms.profileToProfile(
        quarters(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    assert_near(corners(pixels_of(encode(lab, "TIFF")))[0], RED, 6)


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled(form: str) -> None:
    """16-bit grey keeps its gradation instead of clipping at 255."""
    data = encode(Image.fromarray(ramp().astype(np.uint16) * 257), form)
    assert_near(pixels_of(data)[8, :, 1], ramp()[8], 0)


@pytest.mark.parametrize(
    "values, expected",
    [
        (ramp().astype(np.float32) / 255, ramp()),
        (ramp().astype(np.float32), ramp()),
        (ramp().astype(np.float32) * 257, ramp()),
        (ramp().astype(np.float32) * 9 - 1000, ramp()),
        (ramp().astype(np.int32), ramp()),
        (ramp().astype(np.int32) * 257, ramp()),
        (ramp().astype(np.int32) * 100_000 - 70_000, ramp()),
        (np.full((16, 256), np.nan, np.float32), np.zeros((16, 256))),
        (np.full((16, 256), 5e9, np.float32), np.zeros((16, 256))),
    ],
)
def test_deep_grey_is_scaled(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], expected: Pixels
) -> None:
    """32-bit and float grey is brought to the range of the screen by its values."""
    data = encode(Image.fromarray(values), "TIFF")
    assert_near(pixels_of(data)[8, :, 0], expected[8], 1)


def test_palette() -> None:
    """A palette's colours are looked up before anything is averaged."""
    palette = quarters(1200, 900).quantize(8)
    assert_near(corners(pixels_of(encode(palette)))[3], (240, 200, 30), 4)


def test_palette_with_transparency() -> None:
    """A transparent palette entry is white."""
    palette = Image.new("P", (32, 32), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.paste(1, (16, 0, 32, 32))
    pixels = pixels_of(encode(palette, transparency=b"\x00\xff"))
    assert_near(pixels[16, 4], (255, 255, 255), 0)
    assert_near(pixels[16, 28], (0, 0, 255), 0)


@pytest.mark.parametrize(
    "mode, colour, shown",
    [
        ("RGBA", (200, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (200, 0, 0, 255), (200, 0, 0)),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("LA", (0, 0), (255, 255, 255)),
        ("LA", (40, 255), (40, 40, 40)),
    ],
)
def test_transparency_is_laid_over_white(
    mode: str, colour: tuple[int, ...], shown: tuple[int, int, int]
) -> None:
    """What can be seen through shows white, whatever colour is stored there."""
    assert_near(pixels_of(encode(Image.new(mode, (2000, 40), colour)))[10, 10], shown, 1)


@pytest.mark.parametrize("mode, key", [("RGB", (200, 30, 40)), ("L", 77)])
def test_transparent_colour(mode: str, key: tuple[int, int, int] | int) -> None:
    """A PNG that names one colour as transparent shows white there."""
    data = encode(Image.new(mode, (32, 32), key), transparency=key)
    assert_near(pixels_of(data)[16, 16], (255, 255, 255), 0)


def test_black_and_white() -> None:
    """A one-bit picture shrinks to grey, not to noise."""
    fine = np.zeros((1200, 1200), bool)
    fine[:, ::2] = True
    pixels = pixels_of(encode(Image.fromarray(fine)), preview=256)
    assert_near(pixels[20:-20, 20:-20], 127, 4)
