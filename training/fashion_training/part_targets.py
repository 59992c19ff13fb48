"""What each piece is told to be, for three parts, and which pieces agree in cut, colour and pattern.

Two pieces agree, disagree, or it cannot be told: a photo labelled "Shoes" may or may not show the
catalogue's "Heels". What cannot be told is neither pulled together nor pushed apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fashion_training.colours_by_eye import COLOURS, near
from fashion_training.pieces import Piece

#: The answers to "do these two agree?".
AGREE, DISAGREE, UNTOLD = 1, 0, -1
Codes = NDArray[np.int64]
Table = NDArray[np.int8]
Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of N pieces.

    ``words`` holds, for each vocabulary, which words a piece may be called, bool [N, words], none
    where unknown. ``codes`` numbers labels [N] (-1 unknown) and ``tables`` says of each two labels
    whether they agree, int8 [labels, labels], for ``cut``, ``colour``, ``colour_name`` and
    ``pattern``. ``groups`` [N] numbers products: pieces of one are never compared as strangers.
    """

    words: Mapping[str, NDArray[np.bool_]]
    codes: Mapping[str, Codes]
    tables: Mapping[str, Table]
    groups: Codes


def labels_of(pieces: Sequence[Piece], vocabularies: Mapping[str, Sequence[str]]) -> Labels:
    """Look up what is known of every piece."""
    may_be: dict[str, list[tuple[str, ...]]] = {
        "type": [piece.types for piece in pieces],
        "colour_name": [piece.colour_names for piece in pieces],
        "gender": [(piece.gender,) for piece in pieces],
        "pattern": [piece.patterns for piece in pieces],
    }
    words = {
        name: _marked(labels, vocabularies[name])
        for name, labels in may_be.items()
        if name in vocabularies
    }
    cuts = [(piece.domain in ("ordinary", "street"), piece.kind, piece.types) for piece in pieces]
    cut_codes, cut_labels = _numbered(cuts, [bool(piece.kind) for piece in pieces])
    patterns = [(piece.pattern, piece.patterns) for piece in pieces]
    pattern_codes, pattern_labels = _numbered(patterns, [bool(p.patterns) for p in pieces])
    places = {colour: place for place, colour in enumerate(COLOURS)}
    names, listed = _numbered(
        [piece.colour_name for piece in pieces], [bool(piece.colour_name) for piece in pieces]
    )
    return Labels(
        words=words,
        codes={
            "cut": cut_codes,
            "colour": np.array([places.get(piece.colour, -1) for piece in pieces]),
            "colour_name": names,
            "pattern": pattern_codes,
        },
        tables={
            "cut": _table([(label[:2], label[2]) for label in cut_labels]),
            "colour": near_table(),
            "colour_name": np.eye(len(listed), dtype=np.int8),
            "pattern": _table(pattern_labels),
        },
        groups=_numbered([piece.group for piece in pieces], [True] * len(pieces))[0],
    )


def near_table() -> Table:
    """Say of each two everyday colours whether they agree; of neighbours it cannot be told."""
    return np.array(
        [
            [
                AGREE if one == other else UNTOLD if near(one, other) else DISAGREE
                for other in COLOURS
            ]
            for one in COLOURS
        ],
        dtype=np.int8,
    )


def _table(labels: Sequence[tuple[object, tuple[str, ...]]]) -> Table:
    """Say of each two labels whether they agree.

    They do when they are equal or mean the same single word; where they share a word among several,
    it cannot be told.
    """

    def agreement(
        one: tuple[object, tuple[str, ...]], other: tuple[object, tuple[str, ...]]
    ) -> int:
        if one[0] == other[0] or (len(one[1]) == 1 and one[1] == other[1]):
            return AGREE
        return UNTOLD if set(one[1]) & set(other[1]) else DISAGREE

    table = [[agreement(one, other) for other in labels] for one in labels]
    return np.array(table, dtype=np.int8).reshape(len(labels), len(labels))


def _numbered(labels: Sequence[Label], known: Sequence[bool]) -> tuple[Codes, list[Label]]:
    """Number the labels in the order in which they appear; what is unknown becomes -1."""
    places: dict[Label, int] = {}
    codes = [
        places.setdefault(label, len(places)) if told else -1
        for label, told in zip(labels, known, strict=True)
    ]
    return np.array(codes, dtype=np.int64), list(places)


def _marked(labels: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> NDArray[np.bool_]:
    places = {word: place for place, word in enumerate(vocabulary)}
    marked = np.zeros((len(labels), len(vocabulary)), dtype=np.bool_)
    for row, words in enumerate(labels):
        marked[row, [places[word] for word in words if word in places]] = True
    return marked
