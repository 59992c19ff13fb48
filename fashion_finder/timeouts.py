"""Asking a disk that may never answer: a dead network share holds whoever looks at it for minutes.

No call to the system can be taken back, so each one that may hang runs in a thread of its own that
nobody waits for longer than a moment.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LOOK_SECONDS: Final = 2.0
"""A folder that takes longer to be looked at counts as out of reach. A sleeping disk that needs
longer to spin up is found awake at the next look."""

_CHUNK: Final = 512
_CHUNK_SECONDS: Final = 0.1
_CHUNKS_AHEAD: Final = 128
_PULSE_SECONDS: Final = 0.1


class NoAnswerError(OSError):
    """The disk or share did not answer in time."""

    def __init__(self) -> None:
        super().__init__("it does not answer")
        self.strerror = "it does not answer"


class _Call(Generic[T]):
    """One call under way; its outcome stays here when nobody waits for it any more."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.values: list[T] = []  # one, unless it failed
        self.error: BaseException | None = None
        self.ended = threading.Event()
        threading.Thread(target=self._run, name="look", daemon=True).start()

    def _run(self) -> None:
        try:
            self.values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
            self.error = error
        finally:
            self.ended.set()


class Timeouts:
    """Asks about paths with a limit.

    A path that once did not answer is given up at once while that first call still hangs, so that
    threads do not pile up behind a dead share.
    """

    def __init__(self) -> None:
        self._hanging: dict[Path, threading.Event] = {}  # set when the call has ended
        self._lock = threading.Lock()

    def ask(self, path: Path, look: Callable[[Path], T], seconds: float = LOOK_SECONDS) -> T:
        """The outcome of ``look(path)``, or what it raises. Raises NoAnswerError after `seconds`."""
        with self._lock:
            earlier = self._hanging.get(path)
            if earlier is not None and not earlier.is_set():
                raise NoAnswerError
            self._hanging.pop(path, None)
        call = _Call(lambda: look(path))
        if not call.ended.wait(seconds):
            with self._lock:
                self._hanging[path] = call.ended
            raise NoAnswerError
        if call.error is not None:
            raise call.error
        return call.values[0]


_timeouts = Timeouts()
ask = _timeouts.ask
"""One memory for the whole process of the paths that hang."""


def unless_stalled(
    produce: Callable[[], Iterator[list[T]]],
    progress: Callable[[], int],
    pulse: Callable[[], None],
    seconds: float,
) -> Iterator[list[T]]:
    """What `produce` yields, from a thread of its own, as long as it keeps moving.

    Args:
        produce: its iterator is run in the other thread. Its lists may be handed on joined.
        progress: a count that rises while it moves, also when it has nothing to yield.
        pulse: called here, several times a second; may wait, or raise to stop.
        seconds: without progress, after which it is given up.

    Raises:
        NoAnswerError: it stood still for too long. Its thread is left behind.
    """
    chunks: queue.Queue[list[T] | BaseException | None] = queue.Queue(_CHUNKS_AHEAD)
    left = threading.Event()
    threading.Thread(
        target=_produce, args=(produce, chunks, left), name="walk", daemon=True
    ).start()
    try:
        still, seen = 0.0, progress()
        while True:
            pulse()
            try:
                chunk = chunks.get(timeout=_PULSE_SECONDS)
            except queue.Empty:
                still += _PULSE_SECONDS
                if progress() != seen:
                    still, seen = 0.0, progress()
                elif still >= seconds:
                    raise NoAnswerError from None
                continue
            still = 0.0
            if chunk is None:
                return
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk
    finally:
        left.set()


def _produce(
    produce: Callable[[], Iterator[list[T]]],
    chunks: queue.Queue[list[T] | BaseException | None],
    left: threading.Event,
) -> None:
    def put(chunk: list[T] | BaseException | None) -> None:
        while not left.is_set():
            try:
                chunks.put(chunk, timeout=_PULSE_SECONDS)
            except queue.Full:
                continue
            return

    chunk: list[T] = []
    handed = time.monotonic()
    try:
        for some in produce():
            chunk += some
            if len(chunk) >= _CHUNK or time.monotonic() - handed >= _CHUNK_SECONDS:
                put(chunk)
                chunk, handed = [], time.monotonic()
                if left.is_set():
                    return
        if chunk:
            put(chunk)
        put(None)
    except BaseException as error:  # noqa: BLE001 - raised again where the items are awaited
        if chunk:
            put(chunk)
        put(error)
