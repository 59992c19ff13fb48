"""The shipped model sees drawn pieces as a person does, and a broken export would not."""

from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from evaluation.model_file import ModelFile
from fashion_finder.images.preprocess import prepare_square
from sample_wardrobe.wardrobe import PIECES, example
from tests.unit.training.drawn_gate import Prepare, Square, faults, see

MODEL = Path(__file__).parents[3] / "models" / "resnet50_embed.onnx"


def blue_first(picture: Image.Image) -> Square:
    """Hand the channels over in OpenCV's order."""
    return prepare_square(picture)[..., ::-1]


def channels_rolled(picture: Image.Image) -> Square:
    """Hand the channels over shuffled."""
    return prepare_square(picture)[..., [1, 2, 0]]


def planes_first(picture: Image.Image) -> Square:
    """Hand over planes of channels as if they were pixels."""
    return prepare_square(picture).transpose(2, 0, 1).reshape(224, 224, 3)


def stretched(picture: Image.Image) -> Square:
    """Make the picture square by stretching it."""
    return np.asarray(picture.resize((224, 224), Image.Resampling.BICUBIC))


def cropped(picture: Image.Image) -> Square:
    """Make the picture square by cutting off its ends."""
    top = (picture.height - picture.width) // 2
    middle = picture.crop((0, top, picture.width, top + picture.width))
    return np.asarray(middle.resize((224, 224), Image.Resampling.BICUBIC))


@pytest.fixture(scope="module")
def model() -> ModelFile:
    """Open the shipped model once."""
    return ModelFile.open(MODEL, 2)


def test_the_shipped_model_knows_its_neighbours(model: ModelFile) -> None:
    """Pieces are found again, cuts by style, colours by colour, and named; nothing is cut off."""
    assert faults(see(model)) == []


def test_the_example_question_finds_its_dress(model: ModelFile) -> None:
    """The first answer that a new user sees is the very piece, and is called very similar."""
    dresses = [piece for piece in PIECES if piece.shape.kind == "dress"]
    drawn = [example()]
    drawn += [piece.picture(seed) for seed, piece in enumerate(dresses)]
    squares = np.stack([prepare_square(Image.open(BytesIO(data))) for data in drawn])
    vectors = np.concatenate(
        [model.run(squares[[row]], False)["embedding"] for row in range(len(drawn))]
    )
    similar = vectors[1:] @ vectors[0]
    assert dresses[int(similar.argmax())].file_name == "dress-a-line-emerald-dots.jpg"
    assert similar.max() >= model.document["closeness"]["very_similar"]


@pytest.mark.parametrize(
    "prepare,fault",
    [
        (blue_first, "name"),
        (channels_rolled, "name"),
        (planes_first, "colour"),
        (stretched, "whole"),
        (cropped, "whole"),
    ],
)
def test_another_preprocessing_is_noticed(model: ModelFile, prepare: Prepare, fault: str) -> None:
    """Swapped or shuffled channels, and any resize but the one that keeps the whole picture."""
    assert any(line.startswith(fault) for line in faults(see(model, prepare)))


def test_shuffled_weights_are_noticed(tmp_path: Path) -> None:
    """A convolution whose outputs come in another order, as after a bad conversion.

    An early one: the network makes up for one of the later ones, whose units add little each.
    """
    proto = onnx.load(str(MODEL))
    kernels = [
        array
        for array in proto.graph.initializer
        if array.data_type == onnx.TensorProto.INT8 and len(array.dims) == 4
    ]
    kernel = kernels[len(kernels) // 4]
    values = onnx.numpy_helper.to_array(kernel)
    kernel.CopyFrom(onnx.numpy_helper.from_array(np.roll(values, 1, axis=0).copy(), kernel.name))
    path = tmp_path / "shuffled.onnx"
    onnx.save(proto, str(path))
    assert faults(see(ModelFile.open(path, 2))) != []
