"""Small contents and files for tests of the catalogue."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.data_folder import DataFolder
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


def integrity_problems(data_dir: Path) -> list[str]:
    """What SQLite's own checks find wrong with a catalogue; empty when it is sound."""
    with closing(sqlite3.connect(DataFolder(data_dir).catalogue)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
    return [problem for problem in found if problem != "ok"]
