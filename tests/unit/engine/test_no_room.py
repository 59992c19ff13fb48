"""A disk without any room left: what is indexed is searched, and it is said what cannot be written."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder import cli
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.logs import end_logging, end_watching_for_crashes
from fashion_finder.support.diagnostics import gather
from tests.full_disk import RoomOfSize
from tests.pictures import draw_folder, save

PICTURES = 8

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts file systems")


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Some pictures, on another disk."""
    return draw_folder(tmp_path / "photos", PICTURES)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[RoomOfSize]:
    """A disk of its own."""
    room = RoomOfSize(tmp_path / "room")
    try:
        room.make(4 << 20)
    except subprocess.CalledProcessError:
        pytest.skip("nobody may mount here")
    yield room
    end_logging()
    end_watching_for_crashes()
    room.close()


@pytest.fixture
def data(room: RoomOfSize, photos: list[Path], tiny_model_path: Path) -> Path:
    """A data folder with the pictures on that disk, which is full."""
    data = room.folder / "data"
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync([photos[0].parent])
    with (room.folder / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            pass
    assert shutil.disk_usage(room.folder).free == 0
    return data


def assert_finds_all(engine: Engine, photos: list[Path]) -> None:
    """Every photo is the first answer to itself, with its thumbnail."""
    for photo in photos:
        first = engine.find_similar(PictureFile(photo)).matches[0]
        assert first.path == photo
        assert engine.thumbnail(first.content)


def test_it_is_searched_until_there_is_room_again(
    data: Path, photos: list[Path], tiny_model_path: Path
) -> None:
    """Indexing is refused with the true reason, and goes on without a restart."""
    with Engine.open(data, tiny_model_path) as engine:
        assert_finds_all(engine, photos)
        assert engine.status().photos == PICTURES
        for change in (engine.sync, lambda: engine.forget(photos[0].parent)):
            with pytest.raises(CatalogueUnwritable, match="is full"):
                change()
        assert_finds_all(engine, photos)
        (data.parent / "filler").unlink()
        photos.append(save(photos[0].with_name("new.jpg"), "hat", "green", mark=99))
        assert engine.sync([photos[0].parent]).added == 1
        assert_finds_all(engine, photos)


def test_what_another_process_writes_then_is_seen(
    data: Path, photos: list[Path], tiny_model_path: Path
) -> None:
    """The window has opened the file as it stood, and must not read it so for ever."""
    with Engine.open(data, tiny_model_path) as window:
        assert_finds_all(window, photos)
        (data.parent / "filler").unlink()
        photos.append(save(photos[0].with_name("new.jpg"), "hat", "green", mark=99))
        with Engine.open(data, tiny_model_path) as command:
            assert command.sync([photos[0].parent]).added == 1
            assert_finds_all(window, photos)
        assert_finds_all(window, photos)


@pytest.mark.parametrize("lost", ["thumbnails", "index"])
def test_what_is_derived_may_be_damaged_as_well(
    data: Path, photos: list[Path], tiny_model_path: Path, lost: str
) -> None:
    """It cannot be made again for now; the photos are read instead."""
    path: Path = getattr(DataFolder(data), lost)
    damaged = path if path.is_file() else path / "graphs.json"
    with damaged.open("r+b") as file:
        file.write(b"damaged!" * 30)
    with Engine.open(data, tiny_model_path) as engine:
        assert_finds_all(engine, photos)


def test_the_command_line_searches_there(
    data: Path, photos: list[Path], tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And tells whoever indexes."""
    common = ["--data-dir", str(data), "--model", str(tiny_model_path)]
    assert cli.main(["search", str(photos[0]), "-k", "1", *common]) == cli.DONE
    assert cli.main(["status", *common]) == cli.DONE
    assert cli.main(["index", str(photos[0].parent), *common]) == cli.FAILED
    assert "is full" in capsys.readouterr().err


def test_diagnostics_need_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are wanted when something is wrong with the computer."""

    def refuse() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    logging.getLogger("fashion_finder").debug("nothing")
    assert "system:" in gather(tmp_path, [])
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are enough
