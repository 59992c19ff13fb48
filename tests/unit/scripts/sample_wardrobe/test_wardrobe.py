from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from fashion_finder.errors import FolderError
from fashion_finder.images.formats import is_picture_name
from sample_wardrobe import wardrobe
from sample_wardrobe.wardrobe import PIECES, draw_example, draw_wardrobe
from tests.unit.images.pictures import prepared


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The whole wardrobe, drawn once for all tests here."""
    return draw_wardrobe(tmp_path_factory.mktemp("parent") / "wardrobe")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wardrobe of three pieces, for tests that draw it themselves."""
    monkeypatch.setattr(wardrobe, "PIECES", PIECES[:3])


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_about_a_hundred_pictures(drawn: list[Path]) -> None:
    """The wardrobe has 96 to 120 pieces, each its own file, and nothing else in its folder."""
    assert 96 <= len(drawn) <= 120
    assert _names(drawn[0].parent) == {path.name for path in drawn}
    assert len(_names(drawn[0].parent)) == len(drawn)
    assert all(is_picture_name(path.name) for path in drawn)


def test_nothing_is_written_beside_the_folder(drawn: list[Path]) -> None:
    """Only the given folder is touched."""
    assert _names(drawn[0].parents[1]) == {"wardrobe"}


def test_pictures_are_small_and_readable(drawn: list[Path]) -> None:
    """Each file is a 600 x 800 picture of less than 40 KB that the program itself can read."""
    for path in drawn:
        assert path.stat().st_size < 40_000, path.name
        picture = prepared(path, preview=0)
        assert (picture.width, picture.height) == (600, 800), path.name


def test_pieces_stand_clear_of_the_border(drawn: list[Path]) -> None:
    """No drawing is cut off: the border of each picture is its bright backdrop."""
    for path in drawn:
        square = prepared(path, preview=0).square[:, 30:-30]
        border = np.concatenate([square[:3], square[-3:]]).min()
        assert border > 215, path.name


def test_variety() -> None:
    """Many kinds in many colours and patterns; every kind that is worn on the body in several."""
    kinds = {piece.shape.kind for piece in PIECES}
    assert len(kinds) >= 24
    assert len({piece.cloth.name for piece in PIECES}) >= 14
    assert len({piece.pattern for piece in PIECES}) >= 8
    for kind in ("t-shirt", "shirt", "jacket", "dress", "skirt", "trousers", "jeans", "handbag"):
        variants = [piece for piece in PIECES if piece.shape.kind == kind]
        assert len(variants) >= 4, kind
        assert len({piece.cloth.name for piece in variants}) >= 3, kind
    assert len({piece.shape.cut for piece in PIECES if piece.shape.kind == "dress"}) >= 4


def test_names_tell_what_is_shown() -> None:
    """Kind, cut, colour and pattern are in the name; plain pieces leave the last out."""
    names = {piece.file_name for piece in PIECES}
    assert {"dress-a-line-emerald-dots.jpg", "dress-a-line-emerald.jpg"} <= names


def test_pieces_differ(drawn: list[Path]) -> None:
    """No two pictures are the same."""
    assert len({sha256(path.read_bytes()).digest() for path in drawn}) == len(drawn)


def test_same_seed_same_bytes_in_another_process(drawn: list[Path]) -> None:
    """A second program draws the very same files, whatever its hash seed is."""
    code = (
        "import sys; from hashlib import sha256; from sample_wardrobe.wardrobe import PIECES\n"
        "for piece in PIECES[::30]: print(sha256(piece.picture(0)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.split() == [sha256(p.read_bytes()).hexdigest() for p in drawn[::30]]


def test_another_seed_lays_them_differently() -> None:
    """The seed changes how a piece lies."""
    assert PIECES[0].picture(0) != PIECES[0].picture(1)


@pytest.mark.usefixtures("few")
def test_existing_pictures_are_left_alone(tmp_path: Path) -> None:
    """A second call writes nothing."""
    before = [path.stat() for path in draw_wardrobe(tmp_path)]
    after = [path.stat() for path in draw_wardrobe(tmp_path)]
    assert [(s.st_ino, s.st_mtime_ns) for s in before] == [(s.st_ino, s.st_mtime_ns) for s in after]


@pytest.mark.usefixtures("few")
def test_cut_short_picture_is_drawn_again(tmp_path: Path) -> None:
    """A file that is not whole is replaced."""
    whole = draw_wardrobe(tmp_path)[1].read_bytes()
    (tmp_path / PIECES[1].file_name).write_bytes(whole[:5000])
    assert draw_wardrobe(tmp_path)[1].read_bytes() == whole


@pytest.mark.usefixtures("few")
def test_interrupted_write_leaves_nothing_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle of a file: what is there is whole, and the next call completes it."""
    really_write = Path.write_bytes

    def stop_halfway(path: Path, data: bytes) -> int:
        if PIECES[2].file_name in path.name:
            really_write(path, data[: len(data) // 2])
            raise KeyboardInterrupt
        return really_write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", stop_halfway)
        with pytest.raises(KeyboardInterrupt):
            draw_wardrobe(tmp_path)
    assert _names(tmp_path) == {piece.file_name for piece in PIECES[:2]}
    assert len(draw_wardrobe(tmp_path)) == 3
    assert _names(tmp_path) == {piece.file_name for piece in PIECES[:3]}


@pytest.mark.usefixtures("few")
def test_progress_is_told(tmp_path: Path) -> None:
    """The caller hears of each piece, and how many there are."""
    told: list[tuple[int, int]] = []
    draw_wardrobe(tmp_path, on_drawn=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.usefixtures("few")
def test_unusable_folder_is_reported(tmp_path: Path) -> None:
    """A folder that cannot be made is the folder's error."""
    (tmp_path / "file").touch()
    with pytest.raises(FolderError) as caught:
        draw_wardrobe(tmp_path / "file")
    assert caught.value.subject == tmp_path / "file"


def test_the_example_is_a_photo_of_its_own(tmp_path: Path, drawn: list[Path]) -> None:
    """A readable picture that is none of the wardrobe's, drawn once."""
    path = draw_example(tmp_path)
    assert prepared(path).width == 600
    assert path.name not in {piece.name for piece in drawn}
    assert path.read_bytes() not in {piece.read_bytes() for piece in drawn}
    before = path.stat().st_mtime_ns
    assert draw_example(tmp_path).stat().st_mtime_ns == before
