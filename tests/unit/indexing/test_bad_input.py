"""Whatever is in a folder, every picture is searchable or has a reason, and the rest is unaffected.

The soak does the same with thousands: tests/soak/test_bad_input.py.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.indexing.scan import Scan
from tests.corpus import corpus, hopeless, valid
from tests.pictures import draw_folder, save

FEW = 300

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file systems only")


def test_every_damaged_file_has_an_end(engine: Engine, tmp_path: Path) -> None:
    """Searchable or listed with its reason; the valid ones among them are all searchable."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name, data in corpus(FEW):
        (photos / name).write_bytes(data)
    summary = engine.sync([photos])
    assert (summary.found, summary.added + summary.skipped) == (FEW, FEW)
    skipped = {file.path.name: file.reason for file in summary.skipped_files}
    assert len(skipped) == summary.skipped
    assert all(skipped.values())
    assert not [name for name in skipped if name.startswith("valid-")]
    assert {f"hopeless-{name}" for name in hopeless()} <= set(skipped)
    for name in valid():
        path = photos / f"valid-{name}"
        match = engine.find_similar(PictureFile(path)).matches[0]
        assert path in (match.path, *match.copies)
    again = engine.sync([photos])
    assert (again.unchanged, again.skipped) == (summary.added, summary.skipped)


NAMES = [
    b"new\nline.jpg",
    "👗 dress.jpg".encode(),
    "\u202egpj.esrever.jpg".encode(),  # right-to-left override
    "שמלה.jpg".encode(),
    b"caf\xe9.jpg",  # Latin-1, no UTF-8
    b"\xff\xfe.jpg",
    b"x" * 251 + b".jpg",
    b"-rf.jpg",
    b"%s%n.jpg",
    b"a'b\"c`d.jpg",
    b"con.jpg",
    b" .jpg",
    b"folder./a.jpg",
    b"folder /a.jpg",
]


@posix
def test_any_name_is_kept_to_the_byte(engine: Engine, tmp_path: Path) -> None:
    """The file is found by itself, under exactly its name."""
    photos = tmp_path / "photos"
    photos.mkdir()
    paths = []
    for mark, name in enumerate(NAMES):
        path = photos / os.fsdecode(name)
        try:
            save(path, "dress", "red", mark=mark)
        except OSError:
            continue  # a file system that allows fewer names
        paths.append(path)
    assert len(paths) >= 10
    assert engine.sync([photos]).added == len(paths)
    for path in paths:
        assert engine.find_similar(PictureFile(path)).matches[0].path == path


@posix
def test_what_is_no_file_is_listed_and_never_opened(engine: Engine, tmp_path: Path) -> None:
    """FIFO, socket and device under a picture's name: opening them would hang or have side effects."""
    photos = tmp_path / "photos"
    draw_folder(photos, 2)
    os.mkfifo(photos / "fifo.jpg")
    expected = {"fifo.jpg", "socket.jpg", "zero.jpg", "loop.jpg"}
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(photos)  # the names of sockets are short
        try:
            listener.bind("socket.jpg")
        finally:
            os.chdir(here)
        (photos / "zero.jpg").symlink_to("/dev/zero")
        (photos / "loop.jpg").symlink_to(photos / "loop.jpg")
        summary = engine.sync([photos])
    assert summary.added == 2
    assert {file.path.name for file in summary.skipped_files} == expected


@posix
def test_a_tree_deeper_than_any_path_is_followed_as_far_as_it_goes(tmp_path: Path) -> None:
    """Beyond the system's longest path a folder cannot be listed: it is remembered, not dropped."""
    step = "d" * 200
    save(tmp_path / "a.jpg", "hat", "red")
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(30):  # 6,000 bytes
            os.mkdir(step, dir_fd=handle)
            deeper = os.open(step, os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle = deeper
    finally:
        os.close(handle)
    scan = Scan(tmp_path)
    assert [seen.stamp.relative for some in scan.listings() for seen in some] == ["a.jpg"]
    assert len(scan.unlisted) == 1
    assert len(scan.folders) > 15
    shutil.rmtree(tmp_path / step)


def test_files_that_go_while_they_are_read(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted or replaced after the scan: no failure, and the next sync has the truth."""
    photos = tmp_path / "photos"
    paths = draw_folder(photos, 8)
    real = Scan.listings

    def listings(scan: Scan) -> object:
        yield from real(scan)
        paths[0].unlink(missing_ok=True)
        paths[1].write_bytes(b"torn")

    with monkeypatch.context() as patch:
        patch.setattr(Scan, "listings", listings)
        summary = engine.sync([photos])
    assert (summary.found, summary.added, summary.skipped) == (7, 6, 1)
    save(paths[1], "hat", "green", mark=3)
    assert engine.sync([photos]).updated == 1
    assert engine.status().photos == 7
    assert engine.status().skipped == ()
