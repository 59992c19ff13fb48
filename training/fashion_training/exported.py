"""Reads a file that ``export_onnx.py --source fashion`` wrote back into the trainer's network.

The exporter folds every batch norm into its neighbours (``folding.py``). Here each becomes one with
a scale of 1 and the folded bias as its shift, so that the network computes what the file does, up
to the rounding of its activations; training can go on from there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from fashion_training.folding import BATCH_NORM_EPSILON, FLOAT_SCOPE, STAGE_UNITS
from fashion_training.metadata import METADATA_KEY
from fashion_training.network import (
    COLOUR_FEATURES,
    IMAGENET_MEAN,
    IMAGENET_STD,
    PIXEL_BINS,
    STAGE_CHANNELS,
)
from fashion_training.parts import FEATURES, NAMED_BY, READS

Array = NDArray[np.float32]
#: The tag scores' matrices in the file: output name and the checkpoint's name.
WORDS = {
    "type": "top.type_words",
    "colour_name": "top.colour_words",
    "gender": "top.gender_words",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One convolution as the file computes it: weight [out, in, h, w] and bias [out]."""

    weight: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Exported:
    """A trainer's state and the document that the file carries about itself."""

    state: Mapping[str, Array]
    document: Mapping[str, Any]


def read_exported(path: Path) -> Exported:
    """Read a fashion model; raises ValueError when its graph is not the exporter's."""
    model = onnx.load(str(path))
    constants = _constants(model)
    trunk: list[Layer] = []
    parts: list[Layer] = []
    for node in model.graph.node:
        if node.op_type == "Conv":
            (parts if f"{FLOAT_SCOPE}/" in node.name else trunk).append(_layer(node, constants))
    if not parts:  # before the gate: two heads, last
        trunk, parts = trunk[:-2], trunk[-2:]
    expected = 2 + sum(3 * units + 1 for units in STAGE_UNITS)
    if len(trunk) != expected:
        raise ValueError(f"{path}: {len(trunk)} convolutions, a fashion model has {expected}")
    state = dict(_stem(trunk[:2], _entry(model, constants)))
    left = iter(trunk[2:])
    shift = np.zeros(0, dtype=np.float32)
    for number, units in enumerate(STAGE_UNITS, start=1):
        for unit in range(1, units + 1):
            count = 4 if unit == 1 else 3
            shift = _fill_unit(state, number, unit, [next(left) for _ in range(count)], shift)
    state.update(_norm("top.final_bn", shift))
    state.update(_heads(path, parts))
    three = "parts.cut.weight" in state
    names = {name: f"words.{name}" for name in NAMED_BY} if three else WORDS
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.output[0] in names:
            state[names[node.output[0]]] = constants[node.input[1]].T
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    return Exported(state, json.loads(metadata[METADATA_KEY]))


def _layer(node: onnx.NodeProto, constants: Mapping[str, Array]) -> Layer:
    weight = constants[node.input[1]]
    bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight))
    return Layer(weight, np.asarray(bias, dtype=np.float32))


def _heads(path: Path, parts: Sequence[Layer]) -> Iterator[tuple[str, Array]]:
    """Yield the heads, and where the file has them the gate and the pixels' bins.

    They are told by how many channels they read.
    """
    reading = {layer.weight.shape[1]: layer for layer in parts}
    if len(parts) == len(READS) + 3:
        for name, (start, stop) in READS.items():
            layer = reading[stop - start]
            weight = np.zeros((len(layer.bias), FEATURES), dtype=np.float32)
            weight[:, start:stop] = layer.weight[:, :, 0, 0]
            yield f"parts.{name}.weight", weight
            yield f"parts.{name}.bias", layer.bias
        yield from _gate_and_bins(reading)
        return
    style = reading[STAGE_CHANNELS[3]]
    yield "top.style.weight", style.weight[:, :, 0, 0]
    yield "top.style.bias", style.bias
    colour = reading[max(reading)]
    matrix = colour.weight[:, :, 0, 0]
    yield "top.colour.weight", matrix[:, :COLOUR_FEATURES]
    yield "top.colour.bias", colour.bias
    yield from _norm("top.colour_norm", np.zeros(COLOUR_FEATURES, dtype=np.float32))
    if len(parts) == 2:
        return
    if len(parts) != 5:
        raise ValueError(f"{path}: {len(parts)} layers beside the trunk, 5 were expected")
    yield "top.colour_of_bins.weight", matrix[:, COLOUR_FEATURES:]
    yield from _gate_and_bins(reading)


def _gate_and_bins(reading: Mapping[int, Layer]) -> Iterator[tuple[str, Array]]:
    yield "top.gate.weight", reading[STAGE_CHANNELS[2]].weight
    yield "top.gate.bias", reading[STAGE_CHANNELS[2]].bias
    std = np.array(IMAGENET_STD, dtype=np.float32)
    hidden, bins = reading[3], reading[PIXEL_BINS // 2]
    weight = hidden.weight * (255 * std)[:, None, None]
    yield "top.pixels.hidden.weight", weight
    mean = np.array(IMAGENET_MEAN, dtype=np.float32)
    yield "top.pixels.hidden.bias", hidden.bias + weight[:, :, 0, 0] @ (mean / std)
    yield "top.pixels.bins.weight", bins.weight
    yield "top.pixels.bins.bias", bins.bias


def _constants(model: onnx.ModelProto) -> dict[str, Array]:
    """Return every constant by the name that nodes read it under, dequantised."""
    arrays = {a.name: onnx.numpy_helper.to_array(a) for a in model.graph.initializer}
    known: dict[str, Array] = {
        name: np.asarray(array, dtype=np.float32)
        for name, array in arrays.items()
        if array.dtype == np.float32
    }
    for node in model.graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in arrays:
            continue
        values, scale, zero = (arrays[name] for name in node.input)
        axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
        shape = [1] * values.ndim
        if scale.ndim:
            shape[axis] = -1
        exact = values.astype(np.float64) - zero.astype(np.float64).reshape(shape)
        known[node.output[0]] = (exact * scale.reshape(shape)).astype(np.float32)
    return known


def _norm(name: str, shift: Array, scale: Array | None = None) -> Iterator[tuple[str, Array]]:
    """Yield a batch norm that multiplies by ``scale`` (1 unless given) and adds ``shift``."""
    ones = np.ones_like(shift)
    yield f"{name}.weight", ones if scale is None else scale
    yield f"{name}.bias", shift
    yield f"{name}.running_mean", 0 * ones
    yield f"{name}.running_var", ones * np.float32(1 - BATCH_NORM_EPSILON)


def _entry(model: onnx.ModelProto, constants: Mapping[str, Array]) -> tuple[Array, Array]:
    """Find what scales and shifts the stem's output before stage 1, each [64]."""
    for node in model.graph.node:
        scales = [constants[name] for name in node.input if name in constants]
        if node.op_type == "Mul" and scales and scales[0].size == 64:
            for user in model.graph.node:
                if user.op_type == "Add" and node.output[0] in user.input:
                    shifts = [constants[name] for name in user.input if name in constants]
                    return scales[0].ravel(), shifts[0].ravel()
    raise ValueError("the stem's output is not scaled as the exporter does it")


def _stem(layers: Sequence[Layer], entry: tuple[Array, Array]) -> Iterator[tuple[str, Array]]:
    diagonal, stem = layers
    mean, std = (np.array(values, dtype=np.float32) for values in (IMAGENET_MEAN, IMAGENET_STD))
    scale = np.diagonal(diagonal.weight[:, :, 0, 0]) * std * 255
    yield from _norm("backbone.input_bn", diagonal.bias + scale * mean / std, scale)
    yield "backbone.stem.conv.weight", stem.weight
    yield from _norm("backbone.stem.bn", stem.bias)
    yield from _norm("backbone.stage1.unit1.bn1", entry[1], entry[0])


def _fill_unit(
    state: dict[str, Array], number: int, unit: int, layers: Sequence[Layer], before: Array
) -> Array:
    """Fill one unit's arrays; returns the shift of the batch norm that follows it.

    A bias added to the stream stays in it, so the shifts of a stage's batch norms add up;
    ``before`` is the one of the unit before.
    """
    prefix = f"{'top' if number == 4 else 'backbone'}.stage{number}.unit{unit}"
    wide = [layer for layer in layers if len(layer.weight) == STAGE_CHANNELS[number - 1]]
    shortcut = wide[:-1]  # it stands before the unit's last convolution
    conv1, conv2, conv3 = (one for one in layers if not shortcut or one is not shortcut[0])
    for name, layer in (("conv1", conv1), ("conv2", conv2), ("conv3", conv3)):
        state[f"{prefix}.{name}.weight"] = layer.weight
    state.update(_norm(f"{prefix}.bn2", conv1.bias))
    state.update(_norm(f"{prefix}.bn3", conv2.bias))
    if shortcut:
        state[f"{prefix}.shortcut.weight"] = shortcut[0].weight
        if (number, unit) != (1, 1):
            state.update(_norm(f"{prefix}.bn1", before))
        return conv3.bias + shortcut[0].bias
    state.update(_norm(f"{prefix}.bn1", before))
    return before + conv3.bias
