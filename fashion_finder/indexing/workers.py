"""Decodes pictures in separate processes: a decoder that hangs or dies costs one picture.

A thread gives a worker process one task and waits a limited time for each thing it says. Waiting for
the file's bytes and decoding them have limits of their own, and what ends a reading is told apart:

- The disk gives no byte for a while: the disk's fault. The picture is tried again at the next sync.
- The process dies, or has had hardly any processor time when its time is up: killed from outside,
  stopped, short of memory, or broken by an earlier picture. The same picture goes to a fresh process.
  If that ends alike, it is tried again at the next sync, unless decoding has crashed both.
- Decoding has crashed two processes, or has used its time computing: the picture's own fault. It is
  refused until the file changes. One that computes, but shares the processor with others, gets its
  time by the clock of the processor.

The look-ahead is bounded, so a slow consumer holds the workers back instead of filling the memory.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Final

from fashion_finder.child_process import why_not_started, without_ctrl_c
from fashion_finder.domain import PreparedPicture
from fashion_finder.errors import (
    DecoderUnavailable,
    PictureError,
    PictureHitBug,
    PicturePostponed,
    PictureTookTooLong,
    PictureUnanswered,
)
from fashion_finder.indexing.conversation import Conversation
from fashion_finder.indexing.decode_worker import END_SECONDS, Sign, WorkerProcess, run_worker
from fashion_finder.indexing.processor_time import processor_seconds
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import DECODE_MEMORY, DECODE_SECONDS, READ_SECONDS

log = logging.getLogger(__name__)

START_SECONDS: Final = 60.0
"""A process that has not started by then never will, even from the slowest disk."""

START_ATTEMPTS: Final = 3
"""Processes that may die while they start, before no more are started."""

AHEAD: Final = 8
"""Pictures per worker that are being read, or wait to be read or consumed."""

_PULSE_SECONDS: Final = 0.2

_BUSY_SHARE: Final = 0.5
"""Of its time, what a decoder has computed that does not end by itself."""

_WORKING_SHARE: Final = 0.1
"""Of the time waited, what a decoder has computed that is only slow: many share the processor."""

_FULL_SHARE: Final = 0.9
"""Of its time, what it has computed that has had it."""

_MOST_WAITS: Final = 4
"""How many times its time a slow decoder gets at most, by the clock."""

_CRASH_SIGNALS: Final = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
_CRASH_CODES: Final = frozenset(
    {
        *(-getattr(signal, name) for name in _CRASH_SIGNALS if hasattr(signal, name)),
        # Windows: access violation, illegal instruction, division by zero, stack overflow, damaged
        # heap, overrun buffer (NTSTATUS in ntstatus.h). Others end a process from outside.
        *(0xC0000005, 0xC000001D, 0xC0000094, 0xC00000FD, 0xC0000374, 0xC0000409),
    }
)
"""Exit codes of a process that has ended by its own fault."""

_STOOD_STILL: Final = "it got no processor time"

_SPAWN = multiprocessing.get_context("spawn")


class _AttemptFailed(Exception):
    """No outcome came; `is_final` when another attempt would only cost time."""

    def __init__(self, error: PictureError, *, is_final: bool = False) -> None:
        super().__init__(error)
        self.error = error
        self.is_final = is_final


class DecodeProcess:
    """One worker process, started on demand and again after it had to be killed."""

    def __init__(
        self,
        seconds: float = DECODE_SECONDS,
        memory: int = DECODE_MEMORY,
        *,
        read_seconds: float = READ_SECONDS,
        in_background: bool = False,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._read_seconds = read_seconds
        self._in_background = in_background
        self._worker: Conversation | None = None
        self._interrupted: Conversation | None = None  # gets no more tasks
        self._interruptions = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process now, so that the first task need not. Raises DecoderUnavailable."""
        with self._lock:
            self._started(self._interruptions)

    def run(self, task: ReadTask) -> ReadOutcome:
        """Read one picture; its failures are outcomes too. Raises DecoderUnavailable."""
        with self._lock:
            interruptions = self._interruptions
            try:
                return self._attempt(task, interruptions)
            except _AttemptFailed as failed:
                if failed.is_final or self._interruptions != interruptions:
                    return ReadOutcome(task.key, error=failed.error)
            try:
                return self._attempt(task, interruptions)
            except _AttemptFailed as failed:
                return ReadOutcome(task.key, error=failed.error)

    def close(self) -> None:
        """Stop the process."""
        with self._lock:
            if self._worker is not None:
                self._worker.dismiss()
                self._worker.process.join(END_SECONDS)
            self._end()

    def interrupt(self) -> None:
        """Kill the process while `run` waits for it; the task fails at once.

        That process gets no later task: it may still look alive for a while.
        """
        self._interruptions += 1
        worker = self._worker
        if worker is not None:
            self._interrupted = worker
            worker.kill()

    # ------------------------------------------------------------ one attempt

    def _attempt(self, task: ReadTask, interruptions: int) -> ReadOutcome:
        """Raises _AttemptFailed after the end of the process, DecoderUnavailable."""
        worker = self._started(interruptions)
        subject = task.source if isinstance(task.source, Path) else None
        worker.send(task)
        sign: Sign | None = None
        before: float | None = None
        seconds, waited = self._read_seconds, 0.0
        while True:
            try:
                message = worker.next(seconds)
            except TimeoutError:
                waited += seconds
                if sign is Sign.DECODING and self._is_only_slow(worker, before, waited):
                    seconds = self._seconds / 4
                    continue
                raise self._timed_out(worker, subject, sign, before) from None
            except EOFError:
                raise self._died(worker, subject, sign) from None
            if isinstance(message, ReadOutcome):
                return message
            if isinstance(message, str):
                log.error("a bug while reading a picture:\n%s", message)
                return ReadOutcome(task.key, error=PictureHitBug(subject))
            sign = message
            seconds = self._read_seconds
            if sign is Sign.DECODING:
                seconds, waited = self._seconds, 0.0
                before = processor_seconds(worker.process)

    def _is_only_slow(self, worker: Conversation, before: float | None, waited: float) -> bool:
        """Whether a decoder computes, and has not had all its time for want of a processor."""
        now = processor_seconds(worker.process)
        if before is None or now is None or waited >= _MOST_WAITS * self._seconds:
            return False
        return _WORKING_SHARE * waited <= now - before < _FULL_SHARE * self._seconds

    def _timed_out(
        self, worker: Conversation, subject: Path | None, sign: Sign | None, before: float | None
    ) -> _AttemptFailed:
        after = processor_seconds(worker.process)
        self._end()
        if sign is Sign.READING:
            detail = f"its drive or share did not answer for {self._read_seconds:.0f} seconds"
            return _AttemptFailed(PictureUnanswered(subject, detail), is_final=True)
        if sign is not Sign.DECODING:
            return _AttemptFailed(PicturePostponed(subject, _STOOD_STILL))
        used = None if before is None or after is None else after - before
        if used is not None and used < _BUSY_SHARE * self._seconds:
            return _AttemptFailed(PicturePostponed(subject, _STOOD_STILL))
        detail = f"stopped after {self._seconds:.0f} seconds"
        return _AttemptFailed(PictureTookTooLong(subject, detail), is_final=used is not None)

    def _died(
        self, worker: Conversation, subject: Path | None, sign: Sign | None
    ) -> _AttemptFailed:
        if worker is not self._interrupted:
            worker.process.join(END_SECONDS)
        code = worker.process.exitcode
        self._end()
        if sign is Sign.DECODING and code in _CRASH_CODES:
            return _AttemptFailed(PictureTookTooLong(subject, "the decoder crashed"))
        return _AttemptFailed(PicturePostponed(subject, "the process that read it was ended"))

    # ------------------------------------------------------------ the process

    def _started(self, interruptions: int) -> Conversation:
        worker = self._worker
        if worker is not None:
            if worker.process.is_alive() and worker is not self._interrupted:
                return worker
            self._end()
        # Workers do no linear algebra: a BLAS thread pool in each would only take memory.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        failure: Exception | None = None
        for _ in range(START_ATTEMPTS):
            try:
                self._worker = worker = self._launch()
                if self._interruptions != interruptions:
                    worker.kill()
                worker.next(START_SECONDS)
            except (EOFError, OSError) as error:
                self._end()
                failure = error
                if self._interruptions != interruptions:
                    break
            else:
                return worker
        raise DecoderUnavailable(
            detail=f"their process does not start{why_not_started()}"
        ) from failure

    def _launch(self) -> Conversation:
        """Raises OSError when the system refuses another process."""
        ours, theirs = _SPAWN.Pipe()
        process = WorkerProcess(
            target=run_worker,
            args=(theirs, self._memory),
            kwargs={"in_background": self._in_background},
            name="fashion-finder-decode",
            daemon=True,
        )
        with theirs:
            try:
                with without_ctrl_c():
                    process.start()
            except BaseException:
                ours.close()
                raise
        return Conversation(process, ours)

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


class DecodePool:
    """Several decode processes, with bounded look-ahead. One `read_all` at a time.

    `in_background` gives them low priority.
    """

    def __init__(
        self, workers: int, seconds: float = DECODE_SECONDS, *, in_background: bool = False
    ) -> None:
        self._processes = [
            DecodeProcess(seconds, in_background=in_background) for _ in range(workers)
        ]

    def start(self) -> None:
        """Start the processes now. Raises DecoderUnavailable."""
        for process in self._processes:
            process.start()

    def read_all(self, tasks: Iterator[ReadTask]) -> Generator[ReadOutcome | None, None, None]:
        """Read with bounded look-ahead; outcomes come in any order. Raises DecoderUnavailable.

        Yields None several times a second while there is no outcome. `tasks` is iterated in the
        caller's thread. Closing the iterator stops the reading at once.
        """
        ahead = AHEAD * len(self._processes)
        idle = deque(self._processes)  # as many as the executor has threads: never empty in `run`

        def run(task: ReadTask) -> ReadOutcome:
            process = idle.popleft()
            try:
                return process.run(task)
            finally:
                idle.append(process)

        pending: list[Future[ReadOutcome]] = []  # in order: no finished one waits for ever
        with ThreadPoolExecutor(len(self._processes), "decode") as executor:
            try:
                while True:
                    for task in islice(tasks, ahead - len(pending)):
                        pending.append(executor.submit(run, task))
                    if not pending:
                        return
                    wait(pending, _PULSE_SECONDS, return_when=FIRST_COMPLETED)
                    done = next((future for future in pending if future.done()), None)
                    if done is not None:
                        pending.remove(done)
                    yield None if done is None else done.result()
            finally:
                if pending:  # left early: the rest is not wanted
                    executor.shutdown(wait=False, cancel_futures=True)
                    self.interrupt()

    def read(self, task: ReadTask) -> PreparedPicture:
        """Read one picture now, in the first process. Raises PictureError, DecoderUnavailable."""
        return prepared(self._processes[0].run(task))

    def interrupt(self) -> None:
        """Give up what is being read at once; it fails."""
        for process in self._processes:
            process.interrupt()

    def close(self) -> None:
        """Stop the processes."""
        for process in self._processes:
            process.close()


def prepared(outcome: ReadOutcome) -> PreparedPicture:
    """The picture of a task that named no known digests. Raises PictureError."""
    if outcome.error is not None:
        raise outcome.error
    if outcome.picture is None:
        raise TypeError("without known digests there is a picture or an error")
    return outcome.picture
