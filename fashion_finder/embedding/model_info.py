"""A model file's description of itself: one JSON document, checked before anything relies on it."""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fashion_finder.domain import INPUT_SIDE, Closeness, ModelInfo, Part, RankedWords
from fashion_finder.embedding.description import read_description
from fashion_finder.embedding.first_format import as_second_format
from fashion_finder.embedding.likely_words import MOST_WORDS
from fashion_finder.embedding.onnx_message import NotAcceptable, inspect
from fashion_finder.errors import ModelMissing, ModelRefused
from fashion_finder.timeouts import ask

METADATA_FORMAT = 2
SIZE_LIMIT = 200 * 1024 * 1024

READ_SECONDS = 8.0
"""A disk that has not handed the file over by then counts as one that does not answer."""

LONGEST_REASON = 1000  # bytes in UTF-8
_MOST_SHOWN = 200  # characters of a reason, into which a hostile file may put anything


class ModelFile:
    """A model file as it was when it was read; what is checked of it is what is opened."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.data = data
        self.stamp = hashlib.blake2b(data, digest_size=16).hexdigest()  # identifies the model


def read_file(path: Path) -> ModelFile:
    """Read a model file. Raises ModelMissing, ModelRefused."""
    try:
        return ModelFile(path, ask(path, _read, READ_SECONDS))
    except FileNotFoundError as error:
        raise ModelMissing(path) from error
    except OSError as error:
        raise ModelRefused(path, error.strerror or "it cannot be read") from error
    except ValueError as error:  # a name that no file can have
        raise ModelMissing(path) from error


def describe(file: ModelFile) -> tuple[bytes, ModelInfo]:
    """What onnxruntime may be given of a model file, and the file's description.

    Raises ModelRefused.
    """
    path = file.path
    try:
        model, description = inspect(file.data)
    except NotAcceptable as error:
        raise ModelRefused(path, _shown(error)) from error
    try:
        return model, parse_metadata(description.decode("utf-8"), file.stamp)
    except KeyError as error:
        raise ModelRefused(path, _shown(f"its description is not valid: no {error}")) from error
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise ModelRefused(path, _shown(f"its description is not valid: {error}")) from error


def read_model_file(path: Path) -> tuple[bytes, ModelInfo]:
    """`read_file` and `describe` in one, for a file that is trusted.

    Raises ModelMissing, ModelRefused.
    """
    return describe(read_file(path))


def _read(path: Path) -> bytes:
    # A FIFO would block, and a device may act when it is opened: looked at first, and again once
    # it is open, since the name may lead elsewhere by then.
    _require_regular(path, path.stat())
    descriptor = os.open(path, os.O_RDONLY | _NEVER_BLOCK)
    with open(descriptor, "rb") as file:
        size = _require_regular(path, os.fstat(descriptor))
        return file.read(size)


_NEVER_BLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _require_regular(path: Path, about: os.stat_result) -> int:
    """Its size in bytes. Raises ModelRefused."""
    if not stat.S_ISREG(about.st_mode):
        raise ModelRefused(path, "it is not a file")
    if about.st_size > SIZE_LIMIT:
        raise ModelRefused(path, f"{about.st_size / 1e6:.0f} MB, at most {SIZE_LIMIT / 1e6:.0f}")
    return about.st_size


def _shown(reason: object) -> str:
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(reason))
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "\N{HORIZONTAL ELLIPSIS}"


def parse_metadata(text: str, stamp: str) -> ModelInfo:
    """Validate the JSON document under the metadata key. Raises ValueError, KeyError, TypeError."""
    document = read_description(text)
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
