"""Refined questions: a part of a picture, other weights, a colour, examples."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from fashion_finder.domain import Closeness, PictureData, PictureFile, Refinement, Region
from fashion_finder.engine import Engine
from fashion_finder.errors import PictureMissing
from fashion_finder.search.exact import Neighbours
from fashion_finder.search.query_vector import DOUBLINGS
from fashion_finder.search.snapshot import Snapshot
from tests.pictures import COLOURS, SHAPES, draw, draw_folder, jpeg
from tests.tiny_model import metadata, tiny_model

CUT, COLOUR = (("style", 1.0), ("colour", 0.0)), (("style", 0.0), ("colour", 1.0))
QUESTION = PictureData(jpeg(draw("dress", "red", mark=5)))
WORDS = ["Red", "Green", "Blue"]


def naming_model(path: Path) -> Path:
    """The tiny model with a head for colour names: the inner product with red, green and blue."""
    document = metadata(
        vocabularies={"type": ["bright", "dark"], "colour_name": WORDS},
        temperatures={"type": 2.0, "colour_name": 0.1},
    )
    model = tiny_model(document)
    head = np.zeros((4, 3), np.float32)
    head[:3] = np.eye(3)
    model.graph.initializer.append(numpy_helper.from_array(head, "head"))
    model.graph.node.append(helper.make_node("MatMul", ["colour", "head"], ["colour_name"]))
    model.graph.output.append(
        helper.make_tensor_value_info("colour_name", TensorProto.FLOAT, ["N", 3])
    )
    onnx.checker.check_model(model)
    assert json.loads(model.metadata_props[0].value)["vocabularies"]["colour_name"] == WORDS
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A real engine over every shape in every colour."""
    with Engine.open(tmp_path / "data", naming_model(tmp_path / "model.onnx")) as opened:
        draw_folder(tmp_path / "photos", len(SHAPES) * len(COLOURS))
        opened.sync([tmp_path / "photos"])
        yield opened


def names(engine: Engine, refinement: Refinement, question: PictureData = QUESTION) -> list[str]:
    """The first four answers, such as ``dress-red``."""
    found = engine.find_similar(question, 4, refinement=refinement).matches
    return ["-".join(match.path.stem.split("-")[:2]) for match in found]


def test_same_cut_answers_with_the_shape_in_any_colour(engine: Engine) -> None:
    """All weight on the style."""
    assert all(name.startswith("dress") for name in names(engine, Refinement(weights=CUT)))


def test_same_colour_answers_with_any_shape_in_the_colour(engine: Engine) -> None:
    """All weight on the colour."""
    assert all(name.endswith("red") for name in names(engine, Refinement(weights=COLOUR)))


def test_other_weights_are_searched_more_broadly(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph links by the model's own weights."""
    efforts = []
    nearest = Snapshot.nearest

    def watched(*arguments: Any, **options: Any) -> Neighbours:
        efforts.append(options.get("effort", 1))
        return nearest(*arguments, **options)

    monkeypatch.setattr(Snapshot, "nearest", watched)
    own = {part.name: part.weight for part in engine.info.parts}
    names(engine, Refinement(weights=tuple(own.items())))
    names(engine, Refinement(weights=CUT))
    farthest = math.ceil(DOUBLINGS * (1 - own["style"]))
    assert efforts == [1, 2 ** min(3, farthest)]
    assert efforts[1] > 1


def test_a_part_of_the_picture_is_asked_about(engine: Engine) -> None:
    """Of two pieces side by side, the one in the box."""
    both = Image.new("RGB", (600, 400), "white")
    both.paste(draw("bag", "blue"), (0, 0))
    both.paste(draw("dress", "green"), (300, 0))
    question = PictureData(jpeg(both))
    left, right = Region(0.0, 0.0, 0.5, 1.0), Region(0.5, 0.0, 1.0, 1.0)
    assert names(engine, Refinement(region=left), question)[0] == "bag-blue"
    assert names(engine, Refinement(region=right), question)[0] == "dress-green"


def test_another_colour_is_named(engine: Engine) -> None:
    """This cut, in green."""
    assert names(engine, Refinement(colour="Green"))[0] == "dress-green"


def test_another_colour_is_shown(engine: Engine) -> None:
    """This cut, in that blue; the colour comes from the eyedropper."""
    assert names(engine, Refinement(colour=(40, 90, 190)))[0] == "dress-blue"


def test_a_colour_that_the_model_does_not_name_changes_nothing(engine: Engine) -> None:
    """An old question may name a word of another model."""
    assert names(engine, Refinement(colour="Ultraviolet")) == names(engine, Refinement())


@pytest.mark.parametrize(
    "refinement, judged",
    [
        (Refinement(), True),
        (Refinement(weights=CUT), False),
        (Refinement(colour="Green"), False),
        (Refinement(region=Region(0.1, 0.1, 0.9, 0.9), colour=(40, 90, 190)), False),
    ],
)
def test_only_what_was_measured_is_judged(
    engine: Engine, refinement: Refinement, judged: bool
) -> None:
    """The bounds hold for the model's own weights; elsewhere nobody can say what is close."""
    found = engine.find_similar(QUESTION, 20, refinement=refinement)
    unjudged = [match.closeness is Closeness.UNJUDGED for match in found.matches]
    assert unjudged == [not judged] * 20
    assert judged or not found.nothing_close


def test_a_part_is_told_to_be_close_but_never_far(engine: Engine) -> None:
    """The first of all pieces has the box around it; of the last nothing is said."""
    around = Refinement(region=Region(0.05, 0.05, 0.95, 0.95))
    plain = engine.find_similar(QUESTION, 20).matches
    found = engine.find_similar(QUESTION, 20, refinement=around)
    words = {match.closeness for match in found.matches}
    assert Closeness.DISSIMILAR in {match.closeness for match in plain}
    assert found.matches[0].closeness in (Closeness.SAME_PIECE, Closeness.VERY_SIMILAR)
    assert found.matches[-1].closeness is Closeness.UNJUDGED
    assert not words & {Closeness.SIMILAR, Closeness.DISSIMILAR}


@pytest.mark.parametrize("harm", ["not an array", "of another shape", "not a number"])
def test_directions_are_kept_and_made_again_when_damaged(
    engine: Engine, tmp_path: Path, harm: str
) -> None:
    """The file is derived: losing it costs a second, not the answer."""
    wanted = names(engine, Refinement(colour="Green"))
    (kept,) = (tmp_path / "data" / "index").glob("colours-*.npy")
    if harm == "not an array":
        kept.write_bytes(b"not an array")
    elif harm == "of another shape":
        np.save(kept, np.ones((2, 4), np.float32))
    else:
        np.save(kept, np.full((3, 4), np.nan, np.float32))
    engine.close()
    with Engine.open(tmp_path / "data", tmp_path / "model.onnx") as again:
        assert names(again, Refinement(colour="Green")) == wanted
        assert np.load(kept).shape == (3, 4)


def test_more_and_less_like_this(engine: Engine) -> None:
    """Marked answers pull and push."""
    everything = engine.find_similar(QUESTION, 20).matches
    bag = next(one for one in everything if one.path.name.startswith("bag-blue"))
    hat = next(one for one in everything if one.path.name.startswith("hat-red"))

    def place(refinement: Refinement, of: str) -> int:
        found = engine.find_similar(QUESTION, 20, refinement=refinement).matches
        return [match.path.name for match in found].index(of)

    plain = Refinement()
    liked = Refinement(more_like=(bag.content,))
    disliked = Refinement(less_like=(hat.content,))
    assert place(liked, bag.path.name) < place(plain, bag.path.name)
    assert place(disliked, hat.path.name) > place(plain, hat.path.name)


def test_a_question_is_read_once(engine: Engine, tmp_path: Path) -> None:
    """What was read for the first answer serves the next ones, whatever becomes of the file."""
    path = tmp_path / "question.jpg"
    path.write_bytes(QUESTION.data)
    first = engine.find_similar(PictureFile(path))
    path.unlink()
    half = Refinement(region=Region(0.0, 0.0, 1.0, 0.5))
    again = engine.find_similar(PictureFile(path), refinement=half, picture=first.picture)
    assert again.refinement == half
    assert again.matches != first.matches
    with pytest.raises(PictureMissing):
        engine.find_similar(PictureFile(path))
