"""Everything that one run learns from and chooses by: catalogue, ordinary and street photos alike.

A *piece* is one garment in one photo: a whole catalogue or ordinary photo, or one outlined garment of
a street photo. Test pieces never enter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fashion_training.colours_by_eye import CATALOGUE_COLOURS, everyday
from fashion_training.garment_classes import (
    CATALOGUE_CLASSES,
    ORDINARY_CLASSES,
    STREET_CLASSES,
)
from fashion_training.labels import NOT_A_LABEL, catalogue_meaning, ordinary_meaning
from fashion_training.ordinary_labels import UNSEEN, Seen, read_labels
from fashion_training.patterns import NAME_WORDS, pattern_in_name
from fashion_training.photos import Photo, PhotoSet, catalogue_photos, ordinary_photos
from fashion_training.split import linked_groups, side_of, sides_for_training
from fashion_training.street_looks import Garment, StreetLooks

Domain = Literal["large", "small", "ordinary", "street"]
Side = Literal["train", "validation"]

#: Two ordinary photos whose labels do not say what they show, by their place in the sorted names.
WRONGLY_LABELLED = (1227, 1706)
#: Labels of street photos that name a type more narrowly than their class does.
STREET_TYPES: Mapping[str, tuple[str, ...]] = {
    "blazer": ("Blazers",),
    "blouse": ("Tops", "Shirts"),
    "bodysuit": ("Bodysuits", "Tops"),
    "shirt": ("Shirts",),
    "t-shirt": ("Tshirts",),
    "top": ("Tops",),
    "leggings": ("Leggings", "Tights"),
    "purse": ("Handbags", "Clutches"),
    "wallet": ("Wallets", "Clutches"),
    "flats": ("Flats",),
    "heels": ("Heels",),
    "pumps": ("Heels",),
    "wedges": ("Heels",),
    "sandals": ("Sandals", "Heels", "Flats"),
    "loafers": ("Casual Shoes", "Formal Shoes"),
    "sneakers": ("Casual Shoes", "Sports Shoes"),
    "boots": ("Casual Shoes", "Heels", "Formal Shoes"),
    "sweatshirt": ("Sweatshirts",),
    "hoodie": ("Sweatshirts",),
    "sweater": ("Sweaters",),
    "jumper": ("Sweaters",),
    "cardigan": ("Sweaters",),
    "vest": ("Waistcoat", "Jackets"),
}
#: What an everyday colour can be called in the catalogue; *light-blue* has no name of its own there.
CATALOGUE_NAMES: Mapping[str, tuple[str, ...]] = {
    "light-blue": ("Blue", "Turquoise Blue"),
    **{
        word: tuple(name for name, other in CATALOGUE_COLOURS.items() if other == word)
        for word in sorted(set(CATALOGUE_COLOURS.values()))
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One garment in one photo with everything that is known of it; an empty word is unknown.

    ``types``, ``colour_names`` and ``patterns`` hold every word of the model's vocabularies that the
    label can stand for. ``kind`` is the label itself where it is a type among its own kind of photos.
    Pieces that show the same product share a ``group``.
    """

    domain: Domain
    side: Side
    key: str
    group: str
    kind: str
    types: tuple[str, ...]
    garment_class: str
    colour: str  # everyday name
    colour_name: str  # the catalogue's own name
    colour_names: tuple[str, ...]
    pattern: str  # as named by an eye, or by a product's name
    patterns: tuple[str, ...]
    gender: str
    sender: str
    photo: Photo | None
    garment: Garment | None


@dataclass(frozen=True, slots=True)
class Archives:
    """Where the photos and the labels by eye lie."""

    large: Path
    small: Path
    ordinary: Path
    ordinary_labels: Path
    street: Path


class Wardrobe:
    """All pieces of a run, with what is needed to draw them."""

    def __init__(self, archives: Archives) -> None:
        """Open the archives; raises OSError and KeyError when something is missing."""
        large, small = PhotoSet(archives.large), PhotoSet(archives.small)
        self.street = StreetLooks(archives.street)
        self.small = small
        prints = [large.fingerprints(), small.fingerprints()]
        sides, groups = sides_for_training(prints), linked_groups(prints)
        pieces = list(_of_catalogue(catalogue_photos(large), "large", sides, groups))
        alone = [photo for photo in catalogue_photos(small) if photo.stem not in large.names]
        pieces += _of_catalogue(alone, "small", sides, groups)
        labels = read_labels(archives.ordinary_labels)
        pieces += _ordinary(ordinary_photos(PhotoSet(archives.ordinary)), labels)
        pieces += _worn(self.street)
        self.pieces = tuple(pieces)

    def places(self, domain: Domain, side: Side) -> NDArray[np.int64]:
        """Return where the pieces of one domain and side stand."""
        return np.flatnonzero(
            [piece.domain == domain and piece.side == side for piece in self.pieces]
        )


def _of_catalogue(
    photos: Sequence[Photo],
    domain: Domain,
    sides: Mapping[str, str],
    groups: Mapping[str, int],
) -> Iterator[Piece]:
    for photo in photos:
        side = sides[photo.stem]
        if side == "test":
            continue
        meaning = catalogue_meaning(photo.labels)
        kind = meaning.types[0] if meaning.types else ""
        pattern = pattern_in_name(photo.labels)
        yield Piece(
            domain=domain,
            side="train" if side == "train" else "validation",
            key=f"{domain}/{photo.stem}",
            group=f"product {groups[photo.stem]}",
            kind=kind,
            types=meaning.types,
            garment_class=CATALOGUE_CLASSES.get(kind, ""),
            colour=everyday(meaning.colour),
            colour_name=meaning.colour,
            colour_names=(meaning.colour,) if meaning.colour else (),
            pattern=pattern,
            patterns=NAME_WORDS.get(pattern, ()),
            gender=meaning.gender,
            sender="",
            photo=photo,
            garment=None,
        )


def _ordinary(photos: Sequence[Photo], labels: Mapping[str, Seen]) -> Iterator[Piece]:
    for place, photo in enumerate(photos):
        side = side_of(photo.labels["sender_id"])
        if side == "test" or place in WRONGLY_LABELLED:
            continue
        label = photo.labels["label"]
        kind = "" if label in NOT_A_LABEL else label
        seen = labels.get(photo.stem, UNSEEN)
        yield Piece(
            domain="ordinary",
            side="train" if side == "train" else "validation",
            key=f"ordinary/{photo.stem}",
            group=f"ordinary {photo.stem}",
            kind=kind,
            types=ordinary_meaning(label).types,
            garment_class=ORDINARY_CLASSES.get(kind, ""),
            colour=seen.colour,
            colour_name="",
            colour_names=CATALOGUE_NAMES.get(seen.colour, ()),
            pattern=seen.pattern,
            patterns=(seen.pattern,) if seen.pattern else (),
            gender="",
            sender=photo.labels["sender_id"],
            photo=photo,
            garment=None,
        )


def _worn(street: StreetLooks) -> Iterator[Piece]:
    of_class: dict[str, list[str]] = {}
    for word, name in CATALOGUE_CLASSES.items():
        of_class.setdefault(name, []).append(word)
    sides: tuple[Side, ...] = ("train", "validation")
    for side in sides:
        for garment in street.worn(side):
            name = STREET_CLASSES[garment.label]
            yield Piece(
                domain="street",
                side=side,
                key=f"street/{garment.key}",
                group=f"street {garment.key}",
                kind=garment.label,
                types=STREET_TYPES.get(garment.label, tuple(of_class[name])),
                garment_class=name,
                colour="",
                colour_name="",
                colour_names=(),
                pattern="",
                patterns=(),
                gender="",
                sender=garment.photo,
                photo=None,
                garment=garment,
            )
