"""Runs work in executors and delivers the outcome on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from fashion_finder.engine import Engine
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import FinderError

T = TypeVar("T")


class ProgramFault(FinderError):
    """An error of ours, in words for the user who waits for an outcome."""

    title = "Something went wrong"
    advice = "This is a bug in Fashion Finder and has been logged. Your photos are not affected."


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A finished piece of work, and what to call with its result."""

    future: Future[Any]
    done: Callable[[Any], None]
    failed: Callable[[FinderError], None]


class Tasks(QObject):
    """Runs work on one executor and delivers the outcome on the thread this object lives in.

    A FinderError goes to `failed`. Anything else is our bug: `failed` gets a ProgramFault,
    so that nothing waits forever, and the error itself is raised on the GUI thread, where the
    program's exception hook logs and reports it.
    """

    _ended = Signal(_Outcome)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._closed = False
        # Queued, also from this thread: quick work must not be delivered before `run` returns.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[FinderError], None],
    ) -> None:
        """Run `work` after earlier work, then call one of the two others."""
        if self._closed:
            return
        future = self._executor.submit(work)
        future.add_done_callback(lambda ended: self._hand_over(_Outcome(ended, done, failed)))

    def close(self) -> None:
        """Accept no more work and deliver no more outcomes."""
        self._closed = True

    def _hand_over(self, outcome: _Outcome) -> None:
        """Cross from the executor's thread to ours."""
        if not self._closed and not outcome.future.cancelled():
            self._ended.emit(outcome)

    @Slot(_Outcome)
    def _deliver(self, outcome: _Outcome) -> None:
        if self._closed:
            return
        error = outcome.future.exception()
        if error is None:
            outcome.done(outcome.future.result())
        elif isinstance(error, FinderError):
            outcome.failed(error)
        else:
            outcome.failed(ProgramFault(detail=type(error).__name__))
            raise error


class EngineTasks:
    """Tasks that borrow the engine while they run, and wait until it is open."""

    def __init__(self, tasks: Tasks, handle: EngineHandle) -> None:
        self._tasks = tasks
        self._handle = handle

    def run(
        self,
        work: Callable[[Engine], T],
        done: Callable[[T], None],
        failed: Callable[[FinderError], None],
    ) -> None:
        """Run `work` in a worker, as `Tasks.run` does; `failed` also gets why there is no engine."""

        def borrow_and_work() -> T:
            with self._handle.borrow() as engine:
                return work(engine)

        self._tasks.run(borrow_and_work, done, failed)
