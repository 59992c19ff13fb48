"""The JSON document in which a model describes itself, read strictly: it is data from elsewhere."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

_LARGEST = 1 << 53
"""Up to here integers and floats are exact."""

_LONGEST = 200  # characters of a name or word

_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that move the cursor, reorder a line, or are no text at all."""

_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # which several scripts spell with

_PROSE = frozenset({"licence", "training_data"})  # may have several lines; never shown


def read_description(text: str) -> dict[str, Any]:
    """The document, in which what the contract names has the type that it asks for.

    Whether the values make sense together is for `parse_metadata` to say. Raises ValueError,
    TypeError.
    """
    try:
        document = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
        )
        if not isinstance(document, dict):
            raise TypeError("not a JSON object")
        for key, require in _CONTRACT.items():
            if key in document:
                require(key, document[key])
                if key not in _PROSE:
                    _require_plain(document[key])
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return document


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice in one JSON object")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _require_plain(value: Any) -> None:
    """Names and words that can be shown, numbers that can be computed with."""
    for inner in _flat(value):
        if isinstance(inner, str):
            if len(inner) > _LONGEST:
                raise ValueError(f"a text of {len(inner)} characters, at most {_LONGEST}")
            if not all(map(_is_plain, inner)):
                raise ValueError(f"{inner!a} holds control characters")
        elif isinstance(inner, int | float) and not abs(inner) <= _LARGEST:  # NaN is not, either
            raise ValueError("a number is too large")


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _flat(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner)
    else:
        yield value


def _is_plain(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _FORBIDDEN


# ---------------------------------------------------------------- types


Require = Callable[[str, Any], None]
"""Raises TypeError or ValueError when the value of this name is not as the contract has it."""


def _be(*types: type) -> Require:
    def require(name: str, value: Any) -> None:
        if type(value) not in types:  # so that true is no number
            raise TypeError(f"{name!r} has a value of the wrong type")

    return require


_text, _whole, _number = _be(str), _be(int), _be(int, float)
_object, _list = _be(dict), _be(list)


def _numbers(name: str, value: Any) -> None:
    _object(name, value)
    for inner in value.values():
        _number(name, inner)


def _entries(keys: Mapping[str, Require]) -> Require:
    """A list of objects with values of these types."""

    def require(name: str, value: Any) -> None:
        _list(name, value)
        for entry in value:
            _object(name, entry)
            for key, require_value in keys.items():
                if key in entry:
                    require_value(key, entry[key])

    return require


def _vocabularies(name: str, value: Any) -> None:
    _object(name, value)
    for vocabulary, words in value.items():
        _list(vocabulary, words)
        for word in words:
            _text(vocabulary, word)
        if not words or len(set(words)) != len(words) or not _all_visible(words):
            raise ValueError(f"vocabulary {vocabulary!r} lacks a word, or has one twice")


def _all_visible(words: Iterable[str]) -> bool:
    return all(word.strip() for word in words)


_CONTRACT = {
    "format": _whole,
    "name": _text,
    "version": _text,
    "input_size": _whole,
    "parts": _entries({"name": _text, "start": _whole, "stop": _whole, "weight": _number}),
    "vocabularies": _vocabularies,
    "temperatures": _numbers,
    "closeness": _numbers,
    "ranked_words": _entries({"vocabulary": _text, "part": _text, "share": _number}),
    "licence": _text,
    "training_data": _text,
}
