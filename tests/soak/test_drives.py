"""Real file systems that come and go: loop mounts, bind mounts, and a share that never answers.

Needs Linux and root. Each drive is an ext4 file system in a file.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.domain import Filters, PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import FolderUnavailable
from fashion_finder.indexing import pipeline as pipeline_module
from fashion_finder.indexing.workers import DecodePool
from tests.pictures import draw_folder, save

MOMENT = 10.0  # seconds; far below the minute after which a walk is given up
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None,
    reason="mounts file systems: needs Linux, root and mkfs.ext4",
)


def run(*command: str | Path) -> None:
    """Run a system command that must succeed."""
    subprocess.run([*map(str, command)], check=True, capture_output=True)


class Drive:
    """A file system of its own, mounted where it is told."""

    def __init__(self, image: Path) -> None:
        with image.open("wb") as file:
            file.truncate(16 << 20)
        run("mkfs.ext4", "-q", "-F", image)
        self._image = image
        self.point: Path | None = None

    def mount(self, point: Path) -> Path:
        """Let it appear at this folder, made when it is missing."""
        point.mkdir(parents=True, exist_ok=True)
        run("mount", "-o", "loop", self._image, point)
        self.point = point
        return point

    def unmount(self) -> None:
        """Unplug it."""
        if self.point is not None:
            run("umount", self.point)
            self.point = None


@pytest.fixture
def drives(tmp_path: Path) -> Iterator[list[Drive]]:
    """Two drives, not mounted yet."""
    made = [Drive(tmp_path / f"{name}.img") for name in ("one", "other")]
    yield made
    for drive in made:
        drive.unmount()


def test_unplugged_and_plugged_in_again(
    engine: Engine, drives: list[Drive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its mount point left empty, or gone: found meanwhile, and not read again afterwards."""
    drive = drives[0]
    folder = drive.mount(tmp_path / "media") / "photos"
    paths = draw_folder(folder, 6)
    question = save(tmp_path / "question.jpg", "dress", "red")
    for mark in range(20, 23):
        save(tmp_path / "here" / f"{mark}.jpg", "hat", "green", mark=mark)
    engine.sync([folder, tmp_path / "here"])
    expected = {match.path for match in engine.find_similar(PictureFile(question), 20).matches}
    monkeypatch.setattr(DecodePool, "read_all", refuse)
    for point_gone in (False, True):
        drive.unmount()
        if point_gone:
            (tmp_path / "media").rmdir()
        summary = engine.sync()
        assert (summary.unchanged, summary.forgotten) == (3, 0)
        with pytest.raises(FolderUnavailable):
            engine.sync([folder])
        assert [folder.available for folder in engine.status().folders] == [False, True]
        found = engine.find_similar(PictureFile(question), 20).matches
        assert {match.path for match in found} == expected
        assert {match.path for match in found if match.offline} == set(paths)
        online = engine.find_similar(PictureFile(question), 20, filters=Filters(online_only=True))
        assert {match.path.parent for match in online.matches} == {tmp_path / "here"}
        assert all(engine.thumbnail(match.content) for match in found)
        drive.mount(tmp_path / "media")
        summary = engine.sync()
        assert (summary.unchanged, summary.forgotten, summary.added) == (9, 0, 0)
        engine._availability.offline(MOMENT)  # a busy machine may need longer than a question waits
        found = engine.find_similar(PictureFile(question), 20).matches
        assert not any(match.offline for match in found)
    paths[0].unlink()
    assert engine.sync().forgotten == 1  # a real deletion


def test_an_indexed_mount_point_that_is_empty(
    engine: Engine, drives: list[Drive], tmp_path: Path
) -> None:
    """The drive itself is the indexed folder: nothing in it is taken for deleted."""
    folder = drives[0].mount(tmp_path / "media")
    draw_folder(folder, 5)
    engine.sync([folder])
    drives[0].unmount()
    assert engine.sync().forgotten == 0
    assert engine.sync([folder]).forgotten == 0
    assert engine.status().photos == 5
    drives[1].mount(folder)
    save(folder / "other.jpg", "hat", "red", mark=5)
    summary = engine.sync()  # another stick at the same place
    assert (summary.added, summary.forgotten) == (1, 0)
    assert engine.status().photos == 6


def test_mounted_elsewhere(
    engine: Engine, drives: list[Drive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths are right again at the next update, and nothing is read; also by asking for the new path."""
    drive = drives[0]
    folder = drive.mount(tmp_path / "media" / "me" / "STICK") / "photos"
    paths = draw_folder(folder / "deep", 6)
    engine.sync([folder])
    monkeypatch.setattr(DecodePool, "read_all", refuse)
    for point in (tmp_path / "mnt", tmp_path / "media" / "me" / "RENAMED"):
        drive.unmount()
        drive.mount(point)
        summary = engine.sync([point / "photos"] if point.name == "mnt" else [])
        assert (summary.found, summary.unchanged) == (6, 6)
        (status,) = engine.status().folders
        assert (status.path, status.photos, status.available) == (point / "photos", 6, True)
        moved = point / "photos" / "deep" / paths[3].name
        assert engine.find_similar(PictureFile(moved)).matches[0].path == moved


def test_a_drive_inside_an_indexed_folder(
    engine: Engine, drives: list[Drive], tmp_path: Path
) -> None:
    """What lies on it stays when it goes; what lies beside it is followed."""
    home = tmp_path / "home"
    here = draw_folder(home, 4)
    draw_folder(drives[0].mount(home / "stick"), 5)
    engine.sync([home])
    drives[0].unmount()
    here[0].unlink()
    summary = engine.sync()
    assert (summary.forgotten, summary.unchanged) == (1, 3)
    assert engine.status().photos == 8
    drives[0].mount(home / "stick")
    assert engine.sync().unchanged == 8


def test_a_bind_mount_is_counted_once(engine: Engine, tmp_path: Path) -> None:
    """One folder seen at two places: below one root, and as two roots."""
    photos = tmp_path / "photos"
    draw_folder(photos / "real", 4)
    (photos / "again").mkdir()
    (tmp_path / "outside").mkdir()
    run("mount", "--bind", photos / "real", photos / "again")
    run("mount", "--bind", photos / "real", tmp_path / "outside")
    try:
        assert engine.sync([photos]).found == 4
        engine.sync([tmp_path / "outside"])
        assert engine.sync().found == 4
        assert engine.status().photos == 4
    finally:
        run("umount", photos / "again")
        run("umount", tmp_path / "outside")


def test_a_file_in_the_folders_place(engine: Engine, drives: list[Drive], tmp_path: Path) -> None:
    """The folder is away, and what is known of it stays."""
    folder = drives[0].mount(tmp_path / "media") / "photos"
    draw_folder(folder, 3)
    engine.sync([folder])
    shutil.rmtree(folder)
    folder.write_text("not a folder")
    assert engine.sync().forgotten == 0
    with pytest.raises(FolderUnavailable):
        engine.sync([folder])
    assert engine.status().photos == 3


def test_a_drive_that_may_not_be_written(
    engine: Engine, drives: list[Drive], tmp_path: Path
) -> None:
    """It is all the same to a program that only reads."""
    folder = drives[0].mount(tmp_path / "media")
    draw_folder(folder, 3)
    run("mount", "-o", "remount,ro", folder)
    assert engine.sync([folder]).added == 3


@pytest.fixture
def dead_share(tmp_path: Path) -> Iterator[Path]:
    """A mounted FUSE file system whose server never says a word: every look at it hangs."""
    if not Path("/dev/fuse").exists():
        pytest.skip("there is no /dev/fuse")
    point = tmp_path / "share"
    point.mkdir(exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    server = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={server},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"dead", os.fsencode(point), b"fuse", 0, options) != 0:
        os.close(server)
        pytest.skip(f"FUSE cannot be mounted: {os.strerror(ctypes.get_errno())}")
    yield point
    os.close(server)  # what hangs gets an error now
    libc.umount2(os.fsencode(point), 2)


def test_a_share_that_never_answers(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searching, asking for the state and updating other folders do not wait for it."""
    monkeypatch.setattr(pipeline_module, "SCAN_SECONDS", 1.0)
    (tmp_path / "share").mkdir()
    on_share = draw_folder(tmp_path / "share", 4)
    here = draw_folder(tmp_path / "here", 3)
    engine.sync([tmp_path / "share", tmp_path / "here"])
    share = request.getfixturevalue("dead_share")
    save(tmp_path / "here" / "new.jpg", "hat", "red", mark=3)
    started = time.monotonic()
    assert engine.sync([tmp_path / "here"]).added == 1
    assert time.monotonic() - started < MOMENT
    started = time.monotonic()
    summary = engine.sync()
    assert (summary.unchanged, summary.forgotten) == (4, 0)
    assert [file.path for file in summary.skipped_files] == [share]
    assert [folder.available for folder in engine.status().folders] == [False, True]
    found = engine.find_similar(PictureFile(here[0]), 20).matches
    assert on_share[3].name in {file.name for match in found for file in match.files}
    assert all(engine.thumbnail(match.content) for match in found)
    assert time.monotonic() - started < MOMENT


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_permission_lost_and_given_back(tmp_path: Path, tiny_model_path: Path) -> None:
    """A folder is closed to a program without root's privileges: nothing of it is forgotten."""
    photos = tmp_path / "photos"
    draw_folder(photos / "closed", 4)
    draw_folder(photos, 2)
    bounded = "-dac_override,-dac_read_search"

    def index() -> tuple[int, int, int]:
        done = subprocess.run(
            [
                *("setpriv", f"--bounding-set={bounded}", sys.executable, "-m", "fashion_finder"),
                *("index", photos, "--json", "--data-dir", tmp_path / "data"),
                *("--model", tiny_model_path),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        counts = json.loads(done.stdout)
        return counts["added"], counts["unchanged"], counts["forgotten"]

    assert index() == (6, 0, 0)
    (photos / "closed").chmod(0)
    assert index() == (0, 2, 0)
    photos.chmod(0)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        index()
    assert b"This folder is offline" in failed.value.stderr
    photos.chmod(0o755)
    (photos / "closed").chmod(0o755)
    assert index() == (0, 6, 0)


def refuse(*arguments: object) -> None:
    """Stands in for reading pictures."""
    raise AssertionError("a picture was read")


@pytest.fixture
def ntfs(tmp_path: Path) -> Iterator[Path]:
    """An NTFS stick, mounted so that it tells names apart as its own system does: not by case."""
    image, point = tmp_path / "ntfs.img", tmp_path / "STICK"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    run("mkfs.ntfs", "-q", "-F", "-Q", image)
    point.mkdir()
    run("mount", "-t", "lowntfs-3g", "-o", "loop,ignore_case", image, point)
    yield point
    run("umount", point)


@pytest.mark.skipif(
    shutil.which("lowntfs-3g") is None or not Path("/dev/fuse").exists(),
    reason="mounts NTFS: needs ntfs-3g and FUSE",
)
def test_a_drive_that_does_not_tell_case_apart(
    engine: Engine, ntfs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same folder under another spelling is the same folder: nothing doubled, read or lost."""
    folder = ntfs / "Photos"
    draw_folder(folder, 6)
    engine.sync([folder])
    other = ntfs / "PHOTOS"
    assert other.samefile(folder)
    monkeypatch.setattr(DecodePool, "read_all", refuse)
    for spelling in (other, folder, ntfs / "photos"):
        summary = engine.sync([spelling])
        assert (summary.added, summary.unchanged, summary.forgotten) == (0, 6, 0)
        status = engine.status()
        assert status.photos == 6
        assert len(status.folders) == 1


@pytest.mark.parametrize("place", ["inside", "itself", "around", "by a link"])
def test_a_bind_mount_that_is_unmounted(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """It lies on the same volume as the empty folder that it leaves: nothing is forgotten."""
    source, library = tmp_path / "source", tmp_path / "library"
    inner = source / "photos" if place == "around" else source
    paths = draw_folder(inner, 5)
    library.mkdir()
    other = tmp_path / "elsewhere"
    other.mkdir()
    point = {"inside": library / "photos", "by a link": other}.get(place, library)
    folder = library / "photos" if place == "around" else library
    if place == "inside":
        point.mkdir()
    elif place == "by a link":
        (library / "photos").symlink_to(other)
    run("mount", "--bind", source, point)
    try:
        assert engine.sync([folder]).added == 5
    finally:
        run("umount", point)
    monkeypatch.setattr(DecodePool, "read_all", refuse)
    for _ in range(2):
        assert engine.sync().forgotten == 0
        assert engine.status().photos == 5
    engine._availability.offline(MOMENT)
    if place != "by a link":
        matches = engine.find_similar(PictureFile(paths[0]), 20).matches
        assert len(matches) == 5
        assert all(match.offline for match in matches)
    run("mount", "--bind", source, point)
    try:
        assert engine.sync().unchanged == 5
        engine._availability.offline(MOMENT)
        assert not any(
            match.offline for match in engine.find_similar(PictureFile(paths[0])).matches
        )
        paths[0].unlink()
        assert engine.sync().forgotten == 1
    finally:
        run("umount", point)
