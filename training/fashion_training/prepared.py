"""The photos as prepared squares, in the working directory.

They lie there as a plain ``.npy`` file, written in runs and counted in ``progress.json`` so that a
killed run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fashion_training.photos import Photo

Reporter = Callable[[int], object]


def open_rows(path: Path, shape: tuple[int, ...], dtype: str) -> np.memmap:
    """Open an array for writing, keeping what a former run of the same shape wrote."""
    if path.exists():
        rows = np.lib.format.open_memmap(path, mode="r+")
        if rows.shape == shape and rows.dtype == np.dtype(dtype):
            return rows
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)


class Progress:
    """How many rows of each array are complete, kept in a file that is replaced whole."""

    def __init__(self, path: Path, key: str) -> None:
        """``key`` identifies the list of photos: another list starts from nothing."""
        self._path = path
        self._key = key
        self._done: dict[str, int] = {}
        if path.exists():
            stored = json.loads(path.read_text())
            if stored["key"] == key:
                self._done = stored["done"]

    def __getitem__(self, name: str) -> int:
        return self._done.get(name, 0)

    def record(self, name: str, done: int) -> None:
        """State that the first ``done`` rows of the array are on disk."""
        self._done[name] = done
        fresh = self._path.with_suffix(".tmp")
        with fresh.open("w") as file:
            json.dump({"key": self._key, "done": self._done}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def prepare_pictures(
    photos: Sequence[Photo], folder: Path, progress: Progress, report: Reporter
) -> NDArray[np.uint8]:
    """Decode every photo once into ``pictures.npy``, uint8 [photos, 224, 224, 3]."""
    rows = open_rows(folder / "pictures.npy", (len(photos), 224, 224, 3), "uint8")
    start = progress["pictures"]
    report(start)
    with ThreadPoolExecutor(2) as readers:
        for begin in range(start, len(photos), 256):
            chunk = photos[begin : begin + 256]
            decoded = readers.map(lambda photo: photo.source.picture(photo.stem), chunk)
            for offset, picture in enumerate(decoded):
                rows[begin + offset] = picture
            rows.flush()
            progress.record("pictures", begin + len(chunk))
            report(len(chunk))
    return rows


def groups_of(pictures: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Number the photos so that exact copies share a number, int64 [photos]."""
    numbers: dict[bytes, int] = {}
    return np.array(
        [
            numbers.setdefault(hashlib.sha1(picture, usedforsecurity=False).digest(), len(numbers))
            for picture in pictures
        ],
        dtype=np.int64,
    )
