"""Static quantisation of a converted graph: int8 weights of 7 bits per channel, uint8 activations.

Weights stay within -64..64 ("reduced range"), so that the sum of two products of a uint8 and a weight
fits int16: processors without VNNI (AVX2) multiply in pairs that would saturate otherwise, and give
other answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from fashion_training.folding import FLOAT_SCOPE

PictureArray = NDArray[np.uint8]
#: Magnitude of the largest weight: 7 bits with the sign.
LARGEST_WEIGHT = 64
QUANTISED_OPERATORS = ("Conv", "Relu", "Add", "MaxPool", "AveragePool")


class Photos(CalibrationDataReader):
    """Hands the photos to the calibration one batch at a time."""

    def __init__(self, pictures: Sequence[PictureArray], batch: int = 1) -> None:
        self._batches: Iterator[PictureArray] = iter(
            [np.stack(pictures[i : i + batch]) for i in range(0, len(pictures), batch)]
        )

    def get_next(self) -> dict[str, PictureArray] | None:
        """Return the next batch, or None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {"image": batch}


def split_shared_additions(model: onnx.ModelProto) -> int:
    """Give an addition that feeds both a ReLU and the stream one node for each; returns how many.

    onnxruntime then runs either as one integer operation with a range of its own, ReLU included.
    The operands are swapped in the twin, or the runtime would merge both again.
    """
    consumers: defaultdict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            consumers[name].append(node)
    twins = []
    for place, node in enumerate(model.graph.node):
        users = consumers[node.output[0]]
        relus = [user for user in users if user.op_type == "Relu"]
        if node.op_type != "Add" or not relus or len(users) == len(relus):
            continue
        twin = onnx.helper.make_node(
            "Add", list(node.input)[::-1], [f"{node.output[0]}_active"], f"{node.name}_active"
        )
        for relu in relus:
            relu.input[0] = twin.output[0]
        twins.append((place, twin))
    for place, twin in reversed(twins):
        model.graph.node.insert(place + 1, twin)
    return len(twins)


def not_quantised(model: onnx.ModelProto) -> list[str]:
    """Name the nodes that stay float: before the first convolution, bins and gate, the heads.

    The bins are where exact colours are read: they take a hundredth of the arithmetic.
    A head that reads several layers at once stays float whole: their channels differ too much in
    size for one quantisation step. So does all that follows the averages: it is small, and what
    similarity is computed from.
    """
    producers = {name: node for node in model.graph.node for name in node.output}
    integer: set[str] = set()
    left_out = []
    for node in model.graph.node:
        fed = [producers[name] for name in node.input if name in producers]
        if f"{FLOAT_SCOPE}/" in node.name:
            suits = False
        elif node.op_type == "Conv":
            suits = all(source.op_type != "Concat" for source in fed)
        else:
            suits = bool(fed) and all(source.name in integer for source in fed)
        if node.op_type in QUANTISED_OPERATORS and suits:
            integer.add(node.name)
        else:
            left_out.append(node.name)
    return left_out


def correct_biases(source: Path, destination: Path, pictures: Sequence[PictureArray]) -> None:
    """Write a model whose biases lack what rounding the weights will add on average.

    A rounded weight errs by the same amount at every place of every picture; on the activations' mean
    (and most of a catalogue photo is one white backdrop) that is a constant per output channel:
    the sum over inputs of the weight's error times the input's mean. Convolutions that stay float
    keep their biases.
    """
    model = onnx.load(str(source))
    arrays = {array.name: array for array in model.graph.initializer}
    exact = set(not_quantised(model))
    convolutions = [
        node for node in model.graph.node if node.op_type == "Conv" and node.name not in exact
    ]
    means = _channel_means(model, [node.input[0] for node in convolutions], pictures)
    for node in convolutions:
        weight = onnx.numpy_helper.to_array(arrays[node.input[1]]).astype(np.float64)
        bias = np.zeros(len(weight))
        if len(node.input) > 2:
            bias += onnx.numpy_helper.to_array(arrays[node.input[2]])
        error = rounded(weight) - weight
        shift = np.einsum("oihw,i->o", error, means[node.input[0]])
        corrected = onnx.numpy_helper.from_array(
            (bias - shift).astype(np.float32), f"{node.name}_corrected"
        )
        model.graph.initializer.append(corrected)
        former = list(node.input[2:])
        del node.input[2:]
        node.input.append(corrected.name)
        for name in former:
            model.graph.initializer.remove(arrays[name])
    onnx.save(model, str(destination))


def rounded(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights [out, in, h, w] as 7 bits per output channel can hold them."""
    largest = np.abs(weight).max(axis=(1, 2, 3), keepdims=True)
    step = np.maximum(largest, 1e-12) / LARGEST_WEIGHT
    return np.clip(np.rint(weight / step), -LARGEST_WEIGHT, LARGEST_WEIGHT) * step


def _channel_means(
    model: onnx.ModelProto, tensors: Sequence[str], pictures: Sequence[PictureArray]
) -> dict[str, NDArray[np.float64]]:
    """Average tensors [N, C, h, w] over pictures and places: each to [C]."""
    measured = onnx.ModelProto()
    measured.CopyFrom(model)
    names = list(dict.fromkeys(tensors))
    for name in names:
        out = f"{name}_mean"
        node = onnx.helper.make_node("ReduceMean", [name], [out], axes=[0, 2, 3], keepdims=0)
        measured.graph.node.append(node)
        measured.graph.output.append(
            onnx.helper.make_tensor_value_info(out, onnx.TensorProto.FLOAT, None)
        )
    session = onnxruntime.InferenceSession(
        measured.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    batches = [pictures[i : i + 16] for i in range(0, len(pictures), 16)]
    total = {name: 0.0 * np.zeros(1) for name in names}
    for batch in batches:
        found = session.run([f"{name}_mean" for name in names], {"image": np.stack(batch)})
        for name, mean in zip(names, found, strict=True):
            total[name] = total[name] + mean.astype(np.float64) * len(batch) / len(pictures)
    return total


def first_nodes(model: onnx.ModelProto, convolutions: int) -> list[str]:
    """Name the nodes up to and with so many convolutions, the float part not counted."""
    names: list[str] = []
    left = convolutions
    for node in model.graph.node:
        if f"{FLOAT_SCOPE}/" in node.name:
            continue
        if node.op_type == "Conv":
            if not left:
                return names
            left -= 1
        names.append(node.name)
    return names


def quantise(
    source: Path,
    destination: Path,
    pictures: Sequence[PictureArray],
    method: CalibrationMethod = CalibrationMethod.MinMax,
    left_float: Sequence[str] = (),
    *,
    mean_of_extremes: bool = True,
) -> None:
    """Write the int8 form of a float model, calibrated on prepared photos.

    Nodes named in ``left_float`` stay float besides those that always do. With the defaults, the
    range of a tensor is the mean over photos of each photo's extremes: the extremes of all
    photos together give so coarse a step that the answers lose more than by clipping the few
    largest values (measured: 1 - cosine to the float form is halved).
    """
    quantize_static(
        str(source),
        str(destination),
        Photos(pictures),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=list(QUANTISED_OPERATORS),
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[*not_quantised(onnx.load(str(source))), *left_float],
        calibrate_method=method,
        extra_options={"CalibMovingAverage": mean_of_extremes},
    )


def widest_weights(model: onnx.ModelProto) -> Iterable[tuple[str, int]]:
    """Yield the name and largest magnitude of every int8 array of more than one dimension."""
    for array in model.graph.initializer:
        if array.data_type == onnx.TensorProto.INT8 and len(array.dims) > 1:
            values = onnx.numpy_helper.to_array(array).astype(np.int16)
            yield array.name, int(np.abs(values).max())
