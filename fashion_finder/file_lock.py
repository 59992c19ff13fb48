"""A lock on a file, whatever is in it: the system releases it when the process that holds it dies."""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from fashion_finder.own_files import make_way, make_way_for_new

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

_STEP_SECONDS: Final = 0.01

_HELD: Final = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_UNSUPPORTED: Final = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class FileLock:
    """Held by one at a time, also within a process. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._descriptor: int | None = None

    def acquire(self, seconds: float = 0.0) -> bool:
        """Whether it is held now; waits that long for another holder. Raises OSError.

        Where the file system has no locks, there is nobody to wait for.
        """
        end = time.monotonic() + seconds
        while True:
            descriptor = self._open()
            if _lock(descriptor):
                if self._is_in_place(descriptor):
                    self._descriptor = descriptor
                    return True
                os.close(descriptor)  # the file was deleted meanwhile: another one counts now
                continue
            os.close(descriptor)
            if time.monotonic() >= end:
                return False
            time.sleep(_STEP_SECONDS)

    def release(self, *, remove: bool = False) -> None:
        """Let it go, with its file if wanted; does nothing when it is not held."""
        if self._descriptor is not None:
            if remove:
                with suppress(OSError):  # Windows deletes no open file
                    self._path.unlink(missing_ok=True)
            os.close(self._descriptor)  # releases it, on Windows too
            self._descriptor = None

    def _open(self) -> int:
        make_way(self._path)
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | flags, 0o600)
        except OSError:  # read-only, or another user's: a lock needs no more than reading
            with suppress(OSError):
                return os.open(self._path, os.O_RDONLY | flags)
            make_way_for_new(self._path)
            return os.open(self._path, os.O_RDWR | os.O_CREAT | flags, 0o600)

    def _is_in_place(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.lstat())
        except FileNotFoundError:
            return False


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _UNSUPPORTED:
            os.close(descriptor)
            raise
        log.warning("no locks in this folder: %s", error.strerror)
    return True
