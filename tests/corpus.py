"""Bad pictures by the thousand, made from valid ones of every format and kind.

    for name, data in corpus(5000): ...

The same count gives the same files. Names carry what was done, so that a failure can be found again.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from tests.pictures import draw

_HEIC = Path(__file__).parent / "data" / "quarters.heic"
_SUFFIXES = ("jpg", "png", "webp", "avif", "gif", "bmp", "tif", "heic")


def encode(image: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file's bytes."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@lru_cache(maxsize=1)
def valid() -> dict[str, bytes]:
    """One valid file of every format and of every unusual kind; the ending of its name is right."""
    image = draw("dress", "red", size=(90, 120))
    other = draw("bag", "blue", size=(90, 120))
    ramp = np.linspace(0, 1, 90 * 120).reshape(120, 90)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "maker"
    return {
        "plain.jpg": encode(image, "JPEG"),
        "progressive.jpg": encode(image, "JPEG", progressive=True),
        "described.jpg": encode(image, "JPEG", exif=exif, icc_profile=profile),
        "cmyk.jpg": encode(image.convert("CMYK"), "JPEG"),
        "grey.jpg": encode(image.convert("L"), "JPEG"),
        "pair.mpo": encode(image, "MPO", save_all=True, append_images=[other]),
        "plain.png": encode(image, "PNG"),
        "described.png": encode(image, "PNG", exif=exif, icc_profile=profile),
        "palette.png": encode(image.quantize(16), "PNG"),
        "deep.png": encode(Image.fromarray((ramp * 65535).astype(np.uint16)), "PNG"),
        "animated.png": encode(image, "PNG", save_all=True, append_images=[other]),
        "plain.webp": encode(image, "WEBP"),
        "animated.webp": encode(image, "WEBP", save_all=True, append_images=[other]),
        "plain.avif": encode(image, "AVIF"),
        "animated.gif": encode(image, "GIF", save_all=True, append_images=[other]),
        "plain.bmp": encode(image, "BMP"),
        "plain.tif": encode(image, "TIFF"),
        "packed.tif": encode(image, "TIFF", compression="tiff_lzw"),
        "pages.tif": encode(image.copy(), "TIFF", save_all=True, append_images=[other.copy()]),
        "lab.tif": encode(image.convert("LAB"), "TIFF"),
        "cmyk.tif": encode(image.convert("CMYK"), "TIFF"),
        "float.tif": encode(Image.fromarray(ramp.astype(np.float32)), "TIFF"),
        "deep.tif": encode(Image.fromarray((ramp * 65535).astype(np.uint16)), "TIFF"),
        "one.png": encode(Image.new("RGB", (1, 1)), "PNG"),
        "line.png": encode(Image.new("RGB", (1, 10_000)), "PNG"),
        "line.jpg": encode(Image.new("RGB", (10_000, 1)), "JPEG"),
        "phone.heic": _HEIC.read_bytes(),
    }


def hopeless() -> dict[str, bytes]:
    """Files that hold no picture, or claim one that must not be decoded."""
    return {
        "empty.jpg": b"",
        "huge.png": claims_png(30_000, 30_000),
        "bomb.png": bomb(),
        "huge.jpg": claims_jpeg(60_000, 60_000),
        "page.jpg": b"<!DOCTYPE html><html><body>404</body></html>",
        "letter.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "nothing.tif": b"II*\0" + b"\xff" * 60,
    }


def claims_png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG of this size, of which only the header is there, or a body."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def claims_jpeg(width: int, height: int) -> bytes:
    """A valid small JPEG whose frame header claims another size."""
    data = bytearray(valid()["plain.jpg"])
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def bomb() -> bytes:
    """900 megapixels of nothing in a few hundred kilobytes."""
    row = b"\0" * (1 + 3 * 30_000)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(300)) + packer.flush()
    return claims_png(30_000, 30_000, body)


def corpus(count: int, seed: int = 5) -> Iterator[tuple[str, bytes]]:
    """`count` files: the valid and the hopeless ones, then damaged ones in turn of every kind."""
    rng = random.Random(seed)
    whole = list(valid().items())
    made = [(f"valid-{name}", data) for name, data in whole]
    made += [(f"hopeless-{name}", data) for name, data in hopeless().items()]
    yield from made[:count]
    for number in range(count - len(made)):
        name, data = whole[number % len(whole)]
        stem, suffix = name.rsplit(".", 1)
        how, broken = damage(data, rng)
        if rng.random() < 0.1:
            how, suffix = f"{how}-misnamed", rng.choice(_SUFFIXES)
        yield f"{number:05}-{stem}-{how}.{suffix}", broken


def damage(data: bytes, rng: random.Random) -> tuple[str, bytes]:
    """One kind of damage; the start of the file, where its structure is, is hit most."""
    broken = bytearray(data)
    place = int(len(broken) * rng.random() ** 2)
    how = rng.choice(("cut", "bits", "overwritten", "repeated", "zeros", "swollen", "block"))
    match how:
        case "cut":
            del broken[rng.randrange(len(broken)) :]
        case "bits":
            for _ in range(rng.choice((1, 3, 20))):
                broken[int(len(broken) * rng.random() ** 2)] ^= 1 << rng.randrange(8)
        case "overwritten":
            stretch = rng.randrange(1, 16)
            broken[place : place + stretch] = rng.randbytes(stretch)
        case "repeated":
            broken[place:place] = broken[place : place + rng.randrange(1, 64)]
        case "zeros":
            broken[place : place + 512] = b"\0" * len(broken[place : place + 512])
        case "swollen":  # a length or a size becomes enormous
            broken[place : place + 4] = rng.choice((b"\xff" * 4, b"\x7f\xff\xff\xff"))
        case _:  # of the description: EXIF, ICC, or what else has a name
            marks = [broken.find(mark) for mark in (b"Exif", b"ICC_PROFILE", b"iCCP", b"eXIf")]
            start = rng.choice([mark for mark in marks if mark >= 0] or [0])
            for _ in range(8):
                at = min(len(broken) - 1, start + rng.randrange(200))
                broken[at] = rng.randrange(256)
    return how, bytes(broken)
