"""Indexing, one sync after another, off the GUI thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from fashion_finder.domain import SyncProgress, SyncSummary
from fashion_finder.engine import Engine, SyncControl
from fashion_finder.errors import FinderError, Interrupted
from fashion_finder.ui.work.tasks import EngineTasks


@dataclass(frozen=True, slots=True)
class SyncJob:
    """Folders to bring up to date (none: all known ones)."""

    folders: tuple[Path, ...] = ()
    is_quiet: bool = False  # started because something changed, not by the user
    again: tuple[Path, ...] = ()  # folders and files to read anew, instead of all that

    def folders_among(self, indexed: Iterable[Path]) -> tuple[Path, ...]:
        """The folders it brings up to date, when these are indexed."""
        return self.folders if self.folders or self.again else tuple(indexed)


class SyncQueue(QObject):
    """Runs one sync at a time; others wait their turn."""

    started = Signal(SyncJob)
    queued = Signal(SyncJob)
    progressed = Signal(SyncProgress)
    finished = Signal(SyncJob, SyncSummary)
    cancelled = Signal(SyncJob)
    failed = Signal(SyncJob, FinderError)

    _reported = Signal(SyncProgress)  # emitted in the worker

    def __init__(self, tasks: EngineTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._waiting: deque[SyncJob] = deque()
        self.running: SyncJob | None = None  # the sync under way
        self._control = SyncControl()  # that of the latest sync
        self._stopped = False
        self._reported.connect(self.progressed)

    def add(self, job: SyncJob) -> None:
        """Sync when its turn comes; a job that already waits is not added again."""
        if self._stopped or job in self._waiting:
            return
        if self.running is not None:
            self._waiting.append(job)
            self.queued.emit(job)
        else:
            self._start(job)

    @Slot(bool)
    def set_paused(self, is_paused: bool) -> None:
        """Hold the running sync, or let it continue."""
        if is_paused:
            self._control.pause()
        else:
            self._control.resume()

    @Slot()
    def cancel(self) -> None:
        """Stop the running sync, keep what it has done, and begin the next."""
        self._control.cancel()

    def stop(self) -> None:
        """Stop, and accept no more syncs: the program is closing."""
        self._stopped = True
        self._waiting.clear()
        self.cancel()

    def accept_again(self) -> None:
        """The program is not closing after all."""
        self._stopped = False

    def _start(self, job: SyncJob) -> None:
        self.running = job
        control = self._control = SyncControl()

        def report(progress: SyncProgress) -> None:
            if not self._stopped:
                self._reported.emit(progress)

        def work(engine: Engine) -> SyncSummary:
            if job.again:
                return engine.read_again(job.again, progress=report, control=control)
            return engine.sync(
                job.folders, progress=report, control=control, known_only=job.is_quiet
            )

        def failed(error: FinderError) -> None:
            if isinstance(error, Interrupted):
                self._end(self.cancelled, job)
            else:
                self._end(self.failed, job, error)

        self.started.emit(job)
        self._tasks.run(work, partial(self._end, self.finished, job), failed)

    def _end(self, outcome: SignalInstance, *values: object) -> None:
        """Report the outcome of a sync, and begin the next."""
        self.running = None
        outcome.emit(*values)
        if self._waiting and self.running is None:
            self._start(self._waiting.popleft())
