"""Every picture through every model once, in batches, and kept for the next time."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.model_file import Arrays

BATCH = 16
#: Pictures after which what was computed so far is written to the cache.
KEPT_EVERY = 1024


class Describer(Protocol):
    """What turns pictures into vectors: a model file, or a histogram to compare it with."""

    @property
    def digest(self) -> str:
        """Names its vectors: another digest, other vectors."""

    def run(self, pictures: NDArray[np.uint8], local: bool) -> Arrays:
        """Describe uint8 [N, 224, 224, 3]; one of the outputs is ``embedding``."""


@dataclass(frozen=True, slots=True)
class PictureList:
    """Pictures to embed: ``make`` returns the one at a position as uint8 [224, 224, 3]."""

    name: str
    keys: tuple[str, ...]  # tell apart what is shown, so that a changed picture has a new key
    make: Callable[[int], NDArray[np.uint8]]
    local: bool = False  # whether the ``local`` output is wanted too


class VectorCache:
    """Outputs of models, in files named after the model's bytes and the list of pictures."""

    def __init__(self, folder: Path | None) -> None:
        """Use a folder, made when it is missing; None keeps nothing."""
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def load(self, model: Describer, pictures: PictureList) -> Arrays | None:
        """Return the outputs of the first pictures of the list, as many as are kept."""
        path = self._path(model, pictures)
        if path is None or not path.exists():
            return None
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}

    def save(self, model: Describer, pictures: PictureList, outputs: Arrays) -> None:
        """Keep the outputs of the first pictures of the list; the file appears whole."""
        path = self._path(model, pictures)
        if path is None:
            return
        part = path.with_suffix(".part.npz")
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **outputs)
        part.replace(path)

    def _path(self, model: Describer, pictures: PictureList) -> Path | None:
        if self._folder is None:
            return None
        listed = hashlib.sha256("\n".join(pictures.keys).encode()).hexdigest()
        return self._folder / f"{model.digest[:16]}-{pictures.name}-{listed[:16]}.npz"


def embed(
    models: Mapping[str, Describer], pictures: PictureList, cache: VectorCache
) -> dict[str, Arrays]:
    """Return each model's outputs for all pictures, in their order; progress goes to stderr.

    A picture is made once for all models that lack it, and the next batch while this one runs.
    ``local`` is kept as float16: half a percent is finer than any heat map shows.
    """
    kept = {name: cache.load(model, pictures) for name, model in models.items()}
    done = {name: 0 if found is None else len(found["embedding"]) for name, found in kept.items()}
    pieces = {name: [] if found is None else [found] for name, found in kept.items()}
    first = min(done.values())
    saved = first
    began = time.monotonic()

    def read(start: int) -> NDArray[np.uint8]:
        stop = min(start + BATCH, len(pictures.keys))
        return np.stack([pictures.make(position) for position in range(start, stop)])

    with ThreadPoolExecutor(1) as reader:
        starts = range(first, len(pictures.keys), BATCH)
        waiting = reader.submit(read, first) if starts else None
        for start in starts:
            assert waiting is not None
            batch = waiting.result()
            stop = start + len(batch)
            if stop < len(pictures.keys):
                waiting = reader.submit(read, stop)
            for name, model in models.items():
                if stop > done[name]:
                    missing = batch[max(0, done[name] - start) :]
                    pieces[name].append(_small(model.run(missing, pictures.local)))
            if stop - saved >= KEPT_EVERY or stop == len(pictures.keys):
                pieces = {name: [_joined(found)] for name, found in pieces.items()}
                for name, model in models.items():
                    if stop > done[name]:
                        cache.save(model, pictures, pieces[name][0])
                saved = stop
            rate = (stop - first) / (time.monotonic() - began)
            note = f"\r{pictures.name}: {stop} of {len(pictures.keys)}, {rate:.0f}/s "
            print(note, end="", file=sys.stderr, flush=True)
    if starts:
        print(file=sys.stderr)
    return {name: _joined(found) for name, found in pieces.items()}


def _small(outputs: Arrays) -> Arrays:
    if "local" in outputs:
        outputs["local"] = outputs["local"].astype(np.float16)
    return outputs


def _joined(pieces: Sequence[Arrays]) -> Arrays:
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
