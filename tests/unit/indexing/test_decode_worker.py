"""A picture that needs too much memory is told apart from a computer that has too little."""

from __future__ import annotations

import errno
import mmap
import struct
import sys
import time
import zlib
from pathlib import Path

import pytest

from fashion_finder.errors import PictureError, PicturePostponed, PictureTooLarge, PictureUnreadable
from fashion_finder.images import read
from fashion_finder.indexing import decode_worker
from fashion_finder.indexing.decode_worker import Sign, carry_out
from fashion_finder.indexing.workers import DecodeProcess
from fashion_finder.ports import ReadTask
from tests.pictures import save


def black_png(side: int) -> bytes:
    """A black square: four bytes a pixel once it is decoded, and hardly any in the file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    squeeze = zlib.compressobj(1)
    row = bytes(1 + 3 * side)
    pixels = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory")
def test_a_picture_beyond_the_workers_memory_is_too_large() -> None:
    """That it fails again is certain: it is not tried at every sync."""
    process = DecodeProcess(memory=600 << 20)
    error = process.run(ReadTask(1, black_png(11_000))).error
    process.close()
    assert type(error) is PictureTooLarge
    assert not error.passing


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    "is_short, kind", [(True, PicturePostponed), (False, PictureTooLarge)], ids=["short", "plenty"]
)
def test_a_computer_short_of_memory_is_not_the_pictures_fault(
    monkeypatch: pytest.MonkeyPatch, wrapped: bool, is_short: bool, kind: type[PictureError]
) -> None:
    """Whether decoding ran out of memory, or what comes before and after it."""

    def fail(*_: object, **__: object) -> None:
        if wrapped:
            raise PictureTooLarge(None, "needs more") from MemoryError()
        raise MemoryError

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(decode_worker, "read_picture", fail)
    if sys.platform != "win32":
        import resource

        monkeypatch.setattr(resource, "getrlimit", lambda _kind: (1 << 20, 1 << 20))
    if is_short:
        monkeypatch.setattr(mmap, "mmap", refuse)
    outcome = carry_out(ReadTask(3, Path("photo.jpg")))
    assert type(outcome.error) is kind
    assert outcome.key == 3


@pytest.mark.parametrize(
    "cause, kind",
    [
        (OSError(errno.EMFILE, "Too many open files"), PicturePostponed),
        (ImportError("failed to map segment from shared object"), PicturePostponed),
        (OSError("broken data stream"), PictureUnreadable),
        (ValueError("bad data"), PictureUnreadable),
    ],
    ids=str,
)
def test_what_the_system_lacks_is_not_the_pictures_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: Exception, kind: type[PictureError]
) -> None:
    """A library or a descriptor, while decoding."""

    def fail(*_: object) -> None:
        raise PictureUnreadable(None, "the picture data is damaged") from cause

    monkeypatch.setattr(read, "decode", fail)
    path = save(tmp_path / "photo.jpg", "hat", "red")
    assert type(carry_out(ReadTask(1, path)).error) is kind


def test_a_worker_tells_what_it_waits_for(tmp_path: Path) -> None:
    """Of bytes that come with the question, no disk is waited for."""
    path = save(tmp_path / "photo.jpg", "hat", "red")
    told: list[Sign] = []
    assert carry_out(ReadTask(1, path), told.append).picture is not None
    assert told == [Sign.READING, Sign.DECODING]
    told.clear()
    assert carry_out(ReadTask(1, path.read_bytes()), told.append).picture is not None
    assert told == [Sign.DECODING]


def test_a_worker_tells_about_once_a_second_that_bytes_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for each of the small pieces in which it reads."""
    seconds = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds) / 2)
    path = tmp_path / "large.jpg"
    path.write_bytes(bytes(10 * read._PIECE))
    told: list[Sign] = []
    assert carry_out(ReadTask(1, path), told.append).error is not None
    assert told[-1] is Sign.DECODING
    assert 3 <= told.count(Sign.READING) <= 6
