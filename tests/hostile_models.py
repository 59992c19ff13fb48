"""Models made to do harm, or to look like models, with words of the reason against each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.tiny_model import METADATA, metadata, tiny_model

TINY = bytes(tiny_model().SerializeToString())


# ---------------------------------------------------------------- what is never opened


def field(number: int, payload: bytes, *, tag_bytes: int = 0) -> bytes:
    """A length-delimited field; its tag over-long, with bits that no 32-bit number has."""
    tag = number << 3 | 2
    written = bytearray()
    for position in range(tag_bytes or 2):
        is_last = position == (tag_bytes or 2) - 1
        written.append(tag >> 7 * position & 0x7F | (0 if is_last else 0x80))
    if tag_bytes == 5:
        written[-1] |= 0x70  # beyond the 32nd bit
    length = bytearray()
    rest = len(payload)
    while rest >= 0x80:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    length.append(rest)
    return bytes(written) + bytes(length) + payload


def _external(tensor: onnx.TensorProto) -> onnx.TensorProto:
    """The tensor, to be read from another file."""
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    return tensor


def _a_tensor() -> onnx.TensorProto:
    """Four numbers."""
    return numpy_helper.from_array(np.ones(4, np.float32), "spare")


def _constant(**value: Any) -> onnx.ModelProto:
    """The tiny model with a node that only holds a value."""
    model = tiny_model()
    model.graph.node.append(helper.make_node("Constant", [], ["unused"], **value))
    return model


def _with_node(operator: str, **attributes: Any) -> onnx.ModelProto:
    """The tiny model with one more operator."""
    model = tiny_model()
    model.graph.node.append(helper.make_node(operator, ["unit"], ["unused"], **attributes))
    return model


def _a_graph(*nodes: onnx.NodeProto) -> onnx.GraphProto:
    """A graph to put into a node."""
    return helper.make_graph(list(nodes), "inner", [], [])


def _sparse(tensor: onnx.TensorProto) -> onnx.SparseTensorProto:
    """A sparse tensor of these values."""
    places = numpy_helper.from_array(np.arange(4, dtype=np.int64), "places")
    return helper.make_sparse_tensor(tensor, places, [100])


def _external_initializer() -> bytes:
    model = tiny_model()
    _external(model.graph.initializer[0])
    return bytes(model.SerializeToString())


def _location_alone() -> bytes:
    model = tiny_model()
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL
    return bytes(model.SerializeToString())


def _external_names_alone() -> bytes:
    model = tiny_model()
    model.graph.initializer[0].external_data.add().key = "location"
    return bytes(model.SerializeToString())


def _external_attributes() -> bytes:
    model = _constant(value=_a_tensor())
    attribute = model.graph.node[-1].attribute[0]
    attribute.tensors.append(_external(_a_tensor()))
    return bytes(model.SerializeToString())


def _external_in_a_branch() -> bytes:
    inner = _a_graph(helper.make_node("Constant", [], ["deep"], value=_external(_a_tensor())))
    return bytes(_with_node("If", then_branch=inner, else_branch=inner).SerializeToString())


def _sparse_initializer() -> bytes:
    model = tiny_model()
    model.graph.sparse_initializer.append(_sparse(_external(_a_tensor())))
    return bytes(model.SerializeToString())


def _sparse_attributes() -> bytes:
    model = _constant(sparse_value=_sparse(_a_tensor()))
    attribute = model.graph.node[-1].attribute[0]
    attribute.sparse_tensors.append(attribute.sparse_tensor)
    attribute.ClearField("sparse_tensor")
    return bytes(model.SerializeToString())


def _a_function(domain: str = "com.evil") -> onnx.ModelProto:
    model = _with_node("Mine")
    model.graph.node[-1].domain = domain
    model.functions.append(
        helper.make_function(
            domain, "Mine", ["x"], ["y"], [helper.make_node("Neg", ["x"], ["y"])],
            [helper.make_opsetid("", 17)],
        )
    )  # fmt: skip
    return model


def _training() -> bytes:
    model = tiny_model()
    model.training_info.add().algorithm.name = "steps"
    return bytes(model.SerializeToString())


def _foreign_operator() -> bytes:
    model = tiny_model()
    model.graph.node[0].domain = "com.microsoft"
    return bytes(model.SerializeToString())


def foreign_name(name: str) -> bytes:
    """The tiny model with an operator of this library."""
    model = tiny_model()
    model.graph.node[0].domain = name
    return bytes(model.SerializeToString())


def _graphs_in_a_list() -> bytes:
    model = tiny_model()
    attribute = model.graph.node[0].attribute.add()
    attribute.name, attribute.type = "bodies", onnx.AttributeProto.GRAPHS
    attribute.graphs.append(_a_graph())
    return bytes(model.SerializeToString())


def _endless_loop() -> bytes:
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"])],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, [])],
    )
    return bytes(_with_node("Loop", body=body).SerializeToString())


def _nested_graphs(depth: int) -> bytes:
    graph = b""
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return field(7, graph)


def _described(text: str) -> bytes:
    model = tiny_model()
    model.metadata_props[0].value = text
    return bytes(model.SerializeToString())


def changed(**changes: object) -> bytes:
    """The tiny model with other entries in its description."""
    return _described(json.dumps(metadata(**changes)))


def _raw(before: str, after: str) -> bytes:
    """The description with a piece of its text replaced."""
    text = json.dumps(METADATA)
    assert text.count(before) == 1
    return _described(text.replace(before, after))


def _second_description() -> bytes:
    model = tiny_model()
    model.metadata_props.add().CopyFrom(model.metadata_props[0])
    return bytes(model.SerializeToString())


def _no_description() -> bytes:
    model = tiny_model()
    del model.metadata_props[:]
    return bytes(model.SerializeToString())


def _description_that_is_no_text() -> bytes:
    entry = field(1, b"fashion_finder") + field(2, b'{"format": "\xff"}')
    return _no_description() + field(14, entry)


LONG_TAGS: dict[str, tuple[Callable[[int], bytes], str]] = {
    "external tensor": (
        lambda length: TINY + field(7, field(5, b"\x70\x01"), tag_bytes=length),
        "other files",
    ),
    "function": (
        lambda length: TINY + field(25, field(1, b"Mine"), tag_bytes=length),
        "operators of its own",
    ),
    "foreign operator": (
        lambda length: TINY + field(7, field(1, field(7, b"com.evil", tag_bytes=length))),
        r"com\.evil",
    ),
    "branch": (
        lambda length: TINY + field(7, field(1, field(5, field(6, b"", tag_bytes=length)))),
        "loop or a branch",
    ),
}
"""Readers disagree about a tag with more bytes than it needs."""

NEVER_OPENED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "not an ONNX file"),
    "zeros": (lambda: bytes(1000), "not an ONNX file"),
    "text": (lambda: b"not a model", "not an ONNX file"),
    "no graph": (lambda: b"\x08\x07", "no graph"),
    "first half": (lambda: TINY[: len(TINY) // 2], "not an ONNX file"),
    "without its end": (lambda: TINY[:-1], "not an ONNX file"),
    "a zip archive": (lambda: b"PK\x03\x04" + bytes(200), "not an ONNX file"),
    "external initializer": (_external_initializer, "other files"),
    "external, location alone": (_location_alone, "other files"),
    "external, names alone": (_external_names_alone, "other files"),
    "external attribute": (
        lambda: _constant(value=_external(_a_tensor())).SerializeToString(),
        "other files",
    ),
    "external attributes": (_external_attributes, "other files"),
    "external in a branch": (_external_in_a_branch, "a loop or a branch: If"),
    "external in a sparse initializer": (_sparse_initializer, "sparse"),
    "sparse attribute": (
        lambda: _constant(sparse_value=_sparse(_a_tensor())).SerializeToString(),
        "sparse",
    ),
    "sparse attributes": (_sparse_attributes, "sparse"),
    **{
        f"tags of {length} bytes, {name}": (partial(make, length), reason)
        for length in (3, 4)
        for name, (make, reason) in LONG_TAGS.items()
    },
    **{
        f"tags beyond 32 bits, {name}": (partial(make, 5), f"not an ONNX file|{reason}")
        for name, (make, reason) in LONG_TAGS.items()
    },
    "function": (lambda: _a_function().SerializeToString(), "operators of its own"),
    "function of a standard domain": (
        lambda: _a_function("ai.onnx").SerializeToString(),
        "operators of its own",
    ),
    "training": (_training, "training"),
    "operator of onnxruntime's own": (_foreign_operator, r"com\.microsoft"),
    "domain with escapes": (lambda: foreign_name("\x1b]0;gotcha\x07"), "another library"),
    "domain without end": (lambda: foreign_name("x" * 100_000), "another library"),
    "endless Loop": (_endless_loop, "a loop or a branch: Loop"),
    "Scan": (
        lambda: _with_node("Scan", body=_a_graph(), num_scan_inputs=1).SerializeToString(),
        "a loop or a branch: Scan",
    ),
    "SequenceMap": (
        lambda: _with_node("SequenceMap", body=_a_graph()).SerializeToString(),
        "a loop or a branch",
    ),
    "graphs in a list": (_graphs_in_a_list, "loop or a branch"),
    "graphs within graphs": (lambda: _nested_graphs(5000), "a loop or a branch"),
    "no description": (_no_description, "no description"),
    "two descriptions": (_second_description, "two descriptions"),
    "description that is no text": (_description_that_is_no_text, "not valid"),
    "description without end": (lambda: _described(" " * (1 << 20) + "{}"), "too long"),
    "description, a list": (lambda: _described("[]"), "not a JSON object"),
    "description, no JSON": (lambda: _described("{"), "not valid"),
    "lists nested deeply": (
        lambda: _raw('"licence"', '"parts_": ' + "[" * 100_000 + "]" * 100_000 + ', "licence"'),
        "nested too deeply",
    ),
    "objects nested deeply": (
        lambda: _described('{"name": ' * 100_000 + "1" + "}" * 100_000),
        "nested too deeply",
    ),
    "Infinity": (lambda: _raw('"stop": 65', '"stop": Infinity'), "Infinity is no number"),
    "NaN": (lambda: _raw('"stop": 65', '"stop": NaN'), "NaN is no number"),
    "a number beyond floats": (lambda: _raw('"stop": 65', '"stop": 1e999'), "wrong type"),
    "a weight beyond floats": (lambda: _raw("0.99", "1e999"), "too large"),
    "a number of 5000 digits": (lambda: _raw('"stop": 65', '"stop": 1' + "0" * 5000), "not valid"),
    "a huge number": (lambda: _raw('"stop": 69', '"stop": 1' + "0" * 400), "too large"),
    "a temperature of 400 digits": (lambda: _raw("2.0", "1" + "0" * 400), "too large"),
    "true for a number": (lambda: _raw('"start": 0', '"start": true'), "wrong type"),
    "text for a number": (lambda: _raw('"stop": 65', '"stop": "65"'), "wrong type"),
    "a broken number": (lambda: _raw('"stop": 65', '"stop": 65.5'), "wrong type"),
    "an object for a name": (lambda: changed(name={"a": 1}), "wrong type"),
    "null for a name": (lambda: _raw('"tiny"', "null"), "wrong type"),
    "a list for words": (lambda: changed(vocabularies=["bright"]), "wrong type"),
    "text for words": (lambda: changed(vocabularies={"type": "bd"}), "wrong type"),
    "numbers for words": (lambda: changed(vocabularies={"type": [1, 2]}), "wrong type"),
    "no words": (lambda: changed(vocabularies={"type": []}), "lacks a word"),
    "one word twice": (lambda: changed(vocabularies={"type": ["a", "a"]}), "twice"),
    "a word of nothing": (lambda: changed(vocabularies={"type": ["a", " "]}), "lacks a word"),
    "a part that is a list": (lambda: changed(parts=[[]]), "wrong type"),
    "parts in an object": (lambda: changed(parts={}), "wrong type"),
    "text for closeness": (lambda: changed(closeness="close"), "wrong type"),
    "text for a temperature": (lambda: changed(temperatures={"type": "1"}), "wrong type"),
    "a key twice": (lambda: _raw('"name": "tiny"', '"name": "a", "name": "b"'), "twice"),
    "name with escapes": (lambda: changed(name="\x1b[2J\x1b]0;gotcha\x07"), "control characters"),
    "name that turns the line": (lambda: changed(name="\u202egnp.exe"), "control characters"),
    "half a character": (lambda: _raw('"tiny"', r'"\ud800"'), "control characters"),
    "a word with NUL": (lambda: changed(vocabularies={"type": ["a", "b\0"]}), "control characters"),
    "a word of two lines": (lambda: changed(vocabularies={"type": ["a", "b\nc"]}), "control"),
    "a name without end": (lambda: changed(version="1" * 1000), "at most 200"),
    "no closeness": (lambda: changed(closeness=None), "no 'closeness'"),
}


# ---------------------------------------------------------------- what only shows when it runs


def _nan_where(model: onnx.ModelProto, brightness: float, *, above: bool) -> bytes:
    """NaN for pictures that are brighter, or darker, than a mean of all values."""
    graph = model.graph
    graph.node[-3].output[0] = "embedding_before"  # Mul, the embedding
    assert graph.node[-3].input[0] == "both"
    graph.initializer.append(numpy_helper.from_array(np.array(brightness, np.float32), "limit"))
    edge = ["mean", "limit"] if above else ["limit", "mean"]
    graph.node.extend(
        [
            helper.make_node("Sub", edge, ["beyond"]),
            helper.make_node("Relu", ["beyond"], ["beyond_or_0"]),
            helper.make_node("Div", ["beyond_or_0", "beyond_or_0"], ["one_or_nan"]),
            helper.make_node("IsNaN", ["one_or_nan"], ["is_within"]),
            helper.make_node("Div", ["zero", "zero"], ["nan"]),
            helper.make_node("Where", ["is_within", "zero", "nan"], ["nought_or_nan"]),
            helper.make_node("Add", ["embedding_before", "nought_or_nan"], ["embedding"]),
        ]
    )
    return bytes(model.SerializeToString())


def _last_embedding(*nodes: onnx.NodeProto, **constants: np.ndarray) -> bytes:
    """The tiny model with its embedding, "before", taken through more nodes."""
    model = tiny_model()
    (node,) = (node for node in model.graph.node if list(node.output) == ["embedding"])
    node.output[0] = "before"
    model.graph.node.extend(nodes)
    for name, value in constants.items():
        model.graph.initializer.append(numpy_helper.from_array(value, name))
    return bytes(model.SerializeToString())


def dropped_rows() -> bytes:
    """At most two embeddings, however many pictures."""
    return _last_embedding(
        helper.make_node("Slice", ["before", "from", "to", "axis"], ["embedding"]),
        **{"from": np.array([0]), "to": np.array([2]), "axis": np.array([0])},
    )


def _only_one_row() -> bytes:
    return _last_embedding(
        helper.make_node("Slice", ["before", "from", "to", "axis"], ["embedding"]),
        **{"from": np.array([0]), "to": np.array([1]), "axis": np.array([0])},
    )


def _doubled_rows() -> bytes:
    return _last_embedding(helper.make_node("Concat", ["before", "before"], ["embedding"], axis=0))


def _turned_rows() -> bytes:
    return _last_embedding(
        helper.make_node("Slice", ["before", "from", "to", "axis", "step"], ["embedding"]),
        **{
            "from": np.array([-1]),
            "to": np.array([-1000]),
            "axis": np.array([0]),
            "step": np.array([-1]),
        },
    )


def _first_row_for_all() -> bytes:
    return _last_embedding(
        helper.make_node("Slice", ["before", "from", "to", "axis"], ["first"]),
        helper.make_node("Mul", ["before", "zero"], ["noughts"]),
        helper.make_node("Add", ["noughts", "first"], ["embedding"]),
        **{"from": np.array([0]), "to": np.array([1]), "axis": np.array([0])},
    )


def _scaled_by(value: float) -> bytes:
    return _last_embedding(
        helper.make_node("Mul", ["before", "by"], ["embedding"]), by=np.array(value, np.float32)
    )


def _longer_when_bright() -> bytes:
    return _last_embedding(
        helper.make_node("Add", ["mean", "by"], ["factor"]),
        helper.make_node("Mul", ["before", "factor"], ["embedding"]),
        by=np.array(1 - 128 / 255, np.float32),  # 1 for grey
    )


def _noise_added() -> bytes:
    return _last_embedding(
        helper.make_node("RandomUniformLike", ["before"], ["noise"], low=-0.5, high=0.5),
        helper.make_node("Add", ["before", "noise"], ["embedding"]),
    )


def _output_of(kind: int, shape: list[str | int]) -> bytes:
    model = tiny_model()
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("embedding", kind, shape))
    return bytes(model.SerializeToString())


def _in_double() -> bytes:
    data = _last_embedding(
        helper.make_node("Cast", ["before"], ["embedding"], to=TensorProto.DOUBLE)
    )
    model = onnx.load_model_from_string(data)
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    return bytes(model.SerializeToString())


def _in_text() -> bytes:
    data = _last_embedding(
        helper.make_node("Cast", ["before"], ["embedding"], to=TensorProto.STRING)
    )
    model = onnx.load_model_from_string(data)
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.STRING
    return bytes(model.SerializeToString())


def _in_a_sequence() -> bytes:
    data = _last_embedding(helper.make_node("SequenceConstruct", ["before"], ["embedding"]))
    model = onnx.load_model_from_string(data)
    value = helper.make_tensor_sequence_value_info("embedding", TensorProto.FLOAT, None)
    model.graph.output[0].CopyFrom(value)
    return bytes(model.SerializeToString())


def _with_output(name: str, document: dict[str, object]) -> bytes:
    """A vocabulary scored by an output of no dimension at all."""
    model = tiny_model(document)
    model.graph.initializer.append(numpy_helper.from_array(np.array(1, np.float32), "scalar"))
    model.graph.node.append(helper.make_node("Identity", ["scalar"], [name]))
    model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, []))
    return bytes(model.SerializeToString())


def _without_output() -> bytes:
    model = tiny_model()
    del model.graph.output[0]
    return bytes(model.SerializeToString())


def _edited(edit: Callable[[onnx.ModelProto], None]) -> bytes:
    model = tiny_model()
    edit(model)
    return bytes(model.SerializeToString())


def _dangling_input(model: onnx.ModelProto) -> None:
    model.graph.node[5].input[0] = "nowhere"


def _a_circle(model: onnx.ModelProto) -> None:
    model.graph.node[1].input[0] = "nchw"


def _second_input(model: onnx.ModelProto) -> None:
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))


def _input_of_floats(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT


def _input_of_text(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.STRING


def _small_input(model: onnx.ModelProto) -> None:
    for dimension in model.graph.input[0].type.tensor_type.shape.dim[1:3]:
        dimension.dim_value = 112


def _one_picture_only(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1


def _opset(number: int) -> Callable[[onnx.ModelProto], None]:
    def edit(model: onnx.ModelProto) -> None:
        model.opset_import[0].version = number

    return edit


def _format_version(number: int) -> Callable[[onnx.ModelProto], None]:
    def edit(model: onnx.ModelProto) -> None:
        model.ir_version = number

    return edit


def _unknown_operator(model: onnx.ModelProto) -> None:
    model.graph.node[3].op_type = "NoSuchOperator"


def _wrong_dimensions(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].dims[:] = [1 << 40, 1 << 40]


def _negative_dimensions(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].dims[:] = [-3]


def _unknown_number_type(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].data_type = 4711


def _text_tensor(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_type = TensorProto.STRING
    tensor.string_data.extend([b"a", b"b", b"c"])


def _one_name_twice(model: onnx.ModelProto) -> None:
    model.graph.node[2].output[0] = "unit"


def _nothing_in_it(model: onnx.ModelProto) -> None:
    model.graph.Clear()


def zeros(count: int) -> bytes:
    """The tiny model with that many zeros, of four bytes each, made by an operator."""
    model = tiny_model()
    model.graph.initializer.append(numpy_helper.from_array(np.array([count]), "how_many"))
    model.graph.node.append(helper.make_node("ConstantOfShape", ["how_many"], ["zeros"]))
    model.graph.node.append(helper.make_node("ReduceMax", ["zeros"], ["largest"]))
    model.graph.node[-4].output[0] = "dark_before"
    model.graph.node.append(helper.make_node("Add", ["dark_before", "largest"], ["dark"]))
    return bytes(model.SerializeToString())


REFUSED_WHEN_TRIED: dict[str, tuple[Callable[[], bytes], str]] = {
    "NaN for the bright": (lambda: _nan_where(tiny_model(), 0.9, above=True), "no numbers"),
    "NaN for the dark": (lambda: _nan_where(tiny_model(), 0.05, above=False), "no numbers"),
    "infinite": (lambda: _scaled_by(np.inf), "no numbers"),
    "too long": (lambda: _scaled_by(1.1), "not scaled"),
    "too short": (lambda: _scaled_by(0.9), "not scaled"),
    "all zero": (lambda: _scaled_by(0.0), "not scaled"),
    "longer when bright": (_longer_when_bright, "not scaled"),
    "rows dropped": (dropped_rows, "for 3 pictures"),
    "one row for all": (_only_one_row, "for 2 pictures"),
    "rows doubled": (_doubled_rows, "for 1 pictures"),
    "rows turned": (_turned_rows, "depends on others"),
    "first row for all": (_first_row_for_all, "depends on others"),
    "by chance": (_noise_added, "not scaled|depends on others"),
    "in double": (_in_double, "32-bit"),
    "in text": (_in_text, "32-bit"),
    "in a sequence": (_in_a_sequence, "32-bit"),
    "declared as something else": (lambda: _output_of(TensorProto.INT64, ["N", 69]), "cannot load"),
    "scores of no dimension": (
        lambda: _with_output("extra", metadata(vocabularies={"extra": ["a", "b"]})),
        "does not fit its vocabulary",
    ),
    "a vocabulary called embedding": (
        lambda: changed(vocabularies={"embedding": [str(number) for number in range(69)]}),
        "called 'embedding'",
    ),
    "no embedding": (_without_output, "no output named"),
    "dangling input": (lambda: _edited(_dangling_input), "cannot load"),
    "a circle": (lambda: _edited(_a_circle), "cannot load"),
    "a second input": (lambda: _edited(_second_input), "its input"),
    "input of floats": (lambda: _edited(_input_of_floats), "its input"),
    "input of text": (lambda: _edited(_input_of_text), "its input|cannot load"),
    "small input": (lambda: _edited(_small_input), "224|cannot load"),
    "one picture at a time": (lambda: _edited(_one_picture_only), "does not take"),
    "opset of the future": (lambda: _edited(_opset(9999)), "cannot load"),
    "opset of the past": (lambda: _edited(_opset(1)), "cannot load"),
    "opset below zero": (lambda: _edited(_opset(-5)), "cannot load"),
    "format of the future": (lambda: _edited(_format_version(9999)), "cannot load"),
    "unknown operator": (lambda: _edited(_unknown_operator), "cannot load"),
    "dimensions without data": (lambda: _edited(_wrong_dimensions), "cannot load"),
    "dimensions below zero": (lambda: _edited(_negative_dimensions), "cannot load"),
    "unknown type of number": (lambda: _edited(_unknown_number_type), "cannot load"),
    "a tensor of text": (lambda: _edited(_text_tensor), "cannot load"),
    "one name twice": (lambda: _edited(_one_name_twice), "cannot load"),
    "nothing in it": (lambda: _edited(_nothing_in_it), "cannot load|its input"),
    "a terabyte": (lambda: zeros(1 << 38), "cannot load|does not take"),
}


def slow_model() -> bytes:
    """Minutes of multiplications, which onnxruntime carries out when it opens the model."""
    model = tiny_model()
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array([3000, 3000]), "square"))
    graph.node.append(helper.make_node("ConstantOfShape", ["square"], ["product_0"]))
    for turn in range(2000):
        names = [f"product_{turn}", "product_0"]
        graph.node.append(helper.make_node("MatMul", names, [f"product_{turn + 1}"]))
    graph.node.append(helper.make_node("ReduceMax", [graph.node[-1].output[0]], ["sum"]))
    graph.output.append(helper.make_tensor_value_info("sum", TensorProto.FLOAT, None))
    return bytes(model.SerializeToString())
