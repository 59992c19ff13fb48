"""Pictures that the tests make for themselves."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from fashion_finder.domain import Pixels, PreparedPicture
from fashion_finder.images.read import read_picture

DATA = Path(__file__).parents[2] / "data"

RED, GREEN, BLUE, YELLOW = (200, 30, 40), (30, 150, 60), (40, 60, 190), (240, 200, 30)

Corners = tuple[tuple[int, int, int], ...]


def quarters(width: int = 96, height: int = 64) -> Image.Image:
    """Red, green, blue and yellow quarters, from the top left: no turn or mirror looks alike."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    half_x, half_y = width // 2, height // 2
    draw.rectangle((0, 0, half_x - 1, half_y - 1), fill=RED)
    draw.rectangle((half_x, 0, width, half_y - 1), fill=GREEN)
    draw.rectangle((0, half_y, half_x - 1, height), fill=BLUE)
    draw.rectangle((half_x, half_y, width, height), fill=YELLOW)
    return image


def encode(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def prepared(source: bytes | Path, preview: int = 640) -> PreparedPicture:
    """Read a picture that must be readable."""
    picture = read_picture(source, preview=preview)
    assert isinstance(picture, PreparedPicture)
    return picture


def pixels_of(source: bytes | Path, preview: int = 640) -> Pixels:
    """The decoded picture, upright."""
    pixels = prepared(source, preview).preview
    assert pixels is not None
    return pixels


def jpeg_pixels(data: bytes) -> Pixels:
    """What a JPEG shows, uint8 [height, width, 3]."""
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        return np.array(image.convert("RGB"))


def corners(pixels: Pixels) -> Corners:
    """The colours one eighth into the picture: top left, top right, bottom left, bottom right."""
    height, width = pixels.shape[:2]
    x, y = width // 8, height // 8
    places = ((y, x), (y, -x - 1), (-y - 1, x), (-y - 1, -x - 1))
    return tuple(tuple(int(level) for level in pixels[place]) for place in places)  # type: ignore[misc]  # three levels each


def assert_near(found: npt.ArrayLike, expected: npt.ArrayLike, levels: float) -> None:
    """Fail unless colours agree within that many of 256 levels."""
    np.testing.assert_allclose(
        np.asarray(found, float), np.asarray(expected, float), rtol=0, atol=levels
    )


def every_format() -> dict[str, bytes]:
    """One valid file of each format that the program opens."""
    image = quarters()
    return {
        "jpeg": encode(image, "JPEG", quality=95, subsampling=0),
        "progressive jpeg": encode(image, "JPEG", quality=95, subsampling=0, progressive=True),
        "mpo": encode(
            image, "MPO", quality=95, subsampling=0, save_all=True, append_images=[image]
        ),
        "png": encode(image, "PNG"),
        "webp": encode(image, "WEBP", lossless=True),
        "avif": encode(image, "AVIF", quality=90, subsampling="4:4:4"),
        "gif": encode(image, "GIF"),
        "bmp": encode(image, "BMP"),
        "tiff": encode(image, "TIFF"),
        "packed tiff": encode(image, "TIFF", compression="tiff_lzw"),
        "heic": (DATA / "quarters.heic").read_bytes(),
    }
