"""Which volume a file lies on, so that an unplugged drive is never taken for deleted files.

The identity must survive a restart of the system; a device number does not on POSIX. On Linux it is
the file system's source and type as mounted, or its UUID when the system publishes one. Elsewhere
it is the device number, which on Windows is the volume's serial number.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

_MOUNTINFO = Path("/proc/self/mountinfo")
_BY_UUID = Path("/dev/disk/by-uuid")


@dataclass(slots=True)
class Volumes:
    """Identities by device number, looked up once each; make a new one for every scan."""

    _known: dict[int, str] = field(default_factory=dict)

    def identity(self, device: int) -> str:
        """The identity of the volume with this ``st_dev``."""
        if device not in self._known:
            self._known[device] = _identify(device)
        return self._known[device]


def _identify(device: int) -> str:
    if sys.platform != "linux":
        return f"device:{device}"
    name = f"{os.major(device)}:{os.minor(device)}"
    mount = parse_mountinfo(_read(_MOUNTINFO)).get(name)
    if mount is None:
        # btrfs gives every subvolume a device number that no mount names.
        return f"device:{name}"
    kind, source = mount
    uuid = _uuid_of(source)
    return f"uuid:{uuid}" if uuid else f"mount:{kind}:{source}"


def parse_mountinfo(text: str) -> dict[str, tuple[str, str]]:
    """Device 'major:minor' to (type, source), from the format of proc(5).

    Lines that do not have that format are passed over.
    """
    mounts: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if separator and len(fields) >= 5 and len(rest) >= 2:
            mounts.setdefault(fields[2], (rest[0], rest[1]))
    return mounts


def _uuid_of(source: str) -> str | None:
    if not source.startswith("/dev/"):
        return None
    try:
        wanted = os.path.realpath(source)
        for link in _BY_UUID.iterdir():
            if os.path.realpath(link) == wanted:
                return link.name
    except OSError:
        return None
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
