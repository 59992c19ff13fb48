"""From a picture and the refinement of a question to its query vector."""

from __future__ import annotations

import hashlib
import io
import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    ContentId,
    Part,
    PreparedPicture,
    Refinement,
    Region,
    Rgb,
    Vectors,
    colour_part,
)
from fashion_finder.embedding.main_piece import find_main_piece
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.embedding.word_directions import solve_directions
from fashion_finder.engine.colour_words import words_near
from fashion_finder.images.preprocess import prepare_region
from fashion_finder.own_files import make_folder, make_way, read_regular
from fashion_finder.ports import Embedded
from fashion_finder.search.query_vector import balance, in_colour, toward, weighed

log = logging.getLogger(__name__)

BATCH = 4
"""Windows of a picture embedded at a time, so that no question waits long."""

EXAMPLES = 64
"""Contents averaged for the direction of a word, the most probable first."""

_CHECKSUM_BYTES = 32  # at the end of the directions' file, where NumPy ignores them
_MOST_BYTES = 16 << 20  # of that file

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
        """The model's output for a picture, or for a region of it. N is 1."""
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
        return weighed(vector, parts, balance(parts, dict(refinement.weights)))

    def _examples(self, contents: tuple[ContentId, ...]) -> Vectors:
        if not contents:
            return np.empty((0, self._embedder.info.dimension), np.float32)
        return self._catalogue.vectors.vectors_of(contents, self._embedder.info.stamp)[1]


class ColourDirections:
    """Directions of words and sRGB colours in the embedding's colour part; any thread may call it.

    A word's direction is solved from the model's tag head: some hundred inferences, once for each
    model, cached in a file that may be deleted. Where the head gives none, it is the mean of pieces
    that were recognised to have that colour. Any other colour is mixed from the nearest words.
    """

    def __init__(self, catalogue: Catalogue, embedder: OnnxEmbedder, folder: Path) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._path = folder / f"colours-{embedder.info.stamp}.npy"
        self._lock = threading.Lock()
        self._is_loaded = False
        self._of_words: Vectors | None = None  # [words, size of the part]

    def of(self, colour: str | Rgb) -> Vectors | None:
        """The direction [stop - start], of unit length; None when there is none."""
        words = self._embedder.info.vocabularies.get(COLOUR_VOCABULARY, ())
        part = colour_part(self._embedder.info.parts)
        if part is None:
            return None
        shares = {colour: 1.0} if isinstance(colour, str) else words_near(colour, words)
        direction = np.zeros(part.stop - part.start, np.float32)
        for word, share in shares.items():
            of_word = self._of_word(word, words, part)
            if of_word is not None:
                direction += np.float32(share) * of_word
        return _of_unit_length(direction)

    def _of_word(self, word: str, words: tuple[str, ...], part: Part) -> Vectors | None:
        directions = self._from_head(words, part)
        if directions is None:
            found = self._from_examples(word, part)
        else:
            found = directions[words.index(word)] if word in words else None
        return None if found is None else _of_unit_length(found)

    def _from_examples(self, word: str, part: Part) -> Vectors | None:
        stamp = self._embedder.info.stamp
        contents = self._catalogue.contents.recognised_as(COLOUR_VOCABULARY, word, stamp, EXAMPLES)
        vectors = self._catalogue.vectors.vectors_of(contents, stamp)[1]
        return vectors[:, part.start : part.stop].mean(axis=0) if len(vectors) else None

    def _from_head(self, words: tuple[str, ...], part: Part) -> Vectors | None:
        with self._lock:
            if not self._is_loaded and words:
                shape = (len(words), part.stop - part.start)
                self._of_words = self._load(shape)
                if self._of_words is None:
                    self._of_words = solve_directions(
                        lambda squares: self._embedder.score(squares, COLOUR_VOCABULARY), part
                    )
                    if self._of_words is not None:
                        self._save(self._of_words)
            self._is_loaded = True
            return self._of_words

    def _load(self, shape: tuple[int, int]) -> Vectors | None:
        try:
            written = read_regular(self._path, _MOST_BYTES)
            array, checksum = written[:-_CHECKSUM_BYTES], written[-_CHECKSUM_BYTES:]
            if _checksum(array) != checksum:
                return None
            cached = np.load(io.BytesIO(array), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None  # missing or damaged: solved again
        is_sound = cached.shape == shape and cached.dtype == np.float32
        return cached if is_sound and np.isfinite(cached).all() else None

    def _save(self, directions: Vectors) -> None:
        partial = self._path.with_suffix(".new.npy")
        array = io.BytesIO()
        np.save(array, directions, allow_pickle=False)
        try:
            make_folder(self._path.parent)
            for path in (partial, self._path):
                make_way(path)
            partial.write_bytes(array.getvalue() + _checksum(array.getvalue()))
            partial.replace(self._path)
        except OSError as error:
            log.warning("could not cache the directions of colours: %s", error.strerror)


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM_BYTES).digest()


def _of_unit_length(vector: Vectors) -> Vectors | None:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length, np.float32) if length > 0 else None
