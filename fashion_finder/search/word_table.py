"""The packed likely words of all searchable pictures, in memory, by content."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_LEAST_ROWS = 1024


class WordTable:
    """Rows by content id; one thread adds, any thread may read."""

    def __init__(self, width: int) -> None:
        """`width` is that of a row, bytes; 0 when the model ranks by no words."""
        self._rows = np.zeros((0, width), np.uint8)

    def put(self, labels: Sequence[int], packed: Sequence[bytes]) -> None:
        """Add rows; one of another width says nothing of its content."""
        width = self._rows.shape[1]
        known = [pair for pair in zip(labels, packed, strict=True) if len(pair[1]) == width]
        if not width or not known:
            return
        needed = max(labels) + 1
        if needed > len(self._rows):
            # Readers go on with the array they have, which holds what they ask for.
            rows = np.zeros((max(needed, 2 * len(self._rows), _LEAST_ROWS), width), np.uint8)
            rows[: len(self._rows)] = self._rows
            self._rows = rows
        own = np.array([label for label, _ in known], np.int64)
        joined = b"".join(row for _, row in known)
        self._rows[own] = np.frombuffer(joined, np.uint8).reshape(-1, width)

    def of(self, labels: Sequence[int]) -> npt.NDArray[np.uint8]:
        """The rows of these contents, [N, width]; all zero where nothing is known."""
        rows = self._rows
        asked = np.asarray(labels, np.int64)
        found = np.zeros((len(asked), rows.shape[1]), np.uint8)
        held = asked < len(rows)
        found[held] = rows[asked[held]]
        return found
