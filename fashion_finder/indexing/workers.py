"""Decodes pictures in separate processes: a decoder that hangs or dies costs one picture.

A thread sends a worker process one task, waits a limited time, and replaces the process when it does
not answer. The look-ahead is bounded, so a slow consumer holds the workers back instead of filling
the memory.
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
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from fashion_finder.child_process import why_not_started
from fashion_finder.domain import PreparedPicture
from fashion_finder.errors import DecoderUnavailable, PictureTookTooLong, PictureUnreadable
from fashion_finder.indexing.decode_worker import run_worker
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import DECODE_MEMORY, DECODE_SECONDS

log = logging.getLogger(__name__)

START_SECONDS = 60.0
"""A process that has not started by then never will, even from the slowest disk."""

END_SECONDS = 5.0
"""A killed process that has not ended by then hangs on a dead share; it is left behind."""

AHEAD = 8
"""Pictures per worker that are being read, or wait to be read or consumed."""

_SPAWN = multiprocessing.get_context("spawn")


class DecodeProcess:
    """One worker process, started on demand and again after it had to be killed."""

    def __init__(
        self,
        seconds: float = DECODE_SECONDS,
        memory: int = DECODE_MEMORY,
        *,
        in_background: bool = False,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._in_background = in_background
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._interrupted: SpawnProcess | None = None  # gets no more tasks
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process now, so that the first task need not. Raises DecoderUnavailable."""
        with self._lock:
            self._started()

    def run(self, task: ReadTask) -> ReadOutcome:
        """Read one picture; its failures are outcomes too. Raises DecoderUnavailable."""
        subject = task.source if isinstance(task.source, Path) else None
        with self._lock:
            connection = self._started()
            try:
                connection.send(task)
                if not connection.poll(self._seconds):
                    self._kill()
                    detail = f"stopped after {self._seconds:.0f} seconds"
                    return ReadOutcome(task.key, error=PictureTookTooLong(subject, detail))
                answer: ReadOutcome | str = connection.recv()
            except (EOFError, OSError):
                self._kill()
                error = PictureTookTooLong(subject, "the decoder died")
                return ReadOutcome(task.key, error=error)
        if isinstance(answer, ReadOutcome):
            return answer
        log.error("a bug while reading a picture:\n%s", answer)
        detail = "a bug in this program; see the log"
        return ReadOutcome(task.key, error=PictureUnreadable(subject, detail))

    def close(self) -> None:
        """Stop the process."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            if self._process is not None:
                self._process.join(1.0)
            self._kill()

    def interrupt(self) -> None:
        """Kill the process while `run` waits for it; the task fails.

        That process gets no later task: it may still look alive for a while.
        """
        process = self._process
        if process is not None:
            self._interrupted = process
            process.kill()

    def _started(self) -> Connection:
        if self._connection is not None and self._process is not None:
            if self._process.is_alive() and self._process is not self._interrupted:
                return self._connection
            self._kill()
        # Workers do no linear algebra: a BLAS thread pool in each would only take memory.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(
            target=run_worker,
            args=(theirs, self._memory),
            kwargs={"in_background": self._in_background},
            name="fashion-finder-decode",
            daemon=True,
        )
        try:
            with _without_ctrl_c():
                process.start()
            theirs.close()
            self._process, self._connection = process, ours
            if not ours.poll(START_SECONDS):
                raise TimeoutError
            ours.recv()
        except (EOFError, OSError) as error:
            theirs.close()
            ours.close()
            self._kill()
            detail = f"their process does not start{why_not_started()}"
            raise DecoderUnavailable(detail=detail) from error
        return ours

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(END_SECONDS)
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


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

    def read_all(self, tasks: Iterator[ReadTask]) -> Generator[ReadOutcome, None, None]:
        """Read with bounded look-ahead; outcomes come in any order. Raises DecoderUnavailable.

        `tasks` is iterated in the caller's thread. Closing the iterator stops the reading.
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
                    wait(pending, return_when=FIRST_COMPLETED)
                    done = next(future for future in pending if future.done())
                    pending.remove(done)
                    yield done.result()
            finally:
                if pending:  # left early: the rest is not wanted
                    executor.shutdown(wait=False, cancel_futures=True)
                    for process in self._processes:
                        process.interrupt()

    def read(self, task: ReadTask) -> PreparedPicture:
        """Read one picture now, in the first process. Raises PictureError, DecoderUnavailable."""
        return prepared(self._processes[0].run(task))

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


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
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
