"""Embeds pictures in several threads at once, one core each.

Two threads that share one inference wait for each other at every layer, and for a core that a
decoder is using. Two inferences side by side do not wait.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Self

import numpy as np

from fashion_finder.domain import PreparedPicture
from fashion_finder.indexing.scan import FoundFile
from fashion_finder.ports import Embedded, Embedder
from fashion_finder.settings import NICENESS

ReadFile = tuple[FoundFile, PreparedPicture]
"""A file and its picture."""

_AHEAD = 1
"""Micro-batches waiting, so that no thread idles while others are being committed."""


class Inference:
    """Micro-batches on their way through the model, in order. For a `with` block.

    When the block ends, however it ends, nothing is running any more.
    """

    def __init__(self, embedder: Embedder, threads: int) -> None:
        self._embedder = embedder
        self._capacity = threads + _AHEAD
        self._executor = ThreadPoolExecutor(threads, "embed", _lower_priority)
        # Loads while the decoders start; if it fails, `embed` fails for the same reason.
        self._executor.submit(embedder.get_ready)
        self._pending: deque[tuple[Sequence[ReadFile], Future[Embedded]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    @property
    def pictures(self) -> int:
        """How many are pending."""
        return sum(len(files) for files, _ in self._pending)

    @property
    def is_full(self) -> bool:
        """Whether another micro-batch would have to wait long."""
        return len(self._pending) >= self._capacity

    def begin(self, files: Sequence[ReadFile]) -> None:
        """Start on a micro-batch."""
        squares = np.stack([picture.square for _, picture in files])
        self._pending.append((files, self._executor.submit(self._embedder.embed, squares)))

    def next_done(self, *, wait: bool) -> tuple[Sequence[ReadFile], Embedded] | None:
        """The oldest micro-batch; None when there is none, or without `wait` while it is running.

        Raises what the model raised.
        """
        if not self._pending or not (wait or self._pending[0][1].done()):
            return None
        files, future = self._pending.popleft()
        return files, future.result()


def _lower_priority() -> None:
    """Of the calling thread alone, which only Linux can do."""
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            niceness = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, niceness + NICENESS)
