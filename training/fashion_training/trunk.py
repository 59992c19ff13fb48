"""An exported model's trunk, run as it is: what heads read, under its own gate and under others.

Heads that are trained on these averages meet exactly the numbers that they will meet in the int8
file, for the gate and all that follows it stay float there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from fashion_training.early_layers import ENTERING_CHANNELS, with_early_outputs
from fashion_training.folding import FLOAT_SCOPE


@dataclass(frozen=True, slots=True)
class Gate:
    """How much each cell counts: the sigmoid of ``weight`` [1024] times the entering map, plus bias."""

    weight: NDArray[np.float32]
    bias: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What the trunk makes of N pictures.

    ``averages`` has float32 [N, 4000] for each gate: after the stem, entering stages 2, 3 and 4, the
    last map, the pixels' bins. ``entering`` uint8 [N, 1024, 14, 14] and ``early`` uint8
    [N, 832, 14, 14] are what the last stage can be trained on; None where no maps were wanted.
    """

    averages: Mapping[str, NDArray[np.float32]]
    entering: NDArray[np.uint8] | None
    early: NDArray[np.uint8] | None


class Trunk:
    """The graph of a fashion model up to its heads; the gate named ``own`` is the file's."""

    def __init__(self, path: Path, threads: int, gates: Mapping[str, Gate]) -> None:
        """Open a file; raises ValueError when its graph is not laid out as the exporter does it."""
        model = onnx.load(str(path))
        del model.graph.output[:]
        self._bytes, steps = with_early_outputs(model)
        self.early_steps: NDArray[np.float32] = np.repeat(
            np.array(steps[:-1], dtype=np.float32), (64, 256, 512)
        )
        self.entering_step = float(steps[-1])
        joined = _joined_maps(model)
        maps = {"own": joined}
        for name, gate in gates.items():
            maps[name] = _under_another_gate(model, joined, name, gate)
        self._gates = list(maps)
        for name, tensor in maps.items():
            pool = helper.make_node("GlobalAveragePool", [tensor], [f"averages_{name}"])
            model.graph.node.append(pool)
            model.graph.output.append(
                helper.make_tensor_value_info(f"averages_{name}", TensorProto.FLOAT, None)
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def look(self, pictures: NDArray[np.uint8], *, maps: bool = True) -> Seen:
        """Run pictures, uint8 [N, 224, 224, 3]; without the maps it is a little faster."""
        wanted = [f"averages_{name}" for name in self._gates]
        wanted += self._bytes if maps else []
        found = dict(zip(wanted, self._session.run(wanted, {"image": pictures}), strict=True))
        averages = {name: found[f"averages_{name}"][:, :, 0, 0] for name in self._gates}
        if not maps:
            return Seen(averages, None, None)
        early = [found[name] for name in self._bytes[:-1]]
        return Seen(averages, found["entering"], np.concatenate(early, axis=1))


def _joined_maps(model: onnx.ModelProto) -> str:
    """Find the gated maps, joined, that the colour head reads at every cell."""
    producers = {name: node for node in model.graph.node for name in node.output}
    weights = {array.name: array.dims for array in model.graph.initializer}
    heads = [
        node
        for node in model.graph.node
        if node.op_type == "Conv" and FLOAT_SCOPE in node.name and node.input[1] in weights
    ]
    widest = max(heads, key=lambda node: weights[node.input[1]][1])
    source = producers.get(widest.input[0])
    if source is None or source.op_type != "Concat":
        raise ValueError("the model's graph is not laid out as the exporter does it")
    return str(widest.input[0])


def _under_another_gate(model: onnx.ModelProto, joined: str, name: str, gate: Gate) -> str:
    """Repeat what lies between the gate and the joined maps, with another gate's weights."""
    weights = {array.name: array.dims for array in model.graph.initializer}
    [own] = [
        node
        for node in model.graph.node
        if node.op_type == "Conv"
        and FLOAT_SCOPE in node.name
        and list(weights.get(node.input[1], ())[:2]) == [1, ENTERING_CHANNELS]
    ]
    model.graph.initializer.extend(
        [
            numpy_helper.from_array(gate.weight.reshape(1, -1, 1, 1), f"gate_weight_{name}"),
            numpy_helper.from_array(np.array([gate.bias], np.float32), f"gate_bias_{name}"),
        ]
    )
    renamed: dict[str, str] = {}
    for node in list(model.graph.node):
        if node is not own and not any(tensor in renamed for tensor in node.input):
            continue
        if joined in renamed:
            break
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = f"{node.name}_{name}"
        inputs = [renamed.get(tensor, tensor) for tensor in node.input]
        if node is own:
            inputs = [node.input[0], f"gate_weight_{name}", f"gate_bias_{name}"]
        del copy.input[:]
        copy.input.extend(inputs)
        del copy.output[:]
        for tensor in node.output:
            renamed[tensor] = f"{tensor}_{name}"
            copy.output.append(renamed[tensor])
        model.graph.node.append(copy)
    return renamed[joined]
