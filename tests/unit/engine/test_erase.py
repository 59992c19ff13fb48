"""Everything the program knows can be deleted: all of it, and nothing else."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import fashion_finder
from fashion_finder import cli
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import CATALOGUE_NAME, DataFolder
from fashion_finder.domain import PictureFile, Refinement
from fashion_finder.engine import Engine
from fashion_finder.engine.erase import erase_everything
from fashion_finder.errors import CatalogueBusy, CatalogueUnwritable
from fashion_finder.logs import take_crash
from fashion_finder.sample import pictures
from fashion_finder.ui.shell.preferences import Preferences, save_preferences
from tests.pictures import draw_folder

PACKAGE = Path(fashion_finder.__file__).parent


def names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def used(tmp_path: Path, tiny_model_path: Path) -> Path:
    """A data folder after everything the program does."""
    data = tmp_path / "data"
    folder = DataFolder(data)
    photos = draw_folder(tmp_path / "photos", 6)
    arguments = ["index", str(photos[0].parent), "--data-dir", str(data)]
    assert cli.main([*arguments, "--model", str(tiny_model_path)]) == 0
    with Engine.open(data, tiny_model_path) as engine:
        engine.find_similar(PictureFile(photos[0]), refinement=Refinement(colour="Green"))
    folder.crash_log.write_text("a crash")
    assert take_crash(data)
    save_preferences(data, Preferences())
    folder.qt_settings.touch()  # by Qt, behind a file dialog
    folder.catalogue.with_name(f"{CATALOGUE_NAME}.format-1.backup").touch()
    folder.sample_wardrobe.mkdir()
    (folder.sample_wardrobe / pictures()[0].name).touch()
    return data


def test_nothing_is_left(used: Path, tmp_path: Path) -> None:
    """Not even the folder; the photos are there, and a second time is no error."""
    erase_everything(used)
    assert not used.exists()
    assert len(list((tmp_path / "photos").iterdir())) == 6
    erase_everything(used)


def test_all_state_is_named_by_the_data_folder(used: Path) -> None:
    """A file that the program writes elsewhere would outlive *Delete everything*."""
    folder = DataFolder(used)
    named = {*folder.state(), folder.sample_wardrobe}
    assert set(used.iterdir()) == named


NAMES = sorted(vars(DataFolder(Path())).keys() - {"path"})


@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_data_folder_names_is_deleted(tmp_path: Path, name: str) -> None:
    """A new kind of state cannot be named there and be forgotten here."""
    path: Path = getattr(DataFolder(tmp_path / "data"), name)
    if path.suffix:
        path.parent.mkdir(parents=True)
        path.touch()
    else:
        path.mkdir(parents=True)
    erase_everything(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_only_the_data_folder_joins_names_to_its_path() -> None:
    """Everybody else asks it, so that it knows every file."""
    joined = []
    for source in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                left = ast.unparse(node.left)
                if left.endswith(("data_dir", "folder.path", "ours.path")):
                    joined.append(f"{source.name}: {ast.unparse(node)}")
    assert joined == []


def test_what_is_not_ours_stays(used: Path, tmp_path: Path) -> None:
    """Somebody keeps more in that folder, or leads one of our names elsewhere."""
    (used / "letters.txt").write_text("mine")
    (DataFolder(used).sample_wardrobe / "my own.jpg").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").touch()
    for path in DataFolder(used).logs.iterdir():
        path.unlink()
    DataFolder(used).logs.rmdir()
    DataFolder(used).logs.symlink_to(tmp_path / "elsewhere")
    erase_everything(used)
    assert names(used) == {"letters.txt", DataFolder(used).sample_wardrobe.name}
    assert names(DataFolder(used).sample_wardrobe) == {"my own.jpg"}
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
    with pytest.raises(CatalogueUnwritable, match=f"{pictures()[0].name}.*permission denied"):
        erase_everything(used)


def test_the_lock_goes_last(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While anything is left to delete, no other process may begin to index."""
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".jpg":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(CatalogueUnwritable):
        erase_everything(used)
    assert "sync.lock" in names(used)


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
