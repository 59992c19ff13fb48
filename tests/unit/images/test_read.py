from __future__ import annotations

import hashlib
import os
import pickle
import socket
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin

from fashion_finder.errors import (
    PictureDenied,
    PictureError,
    PictureInCloud,
    PictureMissing,
    PictureTooLarge,
    PictureUnreachable,
    PictureUnreadable,
)
from fashion_finder.images import read
from fashion_finder.images.read import read_picture
from tests.unit.images.pictures import encode, jpeg_pixels, pixels_of, prepared, quarters

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files only")


def test_everything_about_a_picture_at_once(tmp_path: Path) -> None:
    """One reading gives the digest, the size, the model's square and the thumbnail."""
    path = tmp_path / "a.png"
    path.write_bytes(encode(quarters(600, 400)))
    picture = prepared(path, preview=0)
    assert picture.digest == hashlib.blake2b(path.read_bytes(), digest_size=32).digest()
    assert (picture.width, picture.height) == (600, 400)
    assert picture.square.shape == (224, 224, 3)
    assert jpeg_pixels(picture.thumbnail).shape == (171, 256, 3)
    assert picture.preview is None


def test_bytes_are_read_like_a_file(tmp_path: Path) -> None:
    """A pasted picture gives what its file would give."""
    path = tmp_path / "a.png"
    path.write_bytes(encode(quarters()))
    assert prepared(path.read_bytes()).digest == prepared(path).digest


def test_known_content_is_not_decoded() -> None:
    """The digest alone comes back, even if the bytes could not be decoded."""
    data = b"not a picture at all"
    digest = hashlib.blake2b(data, digest_size=32).digest()
    assert read_picture(data, known=[b"another", digest]) == digest


def test_preview_is_limited() -> None:
    """A large picture's preview has the longer side that was asked for."""
    assert pixels_of(encode(quarters(3000, 1500), "JPEG"), preview=640).shape == (320, 640, 3)


def test_preview_does_not_grow() -> None:
    """A small picture's preview is the picture."""
    assert pixels_of(encode(quarters(40, 30)), preview=640).shape == (30, 40, 3)


def test_missing_file(tmp_path: Path) -> None:
    """A file that does not exist is called missing, and named."""
    with pytest.raises(PictureMissing) as caught:
        read_picture(tmp_path / "gone.jpg")
    assert caught.value.subject == tmp_path / "gone.jpg"


@pytest.mark.parametrize("name", ["a\0b.jpg", "x" * 300 + ".jpg", "file.txt/below.jpg"])
def test_impossible_names_are_missing(tmp_path: Path, name: str) -> None:
    """A name that no file can have is a missing file, not a crash."""
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(PictureMissing):
        read_picture(tmp_path / name)


def test_empty_file(tmp_path: Path) -> None:
    """An empty file is said to be empty."""
    (tmp_path / "a.jpg").touch()
    with pytest.raises(PictureUnreadable, match="the file is empty"):
        read_picture(tmp_path / "a.jpg")


def test_folder(tmp_path: Path) -> None:
    """A folder with a picture's name is refused in words."""
    with pytest.raises(PictureUnreadable, match="it is a folder"):
        read_picture(tmp_path)


@posix
def test_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    """Nobody writes to this FIFO: reading it would wait for ever."""
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(PictureUnreadable, match="not a regular file"):
        read_picture(tmp_path / "a.jpg")


@posix
def test_fifo_that_appears_late_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is swapped for a FIFO after it was looked at does not block the opening."""
    (tmp_path / "file").write_bytes(b"x")
    os.mkfifo(tmp_path / "a.jpg")
    regular = os.stat(tmp_path / "file")
    monkeypatch.setattr(os, "stat", lambda _path: regular)
    with pytest.raises(PictureUnreadable, match="not a regular file"):
        read_picture(tmp_path / "a.jpg")


@posix
def test_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket in a folder is no picture."""
    monkeypatch.chdir(tmp_path)  # socket names are limited to about 100 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("a.jpg")
        with pytest.raises(PictureUnreadable, match="not a regular file"):
            read_picture(Path("a.jpg"))


@posix
def test_device_is_refused() -> None:
    """A device gives bytes without end; none is read."""
    with pytest.raises(PictureUnreadable, match="not a regular file"):
        read_picture(Path("/dev/zero"))


@posix
def test_circle_of_links(tmp_path: Path) -> None:
    """A link to itself is not called a missing file."""
    (tmp_path / "a.jpg").symlink_to(tmp_path / "a.jpg")
    with pytest.raises(PictureUnreadable, match="links lead in a circle"):
        read_picture(tmp_path / "a.jpg")


def test_denied_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing permission is called by its name."""
    (tmp_path / "a.jpg").write_bytes(b"x")

    def refuse(*_: object) -> int:  # the suite may run as root, whom nothing is denied
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PictureDenied):
        read_picture(tmp_path / "a.jpg")


def test_failing_drive_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's message about a drive is passed on."""
    (tmp_path / "a.jpg").write_bytes(b"x")

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(PictureUnreachable, match="the drive or share answered: input/output error"):
        read_picture(tmp_path / "a.jpg")


def test_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused by its size alone."""
    with (tmp_path / "a.tif").open("wb") as file:
        file.truncate(read.FILE_LIMIT + 1)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(PictureTooLarge, match="512 MB"):
        read_picture(tmp_path / "a.tif")


@pytest.mark.parametrize("change", ["grow", "touch"])
def test_file_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """A file that changes during the reading is not taken for what was read."""
    path = tmp_path / "a.png"
    path.write_bytes(encode(quarters()))
    really_read = os.read

    def read_while_writing(descriptor: int, count: int) -> bytes:
        piece = really_read(descriptor, count)
        if change == "grow":
            with path.open("ab") as file:
                file.write(b"more")
        else:
            os.utime(path, ns=(0, 0))
        return piece

    monkeypatch.setattr(os, "read", read_while_writing)
    with pytest.raises(PictureUnreachable, match="being written while it was read"):
        read_picture(path)


def test_reading_leaves_the_file_alone(tmp_path: Path) -> None:
    """Neither bytes nor times of a file change by being read."""
    path = tmp_path / "a.png"
    path.write_bytes(encode(quarters()))
    before = path.stat()
    read_picture(path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)


def test_errors_travel_between_processes(tmp_path: Path) -> None:
    """A worker's error arrives with its file and its reason."""
    with pytest.raises(PictureError) as caught:
        read_picture(tmp_path)
    arrived = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (arrived.subject, arrived.detail) == (tmp_path, "it is a folder")


def dng(preview: Image.Image) -> bytes:
    """A small preview in a TIFF file that calls itself a DNG, as cameras and converters write it."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\1\4\0\0"
    tags.tagtype[50706] = 1
    data = BytesIO()
    preview.save(data, "TIFF", tiffinfo=tags)
    return data.getvalue()


@pytest.mark.parametrize("name", ["a.dng", "a.jpg", "a.tif"])
def test_a_small_preview_does_not_stand_for_a_raw_file(tmp_path: Path, name: str) -> None:
    """However it is named, or pasted without a name."""
    path = tmp_path / name
    path.write_bytes(dng(quarters()))
    with pytest.raises(PictureUnreadable, match="it is a RAW file: use its JPEG"):
        read_picture(path)
    with pytest.raises(PictureUnreadable, match="it is a RAW file"):
        read_picture(path.read_bytes())


def test_a_foreign_ending_does_not_hide_a_picture(tmp_path: Path) -> None:
    """Only what cannot be read is called by its ending."""
    path = tmp_path / "a.psd"
    path.write_bytes(encode(quarters()))
    assert not isinstance(read_picture(path), bytes)
    path.write_bytes(b"any content")
    with pytest.raises(PictureUnreadable, match="it is a Photoshop document"):
        read_picture(path)


def test_what_is_only_in_the_cloud_is_fetched_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not even opened."""
    path = tmp_path / "a.png"
    path.write_bytes(encode(quarters()))
    monkeypatch.setattr(read, "is_only_in_cloud", lambda _: True)
    read_picture(path)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(PictureInCloud) as caught:
        read_picture(path, may_fetch=False)
    assert caught.value.passing
