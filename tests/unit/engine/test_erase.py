"""Everything the program knows can be deleted: all of it, and nothing else."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fashion_finder import cli
from fashion_finder.catalogue.store import LOCK_NAME, Catalogue
from fashion_finder.catalogue.thumbnails import DATABASE_NAME as THUMBNAILS
from fashion_finder.engine import Engine
from fashion_finder.engine.erase import erase_everything
from fashion_finder.errors import CatalogueBusy, CatalogueUnwritable
from fashion_finder.logs import log_dir
from fashion_finder.paths import CATALOGUE_NAME, sample_dir
from fashion_finder.sample import pictures
from fashion_finder.ui.shell.preferences import Preferences, load_preferences, save_preferences
from tests.pictures import draw_folder


def names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def used(tmp_path: Path, tiny_model_path: Path) -> Path:
    """A data folder after everything the program does."""
    data = tmp_path / "data"
    folder = str(draw_folder(tmp_path / "photos", 6)[0].parent)
    assert (
        cli.main(["index", folder, "--data-dir", str(data), "--model", str(tiny_model_path)]) == 0
    )
    save_preferences(data, load_preferences(data))
    (data / f"{CATALOGUE_NAME}.format-1.backup").write_bytes(b"")
    sample_dir(data).mkdir()
    (sample_dir(data) / pictures()[0].name).write_bytes(b"")
    assert {CATALOGUE_NAME, THUMBNAILS, LOCK_NAME, "index", "window.ini"} <= names(data)
    assert log_dir(data).is_dir()
    assert isinstance(load_preferences(data), Preferences)
    return data


def test_nothing_is_left(used: Path, tmp_path: Path) -> None:
    """Not even the folder; the photos are there, and a second time is no error."""
    erase_everything(used)
    assert not used.exists()
    assert len(list((tmp_path / "photos").iterdir())) == 6
    erase_everything(used)


def test_what_is_not_ours_stays(used: Path, tmp_path: Path) -> None:
    """Somebody keeps more in that folder, or leads one of our names elsewhere."""
    (used / "letters.txt").write_text("mine")
    (sample_dir(used) / "my own.jpg").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").touch()
    for path in log_dir(used).iterdir():
        path.unlink()
    log_dir(used).rmdir()
    log_dir(used).symlink_to(tmp_path / "elsewhere")
    erase_everything(used)
    assert names(used) == {"letters.txt", sample_dir(used).name}
    assert names(sample_dir(used)) == {"my own.jpg"}
    assert (tmp_path / "elsewhere" / "mine").exists()


def test_a_catalogue_in_use_is_not_erased(used: Path, tiny_model_path: Path) -> None:
    """Neither beside an open window, nor beside one that indexes."""
    before = names(used)
    with Engine.open(used, tiny_model_path), pytest.raises(CatalogueBusy):
        erase_everything(used)
    catalogue = Catalogue(used)
    with catalogue.sync_lock(), pytest.raises(CatalogueBusy):
        erase_everything(used)
    catalogue.close()
    assert before <= names(used)
    erase_everything(used)


@pytest.mark.parametrize("command", [["erase", "--yes"], ["rebuild"]])
def test_another_program_notices_the_open_window(
    used: Path, tiny_model_path: Path, command: list[str]
) -> None:
    """However many threads of the window have looked into the catalogue by then."""
    with Engine.open(used, tiny_model_path) as engine:
        for _ in range(2):
            thread = threading.Thread(target=engine.status)
            thread.start()
            thread.join()
        ended = subprocess.run(
            [sys.executable, "-m", "fashion_finder", *command, "--data-dir", str(used)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 1
        assert "The catalogue is in use" in ended.stderr
        assert engine.status().photos == 6


def test_a_damaged_catalogue_is_erased(used: Path) -> None:
    """Who wants to start anew often has a reason."""
    (used / CATALOGUE_NAME).write_bytes(b"damaged " * 1000)
    erase_everything(used)
    assert not used.exists()


def test_what_cannot_be_deleted_is_named(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what the system says."""

    def fail(path: Path, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", fail)
    with pytest.raises(CatalogueUnwritable, match=f"{CATALOGUE_NAME}.*permission denied"):
        erase_everything(used)


@pytest.mark.parametrize("answer, code", [("erase\n", cli.DONE), ("y\n", 1), ("", 1)])
def test_the_command_asks_first(
    used: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    code: int,
) -> None:
    """Only the whole word will do."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert cli.main(["erase", "--data-dir", str(used)]) == code
    assert used.exists() == bool(code)
    said = capsys.readouterr()
    assert str(used) in said.err
    assert ("Nothing was deleted" in said.err) == bool(code)


def test_the_command_can_be_told_not_to_ask(used: Path) -> None:
    """For scripts."""
    assert cli.main(["erase", "--yes", "--data-dir", str(used)]) == cli.DONE
    assert not used.exists()
