"""Files are known by their names, and by their first bytes."""

from __future__ import annotations

import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fashion_finder.images.formats import (
    PICTURE,
    PICTURE_SUFFIXES,
    UNREAD_SUFFIXES,
    detail_of,
    is_picture_name,
    kind_of_data,
    kind_of_name,
    unread_kind,
)
from tests.unit.images.pictures import every_format


@pytest.mark.parametrize("name", ["a.jpg", "B.JPEG", "c.HeIc", "d.e.tif", "a\nb.png", "é.webp"])
def test_pictures_are_known_by_their_ending(name: str) -> None:
    """The ending decides, in any case, whatever stands before it."""
    assert is_picture_name(name)


@pytest.mark.parametrize("name", [".hidden.jpg", "._a.jpg", "a.txt", "jpg", "a.jpg.", ".jpg", ""])
def test_hidden_files_and_others_are_left_out(name: str) -> None:
    """Hidden files, macOS companions and other endings are no pictures."""
    assert not is_picture_name(name)


def test_asking_for_a_name_loads_no_decoder() -> None:
    """The scan need not import Pillow."""
    code = (
        "import sys; import fashion_finder.images.formats;"
        "sys.exit(any(name.split('.')[0] in ('PIL', 'numpy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "name, kind",
    [
        *(("a.NEF", "RAW"), ("a.arw", "RAW"), ("a.Cr3", "RAW"), ("a.dng", "RAW"), ("a.GPR", "RAW")),
        *(("a.psd", "PSD"), ("a.PSB", "PSD"), ("a.jxl", "JPEG XL"), ("a.J2K", "JPEG 2000")),
        *(("a.PDF", "PDF"), ("a.MTS", "video"), ("a.mkv", "video"), ("a.svg", "vector drawing")),
        *(
            ("a.xcf", "editor document"),
            ("a.exr", "HDR"),
            ("a.ico", "icon"),
            ("a.tga", "other picture"),
        ),
        *(("a.jpg", PICTURE), ("a.txt", None), ("a.xmp", None), ("a.zip", None), (".a.nef", None)),
        *(("nef", None), ("._a.NEF", None), ("a.nef.", None), ("", None)),
    ],
)
def test_other_kinds_are_known_by_their_ending(name: str, kind: str | None) -> None:
    """What is not read is called by its kind; what is no picture has none."""
    assert kind_of_name(name) == kind


def test_nothing_is_both_read_and_not_read() -> None:
    """And each kind has its reason."""
    assert not PICTURE_SUFFIXES & UNREAD_SUFFIXES.keys()
    assert all(detail_of(kind) for kind in UNREAD_SUFFIXES.values())


Tags = list[tuple[int, int, int]]


def tiff(tags: Tags, order: str = "<", *, below: Tags | None = None) -> bytes:
    """A TIFF file of one directory, each tag with its type and value, and one below it (SubIFDs)."""
    if below is not None:
        tags = [*tags, (330, 4, 8 + 2 + 12 * (len(tags) + 1) + 4)]
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return head + directory(tags, order) + directory(below or [], order)


def directory(tags: Tags, order: str) -> bytes:
    """One directory, the last of its chain."""
    packed = struct.pack(f"{order}H", len(tags))
    for tag, kind, value in tags:
        shape = {1: "B3x", 3: "H2x", 4: "I"}[kind]
        packed += struct.pack(f"{order}HHI{shape}", tag, kind, 1, value)
    return packed + struct.pack(f"{order}I", 0)


@pytest.mark.parametrize(
    "data, kind",
    [
        (b"\xff\x0a\0\0", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xff\x4f\xff\x51", "JPEG 2000"),
        (b"8BPS\0\1", "PSD"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "RAW"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video"),
        (b"RIFF\x10\0\0\0AVI LIST", "video"),
        (b"\x1a\x45\xdf\xa3\x01", "video"),
        (b"FUJIFILMCCD-RAW 0201", "RAW"),
        (b"II*\0\x10\0\0\0CR\x02\0", "RAW"),
        (b"IIU\0\x18\0\0\0", "RAW"),
        (b"IIRO\x08\0\0\0", "RAW"),
        (tiff([(254, 4, 1), (50706, 1, 1)]), "RAW"),
        (tiff([(254, 4, 1), (50706, 1, 1)], ">"), "RAW"),
        (tiff([(254, 4, 1)], below=[(262, 3, 32803)]), "RAW"),
        (tiff([(254, 4, 1)], ">", below=[(262, 3, 34892)]), "RAW"),
        (tiff([(262, 3, 2)], below=[(262, 3, 2)]), None),
        (b"\0\0\0\x1cftypavif\0\0\0\0", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0", None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_other_kinds_are_known_by_their_content(data: bytes, kind: str | None) -> None:
    """Whatever the file is called; a RAW file is one however ordinary the TIFF around it."""
    assert kind_of_data(data) == kind
    assert unread_kind(data, Path("a.jpg")) == kind


def test_a_raw_file_is_known_by_its_name_too() -> None:
    """Not every maker's can be told from a TIFF; other endings may be wrong."""
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "TIFF")
    assert unread_kind(picture.getvalue(), Path("a.NEF")) == "RAW"
    assert unread_kind(picture.getvalue(), Path("a.psd")) is None
    assert unread_kind(picture.getvalue(), None) is None


def test_pictures_that_are_read_are_taken_for_nothing_else() -> None:
    """By their content, in every format."""
    assert [name for name, data in every_format().items() if kind_of_data(data)] == []


@given(
    st.binary(max_size=200)
    | st.tuples(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0"]), st.binary()).map(
        b"".join
    )
)
def test_any_bytes_have_a_kind_or_none(data: bytes) -> None:
    """No content makes it fail, or walk in circles."""
    assert kind_of_data(data) in {None, *UNREAD_SUFFIXES.values()}
