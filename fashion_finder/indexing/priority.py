"""Lets the sync's processes and threads step back for whoever waits for an answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

NICENESS: Final = 10
"""How far the sync steps back on POSIX: a question then gets nine tenths of a core that both want.

On a machine with nothing else to do it costs the sync nothing.
"""


def step_back_as_process() -> None:
    """For a process, before it starts threads. Does nothing where the system has no niceness."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICENESS)


def step_back_as_thread() -> None:
    """For the calling thread alone, which only Linux can tell from its process."""
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            before = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, before + NICENESS)
