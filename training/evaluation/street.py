"""Worn garments of the test street photos, asked with the boxes that people drew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.embedding_run import PictureList
from fashion_finder.images.preprocess import prepare_square
from fashion_training.garment_classes import CATALOGUE_CLASSES
from fashion_training.street_looks import Garment, StreetLooks

#: Raise it when the crops would be cut in another way.
REVISION = 1


@dataclass(frozen=True, slots=True)
class WornGarments:
    """The garments of the fourteen classes in the test street photos."""

    looks: StreetLooks
    garments: tuple[Garment, ...]

    @classmethod
    def open(cls, path: Path, limit: int | None) -> WornGarments:
        """Read the archive; ``limit`` takes about so many garments, evenly among all."""
        looks = StreetLooks(path)
        worn = looks.worn("test")
        step = 1 if limit is None else max(1, len(worn) // limit)
        return cls(looks, tuple(worn[::step]))

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of each garment."""
        return tuple(garment.garment_class for garment in self.garments)

    def crop(self, position: int) -> NDArray[np.uint8]:
        """Return one garment's box as the program would ask with it, uint8 [224, 224, 3]."""
        garment = self.garments[position]
        return prepare_square(self.looks.photo(garment.photo).crop(garment.box))

    def as_asked(self) -> PictureList:
        """List the crops."""
        keys = tuple(f"{REVISION} {garment.key} {garment.box}" for garment in self.garments)
        return PictureList("worn", keys, self.crop)


def catalogue_classes(types: Sequence[str]) -> list[str]:
    """Return the class of each catalogue photo by its type; empty where it has none."""
    return [CATALOGUE_CLASSES.get(word, "") for word in types]
