"""Which photos are asked, which answer, and in which changed forms they are asked again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from evaluation import pattern_swap, recapture, recolouring
from evaluation.embedding_run import PictureList
from evaluation.recapture import Conditions
from fashion_finder.images.preprocess import prepare_square
from fashion_training.garment_classes import CATALOGUE_CLASSES
from fashion_training.labels import NOT_A_LABEL, ordinary_meaning
from fashion_training.photos import (
    SQUASHED_FOLDER,
    UNSQUASHED_SIZE,
    Photo,
    PhotoSet,
    catalogue_photos,
    ordinary_photos,
)
from fashion_training.split import linked_groups, side_of, sides_of_products

SEED = 0
#: Raise it when the photos as they are would be prepared in another way.
PREPARED = 1
#: Classes whose garments are given another pattern.
PATTERNED_CLASSES = frozenset({"dress", "knit", "outerwear", "shorts", "skirt", "top", "trousers"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The large catalogue photos: test photos first, then all others, both by identifier."""

    photos: tuple[Photo, ...]
    asked: int  # how many of them are test photos
    prints: tuple[str, ...]  # SHA-1 of each file
    types: tuple[str, ...]  # empty where unknown
    colours: tuple[str, ...]
    genders: tuple[str, ...]

    @classmethod
    def open(cls, path: Path, limit: int | None) -> Catalogue:
        """Read the archive; ``limit`` takes about so many photos, evenly among all."""
        photo_set = PhotoSet(path)
        photos = catalogue_photos(photo_set)
        prints = photo_set.fingerprints()
        sides = sides_of_products(prints)
        step = 1 if limit is None else max(1, len(photos) // limit)
        tested = [photo for photo in photos if sides[photo.stem] == "test"][::step]
        others = [photo for photo in photos if sides[photo.stem] != "test"][::step]
        chosen = (*tested, *others)
        return cls(
            photos=chosen,
            asked=len(tested),
            prints=tuple(prints[photo.stem] for photo in chosen),
            types=_words(chosen, "articleType"),
            colours=_words(chosen, "baseColour"),
            genders=_words(chosen, "gender"),
        )

    def as_asked(self) -> PictureList:
        """List the test photos as they are."""
        return self._plain("asked", 0, self.asked, local=True)

    def others(self) -> PictureList:
        """List the photos that only answer."""
        return self._plain("others", self.asked, len(self.photos), local=False)

    def recaptured(self, backgrounds: Ordinary) -> tuple[PictureList, NDArray[np.bool_]]:
        """List the test photos taken again, and tell which of them got a new background."""
        scenes = [backgrounds.photos[place] for place in backgrounds.asked_at]
        drawn = [
            Conditions.drawn(int(photo.stem), SEED, len(scenes))
            for photo in self.photos[: self.asked]
        ]

        def make(position: int) -> NDArray[np.uint8]:
            conditions = drawn[position]
            scene = None if conditions.background is None else scenes[conditions.background]
            taken = recapture.recapture(
                upright(self.photos[position]), conditions, scene and upright(scene)
            )
            return prepare_square(taken)

        mark = hashlib.sha256("".join(scene.stem for scene in scenes).encode()).hexdigest()[:16]
        keys = tuple(f"{recapture.REVISION} {mark} {key}" for key in self.prints[: self.asked])
        replaced = np.array([conditions.background is not None for conditions in drawn])
        return PictureList("recaptured", keys, make), replaced

    def recoloured(self) -> PictureList:
        """List the test photos with their hues turned."""

        def make(position: int) -> NDArray[np.uint8]:
            photo = self.photos[position]
            return prepare_square(
                recolouring.hue_turned(upright(photo), recolouring.turn(int(photo.stem), SEED))
            )

        keys = tuple(f"{recolouring.REVISION} {key}" for key in self.prints[: self.asked])
        return PictureList("recoloured", keys, make)

    @property
    def patterned_at(self) -> NDArray[np.int64]:
        """Where the test photos stand that are given another pattern: garments of cloth."""
        return np.array(
            [
                place
                for place in range(self.asked)
                if CATALOGUE_CLASSES.get(self.types[place]) in PATTERNED_CLASSES
            ],
            dtype=np.int64,
        )

    def swapped(self) -> PictureList:
        """List those test photos with another pattern in the same colours."""
        places = self.patterned_at

        def make(position: int) -> NDArray[np.uint8]:
            photo = self.photos[places[position]]
            laid = pattern_swap.laid_over(np.asarray(upright(photo)), int(photo.stem), SEED)
            return prepare_square(Image.fromarray(laid))

        keys = tuple(f"{pattern_swap.REVISION} {self.prints[place]}" for place in places)
        return PictureList("swapped", keys, make)

    def _plain(self, name: str, start: int, stop: int, local: bool) -> PictureList:
        chosen = self.photos[start:stop]
        return PictureList(
            name,
            tuple(f"{PREPARED} {key}" for key in self.prints[start:stop]),
            lambda position: chosen[position].source.picture(chosen[position].stem),
            local,
        )


@dataclass(frozen=True, slots=True)
class SmallCopies:
    """The small photos of the test products that have one."""

    photos: tuple[Photo, ...]
    asked_at: NDArray[np.int64]  # the position of each product among the catalogue's photos
    groups: NDArray[np.int64]  # per catalogue photo: equal when the small or the large photos are
    prints: tuple[str, ...]

    @classmethod
    def open(cls, path: Path, catalogue: Catalogue) -> SmallCopies:
        """Read the archive of small photos."""
        photo_set = PhotoSet(path)
        names = photo_set.names
        small = {
            photo.stem: hashlib.sha1(
                photo_set.read(names[photo.stem]), usedforsecurity=False
            ).hexdigest()
            for photo in catalogue.photos
            if photo.stem in names
        }
        stems = [photo.stem for photo in catalogue.photos]
        linked = linked_groups([dict(zip(stems, catalogue.prints, strict=True)), small])
        asked = [place for place in range(catalogue.asked) if stems[place] in small]
        return cls(
            photos=tuple(Photo(photo_set, stems[place], "catalogue", {}) for place in asked),
            asked_at=np.array(asked, dtype=np.int64),
            groups=np.array([linked[stem] for stem in stems]),
            prints=tuple(small[stems[place]] for place in asked),
        )

    def as_asked(self) -> PictureList:
        """List them as they are."""
        return PictureList(
            "small",
            tuple(f"{PREPARED} {key}" for key in self.prints),
            lambda position: self.photos[position].source.picture(self.photos[position].stem),
        )


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Photos that people took of their own clothes."""

    photos: tuple[Photo, ...]
    asked_at: NDArray[np.int64]  # where test senders' photos stand
    senders: tuple[str, ...]
    labels: tuple[str, ...]  # empty where unknown
    meanings: tuple[tuple[str, ...], ...]  # the catalogue's types that each label can stand for

    @classmethod
    def open(cls, path: Path, limit: int | None) -> Ordinary:
        """Read the archive; ``limit`` takes about so many photos, evenly among all."""
        photos = ordinary_photos(PhotoSet(path))
        photos = photos[:: 1 if limit is None else max(1, len(photos) // limit)]
        senders = tuple(photo.labels["sender_id"] for photo in photos)
        labels = tuple(photo.labels["label"] for photo in photos)
        return cls(
            photos=tuple(photos),
            asked_at=np.flatnonzero([side_of(sender) == "test" for sender in senders]),
            senders=senders,
            labels=tuple("" if label in NOT_A_LABEL else label for label in labels),
            meanings=tuple(ordinary_meaning(label).types for label in labels),
        )

    def all(self) -> PictureList:
        """List them as they are."""
        return PictureList(
            "ordinary",
            tuple(f"{PREPARED} {photo.stem}" for photo in self.photos),
            lambda position: self.photos[position].source.picture(self.photos[position].stem),
        )


def upright(photo: Photo) -> Image.Image:
    """Return a photo in its own size and shape, a squash undone."""
    name = photo.source.names[photo.stem]
    with Image.open(io.BytesIO(photo.source.read(name))) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if PurePosixPath(name).parent.name == SQUASHED_FOLDER:
        image = image.resize(UNSQUASHED_SIZE, Image.Resampling.BICUBIC)
    return image


def _words(photos: Sequence[Photo], field: str) -> tuple[str, ...]:
    words = (photo.labels[field].strip() for photo in photos)
    return tuple("" if word in NOT_A_LABEL else word for word in words)
