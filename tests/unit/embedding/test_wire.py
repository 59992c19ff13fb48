"""The look into an ONNX file finds what matters, and survives anything."""

from __future__ import annotations

import contextlib

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from fashion_finder.embedding.wire import NotOnnx, inspect
from tests.tiny_model import tiny_model

TINY = tiny_model().SerializeToString()


def test_a_plain_model_is_plain() -> None:
    """Metadata and standard operators, nothing else."""
    found = inspect(TINY)
    assert list(found.metadata) == ["fashion_finder"]
    assert (found.has_graph, found.external_data, found.functions) == (True, False, False)
    assert found.domains <= {"", "ai.onnx"}


def _external(tensor: onnx.TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"


def test_numbers_in_other_files_are_seen() -> None:
    """In an initializer, and in a constant's attribute inside a branch."""
    model = tiny_model()
    _external(model.graph.initializer[0])
    assert inspect(model.SerializeToString()).external_data

    nested = tiny_model()
    tensor = numpy_helper.from_array(numpy_helper.to_array(nested.graph.initializer[0]), "deep")
    _external(tensor)
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["deep"], value=tensor)], "branch", [], []
    )
    nested.graph.node.append(
        helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)
    )
    assert inspect(nested.SerializeToString()).external_data


def test_operators_of_other_libraries_are_seen() -> None:
    """In the graph, and in a graph inside a node."""
    model = tiny_model()
    inner = helper.make_graph(
        [helper.make_node("Evil", [], ["z"], domain="com.evil")], "inner", [], []
    )
    model.graph.node.append(
        helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    )
    assert "com.evil" in inspect(model.SerializeToString()).domains


def _field(number: int, payload: bytes) -> bytes:
    """One length-delimited field of a protocol buffer."""
    length = bytearray()
    rest = len(payload)
    while rest >= 0x80:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    length.append(rest)
    return bytes([number << 3 | 2]) + bytes(length) + payload


EXTERNAL = b"\x70\x01"  # data_location, number 14


@pytest.mark.parametrize("number", [5, 10])
def test_external_tensors_of_attributes_are_seen(number: int) -> None:
    """One, or a list of them; the location alone is enough."""
    attribute = _field(number, EXTERNAL)
    assert inspect(_field(7, _field(1, _field(5, attribute)))).external_data
    inside = _field(number, b"\x70\x00")
    assert not inspect(_field(7, _field(1, _field(5, inside)))).external_data


@pytest.mark.parametrize("number", [6, 11])
def test_external_tensors_of_inner_graphs_are_seen(number: int) -> None:
    """One graph, or a list of them."""
    attribute = _field(number, _field(5, EXTERNAL))
    assert inspect(_field(7, _field(1, _field(5, attribute)))).external_data


@pytest.mark.parametrize("number", [22, 23])
@pytest.mark.parametrize("half", [1, 2], ids=["values", "indices"])
def test_external_sparse_tensors_are_seen(number: int, half: int) -> None:
    """In an attribute, and as an initializer."""
    sparse = _field(half, EXTERNAL)
    assert inspect(_field(7, _field(1, _field(5, _wide_field(number, sparse))))).external_data
    assert inspect(_field(7, _field(15, sparse))).external_data


def _wide_field(number: int, payload: bytes) -> bytes:
    """A short length-delimited field whose number needs two bytes."""
    tag = number << 3 | 2
    return bytes([tag & 0x7F | 0x80, tag >> 7, len(payload)]) + payload


def test_graphs_nested_without_end_are_refused() -> None:
    """Depth is bounded, so a file cannot exhaust the stack."""
    graph = b""
    for _ in range(5000):
        graph = _field(1, _field(5, _field(6, graph)))  # a node's attribute's graph
    with pytest.raises(NotOnnx, match="nested"):
        inspect(_field(7, graph))


@given(data=st.binary(max_size=200))
def test_noise_is_refused_or_harmless(data: bytes) -> None:
    """Random bytes raise NotOnnx and nothing else."""
    with contextlib.suppress(NotOnnx):
        inspect(data)


@given(position=st.integers(0, len(TINY) - 1), bit=st.integers(0, 7), end=st.integers(0, len(TINY)))
def test_damaged_models_are_refused_or_harmless(position: int, bit: int, end: int) -> None:
    """Flipped bits and missing ends raise NotOnnx and nothing else."""
    data = bytearray(TINY)
    data[position] ^= 1 << bit
    with contextlib.suppress(NotOnnx):
        inspect(bytes(data[:end]))
