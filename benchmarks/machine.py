"""What a figure was measured on, and how much memory a program and its workers took."""

from __future__ import annotations

import os
import platform
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

BUSY = 0.5
"""A load average above this, before anything was started, belongs to somebody else."""


SHARED_PAGES_COUNT_ONCE = Path("/proc/self/smaps_rollup").exists()


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe() -> dict[str, object]:
    """Processor, cores and how busy the machine already is."""
    name = platform.processor() or platform.machine()
    flags: set[str] = set()
    info = Path("/proc/cpuinfo")
    if info.exists():
        first = info.read_text().split("\n\n", 1)[0]
        pairs = (line.partition(":") for line in first.splitlines())
        fields = {key.strip(): value.strip() for key, _, value in pairs}
        name = fields.get("model name", name)
        flags = {"avx2", "avx512f", "avx512_vnni", "avx_vnni"} & set(
            fields.get("flags", "").split()
        )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "processor": name,
        "instructions": sorted(flags),
        "cores": cores(),
        "load_before": round(load, 2),
        "others_were_busy": load > BUSY,
    }


def memory_now(pid: int) -> tuple[int, int]:
    """Bytes that a process and all its descendants hold, and how many they are; 0, 0 when it ended."""
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0, 0
    total = count = 0
    for process in family:
        try:
            total += _memory(process)
            count += 1
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has just ended
    return total, count


def _memory(process: psutil.Process) -> int:
    if SHARED_PAGES_COUNT_ONCE:
        return int(process.memory_full_info().pss)
    return int(process.memory_info().rss)


class MemoryWatch:
    """Samples the memory of a process and all its descendants while the `with` block runs.

    On Linux the sum of PSS, in which shared pages count once; elsewhere the sum of RSS, which
    overstates it.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        self._pid = pid
        self._interval = interval
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.kind = "PSS" if SHARED_PAGES_COUNT_ONCE else "RSS"
        self.peak = 0  # bytes
        self.processes = 0  # at the peak

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.is_set():
            total, count = memory_now(self._pid)
            if total > self.peak:
                self.peak, self.processes = total, count
            self._done.wait(self._interval)


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Elapsed wall-clock time."""
        return time.perf_counter() - self._start
