"""Homes and users of every kind, and none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fashion_finder.sample import pictures
from tests.e2e.conftest import ROOT, TIMEOUT, Start
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that opens fast, in a folder that needs care."""
    return write_tiny_model(tmp_path_factory.mktemp("Modell für 写真") / "tiny.onnx")


def run(home: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of a user who has this home and nothing else."""
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "fashion_finder", *map(str, arguments)],
        env={"HOME": str(home), **path, **more},
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize(
    "user, locale",
    [
        ("Jörg Müßig", "C"),
        ("山田 太郎", "C"),
        ("山田 太郎", "C.UTF-8"),
        ("o'Neil & Söhne", "POSIX"),
    ],
)
def test_any_user_name_and_locale_will_do(
    tmp_path: Path, tiny: Path, user: str, locale: str
) -> None:
    """Index and find in a home whose name the locale cannot even print."""
    home = tmp_path / user
    photos = home / "Bilder von Übergrößen 春"
    photos.mkdir(parents=True)
    for picture in pictures()[:2]:
        shutil.copy(picture, photos / f"ß {picture.name}")
    indexed = run(home, "index", photos, "--json", "--model", tiny, LC_ALL=locale, USER=user)
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["added"] == 2
    question = next(photos.iterdir())
    found = run(home, "search", question, "--json", "--model", tiny, LC_ALL=locale, USER=user)
    assert found.returncode == 0, found.stderr
    paths = {match["path"] for match in json.loads(found.stdout)["matches"]}
    assert str(question) in paths
    assert (home / ".local/share/fashion-finder/catalogue.sqlite3").is_file()


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null"])
def test_a_home_that_cannot_be_written_is_said(tiny: Path, home: str) -> None:
    """In words, with the folder and what to do."""
    done = run(Path(home), "status", "--model", tiny)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert home in done.stderr
    assert "permissions" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_window_says_so_too(start: Start, environment: dict[str, str], tiny: Path) -> None:
    """It opens, and its page tells what is wrong."""
    environment["QT_QPA_PLATFORM"] = "offscreen"
    window = start("observed_window.py", "/proc/nowhere/data", tiny)
    assert window.wait_for("opening failed")["title"] == "The catalogue cannot be written"
    window.say("quit")
    assert window.process.wait(TIMEOUT) == 0


def test_all_state_lives_in_the_data_folder(
    start: Start, environment: dict[str, str], tmp_path: Path, tiny: Path
) -> None:
    """The home stays as it was, so that a stick can be taken away without a trace."""
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["XDG_RUNTIME_DIR"] = str(tmp_path)
    home = Path(environment["HOME"])
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(pictures()[0], photos / "a.jpg")
    window = start("observed_window.py", tmp_path / "data", tiny)
    window.wait_for("shown")
    window.say(f"index {photos}")
    window.wait_for("indexed")
    window.say("quit")
    assert window.process.wait(TIMEOUT) == 0
    # What fonts and graphics drivers keep between programs is the system's own.
    shutil.rmtree(home / ".cache", ignore_errors=True)
    assert not list(home.iterdir())
    kept = {path.name for path in (tmp_path / "data").iterdir()}
    assert {"catalogue.sqlite3", "logs", "window.ini"} <= kept


def test_a_screen_that_is_named_but_gone_is_said(tmp_path: Path, tiny: Path) -> None:
    """As after a lost remote session: words and an exit code, where Qt itself would abort."""
    done = run(tmp_path, "--model", tiny, DISPLAY=":98765")
    assert done.returncode == 1, done.stderr
    assert "There is no screen to open a window on" in done.stderr
    assert "could not connect to display" in (
        tmp_path / ".local/share/fashion-finder/logs/fashion-finder.log"
    ).read_text("utf-8")
