"""What a refined question looks for: from a picture and the user's wishes to one vector."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    ContentId,
    PreparedPicture,
    Refinement,
    Region,
    Vectors,
)
from fashion_finder.embedding.main_piece import find_main_piece
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.engine.colours import ColourDirections
from fashion_finder.images.preprocess import prepare_region
from fashion_finder.ports import Embedded
from fashion_finder.search.query_vector import in_colour, toward, weighed

BATCH = 4
"""Windows of a picture embedded at a time, so that nothing waits long."""

_Key = tuple[bytes, Region | None]


class QueryVectors:
    """Embeds questions, and moves and weighs their vectors; any thread may ask.

    The latest embeddings are kept: most refinements change the vector, not the picture.
    """

    def __init__(
        self, catalogue: Catalogue, embedder: OnnxEmbedder, directions: ColourDirections
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._directions = directions
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Embedded] = OrderedDict()

    def embed(self, picture: PreparedPicture, region: Region | None) -> Embedded:
        """What the model says of a picture, or of a part of it. N is 1."""
        key = (picture.digest, region)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        square = picture.square
        if region is not None:
            whole = picture.preview if picture.preview is not None else picture.square
            square = prepare_region(whole, region)
        embedded = self._embedder.embed(square[None], urgent=True)
        with self._lock:
            self._kept[key] = embedded
            if len(self._kept) > settings.QUESTIONS_KEPT:
                self._kept.popitem(last=False)
        return embedded

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        """Engine.main_piece."""
        whole = picture.preview if picture.preview is not None else picture.square
        height, width = whole.shape[:2]

        def look(windows: Sequence[Region]) -> Vectors | None:
            found = []
            for first in range(0, len(windows), BATCH):
                some = windows[first : first + BATCH]
                squares = np.stack([prepare_region(whole, window) for window in some])
                cells = self._embedder.embed_with_cells(squares)[1]
                if cells is None:
                    return None
                found.append(cells)
            return np.concatenate(found)

        return find_main_piece(width, height, look, self._embedder.info.parts)

    def vector(self, embedded: Embedded, refinement: Refinement) -> Vectors:
        """The vector to search with [D]: moved by examples, then coloured, then weighed."""
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
