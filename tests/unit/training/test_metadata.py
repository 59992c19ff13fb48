"""The document inside a model file."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from fashion_finder.embedding.model_info import parse_metadata
from fashion_training.metadata import check_document, parts_of

DOCUMENT: dict[str, Any] = {
    "format": 2,
    "name": "resnet50-fashion",
    "version": "0.1.0",
    "source": "fashion",
    "input_size": 224,
    "parts": parts_of({"style": 256, "colour": 96}, {"style": 0.6, "colour": 0.4}),
    "vocabularies": {"type": ["Hats", "Shirts"], "gender": ["Men"]},
    "temperatures": {"type": 0.8, "gender": 1.0},
    "closeness": {"same_piece": 0.9, "very_similar": 0.75, "similar": 0.55},
    "licence": "",
    "training_data": "",
    "figures": {},
    "exported_by": {},
}


def test_parts_follow_each_other() -> None:
    """Each part starts where the one before it stops."""
    assert parts_of({"style": 4, "colour": 2}, {"style": 0.7, "colour": 0.3}) == [
        {"name": "style", "start": 0, "stop": 4, "weight": 0.7},
        {"name": "colour", "start": 4, "stop": 6, "weight": 0.3},
    ]


def test_a_complete_document_passes_here_and_in_the_program() -> None:
    """What the exporter calls complete, the program can read."""
    import json

    check_document(DOCUMENT, 352)
    info = parse_metadata(json.dumps(DOCUMENT), "stamp")
    assert info.dimension == 352
    assert [part.name for part in info.parts] == ["style", "colour"]


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return a copy of the document with one thing changed."""
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


@pytest.mark.parametrize(
    "change,complaint",
    [
        (lambda d: d.pop("licence"), "lacks"),
        (lambda d: d.update(format=1), "another format"),
        (lambda d: d["parts"][1].update(start=255), "out of place"),
        (lambda d: d["parts"][1].update(stop=350), "end at 350"),
        (lambda d: d["parts"][0].update(weight=0.7), "add up"),
        (lambda d: d["vocabularies"].update(type=["Hats", "Hats"]), "repeats"),
        (lambda d: d["vocabularies"].update(season=["Fall"]), "unknown"),
        (lambda d: d["temperatures"].pop("gender"), "temperature"),
        (lambda d: d["temperatures"].update(gender=0.0), "positive"),
        (lambda d: d["closeness"].update(very_similar=0.95), "fall"),
    ],
)
def test_a_faulty_document_is_refused(
    change: Callable[[dict[str, Any]], object], complaint: str
) -> None:
    """Every rule is held, and the complaint names it."""
    with pytest.raises(ValueError, match=complaint):
        check_document(changed(change), 352)
