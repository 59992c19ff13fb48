"""What every process that the program starts for a dangerous piece of work has in common."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process, resource_tracker
from multiprocessing.connection import wait
from pathlib import Path


def settle_in(memory: int) -> None:
    """Called first in the process: `memory` limits its address space in bytes, where that exists.

    It ends with its parent, leaves Ctrl+C to it, and prints nothing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    _silence()
    threading.Thread(target=_exit_with_parent, daemon=True).start()


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Processes started in this block ignore Ctrl+C, which a terminal sends to the whole group.

    A process inherits the signal mask of the thread that starts it. The first one also starts the
    resource tracker of multiprocessing, which resets the mask: hence the tracker first.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def why_not_started() -> str:
    """What to add to the message about a process that ended before it had begun; often nothing.

    A new process imports the script that Python was started with. A script without a guard starts
    its work all over there, which Python ends; one that was piped in cannot be imported at all.
    """
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None)
    if script is None or main.__spec__ is not None or hasattr(sys, "frozen"):
        return ""
    try:
        text = Path(script).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ": save the script as a file"
    if "__main__" in text:
        return ""
    return ": put what the script does under 'if __name__ == \"__main__\":'"


def _limit_memory(limit: int) -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is already set
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _silence() -> None:
    """Libraries print their own complaints."""
    with contextlib.suppress(OSError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 2)
        os.close(devnull)


def _exit_with_parent() -> None:
    """A process that is busy would not notice that the connection has closed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
