"""Thousands of damaged files, and folders that change under the program's hands."""

from __future__ import annotations

import os
import random
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import psutil
import pytest

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.indexing.scan import Scan
from tests.catalogue_rows import integrity_problems
from tests.corpus import corpus, damage, hopeless, valid
from tests.pictures import draw_folder, save

Record = Callable[[str, object], None]
FILES = int(os.environ.get("SOAK_FILES", "5500"))
IN_ONE_FOLDER = 200_000
CHURN_SECONDS = 60.0
MOST_MEMORY = 700 << 20
"""Of the program and its workers together, bytes: the limit of issue 4 for an ordinary folder; a
bomb may take more for a moment, which the limit on each worker bounds."""


class Memory:
    """The most that this process and its workers took together, by PSS, while the block ran."""

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            total = 0
            me = psutil.Process()
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)


@pytest.fixture
def ram() -> Iterator[Path]:
    """A folder without a disk behind it, where there is one."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place, prefix="fashion-finder-soak-") as folder:
        yield Path(folder)


def test_thousands_of_damaged_files(engine: Engine, ram: Path, record_property: Record) -> None:
    """Each is searchable or has a reason; none stops the others, hangs, or fills the memory."""
    photos = ram / "photos"
    photos.mkdir()
    for name, data in corpus(FILES):
        (photos / name).write_bytes(data)
    started = time.monotonic()
    with Memory() as memory:
        summary = engine.sync([photos])
    seconds = time.monotonic() - started
    skipped = {file.path.name: file.reason for file in summary.skipped_files}
    told(
        record_property,
        files=FILES,
        readable=summary.added,
        with_reason=summary.skipped,
        seconds=round(seconds),
        peak_mb=memory.peak >> 20,
        stopped=sum("took too long" in reason for reason in skipped.values()),
        bugs=sum("fault of this program" in reason for reason in skipped.values()),
    )
    assert (summary.found, summary.added + summary.skipped) == (FILES, FILES)
    assert len(skipped) == summary.skipped
    assert not [name for name, reason in skipped.items() if not reason or "fault" in reason]
    assert not [name for name in skipped if name.startswith("valid-")]
    assert {f"hopeless-{name}" for name in hopeless()} <= set(skipped)
    assert memory.peak < MOST_MEMORY
    for name in valid():
        path = photos / f"valid-{name}"
        match = engine.find_similar(PictureFile(path)).matches[0]
        assert path in (match.path, *match.copies)


def test_a_folder_that_never_rests(engine: Engine, ram: Path, record_property: Record) -> None:
    """Files are written, torn, renamed, deleted and swapped for folders and FIFOs while it is read.

    No sync fails for it, and once it rests the catalogue has exactly what is there.
    """
    photos = ram / "photos"
    paths = draw_folder(photos, 60)
    resting = threading.Event()
    changes = 0

    def churn() -> None:
        nonlocal changes
        rng = random.Random(3)
        while not resting.is_set():
            path = rng.choice(paths)
            changes += 1
            try:
                if path.is_fifo():  # opening it would wait for the other end, for ever
                    path.unlink()
                match rng.randrange(6):
                    case 0:
                        save(path, "hat", "blue", mark=rng.randrange(1, 70))
                    case 1:
                        path.write_bytes(damage(path.read_bytes(), rng)[1])
                    case 2:
                        path.rename(rng.choice(paths))
                    case 3:
                        path.unlink()
                    case 4:
                        path.unlink(missing_ok=True)
                        os.mkfifo(path)
                    case _:
                        path.unlink(missing_ok=True)
                        path.mkdir()
                        path.rmdir()
            except OSError:
                continue

    thread = threading.Thread(target=churn)
    thread.start()
    syncs, end = 0, time.monotonic() + CHURN_SECONDS
    try:
        while time.monotonic() < end:
            engine.sync([photos])
            syncs += 1
    finally:
        resting.set()
        thread.join()
    summary = engine.sync([photos])
    files = [path for path in photos.iterdir() if not path.is_dir()]
    told(record_property, syncs=syncs, changes=changes, files=len(files))
    status = engine.status()
    assert summary.found == len(files) == status.photos + len(status.skipped)
    assert integrity_problems(engine.data_dir) == []


def test_two_hundred_thousand_files_in_one_folder(ram: Path, record_property: Record) -> None:
    """Scanning costs not much more than asking the system for the names and sizes."""
    photos = ram / "photos"
    photos.mkdir()
    for number in range(IN_ONE_FOLDER):
        os.close(os.open(photos / f"{number:06}.jpg", os.O_CREAT | os.O_WRONLY))
    bare = min(_timed(lambda: _bare_walk(photos)) for _ in range(3))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(chain.from_iterable(Scan(photos).listings()))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    scanned = min(_timed(lambda: sum(map(len, Scan(photos).listings()))) for _ in range(3))
    told(
        record_property,
        files=len(found),
        bare_seconds=round(bare, 2),
        scan_seconds=round(scanned, 2),
        ratio=round(scanned / bare, 2),
        memory_mb=grown >> 10,
    )
    assert len(found) == IN_ONE_FOLDER
    assert grown >> 10 < 200
    assert scanned < 4 * bare


def _bare_walk(folder: Path) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def told(record_property: Record, **figures: object) -> None:
    """Keep the figures for the soak's report, and show them."""
    for name, value in figures.items():
        record_property(name, value)
    print("  ".join(f"{name}={value}" for name, value in figures.items()))
