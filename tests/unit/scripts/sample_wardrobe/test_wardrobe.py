"""What is drawn, and that the pictures in the package are what is drawn today."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from fashion_finder.sample import EXAMPLE, pictures
from sample_wardrobe import __main__ as program
from sample_wardrobe.wardrobe import PIECES, Piece, example
from tests.unit.images.pictures import prepared

DRAWN_AGAIN = PIECES[::17]  # eight of them: drawing all takes 15 seconds
TOLERANCE = 1.0  # levels in the mean: another libjpeg or Pillow rounds otherwise


def _pixels(data: bytes) -> npt.NDArray[np.int16]:
    with Image.open(BytesIO(data)) as picture:
        return np.asarray(picture, np.int16)


def test_every_piece_is_shipped_under_its_name() -> None:
    """And nothing else is."""
    assert {path.name for path in pictures()} == {piece.file_name for piece in PIECES}
    assert len(pictures()) == len(PIECES)


@pytest.mark.parametrize("piece", DRAWN_AGAIN, ids=lambda piece: piece.file_name)
def test_the_shipped_pictures_are_those_drawn_today(piece: Piece) -> None:
    """Whoever changes the drawing runs make sample."""
    shipped = next(path for path in pictures() if path.name == piece.file_name)
    difference = np.abs(_pixels(shipped.read_bytes()) - _pixels(piece.picture()))
    assert difference.mean() < TOLERANCE


def test_the_shipped_question_is_the_one_drawn_today() -> None:
    """The example is drawn along with the pieces."""
    assert np.abs(_pixels(EXAMPLE.read_bytes()) - _pixels(example())).mean() < TOLERANCE


def test_pieces_stand_clear_of_the_border() -> None:
    """No drawing is cut off: the border of each picture is its bright backdrop."""
    for path in pictures():
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


def test_same_seed_same_bytes_in_another_process() -> None:
    """A second program draws the very same files, whatever its hash seed is."""
    code = (
        "from hashlib import sha256; from sample_wardrobe.wardrobe import PIECES\n"
        "for piece in PIECES[::30]: print(sha256(piece.picture()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.split() == [sha256(p.picture()).hexdigest() for p in PIECES[::30]]


def test_another_seed_lays_them_differently() -> None:
    """The seed changes how a piece lies."""
    assert PIECES[0].picture(0) != PIECES[0].picture(1)


def test_drawing_anew_leaves_only_what_was_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece that the wardrobe no longer has is removed; the question lies beside the pieces."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "old.jpg").touch()
    monkeypatch.setattr(program, "PIECES", PIECES[:1])
    monkeypatch.setattr(sys, "argv", ["sample_wardrobe", str(tmp_path)])
    assert program.main() == 0
    drawn = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.jpg")}
    assert drawn == {Path("pictures") / PIECES[0].file_name, Path(EXAMPLE.name)}
