"""The open window, and other programs that change its folders or its catalogue beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import LONGEST, TIMEOUT, Start
from tests.pictures import draw_folder, save
from tests.timeouts import until

pytestmark = pytest.mark.e2e


def test_photos_that_come_and_go_are_followed(start: Start, tmp_path: Path, model: Path) -> None:
    """While the window is open, and while it was not; nobody asks for it."""
    data, photos = tmp_path / "data", tmp_path / "photos"
    draw_folder(photos, 6)
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {photos}")
    assert program.wait_for("indexed")["added"] == 6
    new = save(photos / "later" / "new.jpg", "dress", "red", mark=60)
    program.wait_for("indexed", added=1)
    program.say(f"ask {new}")
    assert program.wait_for("answered")["itself"] == str(new)
    program.say("quit")
    assert program.process.wait(60) == 0
    save(photos / "while closed.jpg", "hat", "green", mark=61)
    again = start("observed_window.py", data, model)
    assert again.wait_for("indexed")["added"] == 1


def test_a_command_indexes_beside_the_window(
    start: Start, tmp_path: Path, model: Path, environment: dict[str, str]
) -> None:
    """Both want the new photos: one of them waits or says so, and each photo is there once."""
    data, photos = tmp_path / "data", tmp_path / "photos"
    draw_folder(photos, 4)
    program = start("observed_window.py", data, model)
    program.wait_for("shown")
    program.say(f"index {photos}")
    program.wait_for("indexed")
    draw_folder(photos / "more", 60)
    index_beside(photos, data, model, environment)
    other = tmp_path / "other"
    draw_folder(other, 3)
    index_beside(other, data, model, environment)
    last = max((photos / "more").iterdir())
    program.say(f"ask {last}")
    assert program.wait_for("answered")["itself"] == str(last)
    save(photos / "last.jpg", "hat", "green", mark=99)
    program.wait_for("status", photos=4 + 60 + 3 + 1)
    program.say("quit")
    assert program.process.wait(60) == 0


def index_beside(folder: Path, data: Path, model: Path, environment: dict[str, str]) -> None:
    """Index by a command; the window may be the quicker one, and then the command says so."""
    command = [sys.executable, "-m", "fashion_finder", "index", str(folder)]
    command += ["--data-dir", str(data), "--model", str(model)]

    def is_indexed() -> bool:
        ended = subprocess.run(
            command,
            env=environment,
            cwd=data.parent,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        assert ended.returncode == 0 or "The catalogue is in use" in ended.stderr
        return ended.returncode == 0

    until(is_indexed, LONGEST)
