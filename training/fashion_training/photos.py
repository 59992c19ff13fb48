"""The photos as they lie in the archives: names, hashes, labels, and prepared squares."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fashion_finder.images.preprocess import prepare_square

PictureArray = NDArray[np.uint8]
Kind = Literal["catalogue", "ordinary"]

#: Folder of the catalogue archive whose photos were squashed from 3:4 into a square.
SQUASHED_FOLDER = "square-224"
#: Size, in pixels, that gives a squashed photo its shape back without enlarging it.
UNSQUASHED_SIZE = (168, 224)


class PhotoSet:
    """An archive (zip) or a folder of JPEG photos with a ``labels.csv`` beside them."""

    def __init__(self, path: Path) -> None:
        """Open it; raises FileNotFoundError, or KeyError when it holds no ``labels.csv``."""
        if not path.exists():
            raise FileNotFoundError(path)
        self.path = path
        self._zip = zipfile.ZipFile(path) if path.is_file() else None
        self._lock = threading.Lock()
        names = (
            self._zip.namelist()
            if self._zip is not None
            else [p.relative_to(path).as_posix() for p in sorted(path.rglob("*")) if p.is_file()]
        )
        self.names = {
            PurePosixPath(name).stem: name for name in sorted(names) if name.endswith(".jpg")
        }
        tables = [name for name in names if PurePosixPath(name).name == "labels.csv"]
        if not tables:
            raise KeyError(f"{path} holds no labels.csv")
        text = self.read(tables[0]).decode("utf-8-sig")
        self.rows: list[dict[str, str]] = list(csv.DictReader(io.StringIO(text)))

    def read(self, name: str) -> bytes:
        """Return the bytes of one member; safe to call from several threads."""
        if self._zip is None:
            return (self.path / name).read_bytes()
        with self._lock:
            return self._zip.read(name)

    def fingerprints(self) -> dict[str, str]:
        """Hash every photo: identifier (file name without suffix) to SHA-1 of its bytes."""
        return {
            stem: hashlib.sha1(self.read(name), usedforsecurity=False).hexdigest()
            for stem, name in self.names.items()
        }

    def picture(self, stem: str) -> PictureArray:
        """Return one photo as the model sees it, uint8 [224, 224, 3], a squash undone."""
        name = self.names[stem]
        with Image.open(io.BytesIO(self.read(name))) as opened:
            image = opened.convert("RGB")
        if PurePosixPath(name).parent.name == SQUASHED_FOLDER:
            image = image.resize(UNSQUASHED_SIZE, Image.Resampling.BICUBIC)
        return prepare_square(image)


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of one set with everything that its labels say."""

    source: PhotoSet
    stem: str
    kind: Kind
    labels: Mapping[str, str]


def catalogue_photos(photos: PhotoSet) -> list[Photo]:
    """List the catalogue photos that have both a file and a row, by ascending identifier."""
    rows = {row["id"]: row for row in photos.rows}
    stems: Sequence[str] = sorted(photos.names.keys() & rows.keys(), key=int)
    return [Photo(photos, stem, "catalogue", rows[stem]) for stem in stems]


def ordinary_photos(photos: PhotoSet) -> list[Photo]:
    """List the ordinary photos that have both a file and a row, by name."""
    rows = {row["image"]: row for row in photos.rows}
    stems = sorted(photos.names.keys() & rows.keys())
    return [Photo(photos, stem, "ordinary", rows[stem]) for stem in stems]
