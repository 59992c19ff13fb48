"""Looks into an ONNX file before onnxruntime opens it, and writes down what onnxruntime gets.

A model is data from elsewhere. It may name other files to read tensors from, operators of other
libraries, or loops; all are refused. Two readers of the same bytes may understand them differently,
and an inspection of the one says nothing about the other. So onnxruntime never gets the file: it
gets a new one, written from the message that was inspected. Fields that the table below does not
name are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

METADATA_KEY = b"fashion_finder"
STANDARD_DOMAINS = frozenset({b"", b"ai.onnx", b"ai.onnx.ml"})

DESCRIPTION_LIMIT = 1 << 20  # bytes

_TABLE = """
Model
    1 ir_version int64
    7 graph Graph
    8 opset_import OperatorSet *
    14 metadata_props Entry *
    20 training_info bytes *
    25 functions bytes *
OperatorSet
    1 domain bytes
    2 version int64
Entry
    1 key bytes
    2 value bytes
Graph
    1 node Node *
    2 name bytes
    5 initializer Tensor *
    11 input Value *
    12 output Value *
    13 value_info Value *
    15 sparse_initializer bytes *
Node
    1 input bytes *
    2 output bytes *
    3 name bytes
    4 op_type bytes
    5 attribute Attribute *
    7 domain bytes
Attribute
    1 name bytes
    2 f float
    3 i int64
    4 s bytes
    5 t Tensor
    6 g bytes
    7 floats float *
    8 ints int64 *
    9 strings bytes *
    10 tensors Tensor *
    11 graphs bytes *
    20 type int32
    22 sparse_tensor bytes
    23 sparse_tensors bytes *
Tensor
    1 dims int64 *
    2 data_type int32
    4 float_data float *
    5 int32_data int32 *
    6 string_data bytes *
    7 int64_data int64 *
    8 name bytes
    9 raw_data bytes
    10 double_data double *
    11 uint64_data uint64 *
    13 external_data bytes *
    14 data_location int32
Value
    1 name bytes
    2 type Type
Type
    1 tensor_type TensorType
TensorType
    1 elem_type int32
    2 shape Shape
Shape
    1 dim Dimension *
Dimension
    1 dim_value int64
    2 dim_param bytes
"""
"""The messages of onnx.proto, as far as a network of pictures needs them: number, name, type and *
for a repeated field. Text is bytes, and messages that are refused anyway are, too."""


class NotAcceptable(ValueError):
    """The file is no model, or one that onnxruntime must not be given."""


def inspect(data: bytes) -> tuple[bytes, bytes]:
    """The ONNX file that onnxruntime may be given, and the description under `METADATA_KEY`.

    Raises NotAcceptable.
    """
    try:
        model = _MODEL.FromString(data)
    except DecodeError as error:
        raise NotAcceptable("not an ONNX file") from error
    if not model.HasField("graph"):
        raise NotAcceptable("not an ONNX file: it holds no graph")
    model.DiscardUnknownFields()
    if model.functions:
        raise NotAcceptable("it defines operators of its own")
    if model.training_info:
        raise NotAcceptable("it holds steps of a training")
    _require_harmless(model.graph)
    description = _description(model)
    model.ClearField("metadata_props")
    return model.SerializeToString(deterministic=True), description


def _require_harmless(graph: Any) -> None:
    if graph.sparse_initializer:
        raise NotAcceptable("it holds sparse tensors")
    for node in graph.node:
        if node.domain not in STANDARD_DOMAINS:
            raise NotAcceptable(f"operators of another library: {_text(node.domain)}")
        for attribute in node.attribute:
            # Whatever repeats or chooses between steps holds them as a graph of its own.
            if attribute.HasField("g") or attribute.graphs:
                raise NotAcceptable(f"it holds a loop or a branch: {_text(node.op_type)}")
            if attribute.HasField("sparse_tensor") or attribute.sparse_tensors:
                raise NotAcceptable("it holds sparse tensors")
    for tensor in _tensors(graph):
        if tensor.external_data or tensor.data_location:
            raise NotAcceptable("it loads tensors from other files")


def _tensors(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield from attribute.tensors
            if attribute.HasField("t"):
                yield attribute.t


def _description(model: Any) -> bytes:
    found = [entry.value for entry in model.metadata_props if entry.key == METADATA_KEY]
    if not found:
        raise NotAcceptable("it has no description that this program understands")
    if len(found) > 1:
        raise NotAcceptable("it has two descriptions")
    if len(found[0]) > DESCRIPTION_LIMIT:
        raise NotAcceptable("its description is too long")
    description: bytes = found[0]
    return description


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _message_class(name: str) -> Any:
    """The class of a message in the table."""
    field_type = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="onnx", package="onnx", syntax="proto2")
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            message = file.message_type.add(name=line)
            continue
        number, field_name, kind, *repeated = line.split()
        field = message.field.add(name=field_name, number=int(number))
        field.label = field_type.LABEL_REPEATED if repeated else field_type.LABEL_OPTIONAL
        if kind[0].isupper():
            field.type, field.type_name = field_type.TYPE_MESSAGE, f".onnx.{kind}"
        else:
            field.type = field_type.Type.Value(f"TYPE_{kind.upper()}")
            field.options.packed = bool(repeated) and kind != "bytes"
    pool = descriptor_pool.DescriptorPool()  # of our own: the onnx package uses the common one
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"onnx.{name}"))


_MODEL = _message_class("Model")
