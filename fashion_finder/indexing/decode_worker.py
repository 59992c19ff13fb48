"""The main function of a decode process; imports only what reading a picture needs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from fashion_finder.errors import PictureError
from fashion_finder.images.read import read_picture
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import NICENESS


def run_worker(connection: Connection, memory: int, *, in_background: bool) -> None:
    """Read pictures until the other end closes; `memory` limits the address space, bytes.

    Sends None once it waits for tasks, then each one's ReadOutcome, or for the log the trace of an
    error that reading a picture should never raise.
    """
    if in_background and hasattr(os, "nice"):  # before any thread is started
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to handle
    _limit_memory(memory)
    _silence_decoders()
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send(None)
        while True:
            connection.send(_answer(connection.recv()))


def carry_out(task: ReadTask) -> ReadOutcome:
    """Read one picture, in this process."""
    try:
        read = read_picture(
            task.source, known=task.known, preview=task.preview, may_fetch=task.may_fetch
        )
    except PictureError as error:
        return ReadOutcome(task.key, error=error)
    if isinstance(read, bytes):
        return ReadOutcome(task.key, same_as=read)
    return ReadOutcome(task.key, picture=read)


def _answer(task: ReadTask) -> ReadOutcome | str:
    try:
        return carry_out(task)
    except Exception as error:  # noqa: BLE001 - sent to the parent, which logs it
        # The message may name the user's files: where it happened and its type are enough.
        frames = "".join(traceback.format_tb(error.__traceback__))
        return frames + type(error).__name__


def _limit_memory(limit: int) -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is already set
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _silence_decoders() -> None:
    """libtiff and others print their own complaints; our errors travel as values."""
    with contextlib.suppress(OSError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 2)
        os.close(devnull)


def _exit_with_parent() -> None:
    """A decoder busy with a picture would not notice that the connection has closed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
