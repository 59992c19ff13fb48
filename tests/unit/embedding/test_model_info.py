"""A model's word about itself is checked before it is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fashion_finder.domain import Closeness
from fashion_finder.embedding import model_info
from fashion_finder.embedding.model_info import parse_metadata, read_model_file
from fashion_finder.errors import ModelMissing, ModelRefused
from tests.tiny_model import METADATA, metadata, tiny_model, write_tiny_model

STYLE = {"name": "style", "start": 0, "stop": 65, "weight": 0.5}


def test_a_valid_document_is_understood() -> None:
    """Parts, vocabularies, temperatures and thresholds arrive typed."""
    info = parse_metadata(json.dumps(METADATA), "stamp")
    assert (info.stamp, info.name, info.dimension) == ("stamp", "tiny", 69)
    assert [(part.name, part.stop - part.start) for part in info.parts] == [
        ("style", 65),
        ("colour", 4),
    ]
    assert info.vocabularies == {"type": ("bright", "dark")}
    assert info.temperatures == {"type": 2.0}
    assert info.thresholds[Closeness.VERY_SIMILAR] == 0.9


def test_what_is_optional_may_be_missing() -> None:
    """A plain ImageNet export has neither vocabularies nor a second part."""
    document = metadata(
        parts=[{**STYLE, "weight": 1.0}],
        vocabularies=None,
        temperatures=None,
        licence=None,
        training_data=None,
    )
    info = parse_metadata(json.dumps(document), "stamp")
    assert (info.vocabularies, info.dimension) == ({}, 65)


def first_format(**changes: Any) -> dict[str, Any]:
    """The tiny model's metadata as it was before."""
    bounds = {"very_close": 0.9, "close": 0.8, "weaker": 0.7}
    return metadata(format=1, closeness=bounds, **changes)


def test_a_model_of_the_first_format_is_still_understood() -> None:
    """It never said that two photos show one piece, and ranks by no words."""
    info = parse_metadata(json.dumps(first_format()), "stamp")
    assert list(info.thresholds.values()) == [1.0, 0.9, 0.7]
    assert info.ranked_words == ()


def test_the_released_model_of_the_first_format_ranks_by_words() -> None:
    """Its bounds and shares were settled since; another model of its version has its own."""
    colours = {"type": ["bright", "dark"], "colour_name": ["red"]}
    known = first_format(name="resnet50-fashion", version="0.8.0", vocabularies=colours)
    info = parse_metadata(json.dumps(known), "stamp")
    assert [words.vocabulary for words in info.ranked_words] == ["type", "colour_name"]
    assert 1 > info.thresholds[Closeness.SAME_PIECE] > info.thresholds[Closeness.SIMILAR]
    other = first_format(name="mine", version="0.8.0", vocabularies=colours)
    assert parse_metadata(json.dumps(other), "stamp").ranked_words == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 3},
        {"input_size": 192},
        {"parts": []},
        {"parts": [STYLE]},
        {"parts": [{**STYLE, "weight": 0}, {**METADATA["parts"][1], "weight": 1}]},
        {"parts": [STYLE, {**METADATA["parts"][1], "start": 64}]},
        {"parts": [STYLE, {**METADATA["parts"][1], "stop": 65}]},
        {"parts": [STYLE, {**METADATA["parts"][1], "name": "style"}]},
        {"closeness": {"same_piece": 0.5, "very_similar": 0.7, "similar": 0.1}},
        {"closeness": {"same_piece": 2, "very_similar": 0.7, "similar": 0.1}},
        {"closeness": None},
        {"temperatures": {"type": 0}},
        {"temperatures": {"type": "warm"}},
        {"ranked_words": [{"vocabulary": "shape", "part": "style", "share": 0.1}]},
        {"ranked_words": [{"vocabulary": "type", "part": "shape", "share": 0.1}]},
        {"ranked_words": [{"vocabulary": "type", "part": "style", "share": -0.1}]},
        {"ranked_words": [{"vocabulary": "type", "part": "style", "share": "much"}]},
        {"ranked_words": {"type": 0.1}},
        {"ranked_words": 2 * [{"vocabulary": "type", "part": "style", "share": 0.1}]},
        {
            "vocabularies": {"type": [str(number) for number in range(257)]},
            "ranked_words": [{"vocabulary": "type", "part": "style", "share": 0.1}],
        },
    ],
)
def test_an_invalid_document_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Each broken promise is found."""
    path = write_tiny_model(tmp_path / "model.onnx", metadata(**changes))
    with pytest.raises(ModelRefused, match="not valid"):
        read_model_file(path)


def test_the_stamp_is_of_the_bytes(tmp_path: Path) -> None:
    """Two files differ in stamp when they differ at all."""
    one = write_tiny_model(tmp_path / "one.onnx")
    same = write_tiny_model(tmp_path / "same.onnx")
    other = write_tiny_model(tmp_path / "other.onnx", metadata(version="2"))
    stamps = [read_model_file(path)[1].stamp for path in (one, same, other)]
    assert stamps[0] == stamps[1] != stamps[2]


def test_a_missing_model_is_missing(tmp_path: Path) -> None:
    """Nothing there is another failure than something wrong."""
    with pytest.raises(ModelMissing):
        read_model_file(tmp_path / "none.onnx")


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    """Text, nothing, and a protocol buffer without a graph."""
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelRefused, match="not an ONNX file"):
        read_model_file(path)


def test_a_model_that_says_nothing_is_refused(tmp_path: Path) -> None:
    """Without metadata its numbers have no meaning."""
    model = tiny_model()
    del model.metadata_props[:]
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelRefused, match="has no description"):
        read_model_file(path)


def test_a_foreign_operator_is_refused(tmp_path: Path) -> None:
    """It would need a library to be loaded."""
    model = tiny_model()
    model.graph.node[0].domain = "com.evil"
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelRefused, match=r"com\.evil"):
        read_model_file(path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size alone is enough."""
    monkeypatch.setattr(model_info, "SIZE_LIMIT", 1000)
    path = write_tiny_model(tmp_path / "model.onnx")
    with pytest.raises(ModelRefused, match="MB"):
        read_model_file(path)
