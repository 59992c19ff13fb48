"""Killed in the middle of indexing: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.pictures import draw_folder

pytestmark = pytest.mark.e2e


MANY = 400  # pictures: no machine reads them between two reports


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes a while."""
    folder = tmp_path_factory.mktemp("many") / "photos"
    draw_folder(folder, MANY)
    return folder


def count(data_dir: Path, query: str) -> int:
    """A number out of the catalogue, read by another program than ours."""
    with closing(sqlite3.connect(data_dir / "catalogue.sqlite3")) as connection:
        return int(connection.execute(query).fetchone()[0])


def test_a_killed_program_goes_on_where_it_was(
    start: Start, tmp_path: Path, model: Path, many: Path
) -> None:
    """kill -9 of the whole program; the next start offers to go on and reads only the rest."""
    data = tmp_path / "data"
    total = MANY
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {many}")
    program.wait_until("progress", lambda progress: progress["done"] >= 40)
    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait(60)
    kept = count(data, "SELECT COUNT(*) FROM items")
    assert 0 < kept < total

    again = start("observed_window.py", data, model)
    assert again.wait_for("status")["unfinished"] == [str(many)]
    again.say("messages")
    (message,) = again.wait_for("messages")["shown"]
    assert message["key"] == "unfinished"
    again.say("go on")
    indexed = again.wait_for("indexed")
    assert indexed["found"] == total
    assert indexed["unchanged"] == kept
    assert indexed["added"] == total - kept
    assert again.wait_for("status")["photos"] == total
    again.say("quit")
    assert again.process.wait(60) == 0

    assert count(data, "SELECT COUNT(*) FROM items") == total
    assert count(data, "SELECT COUNT(*) FROM (SELECT DISTINCT root, relative FROM items)") == total


def test_closing_the_window_while_indexing_loses_nothing(
    start: Start, tmp_path: Path, model: Path, many: Path
) -> None:
    """The program ends by itself, soon and well; what was read is there."""
    data = tmp_path / "data"
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {many}")
    program.wait_until("progress", lambda progress: progress["done"] >= 20)
    program.say("quit")
    assert program.process.wait(60) == 0
    again = start("observed_window.py", data, model)
    status = again.wait_for("status")
    assert status["unfinished"] == [str(many)]
    assert status["photos"] > 0


def test_a_polite_signal_closes_the_window(start: Start, tmp_path: Path, model: Path) -> None:
    """Ctrl+C in the terminal, or a logout, ends the program as its cross does."""
    program = start("observed_window.py", tmp_path / "data", model)
    program.wait_for("shown")
    program.wait_for("status")
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(60) == 0
