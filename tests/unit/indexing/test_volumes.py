"""Volumes are known by names that outlive a restart and another mount point."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.indexing import volumes as volumes_module
from fashion_finder.indexing.volumes import Mount, Volumes, is_stable, parse_mountinfo

MOUNTINFO = """\
22 28 0:21 / /proc rw,nosuid shared:13 - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
90 28 0:50 /share /media/my\\040share rw - cifs //nas/photos rw,vers=3.1
91 28 8:2 /home /home rw - ext4 /dev/sda2 rw
broken line
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads the mount table of Linux")


def test_the_mount_table_is_read() -> None:
    """Device, mount point with its blanks, type and source, in the table's order."""
    assert parse_mountinfo(MOUNTINFO) == [
        Mount("0:21", Path("/proc"), "proc", "proc"),
        Mount("8:2", Path("/"), "ext4", "/dev/sda2"),
        Mount("0:50", Path("/media/my share"), "cifs", "//nas/photos"),
        Mount("8:2", Path("/home"), "ext4", "/dev/sda2"),
    ]


@given(text=st.text())
def test_any_text_is_survived(text: str) -> None:
    """The format is up to the system."""
    parse_mountinfo(text)


def test_one_volume_has_one_identity(tmp_path: Path) -> None:
    """Folders of one file system agree; another file system differs."""
    volumes = Volumes()
    (tmp_path / "a").mkdir()
    here = volumes.identity(os.stat(tmp_path).st_dev)
    assert volumes.identity(os.stat(tmp_path / "a").st_dev) == here
    assert Volumes().identity(os.stat(tmp_path).st_dev) == here
    if Path("/proc/self").exists():
        assert volumes.identity(os.stat("/proc").st_dev) != here


@linux
def test_every_mount_point_of_a_volume_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the identity that its files get; a share is identified by its address."""
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTINFO)
    monkeypatch.setattr(volumes_module, "_MOUNTINFO", table)
    monkeypatch.setattr(volumes_module, "_BY_UUID", tmp_path / "none")
    volumes = Volumes()
    mounted = volumes.mounted()
    assert mounted["mount:cifs://nas/photos"] == [Path("/media/my share")]
    disk = volumes.identity(os.makedev(8, 2))
    assert mounted[disk] == [Path("/"), Path("/home")]
    assert volumes.identity(os.makedev(0, 50)) == "mount:cifs://nas/photos"


@linux
def test_a_published_uuid_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick that gets another device name is the same stick."""
    by_uuid = tmp_path / "by-uuid"
    by_uuid.mkdir()
    table = tmp_path / "mountinfo"
    monkeypatch.setattr(volumes_module, "_MOUNTINFO", table)
    monkeypatch.setattr(volumes_module, "_BY_UUID", by_uuid)
    names = []
    for minor, device in ((17, "/dev/sdb1"), (33, "/dev/sdc1")):
        (by_uuid / "4D5C-71AA").unlink(missing_ok=True)
        (by_uuid / "4D5C-71AA").symlink_to(device)
        table.write_text(f"90 28 8:{minor} / /media/stick rw - vfat {device} rw\n")
        names.append(Volumes().identity(os.makedev(8, minor)))
    assert names == ["uuid:4D5C-71AA", "uuid:4D5C-71AA"]


@linux
def test_a_subvolume_of_btrfs_is_its_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files have a device number that the mount table does not list."""
    by_uuid = tmp_path / "by-uuid"
    by_uuid.mkdir()
    (by_uuid / "0b2e-butter").symlink_to("/dev/sdb1")
    table = tmp_path / "mountinfo"
    table.write_text(
        "90 28 0:990 / /proc rw - btrfs /dev/sda1 rw\n"
        f"91 28 0:991 / {tmp_path} rw - btrfs /dev/sdb1 rw\n"
    )
    monkeypatch.setattr(volumes_module, "_MOUNTINFO", table)
    monkeypatch.setattr(volumes_module, "_BY_UUID", by_uuid)
    assert Volumes().identity(tmp_path.stat().st_dev) == "uuid:0b2e-butter"


@linux
def test_a_device_without_a_mount_is_not_relied_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number may change with a restart."""
    monkeypatch.setattr(volumes_module, "_MOUNTINFO", tmp_path / "none")
    identity = Volumes().identity(os.makedev(0, 99))
    assert identity == "device:0:99"
    assert not is_stable(identity)
    assert is_stable("uuid:4D5C-71AA")
