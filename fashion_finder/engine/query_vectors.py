"""From a picture and the refinement of a question to its query vector."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import ContentId, PreparedPicture, Refinement, Region, Vectors
from fashion_finder.embedding.main_piece import find_main_piece
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.engine.colours import ColourDirections
from fashion_finder.images.preprocess import prepare_region
from fashion_finder.ports import Embedded
from fashion_finder.search.query_vector import in_colour, toward, weighed

BATCH = 4
"""Windows of a picture embedded at a time, so that no question waits long."""

_Key = tuple[bytes, Region | None]


class QueryVectors:
    """Embeds questions, and moves and weighs their vectors; any thread may call it.

    The latest embeddings are cached: most refinements change the vector, not the picture.
    """

    def __init__(self, catalogue: Catalogue, embedder: OnnxEmbedder, folder: Path) -> None:
        """`folder` is where the directions of colours are cached."""
        self._catalogue = catalogue
        self._embedder = embedder
        self._directions = ColourDirections(catalogue, embedder, folder)
        self._lock = threading.Lock()
        self._cache: OrderedDict[_Key, Embedded] = OrderedDict()

    def embed(self, picture: PreparedPicture, region: Region | None) -> Embedded:
        """What the model says of a picture, or of a region of it. N is 1."""
        key = (picture.digest, region)
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        square = picture.square if region is None else prepare_region(picture.largest, region)
        embedded = self._embedder.embed(square[None], urgent=True)
        with self._lock:
            self._cache[key] = embedded
            if len(self._cache) > settings.QUESTIONS_KEPT:
                self._cache.popitem(last=False)
        return embedded

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        """Engine.main_piece."""
        whole = picture.largest
        height, width = whole.shape[:2]

        def embed_cells(windows: Sequence[Region]) -> Vectors | None:
            found = []
            for first in range(0, len(windows), BATCH):
                batch = windows[first : first + BATCH]
                squares = np.stack([prepare_region(whole, window) for window in batch])
                cells = self._embedder.embed_with_cells(squares)[1]
                if cells is None:
                    return None
                found.append(cells)
            return np.concatenate(found)

        return find_main_piece(width, height, embed_cells, self._embedder.info.parts)

    def vector(self, embedded: Embedded, refinement: Refinement) -> Vectors:
        """The query vector [D]: moved by examples, then coloured, then weighed."""
        parts = self._embedder.info.parts
        vector = toward(
            embedded.vectors[0],
            parts,
            self._examples(refinement.more_like),
            self._examples(refinement.less_like),
        )
        if refinement.colour is not None:
            direction = self._directions.of(refinement.colour)
            if direction is not None:
                vector = in_colour(vector, parts, direction)
        return weighed(vector, parts, dict(refinement.weights))

    def _examples(self, contents: tuple[ContentId, ...]) -> Vectors:
        if not contents:
            return np.empty((0, self._embedder.info.dimension), np.float32)
        return self._catalogue.vectors.vectors_of(contents, self._embedder.info.stamp)[1]
