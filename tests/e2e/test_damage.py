"""The real window over a damaged catalogue, and when everything is to be deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fashion_finder.data_folder import CATALOGUE_NAME
from tests.e2e.conftest import Start
from tests.pictures import draw_folder

pytestmark = pytest.mark.e2e


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A few pictures."""
    draw_folder(tmp_path / "photos", 8)
    return tmp_path / "photos"


def index(start: Start, data: Path, model: Path, photos: Path) -> None:
    """Index them, and close the window."""
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {photos}")
    program.wait_for("indexed")
    program.say("quit")
    assert program.process.wait(60) == 0


def harm(path: Path) -> None:
    """Overwrite a page that nobody meets at the start."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'contents_by_size'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("unreadable", [False, True])
def test_a_damaged_catalogue_is_rebuilt_by_one_button(
    start: Start, tmp_path: Path, model: Path, photos: Path, unreadable: bool
) -> None:
    """Noticed behind the open window, or already at the start; the damaged file is kept."""
    data = tmp_path / "data"
    index(start, data, model, photos)
    if unreadable:
        (data / CATALOGUE_NAME).write_bytes(b"not a database at all" * 500)
    else:
        harm(data / CATALOGUE_NAME)
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    if unreadable:
        assert program.wait_for("opening failed")["title"] == "The catalogue is damaged"
        program.say("press page")
        program.wait_for("status", photos=0)
        program.say(f"index {photos}")
    else:
        assert program.wait_for("damaged")["title"] == "The catalogue is damaged"
        program.say("press damaged")
    program.wait_for("indexed", added=8)
    program.say(f"ask {photos / sorted(path.name for path in photos.iterdir())[0]}")
    program.wait_for("answered")
    program.say("quit")
    assert program.process.wait(60) == 0
    assert len(list(data.glob(f"{CATALOGUE_NAME}.damaged-*"))) == 1


def test_everything_is_deleted_and_the_window_closes(
    start: Start, tmp_path: Path, model: Path, photos: Path
) -> None:
    """Nothing is written after that; the photos are there."""
    data = tmp_path / "data"
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {photos}")
    program.wait_for("indexed")
    program.say("erase")
    program.say("press erase")
    assert program.process.wait(60) == 0
    assert not data.exists()
    assert len(list(photos.iterdir())) == 8
