from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import read_pictures
from PIL import Image
from read_pictures import QtProcess, difference, find_files, main

from fashion_finder.images.read import read_picture
from tests.unit.images.colours import card
from tests.unit.images.pictures import encode, quarters


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures in two formats, one that is cut short, two that are refused, and a text."""
    (tmp_path / "deep").mkdir()
    photo = np.random.default_rng(4).integers(0, 256, (200, 100, 3), np.uint8)
    torn = encode(Image.fromarray(photo), "JPEG")
    for name, data in {
        "a.jpg": encode(quarters(), "JPEG", quality=95),
        "b.PNG": encode(quarters()),
        "deep/c.png": encode(quarters(300, 200)),
        "deep/torn.jpg": torn[: int(0.97 * len(torn))],
        "deep/half.jpg": torn[: len(torn) // 2],
        "text.jpg": b"plain text",
        "notes.txt": b"plain text",
    }.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_what_is_accepted_and_refused_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By reason, with counts, and on demand with the files."""
    assert main([str(folder)]) == 0
    brief = capsys.readouterr().out
    assert "     4 accepted, 3 of them compared with Qt" in brief
    assert "     1 of them are cut short" in brief
    assert "     1 refused: This picture cannot be read (the file is cut short)" in brief
    assert "     1 refused: This picture cannot be read (it is damaged, or not" in brief
    assert str(folder) not in brief
    assert main([str(folder), "--list", "--every-file"]) == 0
    listed = capsys.readouterr().out
    assert "     2 refused: This picture cannot be read (it is damaged, or not" in listed
    for name in ("deep/torn.jpg", "deep/half.jpg", "text.jpg", "notes.txt"):
        assert f"        {folder / name}\n" in listed
    assert str(folder / "a.jpg") not in listed


def test_pictures_that_look_different_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They make the program fail."""
    monkeypatch.setattr(
        QtProcess, "thumbnail", lambda self, path: np.zeros((224, 224, 3), np.uint8)
    )
    assert main([str(folder / "a.jpg"), str(folder / "b.PNG")]) == 1
    out = capsys.readouterr().out
    assert "     2 look different in Qt" in out
    assert str(folder / "a.jpg") in out


def test_no_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder, and one that is not there."""
    assert main([str(tmp_path), str(tmp_path / "missing")]) == 2
    assert "no pictures" in capsys.readouterr().err


def test_files_are_found_once(folder: Path) -> None:
    """However they are named."""
    found = find_files([folder, folder / "deep", folder / "a.jpg"], every_file=False)
    names = [str(path.relative_to(folder)) for path in found]
    assert names == ["a.jpg", "b.PNG", "deep/c.png", "deep/half.jpg", "deep/torn.jpg", "text.jpg"]


def test_second_decoder_sees_what_we_see(folder: Path) -> None:
    """Qt, in a process of its own, on the same white square; None for what it cannot read."""
    qt = QtProcess()
    try:
        for name in ("a.jpg", "b.PNG", "deep/c.png"):
            seen, ours = qt.thumbnail(folder / name), read_picture(folder / name)
            assert seen is not None
            assert not isinstance(ours, bytes)
            assert difference(seen, ours.square) < 2
        assert qt.thumbnail(folder / "text.jpg") is None
        assert qt.thumbnail(folder / "a.jpg") is not None
    finally:
        qt.close()


def test_icon_for_a_sharp_screen_is_a_picture_like_any_other(tmp_path: Path) -> None:
    """Qt takes @3x in a name as its scale."""
    path = tmp_path / "icon@3x.png"
    path.write_bytes(encode(quarters()))
    qt = QtProcess()
    try:
        seen, ours = qt.thumbnail(path), read_picture(path)
        assert seen is not None
        assert not isinstance(ours, bytes)
        assert difference(seen, ours.square) < 2
    finally:
        qt.close()


def test_second_decoder_that_dies_is_started_again(folder: Path) -> None:
    """A file that it cannot survive costs that file its second opinion."""
    qt = QtProcess()
    try:
        assert qt.thumbnail(folder / "a.jpg") is not None
        process = qt._process
        assert process is not None
        process.kill()
        process.join()
        assert qt.thumbnail(folder / "a.jpg") is None
        assert qt.thumbnail(folder / "a.jpg") is not None
    finally:
        qt.close()


def test_difference_is_of_what_the_eye_sees() -> None:
    """Colours count, the finest detail does not."""
    square = np.full((224, 224, 3), 255, np.uint8)
    square[:96] = card()[:, :224]
    assert difference(square, square) == 0
    brighter = np.clip(square.astype(int) + 10, 0, 255).astype(np.uint8)
    assert 1 < difference(square, brighter) < 10
    fine = np.indices((224, 224)).sum(axis=0) % 2 * 255
    shifted = np.roll(fine, 1, axis=0)
    one, other = (
        np.repeat(each[..., None], 3, axis=2).astype(np.uint8) for each in (fine, shifted)
    )
    assert difference(one, other) < 6
    assert read_pictures.BOUND >= 6
