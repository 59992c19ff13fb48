"""An answer looked at closely: its details, and why it is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fashion_finder.domain import Likeness, PictureFile, Refinement, Region
from fashion_finder.engine import Engine
from fashion_finder.errors import PictureMissing
from tests.tiny_model import write_tiny_model
from tests.unit.images.pictures import encode


@pytest.fixture
def has_cells() -> bool:
    """Whether the model has local features."""
    return True


@pytest.fixture
def engine(has_cells: bool, tmp_path: Path) -> Iterator[Engine]:
    """An engine over two photos."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name, colour in (("red", (200, 40, 40)), ("blue", (40, 40, 200))):
        (photos / f"{name}.jpg").write_bytes(encode(scene(colour), "JPEG"))
    model = write_tiny_model(tmp_path / "model.onnx", cells=has_cells)
    with Engine.open(tmp_path / "data", model) as one:
        one.sync([photos])
        yield one


def scene(colour: tuple[int, int, int]) -> Image.Image:
    """A piece on white, wider than high."""
    picture = np.full((90, 150, 3), 255, np.uint8)
    picture[20:70, 40:110] = colour
    return Image.fromarray(picture)


def test_an_answer_has_details(engine: Engine, tmp_path: Path) -> None:
    """Of the file as it was indexed, and what was recognised in it."""
    path = tmp_path / "photos" / "red.jpg"
    (match, *_) = engine.find_similar(PictureFile(path)).matches
    details = engine.details(match)
    assert (details.width, details.height) == (150, 90)
    assert details.size == path.stat().st_size
    assert details.modified.timestamp() == pytest.approx(path.stat().st_mtime, abs=1e-3)
    assert [one.vocabulary for one in details.recognised] == ["type"]


def test_picture_that_is_cut_short_says_so(engine: Engine, tmp_path: Path) -> None:
    """Until its file is whole, as after a copy that is still under way."""
    path = tmp_path / "photos" / "torn.jpg"
    grain = np.random.default_rng(2).integers(0, 256, (200, 150, 3), np.uint8)
    whole = encode(Image.fromarray(grain), "JPEG", quality=90)
    path.write_bytes(whole[: int(0.96 * len(whole))])
    engine.sync([path.parent])
    (torn, *_) = engine.find_similar(PictureFile(path)).matches
    assert torn.path == path
    assert engine.details(torn).cut_short
    path.write_bytes(whole)
    engine.sync([path.parent])
    (mended, *_) = engine.find_similar(PictureFile(path)).matches
    assert mended.path == path
    assert not engine.details(mended).cut_short


def test_details_of_what_is_gone_are_refused(engine: Engine, tmp_path: Path) -> None:
    """A file that is indexed no more is named."""
    (match, *_) = engine.find_similar(PictureFile(tmp_path / "photos" / "red.jpg")).matches
    with pytest.raises(PictureMissing):
        engine.details(replace(match, path=tmp_path / "photos" / "other.jpg"))


def test_an_answer_is_explained(engine: Engine, tmp_path: Path) -> None:
    """In words, and in maps of the pictures' own shapes."""
    answer = engine.find_similar(PictureFile(tmp_path / "photos" / "red.jpg"))
    agreement = engine.explain(answer, answer.matches[0])
    assert agreement.likenesses == (
        Likeness.SAME_TYPE,
        Likeness.SIMILAR_COLOUR,
        Likeness.SIMILAR_CUT,
    )
    assert (agreement.asked == answer.preview).all()
    for heat in (agreement.asked_heat, agreement.match_heat):
        assert heat is not None
        assert heat.shape == (134, 224)  # the picture's shape in the model's square


@pytest.mark.parametrize("has_cells", [False])
def test_a_model_without_local_features_explains_in_words(engine: Engine, tmp_path: Path) -> None:
    """What it cannot show is left out."""
    answer = engine.find_similar(PictureFile(tmp_path / "photos" / "red.jpg"))
    agreement = engine.explain(answer, answer.matches[0])
    assert agreement.asked_heat is None and agreement.match_heat is None
    assert Likeness.SAME_TYPE in agreement.likenesses


def test_a_part_of_a_picture_is_explained_as_that_part(engine: Engine, tmp_path: Path) -> None:
    """What was not asked about is not shown."""
    region = Refinement(region=Region(0.2, 0.1, 0.8, 0.9))
    question = PictureFile(tmp_path / "photos" / "red.jpg")
    answer = engine.find_similar(question, refinement=region)
    agreement = engine.explain(answer, answer.matches[0])
    height, width = agreement.asked.shape[:2]
    assert (width, height) == (90, 72)


def test_a_photo_out_of_reach_is_compared_by_its_thumbnail(engine: Engine, tmp_path: Path) -> None:
    """An unplugged drive takes no explanation away."""
    question = tmp_path / "question.jpg"
    question.write_bytes(encode(scene((200, 40, 40)), "JPEG"))
    answer = engine.find_similar(PictureFile(question))
    before = engine.explain(answer, answer.matches[0])
    answer.matches[0].path.unlink()
    after = engine.explain(answer, answer.matches[0])
    assert after.likenesses == before.likenesses
