"""What the first phase learns from: prepared photos, labels, and outputs of stages 1 to 3.

Everything lies in the working directory as plain ``.npy`` files, written in runs and counted in
``progress.json`` so that a killed run goes on where it stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fashion_training.network import EARLY_CHANNELS, Backbone
from fashion_training.photos import Photo

MAP_SHAPE = (1024, 14, 14)
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


def to_tensor(pictures: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Bring uint8 [N, h, w, 3] to the device as uint8 [N, 3, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).to(device).permute(0, 3, 1, 2)


class FeatureCache:
    """Outputs of stages 1 to 3, float16 [rows, 1024, 14, 14], and early averages [rows, 832]."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.maps = open_rows(folder / "maps.npy", (rows, *MAP_SHAPE), "float16")
        self.early = open_rows(folder / "early.npy", (rows, EARLY_CHANNELS), "float32")

    def fill(
        self,
        backbone: Backbone,
        views: Callable[[int], NDArray[np.uint8]],
        progress: Progress,
        report: Reporter,
        device: torch.device,
    ) -> None:
        """Compute what is missing; ``views(row)`` gives the picture of a row."""
        start, total = progress["maps"], len(self.maps)
        report(start)
        backbone = backbone.to(device, memory_format=torch.channels_last).eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for run in _runs(start, total, 256):
                for batch in _runs(run.start, run.stop, 32):
                    pictures = np.stack([views(row) for row in batch])
                    maps, early, _ = backbone(to_tensor(pictures, device))
                    self.maps[batch.start : batch.stop] = maps.half().cpu().numpy()
                    self.early[batch.start : batch.stop] = early.cpu().numpy()
                    report(len(batch))
                self.maps.flush()
                self.early.flush()
                progress.record("maps", run.stop)


def _runs(start: int, stop: int, size: int) -> Iterator[range]:
    for begin in range(start, stop, size):
        yield range(begin, min(begin + size, stop))
