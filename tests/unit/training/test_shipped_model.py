"""What can be said of the shipped model file without running it."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from fashion_finder.embedding.first_format import as_second_format
from fashion_training.metadata import METADATA_KEY, check_document

MODEL = Path(__file__).parents[3] / "models" / "resnet50_embed.onnx"
#: The largest magnitude of a weight of 7 bits.
LARGEST_WEIGHT = 64
#: Processors without VNNI add two products of a uint8 and a weight in an int16, which saturates.
LARGEST_PAIR = np.iinfo(np.int16).max


@pytest.fixture(scope="module")
def model() -> onnx.ModelProto:
    """Read the file once."""
    return onnx.load(str(MODEL))


def integer_weights(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Return the int8 weights of every quantised convolution, by the name of their array."""
    arrays = {array.name: array for array in model.graph.initializer}
    restored = {
        n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "DequantizeLinear"
    }
    weights = {}
    for node in model.graph.node:
        name = restored.get(node.input[1], "") if node.op_type == "Conv" else ""
        if name:
            weights[name] = onnx.numpy_helper.to_array(arrays[name])
    return weights


def test_weights_have_seven_bits(model: onnx.ModelProto) -> None:
    """No pair of products can saturate int16, so AVX2 and VNNI give the same sums."""
    weights = integer_weights(model)
    assert len(weights) >= 54
    for name, values in weights.items():
        assert values.dtype == np.int8, name
        assert 2 * 255 * int(np.abs(values.astype(np.int16)).max()) <= LARGEST_PAIR, name
    # 7 bits are used, not fewer: every array reaches its limit in some channel.
    assert all(
        np.abs(values.astype(np.int16)).max() == LARGEST_WEIGHT for values in weights.values()
    )


def test_most_of_the_file_is_integer(model: onnx.ModelProto) -> None:
    """The large convolutions were not left in float, and the file is far below its limit."""
    whole = sum(values.size for values in integer_weights(model).values())
    assert whole > 23_000_000
    assert MODEL.stat().st_size < 30_000_000


def test_the_document_is_complete(model: onnx.ModelProto) -> None:
    """The metadata obeys the contract, and the outputs are the contract's."""
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert list(properties) == [METADATA_KEY]
    sizes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    }
    document = as_second_format(json.loads(properties[METADATA_KEY]))
    check_document(document, sizes["embedding"][1])
    assert sizes["image"] == [0, 224, 224, 3]
    assert sizes["local"] == [0, 7, 7, sizes["embedding"][1]]
    for name, words in document["vocabularies"].items():
        assert sizes[name] == [0, len(words)]
    assert document["source"] == "fashion"
    assert {entry.domain for entry in model.opset_import} <= {"", "ai.onnx"}
