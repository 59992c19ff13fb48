"""Looks into an ONNX file before onnxruntime opens it.

A model is data from elsewhere. It may name other files to read tensors from, or operators that
live in other libraries; both are refused. Only the few fields that matter are walked, straight
over the protocol buffer's bytes: tag = field number << 3 | wire type, then a varint (type 0),
8 bytes (1), a length and that many bytes (2), or 4 bytes (5). The field numbers are those of
onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

STANDARD_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})

_MODEL_GRAPH = 7
_MODEL_METADATA = 14
_MODEL_FUNCTIONS = 25
_ENTRY_KEY = 1
_ENTRY_VALUE = 2
_GRAPH_NODE = 1
_GRAPH_INITIALIZER = 5
_GRAPH_SPARSE_INITIALIZER = 15
_NODE_ATTRIBUTE = 5
_NODE_DOMAIN = 7
_ATTRIBUTE_TENSOR = 5
_ATTRIBUTE_GRAPH = 6
_ATTRIBUTE_TENSORS = 10
_ATTRIBUTE_GRAPHS = 11
_ATTRIBUTE_SPARSE = 22
_ATTRIBUTE_SPARSES = 23
_SPARSE_VALUES = 1
_SPARSE_INDICES = 2
_TENSOR_EXTERNAL = 13
_TENSOR_LOCATION = 14

_DEPTH = 16


class NotOnnx(ValueError):
    """The bytes are not a protocol buffer of the expected shape."""


@dataclass(slots=True)
class Inspection:
    """What the file would have onnxruntime do."""

    metadata: dict[str, str] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    has_graph: bool = False
    external_data: bool = False
    functions: bool = False


def inspect(data: bytes) -> Inspection:
    """Walk a serialized ModelProto. Raises NotOnnx."""
    found = Inspection()
    for number, value in _fields(memoryview(data)):
        if number == _MODEL_METADATA:
            entry = dict(_fields(_message(value)))
            found.metadata[_text(entry.get(_ENTRY_KEY, b""))] = _text(entry.get(_ENTRY_VALUE, b""))
        elif number == _MODEL_FUNCTIONS:
            found.functions = True
        elif number == _MODEL_GRAPH:
            found.has_graph = True
            _walk_graph(_message(value), found, _DEPTH)
    return found


def _walk_graph(data: memoryview, found: Inspection, depth: int) -> None:
    if depth == 0:
        raise NotOnnx("graphs are nested too deeply")
    for number, value in _fields(data):
        if number == _GRAPH_NODE:
            _walk_node(_message(value), found, depth)
        elif number == _GRAPH_INITIALIZER:
            _walk_tensor(_message(value), found)
        elif number == _GRAPH_SPARSE_INITIALIZER:
            _walk_sparse(_message(value), found)


def _walk_node(data: memoryview, found: Inspection, depth: int) -> None:
    for number, value in _fields(data):
        if number == _NODE_DOMAIN:
            found.domains.add(_text(value))
        elif number == _NODE_ATTRIBUTE:
            for kind, inner in _fields(_message(value)):
                if kind in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
                    _walk_tensor(_message(inner), found)
                elif kind in (_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES):
                    _walk_sparse(_message(inner), found)
                elif kind in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    _walk_graph(_message(inner), found, depth - 1)


def _walk_sparse(data: memoryview, found: Inspection) -> None:
    for number, value in _fields(data):
        if number in (_SPARSE_VALUES, _SPARSE_INDICES):
            _walk_tensor(_message(value), found)


def _walk_tensor(data: memoryview, found: Inspection) -> None:
    for number, value in _fields(data):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value):
            found.external_data = True


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            value, position = _varint(data, position)
            yield number, value
            continue
        if wire_type == 2:
            length, position = _varint(data, position)
        elif wire_type == 1:
            length = 8
        elif wire_type == 5:
            length = 4
        else:
            raise NotOnnx("unknown kind of field")
        if position + length > len(data):
            raise NotOnnx("the file ends too early")
        yield number, data[position : position + length]
        position += length


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise NotOnnx("the file ends too early")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise NotOnnx("a number is too long")


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise NotOnnx("a number stands where a message should")
    return value


def _text(value: int | memoryview | bytes) -> str:
    if isinstance(value, int):
        raise NotOnnx("a number stands where a text should")
    try:
        return bytes(value).decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotOnnx("a text is not UTF-8") from error
