"""Which volume a file is on, so that an unplugged drive is never mistaken for deleted files.

The identity must survive a restart of the system and another mount point; a device number does
neither on POSIX. On Linux it is the file system's UUID where the system publishes it, for some file
systems the number derived from that, else the source and type as mounted, which suits shares.
Elsewhere it is the device number, which on Windows is the volume's serial number.
"""

from __future__ import annotations

import os
import re
import stat
import string
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from fashion_finder.timeouts import ask

_MOUNTINFO: Final = Path("/proc/self/mountinfo")
_BY_UUID: Final = Path("/dev/disk/by-uuid")
_MAC_VOLUMES: Final = Path("/Volumes")

_NUMBERED_BY_UUID: Final = frozenset({"ext2", "ext3", "ext4", "btrfs", "f2fs"})
"""File systems whose ``statvfs`` number is made from their UUID, not from the device's number."""

_REMOTE: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p", "virtiofs"),
        *("fuse.sshfs", "fuse.rclone", "fuse.davfs", "davfs", "fuse.gvfsd-fuse", "fuse.glusterfs"),
        *("fuse.s3fs", "vboxsf", "fuse.vmhgfs-fuse"),
    }
)
"""File systems that others may change without this system noticing."""

_UNSTABLE: Final = "device:"


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of the system's mount table."""

    device: str  # 'major:minor'
    point: Path
    kind: str
    source: str


class Volumes:
    """The volumes mounted now, read once; make a new one for every look."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def identity(self, device: int) -> str:
        """The identity of the volume with this ``st_dev``."""
        if device not in self._known:
            self._known[device] = self._identify(device)
        return self._known[device]

    def at(self, folder: Path) -> str | None:
        """The identity of the volume a folder is on; None when it cannot be listed now."""
        device = device_at(folder)
        return None if device is None else self.identity(device)

    def is_remote(self, device: int) -> bool:
        """Whether the volume with this ``st_dev`` is on another computer; known on Linux only."""
        if sys.platform != "linux":
            return False
        number = _major_minor(device)
        return any(mount.device == number and mount.kind in _REMOTE for mount in self._table)

    def points(self) -> frozenset[Path]:
        """All mount points; known on Linux only."""
        if sys.platform != "linux":
            return frozenset()
        return frozenset(mount.point for mount in self._table)

    def mounted(self) -> dict[str, list[Path]]:
        """Where each volume is mounted, by its identity."""
        found: dict[str, list[Path]] = {}
        if sys.platform != "linux":
            for point in _mount_points():
                device = _try(point, _device_of)
                if device is not None:
                    found.setdefault(self.identity(device), []).append(point)
            return found
        names: dict[str, str] = {}
        for mount in self._table:
            if mount.device not in names:
                names[mount.device] = self._name(mount)
            found.setdefault(names[mount.device], []).append(mount.point)
        return found

    def _identify(self, device: int) -> str:
        if sys.platform != "linux":
            return f"{_UNSTABLE}{device}"
        number = _major_minor(device)
        for mount in self._table:
            if mount.device == number:
                return self._name(mount)
        # btrfs gives every subvolume a device number that the mount table does not list.
        for mount in self._table:
            if mount.kind == "btrfs" and _try(mount.point, _device_of) == device:
                return self._name(mount)
        return f"{_UNSTABLE}{number}"

    def _name(self, mount: Mount) -> str:
        device = os.path.realpath(mount.source) if mount.source.startswith("/dev/") else ""
        if device in self._uuids:
            return f"uuid:{self._uuids[device]}"
        if mount.kind in _NUMBERED_BY_UUID:
            number = self._number_of(mount.device)
            if number:
                return f"fsid:{number:x}"
        return f"mount:{mount.kind}:{mount.source}"

    def _number_of(self, device: str) -> int | None:
        """The file system's own number, from the first mount point where it shows."""
        for mount in self._table:
            if mount.device == device:
                visible = _try(mount.point, _device_of)
                if visible is not None and _major_minor(visible) == device:
                    return _try(mount.point, lambda path: getattr(os.statvfs(path), "f_fsid", 0))
        return None

    @cached_property
    def _table(self) -> list[Mount]:
        try:
            text = _MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return []
        return parse_mountinfo(text)

    @cached_property
    def _uuids(self) -> dict[str, str]:
        """By device; empty without udev, as in a container."""
        return {os.path.realpath(link): link.name for link in _BY_UUID.glob("*")}


def is_stable(identity: str) -> bool:
    """Whether the volume will have this identity again after a restart of the system."""
    return sys.platform == "win32" or not identity.startswith(_UNSTABLE)


def device_at(folder: Path) -> int | None:
    """The ``st_dev`` of a folder, or None when it cannot be listed now; never waits long."""
    return _try(folder, _device_of_folder)


def inode_at(folder: Path) -> int | None:
    """Tells a folder from a later one at the same path; None when it does not answer."""
    return _try(folder, lambda path: path.stat().st_ino)


def parse_mountinfo(text: str) -> list[Mount]:
    """The mount table, in the format of proc(5); malformed lines are skipped."""
    mounts: list[Mount] = []
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if separator and len(fields) >= 5 and len(rest) >= 2:
            mounts.append(Mount(fields[2], Path(_unescaped(fields[4])), rest[0], rest[1]))
    return mounts


def _unescaped(text: str) -> str:
    """Undo the octal escapes of the mount table."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _major_minor(device: int) -> str:
    return f"{os.major(device)}:{os.minor(device)}"


def _mount_points() -> Sequence[Path]:
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in string.ascii_uppercase]
    try:
        return [Path("/"), *_MAC_VOLUMES.iterdir()]
    except OSError:
        return [Path("/")]


def _device_of(path: Path) -> int:
    return path.stat().st_dev


def _device_of_folder(folder: Path) -> int | None:
    status = folder.stat()
    usable = stat.S_ISDIR(status.st_mode) and os.access(folder, os.R_OK | os.X_OK)
    return status.st_dev if usable else None


def _try(path: Path, look: Callable[[Path], int | None]) -> int | None:
    """The outcome of `look`; None when it fails or does not answer in time."""
    try:
        return ask(path, look)
    except OSError:
        return None
