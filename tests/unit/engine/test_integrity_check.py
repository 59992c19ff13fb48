"""A database that fails: said plainly, kept, and built again; a disk that is full costs nothing."""

from __future__ import annotations

import os
import queue
import sqlite3
from pathlib import Path

import pytest

from fashion_finder import cli
from fashion_finder.catalogue import connection as connection_module
from fashion_finder.catalogue.rescue import find_damage, keep_aside
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine, integrity_check, rebuild
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueDamaged,
    CatalogueError,
    CatalogueUnwritable,
)
from tests.pictures import draw_folder

PICTURES = 24


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Some pictures to index."""
    return draw_folder(tmp_path / "photos", PICTURES)


@pytest.fixture
def data(tmp_path: Path, photos: list[Path], tiny_model_path: Path) -> Path:
    """A data folder in which they are indexed."""
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([tmp_path / "photos"])
    return tmp_path / "data"


def damage(path: Path) -> None:
    """Overwrite what lies behind the first pages, which hold the schema."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))


def open_until_told(data: Path, model: Path) -> None:
    """Open and use it; the check goes on behind, and rings when it has found something."""
    found: queue.Queue[CatalogueDamaged] = queue.Queue()
    with Engine.open(data, model, when_damaged=found.put) as engine:
        assert found.get(timeout=60).subject == data
        engine.status()


def test_damage_is_said_kept_and_built_anew(
    data: Path, photos: list[Path], tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The damaged file stays as it is, under another name; its folders are indexed again."""
    database = data / CATALOGUE_NAME
    damage(database)
    harmed = database.read_bytes()
    with pytest.raises(CatalogueDamaged, match="Rebuild it"):
        open_until_told(data, tiny_model_path)
    common = ["--data-dir", str(data), "--model", str(tiny_model_path)]
    assert cli.main(["rebuild", *common]) == 0
    (kept,) = data.glob(f"{CATALOGUE_NAME}.damaged-*")
    assert len(kept.read_bytes()) == len(harmed)
    assert str(kept) in capsys.readouterr().out
    with Engine.open(data, tiny_model_path) as engine:
        if not engine.status().folders:  # the damage may have taken their names
            engine.sync([photos[0].parent])
        assert engine.status().photos == PICTURES
        for photo in photos:
            assert engine.find_similar(PictureFile(photo)).matches[0].path == photo


def test_what_the_check_found_ends_all_work_on_the_catalogue(
    data: Path, photos: list[Path], tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where SQLite itself has met no damage yet; searches go on."""
    monkeypatch.setattr(integrity_check, "find_damage", lambda path, stopped: "page 7 is torn")
    found: queue.Queue[CatalogueDamaged] = queue.Queue()
    with Engine.open(data, tiny_model_path, when_damaged=found.put) as engine:
        assert found.get(timeout=60).detail == "page 7 is torn"
        for work in (engine.status, engine.sync, lambda: engine.forget(photos[0].parent)):
            with pytest.raises(CatalogueDamaged, match="page 7 is torn"):
                work()
        assert engine.find_similar(PictureFile(photos[0])).matches[0].path == photos[0]


def test_a_sound_catalogue_is_left_alone(data: Path) -> None:
    """Nobody loses an index by a command too many."""
    before = sorted(data.iterdir())
    assert rebuild(data) is None
    assert sorted(data.iterdir()) == before
    assert rebuild(data / "nowhere") is None


def test_the_folders_survive_the_damage(data: Path, photos: list[Path]) -> None:
    """They are read from what can be read, and are unfinished in the new catalogue."""
    with sqlite3.connect(data / CATALOGUE_NAME) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'vectors'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with (data / CATALOGUE_NAME).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    rebuilt = rebuild(data)
    assert rebuilt is not None
    assert rebuilt.folders == (photos[0].parent,)
    catalogue = Catalogue(data)
    assert [(root.path, root.unfinished) for root in catalogue.roots.all()] == [
        (photos[0].parent, True)
    ]
    catalogue.close()


def test_a_catalogue_in_use_is_not_put_aside(data: Path, tiny_model_path: Path) -> None:
    """An open window would go on writing into the renamed file."""
    with Engine.open(data, tiny_model_path), pytest.raises(CatalogueBusy):
        rebuild(data)


def test_an_emptied_catalogue_is_not_taken_for_a_new_one(data: Path, tiny_model_path: Path) -> None:
    """A crash of the file system can leave a file of no bytes; thumbnails tell that it held some."""
    (data / CATALOGUE_NAME).write_bytes(b"")
    with pytest.raises(CatalogueDamaged, match="empty"):
        Engine.open(data, tiny_model_path)
    rebuilt = rebuild(data)
    assert rebuilt is not None
    assert rebuilt.folders == ()
    Engine.open(data, tiny_model_path).close()


def test_a_first_start_that_was_killed_is_no_damage(tmp_path: Path, tiny_model_path: Path) -> None:
    """Then there is an empty file, and nothing beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / CATALOGUE_NAME).write_bytes(b"")
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        assert engine.status().photos == 0


def test_two_damaged_files_of_one_moment_are_both_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the clock steps back."""
    monkeypatch.setattr("time.strftime", lambda text: "20260101-000000")
    for content in (b"one", b"two"):
        (tmp_path / CATALOGUE_NAME).write_bytes(content)
        keep_aside(tmp_path / CATALOGUE_NAME)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"one", b"two"]


# ---------------------------------------------------------------- a disk that is full


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The most pages that a database may have; [0] for no limit."""
    pages = [0]
    connect = connection_module.connect

    def limited(path: Path, *, seconds: float) -> sqlite3.Connection:
        connection = connect(path, seconds=seconds)
        if pages[0]:
            connection.execute(f"PRAGMA max_page_count = {pages[0]}")
        return connection

    monkeypatch.setattr(connection_module, "connect", limited)
    return pages


def test_a_full_disk_stops_the_sync_and_loses_nothing(
    tmp_path: Path, photos: list[Path], tiny_model_path: Path, limit: list[int]
) -> None:
    """Wherever it fills up: it is said, what was committed is found, and the next sync goes on."""
    data = tmp_path / "data"
    Catalogue(tmp_path).close()
    empty = (tmp_path / CATALOGUE_NAME).stat().st_size // 4096
    failures = 0
    for pages in (*range(4, empty, 6), *range(empty, empty + 3)):
        limit[0] = pages
        try:
            with Engine.open(data, tiny_model_path) as engine:
                engine.sync([tmp_path / "photos"])
        except CatalogueError as error:
            assert isinstance(error, CatalogueUnwritable)  # noqa: PT017 - some limits do suffice
            failures += 1
        assert find_damage(data / CATALOGUE_NAME) == ""
    assert failures > 4
    limit[0] = 0
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync()
        assert engine.status().photos == PICTURES
        for photo in photos[::5]:
            assert engine.find_similar(PictureFile(photo)).matches[0].path == photo


def test_a_locked_catalogue_is_said_to_be_in_use(
    data: Path, tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that holds the file is named as what it is, not as damage."""
    monkeypatch.setattr(connection_module, "BUSY_SECONDS", 0.05)
    with Engine.open(data, tiny_model_path) as engine:
        other = sqlite3.connect(data / CATALOGUE_NAME, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBusy):
            engine.sync()
        other.execute("ROLLBACK")
        other.close()
        assert engine.sync().unchanged == PICTURES


def test_a_clock_that_steps_back_changes_nothing(
    data: Path, photos: list[Path], tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are compared with what they were, not with now: also those from the future."""
    future = 4_000_000_000 * 10**9
    os.utime(photos[0], ns=(future, future))
    monkeypatch.setattr("time.time", lambda: 1.0)
    with Engine.open(data, tiny_model_path) as engine:
        assert engine.sync().unchanged == PICTURES
        assert engine.sync().unchanged == PICTURES
        os.utime(photos[0], ns=(1, 1))  # older than before is changed, too; its bytes are the same
        assert engine.sync().unchanged == PICTURES
        assert engine.find_similar(PictureFile(photos[0])).matches[0].path == photos[0]
