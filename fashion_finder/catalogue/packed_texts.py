"""Hundreds of thousands of texts in one block of memory, at a few extra bytes each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

END = b"\0"
"""Ends every text; no path can hold it."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedTexts:
    """Texts as bytes, row by row, each ended by `END`."""

    blob: bytes
    ends: npt.NDArray[np.int64]  # [N], where each text ends in the blob

    @classmethod
    def pack(cls, blocks: Iterable[bytes]) -> PackedTexts:
        """Pack blocks of whole texts, each text ended."""
        blob = b"".join(blocks)
        ends = np.flatnonzero(np.frombuffer(blob, np.uint8) == END[0])
        return cls(blob, ends.astype(np.int64))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> bytes:
        start = int(self.ends[row - 1]) + 1 if row else 0
        return self.blob[start : int(self.ends[row])]
