"""Embeds pictures in several threads at once, one core each.

Two threads that share one inference wait for each other at every layer, and for a core that a
decoder is using. Two inferences side by side do not wait.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple, Self

import numpy as np

from fashion_finder.domain import INPUT_SIDE, Pixels, PreparedPicture
from fashion_finder.errors import FinderError
from fashion_finder.indexing.scan import FoundFile
from fashion_finder.ports import Embedded, Embedder
from fashion_finder.settings import NICENESS

log = logging.getLogger(__name__)

ReadFile = tuple[FoundFile, PreparedPicture]
"""A file and its picture."""


class Done(NamedTuple):
    """A micro-batch that has been through the model."""

    files: Sequence[ReadFile]
    embedded: Embedded  # of these
    failed: Sequence[ReadFile] = ()  # each for a bug that it met alone


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
        self._pending: deque[tuple[int, Future[Done]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    @property
    def pictures(self) -> int:
        """How many are pending."""
        return sum(count for count, _ in self._pending)

    @property
    def is_full(self) -> bool:
        """Whether another micro-batch would have to wait long."""
        return len(self._pending) >= self._capacity

    def begin(self, files: Sequence[ReadFile]) -> None:
        """Start on a micro-batch."""
        self._pending.append((len(files), self._executor.submit(self._embed, files)))

    def next_done(self, *, wait: bool) -> Done | None:
        """The oldest micro-batch; None when there is none, or without `wait` while it is running.

        Raises what the model raises with any picture.
        """
        if not self._pending or not (wait or self._pending[0][1].done()):
            return None
        _, future = self._pending.popleft()
        return future.result()

    def _embed(self, files: Sequence[ReadFile]) -> Done:
        """Embed together, or if that fails one by one: a picture must not cost the others."""
        try:
            return Done(files, self._embedder.embed(_squares(files)))
        except (FinderError, MemoryError):
            raise
        except Exception:
            if self._fails_always():
                raise
            log.exception("a bug while embedding")
        if len(files) == 1:
            dimension = self._embedder.info.dimension
            return Done((), Embedded(np.empty((0, dimension), np.float32), (), ()), files)
        alone = [self._embed([file]) for file in files]
        vectors = np.concatenate([done.embedded.vectors for done in alone])
        tags = tuple(tags for done in alone for tags in done.embedded.tags)
        words = tuple(words for done in alone for words in done.embedded.likely_words)
        return Done(
            [file for done in alone for file in done.files],
            Embedded(vectors, tags, words),
            [file for done in alone for file in done.failed],
        )

    def _fails_always(self) -> bool:
        """Whether the model, or the computer, is to blame rather than a picture."""
        try:
            self._embedder.embed(np.full((1, INPUT_SIDE, INPUT_SIDE, 3), 128, np.uint8))
        except Exception:  # noqa: BLE001 - the first failure is raised
            return True
        return False


def _squares(files: Sequence[ReadFile]) -> Pixels:
    return np.stack([picture.square for _, picture in files])


def _lower_priority() -> None:
    """Of the calling thread alone, which only Linux can do."""
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            niceness = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, niceness + NICENESS)
