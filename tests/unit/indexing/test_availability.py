"""What is offline is known without waiting for a disk, and never taken for online."""

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
from fashion_finder.indexing.availability import Availability, Offline, find_offline
from fashion_finder.indexing.volumes import Volumes, device_at

TIMEOUT = 20.0
DISK, STICK = "uuid:disk", "uuid:stick"
PHOTOS = Root(RootId(1), Path("/media/me/stick/photos"), unfinished=False)
HOME = Root(RootId(2), Path("/home/me"), unfinished=False)
MOUNTED = {DISK: [Path("/")], STICK: [Path("/media/me/stick")]}


class Clock:
    """Time that tests move."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_mounted_is_online() -> None:
    """A stick, and the disk below it."""
    recorded = [(PHOTOS, STICK), (HOME, DISK)]
    assert find_offline(recorded, {PHOTOS.path: STICK, HOME.path: DISK}, MOUNTED) == Offline()


@pytest.mark.parametrize("here", [None, DISK])
def test_an_unplugged_stick_is_offline(here: str | None) -> None:
    """Its mount point is gone or an empty folder of the disk, or it is mounted elsewhere."""
    recorded = [(PHOTOS, STICK), (HOME, DISK)]
    offline = Offline(frozenset({PHOTOS.id}), frozenset({(PHOTOS.id, STICK)}))
    seen = {PHOTOS.path: here, HOME.path: DISK}
    assert find_offline(recorded, seen, {DISK: [Path("/")]}) == offline
    assert find_offline(recorded, seen, {DISK: [Path("/")], STICK: [Path("/mnt")]}) == offline


def test_a_volume_inside_a_folder_is_offline_alone() -> None:
    """The folder's own photos stay online, wherever the linked volume is mounted."""
    recorded = [(HOME, DISK), (HOME, STICK)]
    offline = find_offline(recorded, {HOME.path: DISK}, {DISK: [Path("/")]})
    assert offline == Offline(volumes=frozenset({(HOME.id, STICK)}))
    assert find_offline(recorded, {HOME.path: DISK}, MOUNTED) == Offline()


def test_an_identity_that_does_not_last_proves_nothing() -> None:
    """Device numbers change with every restart; a folder without photos has no volume yet."""
    recorded = [(HOME, "device:0:37"), (PHOTOS, "")]
    assert find_offline(recorded, {HOME.path: DISK, PHOTOS.path: DISK}, MOUNTED) == Offline()


def test_only_a_folder_has_a_device(tmp_path: Path) -> None:
    """Neither a file in its place nor nothing at all will do."""
    (tmp_path / "file").touch()
    assert device_at(tmp_path) is not None
    assert device_at(tmp_path / "file") is None
    assert device_at(tmp_path / "none") is None


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="nothing is denied to root")
def test_a_folder_without_permission_has_no_device(tmp_path: Path) -> None:
    """It exists, but cannot be listed."""
    (tmp_path / "denied").mkdir(mode=0)
    assert device_at(tmp_path / "denied") is None


def test_a_folder_that_goes_offline_is_noticed(tmp_path: Path) -> None:
    """And when it comes back; an answer is good for a moment."""
    clock = Clock()
    availability = Availability(clock)
    folder = tmp_path / "photos"
    folder.mkdir()
    volume = Volumes().identity(folder.stat().st_dev)
    root = Root(RootId(1), folder, unfinished=False)
    availability.follow([(root, volume)])
    assert settled(availability) == Offline()
    folder.rename(tmp_path / "unplugged")
    assert settled(availability) == Offline()  # fresh enough
    clock.now += availability_module.FRESH_SECONDS
    assert settled(availability) == Offline(frozenset({root.id}), frozenset({(root.id, volume)}))
    (tmp_path / "unplugged").rename(folder)
    clock.now += availability_module.FRESH_SECONDS
    assert settled(availability) == Offline()


@pytest.fixture
def dead_share(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that does not answer until the test is over."""
    answers = threading.Event()
    share = Path("/nas/photos")
    real = volumes_module._device_of_folder

    def device_of_folder(folder: Path) -> int | None:
        if folder == share:
            answers.wait(TIMEOUT)
        return real(folder)

    monkeypatch.setattr(volumes_module, "_device_of_folder", device_of_folder)
    yield share
    answers.set()


def test_a_dead_share_keeps_nobody_waiting(
    tmp_path: Path, dead_share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller gets the last answer; in the end the share is offline, the folder beside it not."""
    here = Root(RootId(1), tmp_path, unfinished=False)
    there = Root(RootId(2), dead_share, unfinished=False)
    volume = Volumes().identity(tmp_path.stat().st_dev)
    availability = Availability()
    availability.follow([(here, volume), (there, "mount:cifs://nas")])
    assert availability.offline() == Offline()
    offline = Offline(frozenset({there.id}), frozenset({(there.id, "mount:cifs://nas")}))
    assert settled(availability) == offline
    assert availability.offline() == offline
    assert device_at(dead_share) is None


def settled(availability: Availability) -> Offline:
    """Its answer once it has finished looking."""
    availability.offline()
    with availability._changed:
        assert availability._changed.wait_for(lambda: not availability._looking, TIMEOUT)
    return availability.offline()
