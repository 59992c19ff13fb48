"""A model that obeys the contract in a few kilobytes, so that tests run the real onnxruntime.

``style`` is the brightness pattern on an 8 x 8 grid, ``colour`` the mean colour of what is not
white. Both make sense to a person, so tests can say which picture must come first.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

METADATA: dict[str, Any] = {
    "format": 2,
    "name": "tiny",
    "version": "1",
    "source": "tests",
    "input_size": 224,
    "parts": [
        {"name": "style", "start": 0, "stop": 65, "weight": 0.5},
        {"name": "colour", "start": 65, "stop": 69, "weight": 0.5},
    ],
    "vocabularies": {"type": ["bright", "dark"]},
    "temperatures": {"type": 2.0},
    "closeness": {"same_piece": 0.99, "very_similar": 0.9, "similar": 0.6},
    "licence": "of the project",
    "training_data": "none",
}


def metadata(**changes: Any) -> dict[str, Any]:
    """The tiny model's metadata with some entries replaced; None removes one."""
    document = copy.deepcopy(METADATA)
    for key, value in changes.items():
        if value is None:
            del document[key]
        else:
            document[key] = value
    return document


def tiny_model(
    document: dict[str, Any] | None = None,
    *,
    scale: float = 1.0,
    cells: bool = False,
    cell_size: int = 69,
) -> onnx.ModelProto:
    """Build it; `scale` other than 1 breaks the promise that parts have unit length.

    With `cells` it has the output ``local``: four cells, all alike.
    """
    half = float(np.sqrt(0.5)) * scale
    constants: dict[str, np.ndarray] = {
        "luma": np.array([0.299, 0.587, 0.114], np.float32).reshape(1, 3, 1, 1),
        "axes_all": np.array([1], np.int64),
        "one": np.full((1, 1), 0.3, np.float32),
        "max": np.array(255.0, np.float32),
        "half": np.array(half, np.float32),
        "flat": np.array([0, -1], np.int64),
        "zero": np.array(0.0, np.float32),
        "tenth": np.array(0.1, np.float32),
        "minus": np.array(-4.0, np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["float", "max"], ["unit"]),
        helper.make_node("Transpose", ["unit"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "AveragePool", ["nchw"], ["grid"], kernel_shape=[28, 28], strides=[28, 28]
        ),
        # style: brightness on the grid, less its mean, and a constant so that it is never zero
        helper.make_node("Mul", ["grid", "luma"], ["weighed"]),
        helper.make_node("ReduceSum", ["weighed", "axes_all"], ["brightness"], keepdims=1),
        helper.make_node("Reshape", ["brightness", "flat"], ["pattern"]),
        helper.make_node("ReduceMean", ["pattern"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["pattern", "mean"], ["contrast"]),
        helper.make_node("Mul", ["mean", "zero"], ["nought"]),
        helper.make_node("Add", ["nought", "one"], ["constant"]),
        helper.make_node("Concat", ["contrast", "constant"], ["style_raw"], axis=1),
        # colour: the mean colour's distance from grey
        helper.make_node("ReduceMean", ["grid"], ["mean_colour"], axes=[2, 3], keepdims=0),
        helper.make_node("ReduceMean", ["mean_colour"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["mean_colour", "grey"], ["tint"]),
        helper.make_node("Mul", ["constant", "tenth"], ["colour_constant"]),
        helper.make_node("Concat", ["tint", "colour_constant"], ["colour_raw"], axis=1),
        helper.make_node("LpNormalization", ["style_raw"], ["style"], axis=1, p=2),
        helper.make_node("LpNormalization", ["colour_raw"], ["colour"], axis=1, p=2),
        helper.make_node("Concat", ["style", "colour"], ["both"], axis=1),
        helper.make_node("Mul", ["both", "half"], ["embedding"]),
        # type: bright when the mean is high
        helper.make_node("Mul", ["mean", "minus"], ["dark"]),
        helper.make_node("Concat", ["mean", "dark"], ["type"], axis=1),
    ]
    outputs = [
        helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", 69]),
        helper.make_tensor_value_info("type", TensorProto.FLOAT, ["N", 2]),
    ]
    if cells:
        constants["cell"] = np.array([0, 1, 1, 69], np.int64)
        constants["twice"] = np.array([1, 2, 2, 1], np.int64)
        nodes.append(helper.make_node("Reshape", ["embedding", "cell"], ["one_cell"]))
        nodes.append(helper.make_node("Tile", ["one_cell", "twice"], ["local"]))
        shape: list[str | int | None] = ["N", 2, 2, cell_size]
        outputs.append(helper.make_tensor_value_info("local", TensorProto.FLOAT, shape))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 224, 224, 3])],
        outputs,
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    entry = model.metadata_props.add()
    entry.key = "fashion_finder"
    entry.value = json.dumps(METADATA if document is None else document)
    return model


def write_tiny_model(
    path: Path,
    document: dict[str, Any] | None = None,
    *,
    scale: float = 1.0,
    cells: bool = False,
    cell_size: int = 69,
) -> Path:
    """Write it to a file and return the path."""
    model = tiny_model(document, scale=scale, cells=cells, cell_size=cell_size)
    path.write_bytes(model.SerializeToString())
    return path
