"""Where state is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fashion_finder.errors import NotPortable
from fashion_finder.paths import (
    DATA_DIR_VARIABLE,
    PORTABLE_NAME,
    default_data_dir,
    portable_data_dir,
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
