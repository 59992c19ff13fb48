"""Turns counts into a rate and a time left, and reports only a few times a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fashion_finder.domain import SyncPhase, SyncProgress

Listener = Callable[[SyncProgress], None]

INTERVAL = 0.2
"""Seconds between two reports."""

WINDOW = 10.0
"""Seconds over which the rate is taken."""


class ProgressMeter:
    """Follows one folder's sync; time spent paused does not count towards the rate."""

    def __init__(
        self, folder: Path, listener: Listener, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._listener = listener
        self._clock = clock
        self._progress = SyncProgress(SyncPhase.SCANNING, folder)
        self._last_report = float("-inf")
        self._samples: deque[tuple[float, int]] = deque()  # time, pictures done

    def count_found(self, found: int) -> None:
        """The scan has found this many pictures so far."""
        self._update(found=found)

    def begin(self, phase: SyncPhase, total: int = 0, skipped: int = 0) -> None:
        """Enter a phase; always reported."""
        self._restart_rate()
        self._update(now=True, phase=phase, total=total, skipped=skipped)

    def advance(self, *, skipped: bool = False) -> None:
        """Count one more picture, read or skipped."""
        before = self._progress
        self._update(done=before.done + 1, skipped=before.skipped + skipped)

    def pause(self, *, paused: bool) -> None:
        """Report a pause, or its end."""
        if not paused:
            self._restart_rate()
        self._update(now=True, paused=paused)

    def _restart_rate(self) -> None:
        self._samples = deque([(self._clock(), self._progress.done)])

    def _update(self, *, now: bool = False, **changes: Any) -> None:
        """Note the changes, and report when it is time."""
        self._progress = progress = replace(self._progress, **changes)
        time_now = self._clock()
        if not now and time_now - self._last_report < INTERVAL:
            return
        self._last_report = time_now
        self._samples.append((time_now, progress.done))
        while len(self._samples) > 2 and time_now - self._samples[0][0] > WINDOW:
            self._samples.popleft()
        since, before = self._samples[0]
        elapsed = time_now - since
        rate = (progress.done - before) / elapsed if elapsed > 0 else 0.0
        reading = progress.phase is SyncPhase.READING
        left = (progress.total - progress.done) / rate if reading and rate > 0 else None
        self._listener(replace(progress, rate=rate, seconds_left=left))
