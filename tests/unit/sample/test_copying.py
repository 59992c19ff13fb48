"""The wardrobe that comes with the program, and its copy in a data folder."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from fashion_finder import sample
from fashion_finder.errors import FolderError
from fashion_finder.images.formats import is_picture_name
from fashion_finder.sample import EXAMPLE, copy_wardrobe, pictures
from tests.odd_files import ELSEWHERE, KINDS, put_in_the_way
from tests.unit.images.pictures import prepared


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A wardrobe of three pieces."""
    pieces = pictures()[:3]
    monkeypatch.setattr(sample, "pictures", lambda: pieces)
    return pieces


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_pictures_are_small_and_readable() -> None:
    """96 to 120 pictures of 600 x 800, no two alike, 40 KB each at most and 4 MB in all."""
    assert 96 <= len(pictures()) <= 120
    assert all(is_picture_name(path.name) for path in pictures())
    assert len({sha256(path.read_bytes()).digest() for path in pictures()}) == len(pictures())
    for path in (*pictures(), EXAMPLE):
        assert path.stat().st_size <= 40_000, path.name
        picture = prepared(path, preview=0)
        assert (picture.width, picture.height) == (600, 800), path.name
    assert sum(path.stat().st_size for path in (*pictures(), EXAMPLE)) <= 4_000_000


def test_the_example_is_a_photo_of_its_own() -> None:
    """It is none of the pieces, and does not lie among them."""
    assert EXAMPLE not in pictures()
    assert EXAMPLE.read_bytes() not in {piece.read_bytes() for piece in pictures()}


def test_the_copy_holds_every_piece_and_nothing_else(tmp_path: Path) -> None:
    """Only the given folder is written to, and its files belong to the user."""
    copies = copy_wardrobe(tmp_path / "data" / "wardrobe")
    assert [path.name for path in copies] == [path.name for path in pictures()]
    assert [path.read_bytes() for path in copies] == [path.read_bytes() for path in pictures()]
    assert _names(tmp_path / "data" / "wardrobe") == {path.name for path in copies}
    assert _names(tmp_path / "data") == {"wardrobe"}
    assert _names(tmp_path) == {"data"}


@pytest.mark.usefixtures("few")
def test_existing_pictures_are_left_alone(tmp_path: Path) -> None:
    """A second call writes nothing; a piece that an earlier version drew stays, too."""
    drawn = tmp_path / pictures()[0].name
    shutil.copy(EXAMPLE, drawn)
    before = [path.stat() for path in copy_wardrobe(tmp_path)]
    after = [path.stat() for path in copy_wardrobe(tmp_path)]
    assert [(s.st_ino, s.st_mtime_ns) for s in before] == [(s.st_ino, s.st_mtime_ns) for s in after]
    assert drawn.read_bytes() == EXAMPLE.read_bytes()


def test_a_picture_cut_short_is_copied_again(tmp_path: Path, few: list[Path]) -> None:
    """A file that is not whole is replaced."""
    whole = few[1].read_bytes()
    (tmp_path / few[1].name).write_bytes(whole[:5000])
    assert copy_wardrobe(tmp_path)[1].read_bytes() == whole


def test_an_interrupted_copy_leaves_nothing_broken(
    tmp_path: Path, few: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle of a file: what is there is whole, and the next call completes it."""
    really_copy = shutil.copyfile

    def stop_halfway(source: Path, target: Path) -> None:
        if source == few[2]:
            target.write_bytes(source.read_bytes()[:5000])
            raise KeyboardInterrupt
        really_copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", stop_halfway)
        with pytest.raises(KeyboardInterrupt):
            copy_wardrobe(tmp_path)
    assert _names(tmp_path) == {piece.name for piece in few[:2]}
    assert len(copy_wardrobe(tmp_path)) == 3
    assert _names(tmp_path) == {piece.name for piece in few}


def test_an_unusable_folder_is_reported(tmp_path: Path) -> None:
    """A folder that cannot be made is the folder's error."""
    (tmp_path / "file").touch()
    with pytest.raises(FolderError) as caught:
        copy_wardrobe(tmp_path / "file" / "wardrobe")
    assert caught.value.subject == tmp_path / "file" / "wardrobe"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["folder", "piece"])
def test_whatever_lies_in_place_of_a_copy_makes_way(
    tmp_path: Path, few: list[Path], place: str, kind: str
) -> None:
    """A pipe would hold the window up; nothing is written where a link leads."""
    folder = tmp_path / "data" / "wardrobe"
    folder.mkdir(parents=True)
    elsewhere = put_in_the_way(folder if place == "folder" else folder / few[0].name, kind)
    copies = copy_wardrobe(folder)
    assert [path.read_bytes() for path in copies] == [path.read_bytes() for path in few]
    assert not any(path.is_symlink() for path in (folder, *copies))
    assert elsewhere.read_bytes() == ELSEWHERE
