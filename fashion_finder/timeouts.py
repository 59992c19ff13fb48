"""Timeouts for disks that may never answer: a dead network share blocks a caller for minutes.

A system call cannot be cancelled, so each one that may hang runs in a thread of its own, which is
abandoned when it takes too long.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

LOOK_SECONDS: Final = 2.0
"""A folder that answers no sooner counts as offline. A sleeping disk that takes longer to spin up is
found awake at the next look."""

_CHUNK: Final = 512
_CHUNK_SECONDS: Final = 0.1
_CHUNKS_AHEAD: Final = 128
_PULSE_SECONDS: Final = 0.1


class NoAnswerError(OSError):
    """The disk or share did not answer in time."""

    def __init__(self) -> None:
        super().__init__("it does not answer")
        self.strerror = "it does not answer"


class Timeouts:
    """Calls about paths, each with a timeout.

    While a call about a path hangs, further ones fail at once, or wait for it if they are patient:
    threads must not pile up behind a dead share.
    """

    def __init__(self) -> None:
        self._hanging: dict[Path, Future[Any]] = {}
        self._lock = threading.Lock()

    def ask(
        self,
        path: Path,
        look: Callable[[Path], T],
        seconds: float = LOOK_SECONDS,
        *,
        patient: bool = False,
    ) -> T:
        """The outcome of ``look(path)``, or what it raises. Raises NoAnswerError after `seconds`."""
        with self._lock:
            earlier = self._hanging.get(path)
        if earlier is not None:
            if not wait([earlier], seconds if patient else 0.0).done:
                raise NoAnswerError
            with self._lock:
                self._hanging.pop(path, None)
        call: Future[T] = Future()
        threading.Thread(target=_run, args=(call, path, look), name="look", daemon=True).start()
        if not wait([call], seconds).done:
            with self._lock:
                self._hanging[path] = call
            raise NoAnswerError
        return call.result()


def _run(call: Future[T], path: Path, look: Callable[[Path], T]) -> None:
    try:
        call.set_result(look(path))
    except BaseException as error:  # noqa: BLE001 - raised again in `ask`
        call.set_exception(error)


_timeouts = Timeouts()
ask = _timeouts.ask
"""The whole process shares one memory of the paths that hang."""


def unless_stalled(
    produce: Callable[[], Iterator[list[T]]],
    progress: Callable[[], int],
    pulse: Callable[[], None],
    seconds: float,
) -> Iterator[list[T]]:
    """Run `produce` in a thread of its own and yield its lists, as long as it makes progress.

    Args:
        produce: makes the iterator, in the other thread; its lists may arrive joined.
        progress: a count that rises with progress, even while nothing is yielded.
        pulse: called here several times a second; may wait, or raise to stop.
        seconds: how long it may stall.

    Raises:
        NoAnswerError: it stalled for too long; its thread is abandoned.
    """
    chunks: queue.Queue[list[T] | BaseException | None] = queue.Queue(_CHUNKS_AHEAD)
    abandoned = threading.Event()
    threading.Thread(
        target=_produce, args=(produce, chunks, abandoned), name="walk", daemon=True
    ).start()
    try:
        stalled, seen = 0.0, progress()
        while True:
            pulse()
            try:
                chunk = chunks.get(timeout=_PULSE_SECONDS)
            except queue.Empty:
                stalled += _PULSE_SECONDS
                if progress() != seen:
                    stalled, seen = 0.0, progress()
                elif stalled >= seconds:
                    raise NoAnswerError from None
                continue
            stalled = 0.0
            if chunk is None:
                return
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk
    finally:
        abandoned.set()


def _produce(
    produce: Callable[[], Iterator[list[T]]],
    chunks: queue.Queue[list[T] | BaseException | None],
    abandoned: threading.Event,
) -> None:
    def put(chunk: list[T] | BaseException | None) -> None:
        while not abandoned.is_set():
            try:
                chunks.put(chunk, timeout=_PULSE_SECONDS)
            except queue.Full:
                continue
            return

    chunk: list[T] = []
    handed = time.monotonic()
    failure: BaseException | None = None
    try:
        for items in produce():
            chunk += items
            if len(chunk) >= _CHUNK or time.monotonic() - handed >= _CHUNK_SECONDS:
                put(chunk)
                chunk, handed = [], time.monotonic()
                if abandoned.is_set():
                    return
    except BaseException as error:  # noqa: BLE001 - raised again where the items arrive
        failure = error
    if chunk:
        put(chunk)
    put(failure)
