"""The words the model learns, and how the labels of both photo sets map onto them.

An ordinary photo's label may be coarser than the catalogue's ("Shoes"): it then stands for a *set* of
types, and the loss asks only that their probabilities add up to much. A label with no counterpart in
the catalogue becomes a type of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: What the label of an ordinary photo can mean in the catalogue's vocabulary.
ORDINARY_TYPES: Mapping[str, tuple[str, ...]] = {
    "T-Shirt": ("Tshirts",),
    "Polo": ("Tshirts",),
    "Shirt": ("Shirts",),
    "Top": ("Tops",),
    "Blouse": ("Tops", "Shirts"),
    "Undershirt": ("Innerwear Vests",),
    "Hoodie": ("Sweatshirts",),
    "Outwear": ("Jackets",),
    "Dress": ("Dresses",),
    "Skirt": ("Skirts",),
    "Shorts": ("Shorts",),
    "Pants": ("Trousers", "Jeans", "Track Pants", "Leggings", "Capris"),
    "Hat": ("Caps",),
    "Shoes": (
        "Casual Shoes",
        "Sports Shoes",
        "Formal Shoes",
        "Heels",
        "Flats",
        "Sandals",
        "Flip Flops",
    ),
    "Longsleeve": ("Long Sleeve Tops",),
    "Blazer": ("Blazers",),
    "Body": ("Bodysuits",),
}

#: Labels that say nothing about the photo.
NOT_A_LABEL = frozenset({"", "NA", "Not sure", "Skip", "Other"})

#: A word must stand under at least this many training photos to be learnt: five neighbours of the
#: same kind are the most that an answer can hold.
FEWEST_PHOTOS = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is known of one photo; an empty tuple or string is "unknown"."""

    types: tuple[str, ...]
    gender: str
    colour: str


def catalogue_meaning(row: Mapping[str, str]) -> Meaning:
    """Read one row of the catalogue's label table (articleType, gender, baseColour)."""

    def known(field: str) -> str:
        word = row[field].strip()
        return "" if word in NOT_A_LABEL else word

    article = known("articleType")
    return Meaning((article,) if article else (), known("gender"), known("baseColour"))


def ordinary_meaning(label: str) -> Meaning:
    """Read the label of an ordinary photo: types only; unknown words keep their own name."""
    if label in NOT_A_LABEL:
        return Meaning((), "", "")
    return Meaning(ORDINARY_TYPES.get(label, (label,)), "", "")


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The words of each vocabulary, in the order of the model's outputs."""

    type: tuple[str, ...]
    colour_name: tuple[str, ...]
    gender: tuple[str, ...]

    def as_dict(self) -> dict[str, list[str]]:
        """Return the form that the model's metadata holds."""
        return {
            "type": list(self.type),
            "colour_name": list(self.colour_name),
            "gender": list(self.gender),
        }

    @classmethod
    def from_dict(cls, words: Mapping[str, Sequence[str]]) -> Vocabularies:
        """Read the form that the model's metadata holds; raises KeyError when one is missing."""
        return cls(tuple(words["type"]), tuple(words["colour_name"]), tuple(words["gender"]))


def build_vocabularies(training: Iterable[Meaning], fewest: int = FEWEST_PHOTOS) -> Vocabularies:
    """Collect the words borne by at least ``fewest`` training photos, each list sorted.

    A photo whose label stands for several types counts for none of them.
    """
    types: Counter[str] = Counter()
    colours: Counter[str] = Counter()
    genders: Counter[str] = Counter()
    for meaning in training:
        if len(meaning.types) == 1:
            types[meaning.types[0]] += 1
        colours[meaning.colour] += 1
        genders[meaning.gender] += 1

    def frequent(counts: Counter[str]) -> tuple[str, ...]:
        return tuple(sorted(word for word, count in counts.items() if word and count >= fewest))

    return Vocabularies(frequent(types), frequent(colours), frequent(genders))


def positions(words: Iterable[str], vocabulary: Sequence[str]) -> tuple[int, ...]:
    """Return where the words stand in the vocabulary; words that are not in it are left out."""
    places = {word: place for place, word in enumerate(vocabulary)}
    return tuple(sorted(places[word] for word in words if word in places))
