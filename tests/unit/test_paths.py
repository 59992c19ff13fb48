"""Where state is kept."""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from pathlib import Path

import pytest

from fashion_finder import paths
from fashion_finder.data_folder import CATALOGUE_NAME, DataFolder
from fashion_finder.errors import (
    CatalogueUnwritable,
    DataFolderRefused,
    GuideMissing,
    NotPortable,
)
from fashion_finder.paths import (
    DATA_DIR_VARIABLE,
    OWN_NAME,
    PORTABLE_NAME,
    default_data_dir,
    guide_path,
    portable_data_dir,
    prepare_data_dir,
    real_path,
    settled_data_dir,
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


# ---------------------------------------------------------------- other people's folders

posix = pytest.mark.skipif(os.name != "posix", reason="permissions are others there")
as_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can give a file away"
)
SOMEBODY = 4711


def mode_of(folder: Path) -> int:
    """Its permissions, with the sticky bit."""
    return stat.S_IMODE(folder.stat().st_mode)


def use(folder: Path) -> Path:
    """Start on a folder twice, with a catalogue from the first time on; where it is."""
    first = prepare_data_dir(folder)
    DataFolder(first).logs.mkdir(exist_ok=True)
    assert prepare_data_dir(folder) == first  # ended before there was a catalogue
    (first / CATALOGUE_NAME).touch()
    assert prepare_data_dir(folder) == first
    assert prepare_data_dir(first) == first
    return first


@posix
@pytest.mark.parametrize("holds", ["others' files", "nothing"])
@pytest.mark.parametrize("mode", [0o1777, 0o777, 0o755, 0o700, 0o2775])
def test_a_folder_of_other_things_keeps_its_permissions(
    tmp_path: Path, mode: int, holds: str
) -> None:
    """However often it is used; a folder of our own in it is private."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    os.chown(folder, -1, SOMEBODY) if os.geteuid() == 0 else None
    if holds != "nothing":
        (folder / "letter.txt").touch()
    used = use(folder)
    assert mode_of(folder) == mode
    open_to_others = mode & 0o002 or (mode & 0o020 and os.geteuid() == 0)
    if holds == "nothing" and not open_to_others:
        assert used == folder
    else:
        assert used == folder / OWN_NAME
        assert mode_of(used) & 0o777 == 0o700


@posix
def test_a_folder_that_the_program_makes_is_private(tmp_path: Path) -> None:
    """And stays what it was made, if somebody opens it later."""
    used = use(tmp_path / "new" / "data")
    assert used == tmp_path / "new" / "data"
    assert mode_of(used) == 0o700
    used.chmod(0o750)
    assert use(used) == used
    assert mode_of(used) == 0o750


@pytest.mark.parametrize(
    "names",
    [
        [CATALOGUE_NAME, "letter.txt"],
        [f"{CATALOGUE_NAME}.damaged-20261201-120000", "notes"],
        ["logs"],
        ["thumbnails.sqlite3-wal", "sync.lock", "window.ini", "sample-wardrobe"],
        [".DS_Store"],
        ["lost+found"],
    ],
)
def test_folders_of_earlier_versions_and_empty_ones_are_known(
    tmp_path: Path, names: list[str]
) -> None:
    """By a catalogue, whatever else is there; or by nothing but our own names."""
    for name in names:
        (tmp_path / name).touch()
    assert settled_data_dir(tmp_path) == tmp_path


@posix
def test_an_old_catalogue_in_an_open_folder_is_still_used(tmp_path: Path) -> None:
    """It is this user's; nobody loses an index by an update."""
    tmp_path.chmod(0o1777)
    (tmp_path / CATALOGUE_NAME).touch()
    assert use(tmp_path) == tmp_path
    assert mode_of(tmp_path) == 0o1777


@as_root
@pytest.mark.parametrize(
    "planted", ["a folder", "a link", "a link to ours", "a file", "a catalogue"]
)
def test_what_another_user_has_put_there_is_not_used(tmp_path: Path, planted: str) -> None:
    """As in /tmp, where anybody may be faster."""
    shared, ours = tmp_path / "shared", tmp_path / "ours"
    for folder in (shared, ours):
        folder.mkdir()
    shared.chmod(0o1777)
    own = shared / OWN_NAME
    match planted:
        case "a folder":
            own.mkdir()
        case "a link":
            own.symlink_to("/etc")
        case "a link to ours":
            own.symlink_to(ours)
        case "a file":
            own.touch()
        case _:
            (shared / CATALOGUE_NAME).touch()
            os.chown(shared / CATALOGUE_NAME, SOMEBODY, SOMEBODY)
    if planted == "a catalogue":
        assert use(shared) == own
        return
    os.chown(own, SOMEBODY, SOMEBODY, follow_symlinks=False)
    with pytest.raises(DataFolderRefused, match="only you may write"):
        prepare_data_dir(shared)
    assert mode_of(shared) == 0o1777


@as_root
@pytest.mark.parametrize("below", ["", "data"])
def test_a_link_of_another_user_is_not_followed(tmp_path: Path, below: str) -> None:
    """It may lead elsewhere the next time; this user's own, and the system's, may be followed."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    assert prepare_data_dir(link / below) == link / below
    os.chown(link, SOMEBODY, SOMEBODY, follow_symlinks=False)
    with pytest.raises(DataFolderRefused, match="link"):
        prepare_data_dir(link / below)


@as_root
def test_another_user_s_folder_is_left_as_it_is(tmp_path: Path) -> None:
    """Root may write to it, and keeps apart; a catalogue in it is used as it stands."""
    os.chown(tmp_path, SOMEBODY, SOMEBODY)
    assert use(tmp_path) == tmp_path / OWN_NAME
    (tmp_path / CATALOGUE_NAME).touch()
    os.chown(tmp_path / CATALOGUE_NAME, SOMEBODY, SOMEBODY)
    assert settled_data_dir(tmp_path) == tmp_path


@posix
def test_a_file_system_without_owners_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On FAT every file shows the permissions of the mount, also those that we have just made."""
    monkeypatch.setattr(paths, "_keeps_permissions", lambda folder: False)
    folder = tmp_path / "stick"
    folder.mkdir()
    folder.chmod(0o777)
    assert use(folder) == folder
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").touch()
    full.chmod(0o777)
    assert use(full) == full / OWN_NAME


def test_a_file_in_place_of_the_data_folder_is_said(tmp_path: Path) -> None:
    """As what it is."""
    (tmp_path / "data").touch()
    with pytest.raises(CatalogueUnwritable):
        prepare_data_dir(tmp_path / "data")
