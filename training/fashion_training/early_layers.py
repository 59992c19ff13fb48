"""The early layers of an exported model, run as they are: what the last stage and the heads read.

The trained last stage then meets exactly the rounded activations that it will meet in the int8 file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper

#: Rows and columns to which every early map is averaged.
CELLS = 14
#: Channels of the early maps: after the stem, entering stages 2 and 3.
EARLY_CHANNELS = 64 + 256 + 512
#: Channels of the activation that enters stage 4.
ENTERING_CHANNELS = 1024
#: Sides of the maps whose averages are kept, in the order of EARLY_CHANNELS.
EARLY_SIDES = (56, 56, 28)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the early layers make of N pictures, as bytes and the steps that turn them into numbers.

    ``entering`` uint8 [N, 1024, 14, 14] is the activation that enters stage 4; ``early`` uint8
    [N, 832, 14, 14] the averaged earlier ones.
    """

    entering: NDArray[np.uint8]
    early: NDArray[np.uint8]


class EarlyLayers:
    """Stem and stages 1 to 3 of an int8 file that ``export_onnx.py --source fashion`` wrote."""

    def __init__(self, path: Path, threads: int) -> None:
        """Cut the file's graph where stage 4 begins.

        Raises ValueError when the graph is not laid out as the exporter does it.
        """
        model = onnx.load(str(path))
        self._names, steps = with_early_outputs(model)
        del model.graph.output[: -len(self._names)]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        channels = (64, 256, 512)
        self.early_steps: NDArray[np.float32] = np.repeat(
            np.array(steps[:-1], dtype=np.float32), channels
        )
        self.entering_step = np.float32(steps[-1])

    def look(self, pictures: NDArray[np.uint8]) -> Outlook:
        """Run pictures, uint8 [N, 224, 224, 3], a few at a time."""
        *early, entering = self._session.run(self._names, {"image": pictures})
        return Outlook(entering, np.concatenate(early, axis=1))


def with_early_outputs(model: onnx.ModelProto) -> tuple[list[str], list[float]]:
    """Let a graph also give the early maps' averages and what enters stage 4, as bytes.

    Returns the new outputs' names, ``entering`` last, and the step of each. Raises ValueError when
    the graph is not laid out as the exporter does it.
    """
    quantised = _quantised_inputs_of_stages(model)
    names = [f"early{number}" for number in range(len(EARLY_SIDES))]
    steps = []
    for (activation, step), side, name in zip(quantised[:-1], EARLY_SIDES, names, strict=True):
        window = side // CELLS
        pool = helper.make_node(
            "AveragePool",
            [activation],
            [f"{name}_mean"],
            kernel_shape=[window, window],
            strides=[window, window],
        )
        store = helper.make_node("QuantizeLinear", [f"{name}_mean", *step], [name])
        model.graph.node.extend([pool, store])
        steps.append(_number(model, step[0]))
    entering, step = quantised[-1]
    model.graph.node.append(helper.make_node("QuantizeLinear", [entering, *step], ["entering"]))
    steps.append(_number(model, step[0]))
    names.append("entering")
    for name in names:
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.UINT8, None))
    return names, steps


def _number(model: onnx.ModelProto, name: str) -> float:
    for array in model.graph.initializer:
        if array.name == name:
            return float(onnx.numpy_helper.to_array(array))
    raise ValueError(f"the model has no constant {name}")


def _quantised_inputs_of_stages(model: onnx.ModelProto) -> list[tuple[str, list[str]]]:
    """Find the activations after the stem and entering stages 2, 3 and 4.

    Returns each one's dequantised name, with the names of its scale and zero point. A stage's first
    unit is the only one whose activation two integer convolutions read; the stem's output is scaled
    before the first stage and averaged for the colour head.
    """
    producers = {name: node for node in model.graph.node for name in node.output}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)

    def is_integer(node: onnx.NodeProto) -> bool:
        weight = producers.get(node.input[1]) if node.op_type == "Conv" else None
        return weight is not None and weight.op_type == "DequantizeLinear"

    stem, entering = [], []
    for node in model.graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in producers:
            continue
        users = readers.get(node.output[0], [])
        place = (node.output[0], list(node.input[1:]))
        if sum(is_integer(user) for user in users) == 2:
            entering.append(place)
        elif {"Mul", "AveragePool"} <= {user.op_type for user in users} and not entering:
            stem.append(place)
    if len(stem) != 1 or len(entering) != 4:
        raise ValueError("the model's graph is not laid out as the exporter does it")
    return [*stem, *entering[1:]]
