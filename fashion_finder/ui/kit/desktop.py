"""Files for the desktop's programs: links to them, and showing them in the file manager."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote_from_bytes

from PySide6.QtCore import QUrl

from fashion_finder.errors import PictureMissing
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)


def url_of(path: Path) -> QUrl:
    """A link to a local file; names that are not UTF-8 survive."""
    if os.name == "nt":
        return QUrl.fromLocalFile(str(path))
    return QUrl.fromEncoded(b"file://" + quote_from_bytes(os.fsencode(path)).encode())


def require(path: Path) -> Path:
    """The same path, if the file exists. Touches the disk. Raises PictureMissing."""
    try:
        if path.exists():
            return path
    except OSError as error:
        raise PictureMissing(path, error.strerror or "") from error
    raise PictureMissing(path)


def connected(files: Sequence[Path]) -> Path:
    """The first of several files of one photo that is there. Raises PictureMissing, of the first.

    Touches the disk; a drive may have gone since these were found.
    """
    for path in files:
        try:
            if ask(path, Path.exists):
                return path
        except OSError:
            continue
    raise PictureMissing(files[0])


def reveal(path: Path) -> Path | None:
    """Show a file, selected, in the file manager. Touches the disk and starts a program.

    Returns the folder to open instead where no file manager can be asked. Raises PictureMissing.
    """
    require(path)
    if sys.platform == "win32":
        # Explorer needs its argument in one piece, and returns 1 even on success.
        subprocess.Popen(f'explorer /select,"{path}"')
        return None
    if sys.platform == "darwin":
        subprocess.run(["open", "-R", "--", path], check=False, timeout=10)
        return None
    return None if _reveal_over_dbus(path) else path.parent


def _reveal_over_dbus(path: Path) -> bool:
    """Ask the file manager through the interface org.freedesktop.FileManager1."""
    sender = shutil.which("dbus-send")
    if sender is None or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    link = bytes(url_of(path).toEncoded().data()).decode()  # commas separate links: %2C
    call = [
        sender,
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1.ShowItems",
        f"array:string:{link}",
        "string:",
    ]
    try:
        return subprocess.run(call, capture_output=True, check=False, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("the file manager did not answer: %s", error)
        return False
