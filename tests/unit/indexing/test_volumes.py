"""Volumes are known by names that outlive a restart."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.indexing.volumes import Volumes, parse_mountinfo

MOUNTINFO = """\
22 28 0:21 / /proc rw,nosuid shared:13 - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
90 28 0:50 /share /media/my\\040share rw - cifs //nas/photos rw,vers=3.1
91 28 8:2 /home /home rw - ext4 /dev/sda2 rw
broken line
"""


def test_the_mount_table_is_read() -> None:
    """Device numbers lead to type and source; the first mount of a device counts."""
    assert parse_mountinfo(MOUNTINFO) == {
        "0:21": ("proc", "proc"),
        "8:2": ("ext4", "/dev/sda2"),
        "0:50": ("cifs", "//nas/photos"),
    }


@given(text=st.text())
def test_any_text_is_survived(text: str) -> None:
    """The table's format is the system's affair."""
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
