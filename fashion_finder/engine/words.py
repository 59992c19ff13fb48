"""From words as people type them to filters: "red dresses", "navy t-shirt", a folder's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fashion_finder.domain import Filters
from fashion_finder.word_labels import word_label

LONGEST_PHRASE = 4
"""The most words that a name can have, as in "jewellery gift set"."""

T = TypeVar("T")

_SPELLINGS = {
    "gray": "grey",
    "jewelry": "jewellery",
    "colored": "coloured",
    "tee": "tshirt",
    "jumper": "sweater",
    "scarf": "scarve",
    "trainer": "sport shoe",
    "sneaker": "sport shoe",
}
_LITTLE_WORDS = frozenset(("a", "an", "and", "any", "in", "of", "or", "the", "with"))
_FILE_NAME = re.compile(r"_|\w\.\w")  # in IMG_0042 and red-dress.jpg: a name, no description
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that can be understood."""

    types: tuple[str, ...]
    colours: tuple[str, ...]
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What words ask for; those that no name was found for are left over, as typed."""

    filters: Filters
    unknown: tuple[str, ...] = ()


def understand(text: str, vocabulary: Vocabulary) -> Wish:
    """Find the longest names among the words, from the left.

    Case, plural endings, hyphens and the usual other spellings do not matter. A word that is no whole
    name stands for all names it is a word of: "shoes" for casual, formal and sports shoes. The window's
    labels are understood whole, besides the model's words: "winter" alone is not "Winter scarves". What
    looks like the name of a file is left over whole.
    """
    types, colours = _by_word(vocabulary.types), _by_word(vocabulary.colours)
    folders = _by_key((path.name, path) for path in vocabulary.folders)
    words: list[str] = []
    of_file: list[bool] = []  # of the words, whether they are of a file's name
    for typed in text.split():
        some = _WORD.findall(typed)
        words += some
        of_file += [_FILE_NAME.search(typed) is not None] * len(some)
    found: tuple[list[str], list[str], list[Path]] = ([], [], [])
    unknown: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            if any(of_file[at : at + length]):
                continue
            key = _key(" ".join(words[at : at + length]))
            kinds = (colours.get(key, ()), types.get(key, ()), folders.get(key, ()))
            if any(kinds):
                colour, kind, folder = kinds
                # One meaning per phrase: a colour or a type comes before a folder.
                if colour:
                    found[1].extend(colour)
                elif kind:
                    found[0].extend(kind)
                else:
                    found[2].extend(folder)
                at += length
                break
        else:
            if of_file[at] or words[at].casefold() not in _LITTLE_WORDS:
                unknown.append(words[at])
            at += 1
    return Wish(
        Filters(types=_once(found[0]), colours=_once(found[1]), folders=_once(found[2])),
        tuple(unknown),
    )


def _by_word(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The model's words by their keys, and by the keys of their labels."""
    return {_key(word_label(word)): (word,) for word in words} | _by_key(
        (word, word) for word in words
    )


def _by_key(names: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """Values by the keys of their names, and by single words that are no whole name."""
    whole: dict[str, list[T]] = {}
    partial: dict[str, list[T]] = {}
    for name, value in names:
        key = _key(name)
        whole.setdefault(key, []).append(value)
        for word in key.split(" "):
            if word not in _LITTLE_WORDS:
                partial.setdefault(word, []).append(value)
    return {key: tuple(values) for key, values in {**partial, **whole}.items() if key}


def _key(phrase: str) -> str:
    """The form in which phrases are compared: stems without hyphens, in the usual spelling."""
    stems = [_stem(word) for word in _WORD.findall(phrase)]
    return " ".join(_SPELLINGS.get(stem, stem) for stem in stems)


def _stem(word: str) -> str:
    """A word without case, hyphens and plural ending."""
    bare = re.sub(r"['’-]", "", word.casefold())
    for ending, stem in (("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("ies", "y")):
        if bare.endswith(ending) and len(bare) > 4:
            return bare[: -len(ending)] + stem
    if bare.endswith("s") and not bare.endswith("ss") and len(bare) > 3:
        return bare[:-1]
    return bare


def _once(values: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
