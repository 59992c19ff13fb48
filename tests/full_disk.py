"""Lets the disk fill up under a program that indexes, at one size after another: `make soak`.

    python -m tests.full_disk FOLDER --rooms 60 --by size|file

Every round begins a new data folder in a room of a certain size, indexes until nothing more can be
written, looks at what is left while the room is still full, makes room, and indexes again. `size` is
a small file system in memory (Linux, root); `file` limits the size of each file that this process
writes (RLIMIT_FSIZE), which needs no rights.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueUnwritable
from tests.catalogue_rows import integrity_problems
from tests.interruptions import small_and_alone
from tests.pictures import draw_folder
from tests.tiny_model import write_tiny_model

PICTURES = 20
SMALLEST = 16 << 10  # bytes
AMPLE = 64 << 20


class Room(Protocol):
    """Where the data folder lies."""

    folder: Path

    def make(self, size: int) -> None:
        """An empty one of this many bytes."""

    def grow(self, size: int) -> None:
        """Let it have this many bytes."""

    def close(self) -> None:
        """Take it away."""


class RoomOfSize:
    """A file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self._is_mounted = False

    def make(self, size: int) -> None:
        """See Room."""
        self.close()
        _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.folder))
        self._is_mounted = True

    def grow(self, size: int) -> None:
        """See Room."""
        _run("mount", "-o", f"remount,size={size}", str(self.folder))

    def close(self) -> None:
        """See Room."""
        if self._is_mounted:
            _run("umount", str(self.folder))
            self._is_mounted = False


class RoomPerFile:
    """An ordinary folder, in which no file may grow beyond a size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def make(self, size: int) -> None:
        """See Room."""
        self.close()
        self.folder.mkdir()
        self.grow(size)

    def grow(self, size: int) -> None:
        """See Room."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self._hard))

    def close(self) -> None:
        """See Room."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._hard, self._hard))
        shutil.rmtree(self.folder, ignore_errors=True)


class Complaints(logging.Handler):
    """What the program logs, by its first words: the failures that it survives."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counted: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """See logging."""
        self.counted[record.getMessage().partition(":")[0]] += 1


@dataclass
class Report:
    """What came of it."""

    rooms: int = 0
    refused: int = 0  # rooms in which the catalogue could not even be opened
    failed: int = 0  # rooms that filled up under a sync
    survived: dict[str, int] = field(default_factory=dict)  # failures that cost no photo
    looked_at: int = 0  # photos found by themselves
    losses: list[str] = field(default_factory=list)


class Filling:
    """One run over many rooms."""

    def __init__(self, folder: Path, room: Room) -> None:
        self._room = room
        self._data = room.folder / "data"
        self._photos = draw_folder(folder / "photos", PICTURES)
        self._model = write_tiny_model(folder / "tiny.onnx")
        self.report = Report()

    def run(self, rooms: int) -> Report:
        """Fill that many rooms, from much too small to just too small."""
        complaints = Complaints()
        logging.getLogger("fashion_finder").addHandler(complaints)
        with small_and_alone():
            try:
                needed = self._measure()
                complaints.counted.clear()
                for number in range(rooms):
                    size = SMALLEST + (needed - SMALLEST) * number // max(1, rooms - 1)
                    self._fill(size)
            finally:
                self._room.close()
        self.report.survived = dict(complaints.counted)
        return self.report

    def _measure(self) -> int:
        """How many bytes are needed, and a little more."""
        self._room.make(AMPLE)
        with Engine.open(self._data, self._model) as engine:
            engine.sync([self._photos[0].parent])
            sizes = [path.stat().st_size for path in self._data.rglob("*") if path.is_file()]
        return max(sizes) if isinstance(self._room, RoomPerFile) else sum(sizes) * 5 // 4

    def _fill(self, size: int) -> None:
        self.report.rooms += 1
        self._room.make(size)
        committed = 0
        try:
            with Engine.open(self._data, self._model) as engine:
                try:
                    engine.sync([self._photos[0].parent])
                except CatalogueUnwritable as error:
                    self.report.failed += 1
                    self._require(bool(error.detail), size, f"no reason is told: {error}")
                committed = engine.status().photos
                self._look(engine, size, committed)
        except CatalogueUnwritable:
            self.report.refused += 1
        with self._still_full(size) as engine:
            if engine is not None:
                self._look(engine, size, committed)
        self._room.grow(AMPLE)
        with Engine.open(self._data, self._model) as engine:
            self._look(engine, size, committed)
            summary = engine.sync([self._photos[0].parent])
            self._require(summary.unchanged >= committed, size, f"done again: {summary}")
            self._look(engine, size, PICTURES)
            for photo in self._photos:
                first = engine.find_similar(PictureFile(photo)).matches[0]
                self._require(bool(engine.thumbnail(first.content)), size, f"no picture of {photo}")
        for problem in integrity_problems(self._data):
            self.report.losses.append(f"{size} bytes: {problem}")

    @contextmanager
    def _still_full(self, size: int) -> Iterator[Engine | None]:
        """Open it again, if that goes in a room that is full."""
        try:
            with Engine.open(self._data, self._model) as engine:
                yield engine
        except CatalogueUnwritable:
            yield None

    def _look(self, engine: Engine, size: int, committed: int) -> None:
        photos = engine.status().photos
        self._require(photos == committed, size, f"{photos} photos instead of {committed}")
        if not photos:
            return
        found = 0
        for photo in self._photos:
            matches = engine.find_similar(PictureFile(photo), count=1).matches
            found += bool(matches) and matches[0].path == photo
        self.report.looked_at += found
        self._require(found == committed, size, f"{found} of {committed} are found")

    def _require(self, holds: bool, size: int, otherwise: str) -> None:
        if not holds:
            self.report.losses.append(f"{size} bytes: {otherwise}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    """Print the report as JSON; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rooms", type=int, default=60)
    parser.add_argument("--by", choices=("size", "file"), default="file")
    options = parser.parse_args()
    options.folder.mkdir(parents=True)
    kind = RoomOfSize if options.by == "size" else RoomPerFile
    report = Filling(options.folder, kind(options.folder / "room")).run(options.rooms)
    print(json.dumps(asdict(report)))
    return 1 if report.losses else 0


if __name__ == "__main__":
    sys.exit(main())
