"""A model file's description of itself: one JSON document, checked before anything relies on it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fashion_finder.domain import INPUT_SIDE, Closeness, ModelInfo, Part, RankedWords
from fashion_finder.embedding.first_format import as_second_format
from fashion_finder.embedding.likely_words import MOST_WORDS
from fashion_finder.embedding.wire import STANDARD_DOMAINS, NotOnnx, inspect
from fashion_finder.errors import ModelMissing, ModelRefused

METADATA_KEY = "fashion_finder"
METADATA_FORMAT = 2
SIZE_LIMIT = 200 * 1024 * 1024


def read_model_file(path: Path) -> tuple[bytes, ModelInfo]:
    """The file's bytes, once they are safe to hand to onnxruntime, and their description.

    Raises ModelMissing, ModelRefused.
    """
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise ModelRefused(path, f"{size / 1e6:.0f} MB, at most {SIZE_LIMIT / 1e6:.0f}")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissing(path) from error
    except OSError as error:
        raise ModelRefused(path, error.strerror or "it cannot be read") from error
    try:
        found = inspect(data)
    except NotOnnx as error:
        raise ModelRefused(path, f"not an ONNX file: {error}") from error
    if not found.has_graph:
        raise ModelRefused(path, "not an ONNX file: it holds no graph")
    if found.external_data:
        raise ModelRefused(path, "it loads tensors from other files")
    if foreign := found.domains - STANDARD_DOMAINS:
        raise ModelRefused(path, f"operators of another library: {', '.join(sorted(foreign))}")
    if found.functions:
        raise ModelRefused(path, "it defines operators of its own")
    if METADATA_KEY not in found.metadata:
        raise ModelRefused(path, "it has no description that this program understands")
    stamp = hashlib.blake2b(data, digest_size=16).hexdigest()
    try:
        return data, parse_metadata(found.metadata[METADATA_KEY], stamp)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelRefused(path, f"its description is not valid: {error}") from error


def parse_metadata(text: str, stamp: str) -> ModelInfo:
    """Validate the JSON document under the metadata key. Raises ValueError, KeyError, TypeError."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise TypeError("not a JSON object")
    if document["format"] == 1:
        document = as_second_format(document)
    if document["format"] != METADATA_FORMAT:
        raise ValueError(f"format {document['format']!r}, known is {METADATA_FORMAT}")
    if document.get("input_size", INPUT_SIDE) != INPUT_SIDE:
        raise ValueError(f"input of {document['input_size']} pixels, known is {INPUT_SIDE}")
    parts = _parts(document["parts"])
    vocabularies = {
        str(name): tuple(str(word) for word in words)
        for name, words in document.get("vocabularies", {}).items()
    }
    temperatures = {
        name: _positive(document.get("temperatures", {}).get(name, 1.0)) for name in vocabularies
    }
    return ModelInfo(
        stamp=stamp,
        name=str(document["name"]),
        version=str(document["version"]),
        dimension=parts[-1].stop,
        parts=parts,
        vocabularies=vocabularies,
        temperatures=temperatures,
        thresholds=_thresholds(document["closeness"]),
        licence=str(document.get("licence", "")),
        training_data=str(document.get("training_data", "")),
        ranked_words=_ranked_words(document.get("ranked_words", []), parts, vocabularies),
    )


def _parts(entries: Any) -> tuple[Part, ...]:
    parts = tuple(
        Part(str(entry["name"]), int(entry["start"]), int(entry["stop"]), float(entry["weight"]))
        for entry in entries
    )
    if not parts:
        raise ValueError("no parts")
    if len({part.name for part in parts}) != len(parts):
        raise ValueError("two parts of one name")
    start = 0
    for part in parts:
        if part.start != start or part.stop <= part.start:
            raise ValueError(f"part {part.name!r} does not follow the one before it")
        if not 0 < part.weight <= 1:
            raise ValueError(f"part {part.name!r} weighs {part.weight}")
        start = part.stop
    if not math.isclose(sum(part.weight for part in parts), 1.0, abs_tol=1e-4):
        raise ValueError("the weights of the parts do not sum to 1")
    return parts


def _thresholds(entries: Mapping[str, Any]) -> dict[Closeness, float]:
    words = (Closeness.SAME_PIECE, Closeness.VERY_SIMILAR, Closeness.SIMILAR)
    thresholds = {word: float(entries[word.name.lower()]) for word in words}
    falling = list(thresholds.values())
    if not all(-1 <= value <= 1 for value in falling) or falling != sorted(falling, reverse=True):
        raise ValueError("closeness thresholds must fall from same_piece to similar")
    return thresholds


def _ranked_words(
    entries: Any, parts: Sequence[Part], vocabularies: Mapping[str, Sequence[str]]
) -> tuple[RankedWords, ...]:
    ranked = tuple(
        RankedWords(str(entry["vocabulary"]), str(entry["part"]), _positive(entry["share"]))
        for entry in entries
    )
    for words in ranked:
        if len(vocabularies[words.vocabulary]) > MOST_WORDS:
            raise ValueError(f"more than {MOST_WORDS} words to rank by in {words.vocabulary!r}")
        if words.part not in {part.name for part in parts}:
            raise ValueError(f"words ranked beside {words.part!r}, which is no part")
    if len({words.vocabulary for words in ranked}) != len(ranked):
        raise ValueError("a vocabulary is ranked by twice")
    return ranked


def _positive(value: Any) -> float:
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{value!r} is not a positive number")
    return number
