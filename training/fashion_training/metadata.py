"""The JSON document that a model file carries about itself, and the rules it must obey."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

#: Key of the document among an ONNX model's metadata properties.
METADATA_KEY = "fashion_finder"
FORMAT = 2
INPUT_SIZE = 224
VOCABULARIES = ("type", "colour_name", "gender", "pattern")
CLOSENESS = ("same_piece", "very_similar", "similar")


def parts_of(sizes: Mapping[str, int], weights: Mapping[str, float]) -> list[dict[str, Any]]:
    """List the parts in order, each with where it starts and stops and its default weight."""
    parts, start = [], 0
    for name, size in sizes.items():
        parts.append({"name": name, "start": start, "stop": start + size, "weight": weights[name]})
        start += size
    return parts


def check_document(document: Mapping[str, Any], dimension: int) -> None:
    """Raise ValueError, saying what is wrong, unless the document is complete and consistent.

    ``dimension`` is the length of the model's ``embedding``.
    """
    missing = {
        "format", "name", "version", "source", "input_size", "parts", "vocabularies",
        "temperatures", "closeness", "licence", "training_data", "figures", "exported_by",
    } - set(document)  # fmt: skip
    if missing:
        raise ValueError(f"metadata lacks {sorted(missing)}")
    if document["format"] != FORMAT or document["input_size"] != INPUT_SIZE:
        raise ValueError("metadata has another format or input size")
    _check_parts(document["parts"], dimension)
    vocabularies = document["vocabularies"]
    if not set(vocabularies) <= set(VOCABULARIES):
        raise ValueError(f"unknown vocabularies: {sorted(vocabularies)}")
    for name, words in vocabularies.items():
        if not words or len(set(words)) != len(words):
            raise ValueError(f"vocabulary {name} is empty or repeats a word")
    temperatures = document["temperatures"]
    if set(temperatures) != set(vocabularies):
        raise ValueError("every vocabulary needs a temperature, and nothing else does")
    if not all(math.isfinite(value) and value > 0 for value in temperatures.values()):
        raise ValueError("temperatures must be positive")
    bounds = [document["closeness"][name] for name in CLOSENESS]
    if not 1 > bounds[0] > bounds[1] > bounds[2] > -1:
        raise ValueError("closeness bounds must fall from same_piece to similar")


def _check_parts(parts: Sequence[Mapping[str, Any]], dimension: int) -> None:
    start = 0
    for part in parts:
        if part["start"] != start or part["stop"] <= start or not 0 < part["weight"] <= 1:
            raise ValueError(f"part {part['name']!r} is out of place or weighs nothing")
        start = part["stop"]
    if start != dimension:
        raise ValueError(f"the parts end at {start}, the embedding at {dimension}")
    if not math.isclose(sum(part["weight"] for part in parts), 1.0, abs_tol=1e-6):
        raise ValueError("the parts' weights do not add up to 1")
