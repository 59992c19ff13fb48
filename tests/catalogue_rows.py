"""Small contents and files for tests of the catalogue."""

from __future__ import annotations

import numpy as np

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.domain import FileStamp, Recognised

MODEL = "model-a"


def content(name: str, *, size: int = 10, value: float = 1.0) -> NewContent:
    """A content whose bytes hash to its name."""
    vector = np.array([value, 0.0], np.float32)
    return NewContent(name.encode(), size, 30, 40, vector, (Recognised("type", "hat", 0.75),))


def filed(relative: str, digest: str | None, *, reason: str | None = None) -> Filed:
    """A file that holds the content of this name, or is skipped."""
    stamp = FileStamp(relative, 10, 1)
    return Filed(stamp, "disk", digest.encode() if digest is not None else None, reason)
