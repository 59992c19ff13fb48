"""Which photos a run learns from and checks itself on, and what it is told about each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fashion_training.labels import (
    Meaning,
    Vocabularies,
    build_vocabularies,
    catalogue_meaning,
    ordinary_meaning,
    positions,
)
from fashion_training.photos import Photo, PhotoSet, catalogue_photos, ordinary_photos
from fashion_training.split import side_of, sides_for_training


@dataclass(frozen=True, slots=True)
class Material:
    """The photos of a run: training ones first, validation ones after. Test photos never enter."""

    photos: tuple[Photo, ...]
    training: int
    vocabularies: Vocabularies

    @property
    def large(self) -> NDArray[np.bool_]:
        """Which photos are large catalogue photos, bool [photos]."""
        source = self.photos[0].source
        return np.array([photo.source is source for photo in self.photos])

    @property
    def learns(self) -> NDArray[np.bool_]:
        """Which photos train, bool [photos]; the others validate."""
        return np.arange(len(self.photos)) < self.training

    @property
    def key(self) -> str:
        """Identify the list, so that caches of another list are not taken for this one's."""
        text = "\n".join(f"{photo.source.path.name}/{photo.stem}" for photo in self.photos)
        return hashlib.sha256(text.encode()).hexdigest()


def meaning_of(photo: Photo) -> Meaning:
    """Return what the labels say of one photo."""
    if photo.kind == "ordinary":
        return ordinary_meaning(photo.labels["label"])
    return catalogue_meaning(photo.labels)


def gather(
    large: Path, ordinary: Path | None, small: Path | None, small_photos: int, seed: int
) -> Material:
    """Choose the photos of a run from the archives.

    Every large catalogue photo and every ordinary photo takes part on its own side of the split;
    of the small set, ``small_photos`` training products that have no large photo are drawn.
    """
    large_set = PhotoSet(large)
    small_set = PhotoSet(small) if small is not None else None
    prints = [large_set.fingerprints()]
    if small_set is not None:
        prints.append(small_set.fingerprints())
    sides = sides_for_training(prints)
    photos = [(photo, sides[photo.stem]) for photo in catalogue_photos(large_set)]
    if small_set is not None and small_photos:
        spare = [
            photo
            for photo in catalogue_photos(small_set)
            if photo.stem not in large_set.names and sides[photo.stem] == "train"
        ]
        drawn = np.random.default_rng(seed).permutation(len(spare))[:small_photos]
        photos += [(spare[place], "train") for place in sorted(drawn)]
    if ordinary is not None:
        photos += [
            (photo, side_of(photo.labels["sender_id"]))
            for photo in ordinary_photos(PhotoSet(ordinary))
        ]
    training = [photo for photo, side in photos if side == "train"]
    validation = [photo for photo, side in photos if side == "validation"]
    return Material(
        photos=(*training, *validation),
        training=len(training),
        vocabularies=build_vocabularies(meaning_of(photo) for photo in training),
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """What each photo should be told to be, aligned with a list of photos.

    ``types`` is bool [photos, types], all false where unknown; ``gender`` and ``colour_name`` are
    int64 [photos], -1 where unknown.
    """

    types: NDArray[np.bool_]
    gender: NDArray[np.int64]
    colour_name: NDArray[np.int64]

    @property
    def single_type(self) -> NDArray[np.int64]:
        """Each photo's type, int64 [photos]; -1 where unknown or one of several."""
        single: NDArray[np.int64] = np.where(
            self.types.sum(axis=1) == 1, self.types.argmax(axis=1), -1
        )
        return single


def targets_of(photos: Sequence[Photo], words: Vocabularies) -> Targets:
    """Look up every photo's labels in the vocabularies."""
    types = np.zeros((len(photos), len(words.type)), dtype=np.bool_)
    gender = np.full(len(photos), -1, dtype=np.int64)
    colour = np.full(len(photos), -1, dtype=np.int64)
    for row, photo in enumerate(photos):
        meaning = meaning_of(photo)
        types[row, list(positions(meaning.types, words.type))] = True
        for place in positions([meaning.gender], words.gender):
            gender[row] = place
        for place in positions([meaning.colour], words.colour_name):
            colour[row] = place
    return Targets(types, gender, colour)
