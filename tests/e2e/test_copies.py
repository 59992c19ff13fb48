"""A changed copy of an indexed photo finds its original first."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine

pytestmark = pytest.mark.e2e

Change = Callable[[Path, Path], None]


def recompress(source: Path, target: Path) -> None:
    """As a messenger does: smaller, and at low quality."""
    with Image.open(source) as picture:
        half = picture.resize((picture.width // 2, picture.height // 2))
        half.save(target, "JPEG", quality=35)


def crop(source: Path, target: Path) -> None:
    """A hurried screenshot: a twentieth is missing on each side."""
    with Image.open(source) as picture:
        x, y = picture.width // 20, picture.height // 20
        picture.crop((x, y, picture.width - x, picture.height - y)).save(target, "PNG")


def turn(source: Path, target: Path) -> None:
    """As a phone held sideways stores it: turned pixels, and a note how to turn them back."""
    with Image.open(source) as picture:
        exif = Image.Exif()
        exif[0x0112] = 6  # to be shown turned a quarter clockwise
        turned = picture.transpose(Image.Transpose.ROTATE_90)
        turned.save(target, "JPEG", quality=90, exif=exif)


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory, model: Path, indexed: Path
) -> Iterator[Engine]:
    """The real engine with the sample wardrobe indexed."""
    data = tmp_path_factory.mktemp("copies") / "data"
    shutil.copytree(indexed, data)
    with Engine.open(data, model) as engine:
        yield engine


@pytest.mark.parametrize("change", [recompress, crop, turn])
@pytest.mark.parametrize("number", range(3))
def test_a_changed_copy_finds_its_original_first(
    engine: Engine, wardrobe: Path, tmp_path: Path, change: Change, number: int
) -> None:
    """Other bytes, the same piece."""
    original = sorted(wardrobe.iterdir())[number * 47 + 3]
    copy = tmp_path / ("copy.png" if change is crop else "copy.jpg")
    change(original, copy)
    answer = engine.find_similar(PictureFile(copy), apart=True)
    assert answer.itself is None
    assert answer.matches[0].path == original
