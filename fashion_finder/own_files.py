"""Files and folders of the program's own that can be made again, opened and replaced with care.

Whatever stands at such a path, be it a named pipe, a link to elsewhere or an endless file, neither
holds the program up nor leads it astray: it makes way. What may be somebody's is renamed.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SET_ASIDE: Final = "set-aside-"
"""How the new name begins of what stood in the way and may be somebody's."""

_OPEN: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe may have come in between
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_regular(path: Path) -> BufferedReader:
    """Open an ordinary file for reading; never waits, follows no link. Raises OSError."""
    if not stat.S_ISREG(path.lstat().st_mode):  # opening a device may do something
        raise _not_regular(path)
    descriptor = os.open(path, _OPEN)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular(path)
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file. Raises OSError, also for one of more than `most` bytes."""
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return file.read(most)


def make_way(path: Path) -> None:
    """Clear a path for an ordinary file; one that is there already stays. Raises OSError.

    A link goes, never what it leads to. A folder that holds something gets another name.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        _remove(path, mode)


def make_way_for_new(path: Path) -> None:
    """The same; a file goes too that this user may not read and write. Raises OSError."""
    make_way(path)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        log.warning("%s cannot be read or written: it is made again", path.name)
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a private folder, unless it is there already; what is none makes way. Raises OSError."""
    try:
        about = path.lstat()
    except FileNotFoundError:
        path.mkdir(mode=0o700, exist_ok=True)
        return
    if stat.S_ISDIR(about.st_mode):
        if _is_usable(path):
            return
        if hasattr(os, "geteuid") and about.st_uid == os.geteuid():
            path.chmod(0o700)
            if _is_usable(path):
                return
    _remove(path, about.st_mode)
    path.mkdir(mode=0o700, exist_ok=True)


def _is_usable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _remove(path: Path, mode: int) -> None:
    """Remove what holds nothing, and rename what may hold something."""
    log.warning("%s is not what it should be: it makes way", path.name)
    try:
        if stat.S_ISDIR(mode):
            try:
                path.rmdir()
            except OSError:
                _set_aside(path)
        elif stat.S_ISREG(mode) and path.stat().st_size:
            _set_aside(path)
        else:
            path.unlink()
    except FileNotFoundError:  # another process was faster
        return


def _set_aside(path: Path) -> None:
    number = 1
    kept = path.with_name(f"{SET_ASIDE}{path.name}")
    while os.path.lexists(kept):
        number += 1
        kept = path.with_name(f"{SET_ASIDE}{path.name}-{number}")
    path.rename(kept)


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, "not an ordinary file", str(path))
