"""How much processor time another process has used: one that is stopped or starved uses none."""

from __future__ import annotations

import ctypes
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path


def processor_seconds(process: BaseProcess) -> float | None:
    """Seconds on all cores since the process began; None where that cannot be told, as on macOS."""
    if sys.platform == "win32":
        return _from_handle(process.sentinel)
    return _from_proc(process.pid) if sys.platform == "linux" else None


def _from_proc(pid: int | None) -> float | None:
    """Fields 14 and 15 of /proc/PID/stat, see proc(5); the second may hold spaces and brackets."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def _from_handle(handle: int) -> float | None:
    """GetProcessTimes: created, ended, in the kernel, in the program; in units of 100 ns."""
    times = [ctypes.c_ulonglong() for _ in range(4)]
    kernel: ctypes.CDLL = getattr(ctypes, "windll").kernel32  # noqa: B009 - Windows only
    if not kernel.GetProcessTimes(ctypes.c_void_p(handle), *map(ctypes.byref, times)):
        return None
    return (times[2].value + times[3].value) / 1e7
