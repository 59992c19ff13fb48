"""The shipped model's integer sums are the same on processors with and without VNNI."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from fashion_finder.images.preprocess import prepare_square
from tests.pictures import draw
from tests.unit.training.integer_sums import INT16, exact_sums, paired_sums, patches, worst_pair

MODEL = Path(__file__).parents[3] / "models" / "resnet50_embed.onnx"
#: Places of each convolution's output at which its sums are taken.
PLACES = 3


@dataclass(frozen=True, slots=True)
class Convolution:
    """A quantised convolution: its weights and the name of the bytes that it multiplies."""

    name: str
    weights: np.ndarray  # int8 [outputs, inputs, h, w]
    bytes_name: str
    zero: int
    stride: int
    padding: int


def convolutions(model: onnx.ModelProto) -> Iterator[Convolution]:
    """List the convolutions whose weights and inputs are both integers."""
    arrays = {array.name: array for array in model.graph.initializer}
    restored = {n.output[0]: n for n in model.graph.node if n.op_type == "DequantizeLinear"}
    for node in model.graph.node:
        if node.op_type != "Conv" or not {node.input[0], node.input[1]} <= set(restored):
            continue
        left, right = restored[node.input[0]], restored[node.input[1]]
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        yield Convolution(
            name=node.name,
            weights=onnx.numpy_helper.to_array(arrays[right.input[0]]),
            bytes_name=left.input[0],
            zero=int(onnx.numpy_helper.to_array(arrays[left.input[2]])),
            stride=attributes.get("strides", [1])[0],
            padding=attributes.get("pads", [0])[0],
        )


@pytest.fixture(scope="module")
def model() -> onnx.ModelProto:
    """Read the file once."""
    return onnx.load(str(MODEL))


@pytest.fixture(scope="module")
def activations(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Run a drawn picture and keep the bytes that enter each convolution, [C, h, w]."""
    opened = onnx.ModelProto()
    opened.CopyFrom(model)
    names = sorted({one.bytes_name for one in convolutions(model)} - {"image"})
    for name in names:
        opened.graph.output.append(
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.UINT8, None)
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(
        opened.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    picture = prepare_square(draw("dress", "mustard"))[None]
    found = session.run(names, {"image": picture})
    return {name: values[0] for name, values in zip(names, found, strict=True)}


def test_emulation_saturates_where_the_processor_does() -> None:
    """255 x 127 twice is 64,770 with VNNI and 32,767 without; the same downwards."""
    full = np.array([[255, 255, 3]], np.uint8)
    eight_bits = np.array([[127, 127, 2], [-128, -128, 2], [127, -128, 2]], np.int8)
    assert exact_sums(full, eight_bits).tolist() == [[64776, -65274, -249]]
    assert paired_sums(full, eight_bits).tolist() == [[32773, -32762, -249]]
    assert worst_pair(eight_bits) == 2 * 255 * 128
    seven_bits = np.array([[64, 64, 2], [-64, -64, 2]], np.int8)
    assert paired_sums(full, seven_bits).tolist() == exact_sums(full, seven_bits).tolist()
    assert worst_pair(seven_bits) == 32640 <= INT16.max


def test_no_pair_can_saturate_whatever_the_picture(model: onnx.ModelProto) -> None:
    """Even two inputs of 255 on the two largest weights of an output stay within int16."""
    found = list(convolutions(model))
    assert len(found) >= 50
    for one in found:
        assert worst_pair(one.weights.reshape(len(one.weights), -1)) <= INT16.max, one.name


def test_sums_of_a_real_picture_are_equal(
    model: onnx.ModelProto, activations: dict[str, np.ndarray]
) -> None:
    """Every integer convolution, on what a drawn dress sends into it; not with weights of 8 bits."""
    draw_places = np.random.default_rng(0)
    differing = 0
    for one in convolutions(model):
        picture, weights = activations[one.bytes_name], one.weights
        assert picture.dtype == np.uint8, one.name
        size = weights.shape[2]
        room = (picture.shape[1] + 2 * one.padding - size) // one.stride + 1
        places = draw_places.integers(room, size=(PLACES, 2))
        seen = patches(picture, size, one.stride, one.padding, one.zero, places)
        flat = weights.reshape(len(weights), -1)
        exact = exact_sums(seen, flat)
        assert np.array_equal(paired_sums(seen, flat), exact), one.name
        # The same weights on a scale of 8 bits, and every input as bright as it can be.
        twice = np.clip(flat.astype(np.int16) * 2, -128, 127).astype(np.int8)
        full = np.full_like(seen[:1], 255)
        differing += not np.array_equal(paired_sums(full, twice), exact_sums(full, twice))
    assert differing >= 40
