"""Indexing, one sync after another, off the GUI thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance

from fashion_finder.domain import SyncProgress, SyncSummary
from fashion_finder.engine import Engine, SyncControl
from fashion_finder.errors import FinderError, Interrupted
from fashion_finder.ui.work.tasks import EngineTasks


@dataclass(frozen=True, slots=True)
class SyncJob:
    """Folders to bring up to date (none: all known ones)."""

    folders: tuple[Path, ...] = ()
    is_quiet: bool = False  # started because something changed, not by the user


class SyncQueue(QObject):
    """Runs one sync at a time; what comes meanwhile waits its turn."""

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
        self._running: SyncJob | None = None
        self._control: SyncControl | None = None
        self._stopped = False
        self._reported.connect(self.progressed)

    @property
    def is_running(self) -> bool:
        """Whether a sync is under way."""
        return self._running is not None

    @property
    def running(self) -> SyncJob | None:
        """The sync under way."""
        return self._running

    def add(self, job: SyncJob) -> None:
        """Sync when its turn comes; a job that already waits is not doubled."""
        if self._stopped or job in self._waiting:
            return
        if self._running is not None:
            self._waiting.append(job)
            self.queued.emit(job)
        else:
            self._start(job)

    def pause(self) -> None:
        """Let the running sync stand still."""
        if self._control is not None:
            self._control.pause()

    def resume(self) -> None:
        """Let it go on."""
        if self._control is not None:
            self._control.resume()

    def cancel(self) -> None:
        """Stop the running sync; what it has done is kept, what waits comes next."""
        if self._control is not None:
            self._control.cancel()

    def stop(self) -> None:
        """Stop: the program is closing. Nothing is taken any more."""
        self._stopped = True
        self._waiting.clear()
        self.cancel()

    def go_on(self) -> None:
        """It is not closing after all."""
        self._stopped = False

    def _start(self, job: SyncJob) -> None:
        self._running = job
        control = self._control = SyncControl()

        def report(progress: SyncProgress) -> None:
            if not self._stopped:
                self._reported.emit(progress)

        def work(engine: Engine) -> SyncSummary:
            return engine.sync(
                job.folders, progress=report, control=control, known_only=job.is_quiet
            )

        def done(summary: SyncSummary) -> None:
            self._end(self.finished, job, summary)

        def failed(error: FinderError) -> None:
            if isinstance(error, Interrupted):
                self._end(self.cancelled, job)
            else:
                self._end(self.failed, job, error)

        self.started.emit(job)
        self._tasks.run(work, done, failed)

    def _end(self, outcome: SignalInstance, *values: object) -> None:
        """Tell what came of a sync, and begin the next."""
        self._running = self._control = None
        outcome.emit(*values)
        if self._waiting and self._running is None:
            self._start(self._waiting.popleft())
