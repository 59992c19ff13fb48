"""Writes down a small catalogue as this program keeps it, for later programs to be tested with.

    python -m tests.catalogue_formats

makes `tests/data/catalogue-format-N.sql`, where N is the number of migrations: to be done once, with
the change that brings a new format, and never again for an earlier one.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.schema import MIGRATIONS
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.domain import FileStamp, Recognised

HERE = Path(__file__).parent / "data"
MODEL = "model-a"
SPRING, SUMMER = Path("/photos/spring"), Path("/photos/summer")


def fixture(number: int) -> Path:
    """The catalogue of this format, as text."""
    return HERE / f"catalogue-format-{number}.sql"


def write_fixture(number: int, folder: Path) -> Path:
    """Make a database file out of the text; returns its path."""
    path = folder / CATALOGUE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(fixture(number).read_text(encoding="ascii"))
    return path


def fill(catalogue: Catalogue) -> None:
    """Two folders, one unfinished; copies, a skipped file, a name that is no text; what was left out."""
    spring, summer = catalogue.roots.add(SPRING), catalogue.roots.add(SUMMER)
    catalogue.roots.mark(spring.id, unfinished=False)
    hat = (Recognised("type", "hat", 0.75), Recognised("colour_name", "red", 0.5))
    contents = [
        NewContent(b"digest-hat", 1000, 300, 400, np.array([0.6, 0.8], np.float32), hat),
        NewContent(
            *(b"digest-bag", 2000, 640, 480, np.array([1.0, 0.0], np.float32), ()),
            cut_short=True,
            likely_words=bytes(range(16)),
        ),
    ]
    files = [
        Filed(FileStamp("hat.jpg", 1000, 10**18, 10**18 + 9), "disk", b"digest-hat"),
        Filed(FileStamp("copies/hat.jpg", 1000, 10**18 + 1), "disk", b"digest-hat"),
        Filed(FileStamp("b\udce4g.jpg", 2000, 10**18 + 2), "disk", b"digest-bag"),
        Filed(FileStamp("broken.jpg", 7, 10**18 + 3), "disk", None, "This picture cannot be read"),
    ]
    catalogue.files.record(spring.id, MODEL, contents, files)
    catalogue.left_out.replace(spring.id, "", (), {("", "RAW"): 3, ("raw", "RAW"): 2})
    catalogue.roots.record_mount_points(spring.id, frozenset({SPRING / "stick"}))
    other = Filed(FileStamp("again.jpg", 1000, 10**18 + 4), "stick", b"digest-hat")
    catalogue.files.record(summer.id, MODEL, [], [other])


def dump(path: Path) -> str:
    """A database as text, with what marks it as ours."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        lines = [*connection.iterdump()]
    marks = [f"PRAGMA application_id = {application};", f"PRAGMA user_version = {version};"]
    return "\n".join([*lines, *marks]) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        made = Catalogue(Path(scratch))
        fill(made)
        made.close()
        fixture(len(MIGRATIONS)).write_text(dump(Path(scratch) / CATALOGUE_NAME), encoding="ascii")
