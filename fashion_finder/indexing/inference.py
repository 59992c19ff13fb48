"""Embeds pictures in several threads at once, each on a core of its own.

Two threads that share one inference wait for each other at every layer, and for a core that a
decoder has: two inferences side by side wait for nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np

from fashion_finder.domain import PreparedPicture
from fashion_finder.indexing.priority import step_back_as_thread
from fashion_finder.indexing.scan import Seen
from fashion_finder.ports import Embedded, Embedder

Taken = tuple[Seen, PreparedPicture]
"""A file, and what was read of it."""

_AHEAD = 1
"""Micro-batches that wait, so that no thread does while others are being committed."""


class Inference:
    """Micro-batches on their way through the model; their order is kept. For a `with` block.

    At its end nothing is under way any more, whatever happened.
    """

    def __init__(self, embedder: Embedder, threads: int) -> None:
        self._embedder = embedder
        self._most = threads + _AHEAD
        self._executor = ThreadPoolExecutor(threads, "embed", step_back_as_thread)
        self._executor.submit(embedder.get_ready)  # while the decoders start; `embed` tells why not
        self._under_way: deque[tuple[Sequence[Taken], Future[Embedded]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    @property
    def pictures(self) -> int:
        """How many are under way."""
        return sum(len(taken) for taken, _ in self._under_way)

    @property
    def is_full(self) -> bool:
        """Whether another micro-batch had to wait for long."""
        return len(self._under_way) >= self._most

    def begin(self, taken: Sequence[Taken]) -> None:
        """Start on a micro-batch."""
        squares = np.stack([picture.square for _, picture in taken])
        self._under_way.append((taken, self._executor.submit(self._embedder.embed, squares)))

    def next_done(self, *, wait: bool) -> tuple[Sequence[Taken], Embedded] | None:
        """The oldest micro-batch; None when it is not done and may not be waited for, or there is none.

        Raises what the model raised.
        """
        if not self._under_way or not (wait or self._under_way[0][1].done()):
            return None
        taken, future = self._under_way.popleft()
        return taken, future.result()
