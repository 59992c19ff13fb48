"""Lower priority for the sync's processes and threads, so that questions come first."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

NICENESS: Final = 10
"""Added on POSIX. A question then gets nine tenths of a core that both want; on an idle machine the
sync loses nothing."""


def lower_process_priority() -> None:
    """For a process that has started no threads yet. Does nothing without niceness."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICENESS)


def lower_thread_priority() -> None:
    """For the calling thread alone, which only Linux can do."""
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            niceness = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, niceness + NICENESS)
