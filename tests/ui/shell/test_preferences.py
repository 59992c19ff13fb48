"""What the window remembers from one start to the next."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.app import copy_sample
from fashion_finder.sample import pictures
from fashion_finder.ui.shell.preferences import (
    MOST,
    Preferences,
    for_menu,
    load_preferences,
    save_preferences,
    with_newest,
)
from tests.odd_files import ELSEWHERE, KINDS, put_in_the_way
from tests.ui.conftest import OpenWindow


def test_preferences_survive(tmp_path: Path) -> None:
    """Saved and read again; one folder or many."""
    for folders in ((), ("/a",), ("/a", "/b, c", "/é")):
        wanted = Preferences(
            b"\x00\xffgeometry", "/last", folders, "/place of é", watches_folders=not folders
        )
        save_preferences(tmp_path, wanted)
        assert load_preferences(tmp_path) == wanted


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_only_the_owner_may_read_preferences(tmp_path: Path) -> None:
    """They name folders, and the data folder may be open to others."""
    save_preferences(tmp_path, Preferences(recent_folders=("/clients/secret",)))
    assert stat.S_IMODE((tmp_path / "window.ini").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_a_data_folder_that_the_sample_makes_is_private(tmp_path: Path) -> None:
    """The demonstration copies the sample before anything else has made the folder."""
    wardrobe, question = copy_sample(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert question.is_file()
    assert len(list(wardrobe.iterdir())) == len(pictures())


def test_one_recent_folder_is_read_back(tmp_path: Path) -> None:
    """An ini file holds a list of one as a plain text."""
    (tmp_path / "window.ini").write_text("[folders]\nrecent=/photos/spring\n")
    assert load_preferences(tmp_path).recent_folders == ("/photos/spring",)


@pytest.mark.parametrize("written, watches", [("false", False), ("true", True), (None, True)])
def test_watching_is_read_as_it_was_written(
    tmp_path: Path, written: str | None, watches: bool
) -> None:
    """An ini file holds words; nobody who has switched it off finds it on again."""
    line = f"watched={written}\n" if written else ""
    (tmp_path / "window.ini").write_text(f"[folders]\n{line}")
    assert load_preferences(tmp_path).watches_folders is watches


def test_missing_or_broken_preferences_are_the_defaults(tmp_path: Path) -> None:
    """They never stop the program."""
    assert load_preferences(tmp_path) == Preferences()
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[[[\nwindow=\n%%%")
    assert load_preferences(tmp_path) == Preferences()
    save_preferences(tmp_path / "gone", Preferences())
    assert not (tmp_path / "gone").exists()


def test_the_window_comes_back_as_it_was(qtbot: QtBot, open_window: OpenWindow) -> None:
    """Same size after a restart."""
    first = open_window()
    first.resize(760, 610)
    first.close()
    second = open_window(first.preferences)
    qtbot.waitUntil(lambda: second.size() == first.size())


def test_recent_folders_are_few_and_known() -> None:
    """Newest first, no doubles, none that is no longer indexed."""
    recent = with_newest(("/b", "/a"), [Path("/a")])
    assert recent == ("/a", "/b")
    assert for_menu(recent, [Path("/b"), Path("/c")]) == (Path("/b"), Path("/c"))
    assert len(with_newest([f"/{i}" for i in range(50)], [])) == MOST


def test_the_menu_offers_few_folders_those_used_last_first() -> None:
    """Then the others that are indexed, none twice, as many as a menu can show."""
    indexed = [Path(f"/{name}") for name in "abcdefghijklmnop"]
    offered = for_menu(("/p", "/gone", "/b"), indexed)
    assert offered[:3] == (Path("/p"), Path("/b"), Path("/a"))
    assert len(offered) == len(set(offered)) == MOST


def test_folders_that_were_just_used_come_first() -> None:
    """The newest stands on top, and the oldest makes room."""
    many = [f"/{number}" for number in range(MOST)]
    assert with_newest(many, [Path("/new")]) == ("/new", *many[:-1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["window.ini", "window.ini.lock", "QtProject.conf"])
def test_whatever_lies_in_place_of_the_settings_is_replaced(
    tmp_path: Path, name: str, kind: str
) -> None:
    """Qt would wait at a pipe or at a lock, and write through a link."""
    data = tmp_path / "data"
    data.mkdir()
    elsewhere = put_in_the_way(data / name, kind)
    assert load_preferences(data) == Preferences()
    assert not (data / name).is_symlink()
    wanted = Preferences(last_folder="/last")
    put_in_the_way(data / name, kind)
    save_preferences(data, wanted)
    assert load_preferences(data) == wanted
    assert elsewhere.read_bytes() == ELSEWHERE


def test_damaged_preferences_are_told_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The window opens as it did the first time."""
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[[[\nwindow=\n%%%\n")
    assert load_preferences(tmp_path) == Preferences()
    assert "the preferences are damaged" in caplog.text
