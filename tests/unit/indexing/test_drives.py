"""Drives and shares come and go; nothing is forgotten or read twice because of it.

What needs real drives is in the soak: tests/soak/test_drives.py.
"""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fashion_finder import timeouts
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import FolderUnavailable, Interrupted
from fashion_finder.indexing import pipeline as pipeline_module
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.relocation import candidates
from fashion_finder.indexing.scan import FoundFile
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.indexing.workers import DecodePool
from tests.pictures import draw_folder

TIMEOUT = 30.0


class Drive:
    """The one drive of a test: everything lies on it, and it is mounted at one point."""

    identity = "uuid:stick"

    def __init__(self, point: Path) -> None:
        self.point = point
        point.mkdir()

    def move(self, point: Path) -> None:
        """Unplug it, and let it appear at another mount point."""
        self.point = self.point.rename(point)


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """A drive at ``a``."""
    drive = Drive(tmp_path / "a")
    monkeypatch.setattr(Volumes, "identity", lambda volumes, device: drive.identity)
    monkeypatch.setattr(Volumes, "mounted", lambda volumes: {drive.identity: [drive.point]})
    return drive


def refuse(*arguments: object) -> None:
    """Stands in for reading pictures."""
    raise AssertionError("a picture was read")


def test_the_ends_of_a_path_are_tried_below_every_mount_point() -> None:
    """The whole path first, the mount point itself last, never the folder where it was."""
    folder = Path("/media/stick/photos")
    tried = list(candidates(folder, [Path("/mnt"), Path("/media/stick")]))
    assert tried[:4] == [
        Path("/mnt/media/stick/photos"),
        Path("/mnt/stick/photos"),
        Path("/mnt/photos"),
        Path("/mnt"),
    ]
    assert folder not in tried


@pytest.mark.parametrize("how", ["all folders", "the folder by its new path"])
def test_a_drive_mounted_elsewhere_is_followed(
    engine: Engine, drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Its folders get their new paths; no picture is read, and none appears twice."""
    paths = draw_folder(drive.point / "photos" / "deep", 6)
    engine.sync([drive.point / "photos"])
    monkeypatch.setattr(DecodePool, "read_all", refuse)
    drive.move(tmp_path / "b")
    new = tmp_path / "b" / "photos"
    summary = engine.sync() if how == "all folders" else engine.sync([new])
    assert (summary.found, summary.unchanged) == (6, 6)
    (folder,) = engine.status().folders
    assert (folder.path, folder.photos) == (new, 6)
    moved = new / "deep" / paths[2].name
    assert engine.find_similar(PictureFile(moved)).matches[0].path == moved


def test_another_folder_at_the_new_mount_point_is_not_mistaken(
    engine: Engine, drive: Drive, tmp_path: Path
) -> None:
    """The volume and the name are the same; the files decide."""
    draw_folder(drive.point / "photos", 4)
    engine.sync([drive.point / "photos"])
    drive.move(tmp_path / "b")
    shutil.rmtree(tmp_path / "b" / "photos")
    (tmp_path / "b" / "photos").mkdir()
    (tmp_path / "b" / "photos" / "other.jpg").write_bytes(b"")
    engine.sync()
    (folder,) = engine.status().folders
    assert (folder.path, folder.photos) == (tmp_path / "a" / "photos", 4)


@pytest.mark.parametrize("left, follows", [(3, True), (2, False)])
def test_half_of_the_files_prove_a_moved_folder(
    engine: Engine, drive: Drive, tmp_path: Path, left: int, follows: bool
) -> None:
    """Some may have been deleted on another computer; a few of the same name prove nothing."""
    paths = draw_folder(drive.point / "photos", 6)
    engine.sync([drive.point / "photos"])
    drive.move(tmp_path / "b")
    for path in paths[left:]:
        (tmp_path / "b" / "photos" / path.name).unlink()
    engine.sync()
    (folder,) = engine.status().folders
    assert folder.path == tmp_path / ("b" if follows else "a") / "photos"


def test_a_folder_that_is_indexed_again_at_its_new_place_stays_two(
    engine: Engine, drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path belongs to one folder only; the other one is left as it was."""
    draw_folder(drive.point / "photos", 3)
    engine.sync([drive.point / "photos"])
    with monkeypatch.context() as patch:
        patch.setattr(Volumes, "mounted", lambda volumes: {})
        drive.move(tmp_path / "b")
        engine.sync([tmp_path / "b" / "photos"])
    engine.sync()
    assert [folder.path for folder in engine.status().folders] == [
        tmp_path / "a" / "photos",
        tmp_path / "b" / "photos",
    ]
    assert engine.status().photos == 6


def test_another_drive_at_the_mount_point_deletes_nothing(
    engine: Engine, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty stick where the full one was; with the full one back, a deletion is a deletion."""
    photos = drive.point / "photos"
    paths = draw_folder(photos, 4)
    engine.sync([photos])
    photos.rename(drive.point / "kept")
    photos.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(Volumes, "identity", lambda volumes, device: "uuid:other")
        patch.setattr(Volumes, "mounted", lambda volumes: {"uuid:other": [drive.point]})
        assert engine.sync().forgotten == 0
        assert engine.status().photos == 4
    photos.rmdir()
    (drive.point / "kept").rename(photos)
    paths[0].unlink()
    summary = engine.sync()
    assert (summary.forgotten, summary.unchanged) == (1, 3)


def test_a_file_in_the_folders_place_deletes_nothing(engine: Engine, drive: Drive) -> None:
    """The folder is called offline."""
    photos = drive.point / "photos"
    draw_folder(photos, 3)
    engine.sync([photos])
    shutil.rmtree(photos)
    photos.write_text("not a folder")
    with pytest.raises(FolderUnavailable):
        engine.sync([photos])
    assert engine.sync().forgotten == 0
    assert engine.status().photos == 3


@pytest.fixture
def dead_share(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """From now on, listing a folder of this name hangs until the test is over."""
    answers = threading.Event()
    hanging: set[int] = set()
    real, follow = os.scandir, timeouts.unless_stalled

    def scandir(path: Path) -> object:
        if path.name == "share":
            hanging.add(threading.get_ident())
            answers.wait(TIMEOUT)
        return real(path)

    def unless_stalled(
        produce: Callable[[], Iterator[list[FoundFile]]], progress: Callable[[], int], *rest: Any
    ) -> Iterator[list[FoundFile]]:
        """Only a hanging walk makes no progress; others may just be slow on a busy machine."""
        walking: list[int] = []
        steps = itertools.count()

        def walk() -> Iterator[list[FoundFile]]:
            walking.append(threading.get_ident())
            yield from produce()

        def moves() -> int:
            return progress() if hanging.intersection(walking) else next(steps)

        return follow(walk, moves, *rest)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(pipeline_module, "unless_stalled", unless_stalled)
    monkeypatch.setattr(pipeline_module, "SCAN_SECONDS", 0.3)
    yield "share"
    answers.set()


def test_a_share_that_does_not_answer_is_passed_over(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Nothing of it is forgotten, and the folder beside it is brought up to date."""
    share, here = tmp_path / "share", tmp_path / "here"
    draw_folder(share, 3)
    draw_folder(here, 2)
    engine.sync([share])
    request.getfixturevalue("dead_share")
    with pytest.raises(FolderUnavailable, match="it does not answer"):
        engine.sync([share])
    assert engine.sync([here]).added == 2
    summary = engine.sync()
    assert (summary.unchanged, summary.forgotten) == (2, 0)
    assert [file.path for file in summary.skipped_files] == [share]
    assert engine.status().photos == 5


def test_a_sync_can_be_stopped_while_a_share_hangs(
    engine: Engine, tmp_path: Path, dead_share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No one has to wait until the share is given up."""
    monkeypatch.setattr(pipeline_module, "SCAN_SECONDS", TIMEOUT)
    (tmp_path / dead_share).mkdir()
    control = SyncControl()
    control.cancel()
    with pytest.raises(Interrupted):
        engine.sync([tmp_path / dead_share], control=control)


def test_a_program_that_starts_finds_its_moved_drive(
    drive: Drive, tmp_path: Path, tiny_model_path: Path
) -> None:
    """Before anything is updated, and before a match is opened."""
    paths = draw_folder(drive.point / "photos", 5)
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([drive.point / "photos"])
    drive.move(tmp_path / "b")
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        for thread in engine._background:
            thread.join(TIMEOUT)
        (folder,) = engine.status().folders
        assert (folder.path, folder.available) == (tmp_path / "b" / "photos", True)
        moved = tmp_path / "b" / "photos" / paths[1].name
        assert engine.find_similar(PictureFile(moved)).matches[0].path == moved


def test_an_empty_mount_point_is_not_called_available(
    engine: Engine, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is there, but it is another volume's; its photos are found and marked."""
    paths = draw_folder(drive.point / "photos", 5)
    engine.sync([drive.point / "photos"])
    assert engine.status().folders[0].available
    question = drive.point / "question.jpg"
    shutil.copy(paths[1], question)
    monkeypatch.setattr(Volumes, "identity", lambda volumes, device: "uuid:disk")
    monkeypatch.setattr(Volumes, "mounted", lambda volumes: {"uuid:disk": [Path("/")]})
    engine._availability.follow(engine._catalogue.roots.by_volume())
    engine._availability.offline(TIMEOUT)  # until it has looked
    assert not engine.status().folders[0].available
    matches = engine.find_similar(PictureFile(question)).matches
    assert len(matches) == 5
    assert all(match.offline for match in matches)
