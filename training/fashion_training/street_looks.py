"""Street photos whose garments were outlined by people: photos, masks, boxes and the split."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fashion_training.garment_classes import STREET_CLASSES

Side = Literal["train", "validation", "test"]
#: Mask values that are the person, not a garment.
BODY = frozenset({"null", "hair", "skin"})
#: A box with a side of fewer pixels shows nothing.
SMALLEST_SIDE = 10


@dataclass(frozen=True, slots=True)
class Garment:
    """One worn garment: its box in pixels (right and bottom exclusive) and what it is called."""

    photo: str
    mask_value: int
    label: str
    box: tuple[int, int, int, int]  # left, top, right, bottom

    @property
    def garment_class(self) -> str:
        """One of the fourteen classes; empty where the label has none."""
        return STREET_CLASSES.get(self.label, "")

    @property
    def key(self) -> str:
        """Tell it from every other garment."""
        return f"{self.photo}/{self.mask_value}"


def side_of_photo(name: str) -> Side:
    """Return the side of the split on which a photo stands, by its four-digit name."""
    number = int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % 10
    return "test" if number in {3, 4} else "validation" if number == 5 else "train"


class StreetLooks:
    """The archive of parsed street photos."""

    def __init__(self, path: Path) -> None:
        """Open it; raises OSError, or KeyError when a table is missing."""
        self.path = path
        self._zip = zipfile.ZipFile(path)
        self._lock = threading.Lock()
        listed = self._read("label_list.txt").decode().split("\n")
        words = [line.split() for line in listed if line.strip()]
        self._values = {int(value): label for value, label in words}
        text = self._read("labels.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        garments = [
            Garment(
                row["photo"],
                int(row["mask_value"]),
                row["label"],
                (int(row["left"]), int(row["top"]), int(row["right"]), int(row["bottom"])),
            )
            for row in rows
        ]
        self.garments = tuple(one for one in garments if _large_enough(one))
        names = sorted(Path(name).stem for name in self._zip.namelist() if "photos/" in name)
        self.photos = tuple(name for name in names if name)

    def on(self, side: Side) -> list[str]:
        """List the photos of one side of the split."""
        return [name for name in self.photos if side_of_photo(name) == side]

    def worn(self, side: Side) -> list[Garment]:
        """List the garments of the fourteen classes in the photos of one side."""
        return [
            garment
            for garment in self.garments
            if garment.garment_class and side_of_photo(garment.photo) == side
        ]

    def photo(self, name: str) -> Image.Image:
        """Return one photo in RGB."""
        with Image.open(io.BytesIO(self._read(f"photos/{name}.webp"))) as opened:
            return opened.convert("RGB")

    def mask(self, name: str) -> NDArray[np.uint8]:
        """Return the label value of every pixel, uint8 [height, width]."""
        with Image.open(io.BytesIO(self._read(f"masks/{name}.png"))) as opened:
            return np.asarray(opened, dtype=np.uint8)

    def dressed(self, name: str) -> NDArray[np.bool_]:
        """Return which pixels show any garment or accessory, bool [height, width]."""
        body = [value for value, label in self._values.items() if label in BODY]
        return ~np.isin(self.mask(name), body)

    def _read(self, name: str) -> bytes:
        with self._lock:
            return self._zip.read(name)


def _large_enough(garment: Garment) -> bool:
    left, top, right, bottom = garment.box
    return min(right - left, bottom - top) >= SMALLEST_SIDE
