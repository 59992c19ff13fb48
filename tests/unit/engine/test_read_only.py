"""A data folder that cannot be written: what is in it is searched, and nothing else is tried."""

from __future__ import annotations

import logging
import os
import queue
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fashion_finder import cli
from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.schema import MIGRATIONS
from fashion_finder.data_folder import CATALOGUE_NAME, DataFolder
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine, rebuild
from fashion_finder.engine.erase import erase_everything
from fashion_finder.errors import (
    CatalogueDamaged,
    CatalogueReadOnly,
    CatalogueUnwritable,
)
from tests.pictures import draw_folder

PICTURES = 12

Forbid = Callable[[Path], Path]


@pytest.fixture
def forbid() -> Iterator[Forbid]:
    """Makes a folder read-only: by a mount for root, whom permissions do not hold back."""
    if os.name != "posix":
        pytest.skip("permissions are others there")
    forbidden: list[Path] = []

    def mount(folder: Path) -> Path:
        subprocess.run(["mount", "--bind", folder, folder], check=True, capture_output=True)
        forbidden.append(folder)
        command = ["mount", "-o", "remount,ro,bind", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        return folder

    def take_permissions(folder: Path) -> Path:
        forbidden.append(folder)
        for path in [*folder.rglob("*"), folder]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        return folder

    is_root = os.geteuid() == 0
    yield mount if is_root else take_permissions
    for folder in forbidden:
        if is_root:
            subprocess.run(["umount", folder], check=True)
        else:
            folder.chmod(0o700)
            for path in folder.rglob("*"):
                path.chmod(0o700)


@pytest.fixture(autouse=True)
def mounts_are_allowed(tmp_path: Path) -> None:
    """Some containers keep them from root."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    probe = tmp_path / "probe"
    probe.mkdir()
    if subprocess.run(["mount", "--bind", probe, probe], check=False).returncode:
        pytest.skip("root may not mount here")
    subprocess.run(["umount", probe], check=True)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Some pictures."""
    return draw_folder(tmp_path / "photos", PICTURES)


@pytest.fixture
def data(tmp_path: Path, photos: list[Path], tiny_model_path: Path) -> Path:
    """A data folder in which they are indexed."""
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([tmp_path / "photos"])
    return tmp_path / "data"


def assert_finds_all(engine: Engine, photos: list[Path]) -> None:
    """Every photo is the first answer to itself, with its thumbnail."""
    for photo in photos:
        first = engine.find_similar(PictureFile(photo)).matches[0]
        assert first.path == photo
        assert engine.thumbnail(first.content)


def test_it_is_searched_and_not_changed(
    data: Path, photos: list[Path], tiny_model_path: Path, forbid: Forbid
) -> None:
    """Questions, thumbnails, counts; whoever wants to index or forget is told why not."""
    forbid(data)
    found: list[CatalogueDamaged] = []
    with Engine.open(data, tiny_model_path, when_damaged=found.append) as engine:
        assert_finds_all(engine, photos)
        assert engine.status().photos == PICTURES
        assert engine.facet_counts().total == PICTURES
        for change in (engine.sync, lambda: engine.forget(photos[0].parent)):
            with pytest.raises(CatalogueReadOnly, match="is read-only"):
                change()
        assert_finds_all(engine, photos)
    assert found == []


def test_damage_is_noticed_there_too(data: Path, tiny_model_path: Path, forbid: Forbid) -> None:
    """By the check behind the open program, which reads the whole file."""
    with closing(sqlite3.connect(data / CATALOGUE_NAME)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'contents_by_size'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (data / CATALOGUE_NAME).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    found: queue.Queue[CatalogueDamaged] = queue.Queue()
    with Engine.open(forbid(data), tiny_model_path, when_damaged=found.put):
        assert found.get(timeout=60).subject == data


def test_the_command_line_says_so(
    data: Path,
    photos: list[Path],
    tiny_model_path: Path,
    forbid: Forbid,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Searching is no failure, indexing is one; nothing complains of logs."""
    forbid(data)
    common = ["--data-dir", str(data), "--model", str(tiny_model_path)]
    assert cli.main(["search", str(photos[0]), *common]) == 0
    printed = capsys.readouterr()
    assert str(photos[0]) in printed.out
    assert printed.err == ""
    assert cli.main(["index", str(photos[0].parent), *common]) == 1
    assert "The data folder is read-only" in capsys.readouterr().err
    for handler in list(logging.getLogger("fashion_finder").handlers):
        logging.getLogger("fashion_finder").removeHandler(handler)


def test_what_a_killed_program_left_is_read_as_well(
    tmp_path: Path, photos: list[Path], tiny_model_path: Path, forbid: Forbid
) -> None:
    """Its last photos are in the log beside the database; without the log's index, it is said."""
    data = tmp_path / "data"
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync([photos[0].parent])
        for name in ("killed", "torn"):
            shutil.copytree(data, tmp_path / name)
    assert (tmp_path / "killed" / f"{CATALOGUE_NAME}-wal").stat().st_size
    with Engine.open(forbid(tmp_path / "killed"), tiny_model_path) as engine:
        assert_finds_all(engine, photos)
    (tmp_path / "torn" / f"{CATALOGUE_NAME}-shm").unlink()
    with pytest.raises(CatalogueReadOnly, match="not closed properly"):
        Engine.open(forbid(tmp_path / "torn"), tiny_model_path)


@pytest.mark.parametrize("lost", ["thumbnails", "graph", "foreign thumbnails", "torn thumbnails"])
def test_what_is_derived_may_be_missing(
    data: Path, photos: list[Path], tiny_model_path: Path, forbid: Forbid, lost: str
) -> None:
    """Thumbnails come from the photos then, the search is exact."""
    if lost == "thumbnails":
        DataFolder(data).thumbnails.unlink()
    elif lost == "foreign thumbnails":
        with closing(sqlite3.connect(DataFolder(data).thumbnails)) as connection:
            connection.execute("UPDATE owner SET catalogue = 'another'")
            connection.commit()
    elif lost == "torn thumbnails":
        DataFolder(data).thumbnails.write_bytes(b"nothing of use" * 500)
    else:
        shutil.rmtree(data / "index")
    with Engine.open(forbid(data), tiny_model_path) as engine:
        assert_finds_all(engine, photos)


def test_an_earlier_format_is_said_to_need_a_writable_folder(
    tmp_path: Path, tiny_model_path: Path, forbid: Forbid
) -> None:
    """Bringing it up to date would write."""
    data = tmp_path / "data"
    data.mkdir()
    connections = Connections(data / CATALOGUE_NAME)
    bring_up_to_date(connections, MIGRATIONS[:1])
    connections.close()
    with pytest.raises(CatalogueReadOnly, match="older format"):
        Engine.open(forbid(data), tiny_model_path)


def test_an_empty_folder_cannot_begin_a_catalogue(
    tmp_path: Path, tiny_model_path: Path, forbid: Forbid
) -> None:
    """That is told as what it is."""
    (tmp_path / "data").mkdir()
    with pytest.raises(CatalogueUnwritable):
        Engine.open(forbid(tmp_path / "data"), tiny_model_path)


def test_neither_rebuilding_nor_deleting_pretends(
    data: Path, photos: list[Path], tiny_model_path: Path, forbid: Forbid
) -> None:
    """Both say what is in the way, and leave all there is."""
    forbid(data)
    before = sorted(path.name for path in data.iterdir())
    for change in (rebuild, erase_everything):
        with pytest.raises(CatalogueUnwritable):
            change(data)
    assert sorted(path.name for path in data.iterdir()) == before
    with Engine.open(data, tiny_model_path) as engine:
        assert_finds_all(engine, photos)
