"""What is out of reach is known without waiting for a disk, and never taken for what is there."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.records import Root
from fashion_finder.domain import RootId
from fashion_finder.indexing import availability as availability_module
from fashion_finder.indexing import volumes as volumes_module
from fashion_finder.indexing.availability import Availability, Away, what_is_away
from fashion_finder.indexing.volumes import Volumes, device_at

PATIENCE = 20.0
DISK, STICK = "uuid:disk", "uuid:stick"
PHOTOS = Root(RootId(1), Path("/media/me/stick/photos"), unfinished=False)
HOME = Root(RootId(2), Path("/home/me"), unfinished=False)
MOUNTED = {DISK: [Path("/")], STICK: [Path("/media/me/stick")]}


class Clock:
    """Time that tests move."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_mounted_is_there() -> None:
    """A stick, and the disk below it."""
    parts = [(PHOTOS, STICK), (HOME, DISK)]
    assert what_is_away(parts, {PHOTOS.path: STICK, HOME.path: DISK}, MOUNTED) == Away()


@pytest.mark.parametrize("here", [None, DISK])
def test_an_unplugged_stick_is_away(here: str | None) -> None:
    """Whether its mount point has gone, or lies empty on the disk; also when it is mounted elsewhere."""
    parts = [(PHOTOS, STICK), (HOME, DISK)]
    away = Away(frozenset({PHOTOS.id}), frozenset({(PHOTOS.id, STICK)}))
    seen = {PHOTOS.path: here, HOME.path: DISK}
    assert what_is_away(parts, seen, {DISK: [Path("/")]}) == away
    assert what_is_away(parts, seen, {DISK: [Path("/")], STICK: [Path("/mnt")]}) == away


def test_a_volume_inside_a_folder_is_away_alone() -> None:
    """The folder's own photos stay; it does not matter where the linked volume is mounted."""
    parts = [(HOME, DISK), (HOME, STICK)]
    away = what_is_away(parts, {HOME.path: DISK}, {DISK: [Path("/")]})
    assert away == Away(parts=frozenset({(HOME.id, STICK)}))
    assert what_is_away(parts, {HOME.path: DISK}, MOUNTED) == Away()


def test_an_identity_that_does_not_last_proves_nothing() -> None:
    """Device numbers change with every restart; a folder without photos has no volume yet."""
    parts = [(HOME, "device:0:37"), (PHOTOS, "")]
    assert what_is_away(parts, {HOME.path: DISK, PHOTOS.path: DISK}, MOUNTED) == Away()


def test_a_folder_is_reachable_only_as_a_folder(tmp_path: Path) -> None:
    """Neither a file in its place nor nothing at all will do."""
    (tmp_path / "file").touch()
    assert device_at(tmp_path) is not None
    assert device_at(tmp_path / "file") is None
    assert device_at(tmp_path / "none") is None


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="nothing is denied to root")
def test_a_folder_without_permission_is_out_of_reach(tmp_path: Path) -> None:
    """It is there, but cannot be listed."""
    (tmp_path / "denied").mkdir(mode=0)
    assert device_at(tmp_path / "denied") is None


def test_a_folder_that_goes_away_is_noticed(tmp_path: Path) -> None:
    """And when it is back; an answer is good for a moment."""
    clock = Clock()
    availability = Availability(clock)
    folder = tmp_path / "photos"
    folder.mkdir()
    volume = Volumes().identity(folder.stat().st_dev)
    root = Root(RootId(1), folder, unfinished=False)
    availability.follow([(root, volume)])
    assert settled(availability) == Away()
    folder.rename(tmp_path / "unplugged")
    assert settled(availability) == Away()  # fresh enough
    clock.now += availability_module.FRESH_SECONDS
    assert settled(availability) == Away(frozenset({root.id}), frozenset({(root.id, volume)}))
    (tmp_path / "unplugged").rename(folder)
    clock.now += availability_module.FRESH_SECONDS
    assert settled(availability) == Away()


@pytest.fixture
def dead_share(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that nobody gets an answer about, until the test is over."""
    answers = threading.Event()
    share = Path("/nas/photos")
    real = volumes_module._device_of_folder

    def device_of_folder(folder: Path) -> int | None:
        if folder == share:
            answers.wait(PATIENCE)
        return real(folder)

    monkeypatch.setattr(volumes_module, "_device_of_folder", device_of_folder)
    yield share
    answers.set()


def test_a_dead_share_keeps_nobody_waiting(
    tmp_path: Path, dead_share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks gets the last answer; in the end the share is away, and the folder beside it is not."""
    here = Root(RootId(1), tmp_path, unfinished=False)
    there = Root(RootId(2), dead_share, unfinished=False)
    volume = Volumes().identity(tmp_path.stat().st_dev)
    availability = Availability()
    availability.follow([(here, volume), (there, "mount:cifs://nas")])
    assert availability.away() == Away()
    away = Away(frozenset({there.id}), frozenset({(there.id, "mount:cifs://nas")}))
    assert settled(availability) == away
    assert availability.away() == away
    assert device_at(dead_share) is None


def settled(availability: Availability) -> Away:
    """What it says once it has finished looking."""
    availability.away()
    with availability._changed:
        assert availability._changed.wait_for(lambda: not availability._looking, PATIENCE)
    return availability.away()
