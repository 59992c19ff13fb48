"""A drive that sleeps: passes a folder through FUSE, and lets its first call of one kind wait.

    slow_drive.py FOLDER MOUNTPOINT SECONDS read|list

Run by the system's own Python, which has fusepy.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

from fusepy import FUSE, FuseOSError, Operations  # type: ignore[import-not-found]  # the system's

KINDS = {"read": {"read"}, "list": {"readdir", "getattr"}}
SEEN = ("atime", "ctime", "mtime", "size", "mode", "nlink", "uid", "gid")


class SlowDrive(Operations):  # type: ignore[misc]  # fusepy is seen as untyped
    """The calls that reading needs."""

    def __init__(self, folder: str, seconds: float, kind: str) -> None:
        self._folder = folder
        self._seconds = seconds
        self._kinds = KINDS[kind]
        self._awake = 0.0
        self._lock = threading.Lock()

    def __call__(self, name: str, path: str, *arguments: Any) -> Any:
        """Every call comes through here."""
        if name in self._kinds and path != "/":
            with self._lock:
                self._awake = self._awake or time.monotonic() + self._seconds
            time.sleep(max(0.0, self._awake - time.monotonic()))
        try:
            return getattr(self, name)(self._folder + path, *arguments)
        except OSError as error:
            raise FuseOSError(error.errno) from error

    def getattr(self, path: str, fh: object = None) -> dict[str, Any]:
        """See fuse(8)."""
        status = os.lstat(path)
        return {f"st_{name}": getattr(status, f"st_{name}") for name in SEEN}

    def readdir(self, path: str, fh: object) -> list[str]:
        """See fuse(8)."""
        return [".", "..", *(entry.name for entry in os.scandir(path))]

    def open(self, path: str, flags: int) -> int:
        """See fuse(8)."""
        return os.open(path, os.O_RDONLY)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        """See fuse(8)."""
        return os.pread(fh, size, offset)

    def release(self, path: str, fh: int) -> None:
        """See fuse(8)."""
        os.close(fh)


if __name__ == "__main__":
    FOLDER, POINT, SECONDS, KIND = sys.argv[1:]
    FUSE(SlowDrive(FOLDER, float(SECONDS), KIND), POINT, foreground=True, ro=True)
