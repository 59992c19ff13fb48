"""The main function of a decode process; imports nothing but what reading a picture needs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from fashion_finder.domain import PreparedPicture
from fashion_finder.errors import PictureError
from fashion_finder.images.read import read_picture
from fashion_finder.indexing.priority import step_back_as_process
from fashion_finder.ports import ReadTask


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """The first message: the worker has started and is waiting for tasks."""


@dataclass(frozen=True, slots=True)
class WorkerBug:
    """An error that reading a picture should never raise; its trace, for the log."""

    trace: str


def serve(connection: Connection, memory: int, *, in_background: bool) -> None:
    """Read pictures until the other end closes; `memory` limits the address space, bytes."""
    if in_background:
        step_back_as_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    _limit_memory(memory)
    _silence_decoders()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # the parent went away
        connection.send(WorkerReady())
        while True:
            connection.send(_answer(connection.recv()))


def _answer(task: ReadTask) -> PreparedPicture | bytes | PictureError | WorkerBug:
    try:
        return read_picture(task.source, known=task.known, preview=task.preview)
    except PictureError as error:
        return error
    except Exception as error:  # noqa: BLE001 - goes to the parent, which logs it
        # Its text may name the user's files: where it happened and of what kind is enough.
        frames = "".join(traceback.format_tb(error.__traceback__))
        return WorkerBug(frames + type(error).__name__)


def _limit_memory(limit: int) -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is already set
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _silence_decoders() -> None:
    """libtiff and others complain on the terminal themselves; our errors travel as values."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _die_with_parent() -> None:
    """A decoder deep in a picture does not notice that nobody waits for it any more."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
