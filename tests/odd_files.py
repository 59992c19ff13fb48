"""Puts every kind of thing where the program keeps a file of its own."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

ELSEWHERE = b"somebody else's\n"
"""What a file holds that a link leads to: it must hold the same afterwards."""

NOISE = bytes(number * 167 % 251 for number in range(9000))


def _link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere)


def _dangling(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere.with_name("nothing here"))


def _loop(path: Path, elsewhere: Path) -> None:
    del elsewhere
    path.symlink_to(path.name)


def _pipe(path: Path, elsewhere: Path) -> None:
    del elsewhere
    os.mkfifo(path)


def _socket(path: Path, elsewhere: Path) -> None:
    """Bound by a short relative path, and left behind."""
    del elsewhere
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(before)


def _device(path: Path, elsewhere: Path) -> None:
    """Endless zeros, for who may make it."""
    del elsewhere
    if os.geteuid() == 0:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))
    else:
        path.symlink_to("/dev/zero")


def _folder(path: Path, elsewhere: Path) -> None:
    del elsewhere
    path.mkdir()


def _full_folder(path: Path, elsewhere: Path) -> None:
    del elsewhere
    path.mkdir()
    (path / "letter.txt").write_bytes(ELSEWHERE)


def _sparse(path: Path, elsewhere: Path) -> None:
    del elsewhere
    with path.open("wb") as file:
        file.truncate(1 << 40)


def _filled(data: bytes) -> Callable[[Path, Path], None]:
    def fill(path: Path, elsewhere: Path) -> None:
        del elsewhere
        path.write_bytes(data)

    return fill


_MAKERS: dict[str, Callable[[Path, Path], None]] = {
    "noise": _filled(NOISE),
    "empty": _filled(b""),
    "sparse": _sparse,
    "folder": _folder,
    "full folder": _full_folder,
}
if sys.platform != "win32":
    _MAKERS |= {
        "pipe": _pipe,
        "socket": _socket,
        "device": _device,
        "link": _link,
        "dangling link": _dangling,
        "loop": _loop,
    }

KINDS = sorted(_MAKERS)


def put_in_the_way(path: Path, kind: str) -> Path:
    """Put one of `KINDS` there in place of what there is; returns what a link leads to."""
    elsewhere = path.parent.parent / "elsewhere"
    elsewhere.write_bytes(ELSEWHERE)
    if path.is_dir():
        path.rename(path.with_name(f"{path.name} before"))
    path.unlink(missing_ok=True)
    _MAKERS[kind](path, elsewhere)
    return elsewhere
