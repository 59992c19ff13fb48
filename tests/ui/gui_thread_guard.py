"""Catches the GUI thread at work that blocks: files, folders, databases, sockets, programs.

Python reports such work to audit hooks (PEP 578); looking at a file's state is not reported, so
`os.stat` and its kin are wrapped while the guard is on.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SLOW = (
    "open",
    "os.listdir",
    "os.scandir",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
    "shutil.",
    "sqlite3.",
    "socket.",
    "subprocess.",
    "os.system",
    "os.posix_spawn",
    "os.fork",
)
_STATES = ("stat", "lstat", "access", "readlink")

_caught: list[str] | None = None


def _note(what: str) -> None:
    if _caught is not None and threading.current_thread() is threading.main_thread():
        trace = "".join(traceback.StackSummary.from_list(_frames()).format())
        _caught.append(f"{what}\n{trace}")


def _frames() -> list[tuple[str, int, str, str]]:
    """Where we are, without reading the source: that would open files itself."""
    frame: FrameType | None = sys._getframe(3)
    found: list[tuple[str, int, str, str]] = []
    while frame is not None and len(found) < 12:
        found.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, " "))
        frame = frame.f_back
    return found[::-1]


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _caught is not None and event.startswith(_SLOW):
        _note(f"{event} {args!r}")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collects what the GUI thread does that may block."""
    global _caught  # audit hooks cannot be taken away again, only switched
    originals = {name: getattr(os, name) for name in _STATES}

    def wrapped(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            _note(f"os.{name} {args!r}")
            return original(*args, **options)

        return call

    caught: list[str] = []
    _caught = caught
    for name, original in originals.items():
        setattr(os, name, wrapped(name, original))
    try:
        yield caught
    finally:
        _caught = None
        for name, original in originals.items():
            setattr(os, name, original)
