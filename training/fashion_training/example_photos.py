"""Photos to calibrate and compare a model with: from training sides only, or from any folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fashion_finder.images.preprocess import prepare_square
from fashion_training.photos import PhotoSet, catalogue_photos, ordinary_photos
from fashion_training.split import side_of, sides_of_products

PictureArray = NDArray[np.uint8]
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})


def example_photos(sources: Sequence[Path], count: int, seed: int) -> list[PictureArray]:
    """Draw ``count`` prepared photos, the same number from every source, shuffled by ``seed``.

    A source with a ``labels.csv`` (zip or folder) gives photos of its training side only; a folder
    without one gives any picture in it. Raises ValueError when a source holds too few.
    """
    share = -(-count // len(sources))
    drawn: list[PictureArray] = []
    for place, source in enumerate(sources):
        draw = np.random.default_rng([seed, place])
        photos = _training_photos(source) if _has_labels(source) else None
        if photos is not None:
            names = [photos.names[stem] for stem in _training_stems(photos)]
        else:
            names = [str(path) for path in sorted(source.rglob("*")) if path.suffix in SUFFIXES]
        if len(names) < share:
            raise ValueError(f"{source} holds {len(names)} photos that may be used, not {share}")
        for position in draw.permutation(len(names))[:share]:
            name = names[position]
            if photos is not None:
                drawn.append(photos.picture(PurePosixPath(name).stem))
            else:
                drawn.append(_plain_picture(Path(name)))
    order = np.random.default_rng(seed).permutation(len(drawn))
    return [drawn[position] for position in order][:count]


def _has_labels(source: Path) -> bool:
    if source.is_file():
        with zipfile.ZipFile(source) as archive:
            return any(PurePosixPath(name).name == "labels.csv" for name in archive.namelist())
    return (source / "labels.csv").exists()


def _training_photos(source: Path) -> PhotoSet:
    return PhotoSet(source)


def _training_stems(photos: PhotoSet) -> list[str]:
    if photos.rows and "sender_id" in photos.rows[0]:
        return [
            photo.stem
            for photo in ordinary_photos(photos)
            if side_of(photo.labels["sender_id"]) == "train"
        ]
    sides = sides_of_products(photos.fingerprints())
    return [photo.stem for photo in catalogue_photos(photos) if sides[photo.stem] == "train"]


def _plain_picture(path: Path) -> PictureArray:
    with Image.open(io.BytesIO(path.read_bytes())) as opened:
        return prepare_square(ImageOps.exif_transpose(opened).convert("RGB"))
