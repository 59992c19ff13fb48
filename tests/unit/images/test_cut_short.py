"""Pictures whose files end too early, or only lack their end."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fashion_finder.domain import Pixels
from fashion_finder.errors import PictureError, PictureUnreadable
from fashion_finder.images import jpeg
from fashion_finder.images.decode import Upright, decode
from fashion_finder.images.partial import whiten_missing
from tests.unit.images.pictures import encode, jpeg_pixels, prepared

SIDE = 400  # of the photo, pixels; it is never reduced


@cache
def photo() -> Image.Image:
    """Full of detail, so that a file's bytes are spread evenly over its rows."""
    grains = np.random.default_rng(8).integers(0, 256, (50, 50, 3), np.uint8)
    return Image.fromarray(grains).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def read(data: bytes) -> Upright:
    """The picture in its own size."""
    return decode(data, SIDE)


def pixels(data: bytes) -> Pixels:
    """What is shown of it."""
    return np.asarray(read(data).image)


def cut(data: bytes, share: float) -> bytes:
    """As much of a file."""
    return data[: int(share * len(data))]


JPEGS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "optimised": {"optimize": True},
    "full colour": {"subsampling": 0},
    "restarts": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "low quality": {"quality": 20},
}


def jpeg_file(kind: str) -> bytes:
    """The photo as one of these."""
    return encode(photo(), "JPEG", **{"quality": 90, **JPEGS[kind]})


@pytest.mark.parametrize("kind", list(JPEGS))
@pytest.mark.parametrize("missing", [1, 2])
def test_jpeg_without_its_end_marker_is_whole(kind: str, missing: int) -> None:
    """All pixels are there, so it is read like any other and not marked."""
    data = jpeg_file(kind)
    found = read(data[:-missing])
    assert not found.cut_short
    assert (np.asarray(found.image) == jpeg_pixels(data)).all()


@pytest.mark.parametrize(
    "tail", [b"\0", b"\0" * 4096, b"appended by a camera", b"\xff\xd9\xff\xd9"]
)
def test_what_follows_a_picture_is_ignored(tail: bytes) -> None:
    """Behind the end marker, or instead of it."""
    data = jpeg_file("baseline")
    assert not read(data + tail).cut_short
    assert (pixels(data + tail) == jpeg_pixels(data)).all()
    if set(tail) == {0}:
        assert (pixels(data[:-2] + tail) == jpeg_pixels(data)).all()


@pytest.mark.parametrize("kind", [kind for kind in JPEGS if kind != "progressive"])
def test_jpeg_of_nearly_all_rows_is_read_and_marked(kind: str) -> None:
    """The rows that are there are the right ones; the missing ones are white."""
    data = jpeg_file(kind)
    found = read(cut(data, 0.95))
    shown, whole = np.asarray(found.image), jpeg_pixels(data)
    assert found.cut_short
    assert (found.width, found.height) == (SIDE, SIDE)
    missing = (shown == 255).all(axis=(1, 2))
    assert 0.02 <= missing.mean() <= 0.1
    assert (np.diff(missing.astype(int)) >= 0).all()
    assert (shown[~missing] == whole[~missing]).all()


@pytest.mark.parametrize(
    "kind, share",
    [
        *((kind, 0.85) for kind in JPEGS if kind != "progressive"),
        *((kind, share) for kind in JPEGS for share in (0.5, 0.1)),
    ],
)
def test_jpeg_of_fewer_rows_is_refused(kind: str, share: float) -> None:
    """What is missing might be the piece."""
    data = cut(jpeg_file(kind), share)
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read(data)


def test_progressive_jpeg_that_lacks_its_last_bits() -> None:
    """It is as good as one of somewhat lower quality; so it is read, and marked."""
    data = jpeg_file("progressive")
    found = read(cut(data, 0.9))
    assert found.cut_short
    difference = np.abs(np.asarray(found.image).astype(int) - jpeg_pixels(data))
    assert 0 < difference.mean() < 3


@pytest.mark.parametrize("scans", [1, 3, 5])
def test_progressive_jpeg_that_lacks_scans_is_refused(scans: int) -> None:
    """Although libjpeg shows every one of its rows: coarsely, or in grey."""
    data = jpeg_file("progressive")
    ends = [place for place in range(len(data) - 1) if data[place : place + 2] == b"\xff\xda"]
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read(data[: ends[scans]])


def test_jpeg_that_was_ended_too_early_is_not_whole() -> None:
    """An end marker does not hide that rows are missing: libjpeg makes them grey."""
    data = jpeg_file("baseline")
    found = read(cut(data, 0.95) + b"\xff\xd9")
    assert found.cut_short
    assert (np.asarray(found.image)[-8:] == 255).all()
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read(cut(data, 0.6) + b"\xff\xd9")


def test_grey_end_of_a_sound_jpeg_is_not_missing() -> None:
    """A picture on that very grey is whole."""
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    grey.paste(photo().resize((64, 32)), (0, 0))
    found = read(encode(grey, "JPEG"))
    assert not found.cut_short
    assert (np.asarray(found.image)[-8:] == 128).all()


@pytest.mark.parametrize("share", [0.95, 0.6])
def test_file_laid_out_in_full_but_not_written(share: float) -> None:
    """Zeros at the end are no coded picture: nearly all of it is read, less is refused."""
    data = jpeg_file("baseline")
    unfinished = cut(data, share) + bytes(len(data) - int(share * len(data)))
    if share > 0.9:
        assert read(unfinished).cut_short
    else:
        with pytest.raises(PictureUnreadable, match="the file is cut short"):
            read(unfinished)


def test_large_jpeg_is_measured_at_a_reduced_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same outcome."""
    data = encode(photo().resize((1600, 1600)), "JPEG", quality=90)
    monkeypatch.setattr(jpeg, "_MEASURED_PIXELS", 1)
    assert decode(data[:-2], 100).cut_short is False
    found = decode(cut(data, 0.95), 100)
    assert found.cut_short
    assert (found.width, found.height) == (1600, 1600)
    assert (np.asarray(found.image)[-3:] == 255).all()
    with pytest.raises(PictureUnreadable):
        decode(cut(data, 0.8), 100)


def test_turned_picture_that_is_cut_short() -> None:
    """The missing rows are where they are missing: on the left of a picture that is turned."""
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = pixels(cut(encode(photo(), "JPEG", quality=90, exif=exif), 0.95))
    assert (shown[:, :8] == 255).all()
    assert not (shown[:, -8:] == 255).all()


def test_first_picture_of_a_cut_mpo_is_whole() -> None:
    """What is missing is the second one's."""
    data = encode(photo(), "MPO", quality=90, save_all=True, append_images=[photo()])
    assert not read(cut(data, 0.8)).cut_short
    assert read(cut(data, 0.485)).cut_short


OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "png": ("PNG", {}),
    "bmp": ("BMP", {}),
    "gif": ("GIF", {}),
    "gif in order": ("GIF", {"interlace": 0}),
    "tiff": ("TIFF", {}),
    "webp": ("WEBP", {"quality": 90}),
    "lossless webp": ("WEBP", {"lossless": True}),
    "webp with a profile": ("WEBP", {"quality": 90, "icc_profile": bytes(400)}),
}


def other_file(kind: str) -> bytes:
    """The photo in one of these formats."""
    form, options = OTHERS[kind]
    return encode(photo(), form, **options)


@pytest.mark.parametrize("kind", list(OTHERS))
def test_other_formats_of_nearly_all_rows(kind: str) -> None:
    """The same rule holds where the decoder tells which rows it has read, from above or below."""
    data = other_file(kind)
    whole = pixels(data)
    found = read(cut(data, 0.95))
    shown = np.asarray(found.image)
    assert found.cut_short
    assert (found.width, found.height) == (SIDE, SIDE)
    missing = (shown == 255).all(axis=(1, 2))
    assert 0.03 <= missing.mean() <= 0.1
    assert np.abs(shown[~missing].astype(int) - whole[~missing]).max() <= 2


@pytest.mark.parametrize("kind", list(OTHERS))
def test_other_formats_of_fewer_rows(kind: str) -> None:
    """They are refused, with the true reason."""
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read(cut(other_file(kind), 0.8))


@pytest.mark.parametrize("kind", ["png", "gif", "webp"])
def test_other_formats_without_their_end(kind: str) -> None:
    """When all pixels are there, the picture is whole."""
    data = other_file(kind)
    whole = pixels(data)
    found = read(data[:-1])
    assert not found.cut_short
    assert (np.asarray(found.image) == whole).all()


def test_interlaced_png_is_counted_by_its_rows() -> None:
    """Its last pass holds every other row."""
    data = interlaced_png(np.asarray(photo()))
    whole = pixels(data)
    assert (whole == np.asarray(photo())).all()
    found = read(cut(data, 0.97))
    assert found.cut_short
    shown = np.asarray(found.image)
    missing = (shown == 255).all(axis=(1, 2))
    assert 0.02 <= missing.mean() <= 0.1
    assert (shown[~missing] == whole[~missing]).all()


def interlaced_png(image: Pixels) -> bytes:
    """A PNG in the seven passes of Adam7, which Pillow does not write."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
    rows = b""
    for x, y, step_x, step_y in [*passes, (0, 1, 1, 2)]:
        rows += b"".join(b"\0" + row.tobytes() for row in image[y::step_y, x::step_x])
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 2, 0, 0, 1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_webp_that_lacks_its_metadata_is_whole() -> None:
    """EXIF is stored behind the pixels."""
    data = encode(photo(), "WEBP", quality=90, exif=b"Exif\0\0" + bytes(500))
    found = read(data[:-300])
    assert not found.cut_short
    assert (np.asarray(found.image) == pixels(data)).all()


@pytest.mark.parametrize(
    "data",
    [
        cut(encode(photo(), "TIFF", compression="tiff_lzw"), 0.95),  # its directory is at the end
        cut(encode(photo(), "AVIF"), 0.95),
    ],
    ids=["tiff", "avif"],
)
def test_cut_files_of_other_formats_are_called_so(data: bytes) -> None:
    """Not damaged, although nothing of them can be shown."""
    with pytest.raises(PictureUnreadable, match="the file is cut short"):
        read(data)


def test_picture_that_is_cut_short_is_prepared() -> None:
    """What is indexed says so, and is not its own thumbnail."""
    small = photo().resize((200, 200))
    data = encode(small, "JPEG", quality=60)
    found = prepared(cut(data, 0.96))
    assert found.cut_short
    assert found.thumbnail != cut(data, 0.96)
    assert not prepared(data).cut_short
    assert prepared(data[:-2]).thumbnail != data[:-2]  # Qt would not show it


# ---------------------------------------------------------------- parts


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 40))
def test_reduced_row_is_white_when_any_of_its_rows_is_missing(
    there: list[bool], height: int
) -> None:
    """A mixture of picture and white is neither."""
    height = min(height, len(there))
    image = Image.new("RGB", (2, height), (1, 2, 3))
    shown = np.asarray(whiten_missing(image, np.array(there)))
    for row in range(height):
        covered = there[row * len(there) // height : (row + 1) * len(there) // height]
        assert (shown[row] == ((1, 2, 3) if all(covered) else 255)).all()


@settings(max_examples=30)
@given(st.data())
def test_any_cut_gives_a_picture_or_a_reason(data: st.DataObject) -> None:
    """Wherever a file ends, and whatever follows."""
    file = jpeg_file(data.draw(st.sampled_from(["baseline", "progressive", "restarts"])))
    shorter = file[: data.draw(st.integers(1, len(file)))] + data.draw(st.binary(max_size=6))
    with suppress(PictureError):
        assert read(shorter).image.size == (SIDE, SIDE)


def test_structure_of_a_progressive_jpeg() -> None:
    """How much of the coefficients its scans hold."""
    data = jpeg_file("progressive")
    structure = jpeg.read_structure(data)
    assert structure.frame == 0xC2
    assert structure.ended
    assert (structure.missing_bits, structure.missing_before) == (0, 1)
    assert jpeg.read_structure(cut(data, 0.3)).missing_bits > 1
    assert jpeg.read_structure(b"\xff\xd8").scan == 0


@given(st.binary(max_size=200))
def test_structure_of_any_bytes(data: bytes) -> None:
    """There is always one."""
    assert isinstance(jpeg.read_structure(b"\xff\xd8" + data), jpeg.Structure)


def test_thumbnail_in_a_jpeg_is_not_its_end() -> None:
    """EXIF may hold a whole small JPEG, with markers of its own."""
    small = encode(photo().resize((40, 40)), "JPEG")
    data = encode(photo(), "JPEG", quality=90, exif=b"Exif\0\0" + small)
    assert (pixels(data[:-2]) == jpeg_pixels(data)).all()
    with Image.open(BytesIO(data)) as image:
        assert image.size == (SIDE, SIDE)
