"""The main function of a decode process; imports only what reading a picture needs."""

from __future__ import annotations

import contextlib
import mmap
import os
import time
import traceback
from collections.abc import Callable
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

from fashion_finder.child_process import settle_in
from fashion_finder.errors import PictureError, PicturePostponed, PictureTooLarge
from fashion_finder.images.read import read_picture
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import NICENESS

END_SECONDS: Final = 1.0
"""A killed process that has not ended by then hangs on a dead share; it is left behind."""

_SIGN_SECONDS: Final = 1.0
"""How often arriving bytes are reported at most."""

_NEEDED_SHARE: Final = 0.5
"""Of a worker's memory limit: a computer that cannot give this much is short of memory."""


class Sign(Enum):
    """What a decode process says between its task and the outcome."""

    READY = "waits for tasks"
    READING = "reads the file; sent again, about once a second, while bytes arrive"
    DECODING = "has all bytes"


class WorkerProcess(SpawnProcess):
    """A decode process."""

    is_left_behind = False  # killed, but hangs on a dead share

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Without `timeout`, as multiprocessing calls it when the program ends, not for ever.
        """
        if timeout is None:
            timeout = 0.0 if self.is_left_behind else END_SECONDS
        super().join(timeout)


def run_worker(connection: Connection, memory: int, *, in_background: bool) -> None:
    """Read pictures until the other end closes; `memory` limits the address space, bytes.

    Sends Sign.READY once it waits for tasks. Sends for each further signs, then its ReadOutcome, or
    for the log the trace of an error that reading a picture should never raise.
    """
    if in_background and hasattr(os, "nice"):  # before any thread is started
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    settle_in(memory)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send(Sign.READY)
        while True:
            connection.send(_answer(connection.recv(), connection.send))


def carry_out(task: ReadTask, tell: Callable[[Sign], None] = lambda _: None) -> ReadOutcome:
    """Read one picture, in this process."""
    told = time.monotonic()

    def tell_of_bytes() -> None:
        nonlocal told
        if time.monotonic() - told >= _SIGN_SECONDS:
            told = time.monotonic()
            tell(Sign.READING)

    if isinstance(task.source, Path):
        tell(Sign.READING)
    lacked_memory = False
    try:
        read = read_picture(
            task.source,
            known=task.known,
            preview=task.preview,
            may_fetch=task.may_fetch,
            arrived=tell_of_bytes,
            complete=lambda: tell(Sign.DECODING),
        )
    except PictureError as error:
        outcome = ReadOutcome(task.key, error=error)
        lacked_memory = isinstance(error.__cause__, MemoryError)
        error.__cause__ = error.__context__ = None  # with their frames they hold the memory
        error.__traceback__ = None
    except MemoryError:
        lacked_memory = True
        detail = "it needs more memory than there is"
        outcome = ReadOutcome(task.key, error=PictureTooLarge(_subject(task), detail))
    else:
        if isinstance(read, bytes):
            return ReadOutcome(task.key, same_as=read)
        return ReadOutcome(task.key, picture=read)
    if lacked_memory and _is_short_of_memory():
        detail = "the computer is short of memory"
        return ReadOutcome(task.key, error=PicturePostponed(_subject(task), detail))
    return outcome


def _subject(task: ReadTask) -> Path | None:
    return task.source if isinstance(task.source, Path) else None


def _answer(task: ReadTask, tell: Callable[[Sign], None]) -> ReadOutcome | str:
    try:
        return carry_out(task, tell)
    except Exception as error:  # noqa: BLE001 - sent to the parent, which logs it
        # The message may name the user's files: where it happened and its type are enough.
        frames = "".join(traceback.format_tb(error.__traceback__))
        return frames + type(error).__name__


def _is_short_of_memory() -> bool:
    """After a MemoryError: whether the computer lacks memory, or the picture needs too much."""
    try:
        import resource  # not on Windows, where no limit is ours
    except ImportError:
        return True
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return True
    try:
        mmap.mmap(-1, int(limit * _NEEDED_SHARE), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, MemoryError):
        return True
    return False
