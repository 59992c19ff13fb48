"""From the text of a file link to a local path, without touching any disk.

Merely looking at `//host/share/x` makes Windows log in to that host. So a link to another computer
is recognised by its text and refused, unless it leads into a folder the user indexed.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QSysInfo, QUrl

from fashion_finder.errors import PictureRefused


def local_path(url: QUrl, indexed: Iterable[Path], *, windows: bool = os.name == "nt") -> Path:
    """The path a `file:` link names.

    Raises PictureRefused when it is on another computer, ValueError when it cannot be a path.
    """
    text = _windows_text(url) if windows else _posix_text(url)
    if "\0" in text or not text.strip("/\\"):
        raise ValueError(f"not a file: {url.toString()!r}")
    path = Path(text)
    flat = text.replace("\\", "/") if windows else text
    # Two slashes name another computer, or a device.
    if flat.startswith("//") and not _is_under(flat, indexed, windows=windows):
        raise PictureRefused(path)
    return path


def _posix_text(url: QUrl) -> str:
    # Names need not be UTF-8: the undecoded bytes are kept.
    raw = unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))
    text = os.fsdecode(raw)
    host = url.host()
    # The XDND convention lets a program name the machine it runs on.
    this_machine = {"", "localhost", QSysInfo.machineHostName().casefold()}
    return text if host.casefold() in this_machine else f"//{host}{text}"


def _windows_text(url: QUrl) -> str:
    path = url.path(QUrl.ComponentFormattingOption.FullyDecoded)
    if url.host():
        return f"//{url.host()}{path}"
    if len(path) > 2 and path[0] == "/" and path[2] == ":":  # /C:/photos
        return path[1:]
    return path


def _is_under(text: str, indexed: Iterable[Path], *, windows: bool) -> bool:
    kind: type[PurePath] = PureWindowsPath if windows else PurePosixPath
    path = kind(posixpath.normpath(text))
    return any(path.is_relative_to(kind(str(folder))) for folder in indexed)
