"""Change times: the only trace of another program that puts size and modification time back."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.indexing import pipeline
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.ports import ReadOutcome, ReadTask
from tests.pictures import draw_folder, save
from tests.summaries import counts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no change times here")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[ReadOutcome]:
    """What was read of files since the list was last cleared."""
    outcomes: list[ReadOutcome] = []
    read_all = DecodePool.read_all

    def read_and_tell(
        pool: DecodePool, tasks: Iterator[ReadTask]
    ) -> Generator[ReadOutcome | None, None, None]:
        for outcome in read_all(pool, tasks):
            if outcome is not None:
                outcomes.append(outcome)
            yield outcome

    monkeypatch.setattr(DecodePool, "read_all", read_and_tell)
    return outcomes


def replace_quietly(path: Path, donor: Path) -> None:
    """Write another picture of the same size, in place, and put the modification time back."""
    before, data = path.stat(), donor.read_bytes()
    assert len(data) <= before.st_size
    path.write_bytes(data + bytes(before.st_size - len(data)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def touch_all(paths: list[Path]) -> None:
    """Change what does not matter, as a backup or new permissions do."""
    for path in paths:
        path.chmod(path.stat().st_mode ^ 0o040)


@pytest.fixture
def photos(engine: Engine, tmp_path: Path) -> list[Path]:
    """Ten indexed photos with room at their ends."""
    paths = draw_folder(tmp_path / "photos", 10)
    for path in paths:
        path.write_bytes(path.read_bytes() + bytes(4000))
    engine.sync([tmp_path / "photos"])
    return paths


def test_other_bytes_of_the_same_size_and_time_are_seen(
    engine: Engine, photos: list[Path], tmp_path: Path
) -> None:
    """As `exiftool -P` leaves them behind; also once the change time was misleading."""
    for number in range(2):
        donor = save(tmp_path / f"{number}.png", "dress", "red", mark=40 + number)
        replace_quietly(photos[3], donor)
        assert counts(engine.sync()) == {"found": 10, "unchanged": 9, "updated": 1}
        found = engine.find_similar(PictureFile(donor)).matches[0]
        assert found.path == photos[3]
        touch_all(photos)
        assert counts(engine.sync()) == {"found": 10, "unchanged": 10}


def test_new_permissions_cost_one_look_at_the_bytes(
    engine: Engine, photos: list[Path], read: list[ReadOutcome]
) -> None:
    """Nothing is decoded, and the next sync reads nothing."""
    touch_all(photos)
    assert counts(engine.sync()) == {"found": 10, "unchanged": 10}
    assert len(read) == 10
    assert all(outcome.same_as is not None for outcome in read)
    read.clear()
    assert counts(engine.sync()) == {"found": 10, "unchanged": 10}
    assert not read


def test_change_times_that_move_at_every_look_cost_a_sample(
    engine: Engine, photos: list[Path], read: list[ReadOutcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some drives make them up when they are connected: not all of it is read each time."""
    monkeypatch.setattr(pipeline, "SAMPLE", 3)
    for expected in (10, 3, 3):
        touch_all(photos)
        assert counts(engine.sync()) == {"found": 10, "unchanged": 10}
        assert len(read) == expected
        read.clear()
        assert counts(engine.sync()) == {"found": 10, "unchanged": 10}
        assert not read


def test_a_sample_that_has_changed_has_all_of_them_read(
    engine: Engine, photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files that were written although their change times had been misleading."""
    monkeypatch.setattr(pipeline, "SAMPLE", 3)
    touch_all(photos)
    engine.sync()
    for number, path in enumerate(photos):
        donor = save(tmp_path / f"{number}.png", "dress", "red", mark=40 + number)
        replace_quietly(path, donor)
    assert counts(engine.sync()) == {"found": 10, "updated": 10}


def test_a_skipped_file_that_was_quietly_mended_is_read(
    engine: Engine, photos: list[Path], tmp_path: Path
) -> None:
    """And one that was not mended stays skipped, for the same reason."""
    torn = photos[0].parent / "torn.jpg"
    torn.write_bytes(b"\xff\xd8\xff torn" + bytes(20_000))
    first = engine.sync()
    touch_all([torn])
    again = engine.sync()
    assert again.skipped_files == first.skipped_files
    assert counts(again) == {"found": 11, "unchanged": 10, "skipped": 1}
    replace_quietly(torn, save(tmp_path / "whole.png", "dress", "red", mark=40))
    assert counts(engine.sync()) == {"found": 11, "unchanged": 10, "updated": 1}


def test_change_times_of_an_older_catalogue_are_taken_over(
    engine: Engine, photos: list[Path], read: list[ReadOutcome], tmp_path: Path
) -> None:
    """Nothing is read for them; from then on they count."""
    with engine._catalogue.connections.atomic() as connection:
        connection.execute("UPDATE items SET ctime_ns = 0")
    assert counts(engine.sync()) == {"found": 10, "unchanged": 10}
    assert not read
    replace_quietly(photos[3], save(tmp_path / "other.png", "dress", "red", mark=40))
    assert counts(engine.sync()) == {"found": 10, "unchanged": 9, "updated": 1}
