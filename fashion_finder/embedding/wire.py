"""Looks into an ONNX file before onnxruntime opens it.

A model is data from elsewhere. It may name other files to read tensors from, or operators of other
libraries; both are refused. Only the few fields that matter are read, straight from the protocol
buffer's bytes: tag = field number << 3 | wire type, then a varint (type 0),
8 bytes (1), a length and that many bytes (2), or 4 bytes (5). The field numbers are those of
onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

STANDARD_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})

_MODEL_GRAPH, _MODEL_METADATA, _MODEL_FUNCTIONS = 7, 14, 25
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_NODE_DOMAIN = 7
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14

_INNER = {
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {
        **dict.fromkeys((5, 10), "tensor"),
        **dict.fromkeys((6, 11), "graph"),
        **dict.fromkeys((22, 23), "sparse tensor"),
    },
    "sparse tensor": {1: "tensor", 2: "tensor"},  # values and indices
    "tensor": {},
}
"""For each kind of message, the fields that hold messages to look into, and of what kind."""

_DEPTH = 16  # of graphs within graphs

_EMPTY = memoryview(b"")


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
            key, text = (entry.get(field, _EMPTY) for field in (_ENTRY_KEY, _ENTRY_VALUE))
            found.metadata[_text(key)] = _text(text)
        elif number == _MODEL_FUNCTIONS:
            found.functions = True
        elif number == _MODEL_GRAPH:
            found.has_graph = True
            _walk("graph", _message(value), found, _DEPTH)
    return found


def _walk(kind: str, data: memoryview, found: Inspection, depth: int) -> None:
    if kind == "graph":
        if depth == 0:
            raise NotOnnx("graphs are nested too deeply")
        depth -= 1
    for number, value in _fields(data):
        if number in _INNER[kind]:
            _walk(_INNER[kind][number], _message(value), found, depth)
        elif kind == "node" and number == _NODE_DOMAIN:
            found.domains.add(_text(value))
        elif kind == "tensor" and number in (_TENSOR_EXTERNAL, _TENSOR_LOCATION):
            found.external_data |= number == _TENSOR_EXTERNAL or bool(value)


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
        raise NotOnnx("a number stands where a message or text should")
    return value


def _text(value: int | memoryview) -> str:
    try:
        return str(_message(value), "utf-8")
    except UnicodeDecodeError as error:
        raise NotOnnx("a text is not UTF-8") from error
