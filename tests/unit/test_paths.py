"""Where state is kept."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from fashion_finder import paths
from fashion_finder.errors import GuideMissing, NotPortable
from fashion_finder.paths import (
    DATA_DIR_VARIABLE,
    PORTABLE_NAME,
    default_data_dir,
    guide_path,
    portable_data_dir,
    real_path,
)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an executable."""
    folder = tmp_path / "USB stick" / "Fashion Finder"
    folder.mkdir(parents=True)
    monkeypatch.delenv(DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "fashion-finder"))
    return folder


def test_a_portable_program_keeps_its_state_beside_it(stick: Path) -> None:
    """And finds it again when it is started by a double click, without the option."""
    assert default_data_dir().name == "fashion-finder"
    assert portable_data_dir() == stick / PORTABLE_NAME
    (stick / PORTABLE_NAME).mkdir()
    assert default_data_dir() == stick / PORTABLE_NAME


def test_the_environment_has_the_last_word(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets it means it."""
    (stick / PORTABLE_NAME).mkdir()
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(stick / "elsewhere"))
    assert default_data_dir() == stick / "elsewhere"


def test_a_bundle_keeps_its_state_outside(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signed macOS bundle must not change."""
    program = stick / "Fashion Finder.app" / "Contents" / "MacOS" / "fashion-finder"
    monkeypatch.setattr(sys, "executable", str(program))
    assert portable_data_dir() == stick / PORTABLE_NAME


def test_without_an_executable_there_is_no_beside() -> None:
    """Beside the Python interpreter would be a strange place."""
    with pytest.raises(NotPortable):
        portable_data_dir()


@pytest.mark.parametrize(
    "listed,asked",
    [("Photos", "pHOTOS"), ("Été", unicodedata.normalize("NFD", "Été")), ("STRASSE", "strasse")],
)
def test_a_folder_has_one_real_path_however_it_is_spelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str, asked: str
) -> None:
    """Where spellings are not told apart; a link stands in for that here: soak tests have NTFS."""
    (tmp_path / listed).write_bytes(b"")
    if (tmp_path / asked).exists():
        pytest.skip("this file system does not tell the spellings apart: nothing can stand in")
    (tmp_path / asked).hardlink_to(tmp_path / listed)
    assert real_path(tmp_path / asked) == tmp_path / asked  # two names, both listed
    everything = os.listdir
    monkeypatch.setattr(
        os, "listdir", lambda path: [name for name in everything(path) if name != asked]
    )
    assert real_path(tmp_path / asked / "below") == tmp_path / listed / "below"


def test_two_folders_that_differ_in_case_stay_two(tmp_path: Path) -> None:
    """Where spellings are told apart."""
    for name in ("photos", "PHOTOS"):
        (tmp_path / name).mkdir(exist_ok=True)
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system does not tell case apart")
    assert real_path(tmp_path / "photos").name == "photos"
    assert real_path(tmp_path / "PHOTOS").name == "PHOTOS"


def test_the_guide_is_that_of_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the code when installed, else the checkout's; never what lies where one happens to be."""
    monkeypatch.chdir(tmp_path)
    for folder in ("docs", "guide"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "user-guide.md").touch()
    assert guide_path() == Path(__file__).parents[2] / "docs" / "user-guide.md"
    package = tmp_path / "site-packages" / "fashion_finder"
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    with pytest.raises(GuideMissing):
        guide_path()
    (package / "guide").mkdir(parents=True)
    (package / "guide" / "user-guide.md").touch()
    assert guide_path() == package / "guide" / "user-guide.md"
