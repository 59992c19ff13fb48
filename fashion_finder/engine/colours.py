"""The direction in which the model keeps a colour: by its own words, and by what the folders hold."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import COLOUR_VOCABULARY, Part, Rgb, Vectors, colour_part
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.embedding.word_directions import solve_directions
from fashion_finder.engine.colour_words import words_near

log = logging.getLogger(__name__)

EXAMPLES = 64
"""Contents averaged for the direction of a word, those first that the model is surest of."""


class ColourDirections:
    """Directions of words and of sRGB colours in the embedding's colour part; any thread may ask.

    A word points where the model's own tag head has it: the first question for one takes some
    hundred inferences, once for a model, and is kept in a file that may be deleted. Of a model
    whose head does not tell, a word points where those pieces point that were recognised as of that
    colour. A colour that nobody named lies between the words that look most like it.
    """

    def __init__(self, catalogue: Catalogue, embedder: OnnxEmbedder, folder: Path) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._folder = folder
        self._lock = threading.Lock()
        self._has_asked = False
        self._of_words: Vectors | None = None  # [words, size of the part]

    def of(self, colour: str | Rgb) -> Vectors | None:
        """The direction [stop - start], of unit length; None for what cannot be told."""
        words = self._embedder.info.vocabularies.get(COLOUR_VOCABULARY, ())
        part = colour_part(self._embedder.info.parts)
        if part is None:
            return None
        shares = {colour: 1.0} if isinstance(colour, str) else words_near(colour, words)
        direction = np.zeros(part.stop - part.start, np.float32)
        for word, share in shares.items():
            one = self._of_word(word, words, part)
            if one is not None:
                direction += np.float32(share) * one
        length = float(np.linalg.norm(direction))
        return np.asarray(direction / length, np.float32) if length > 0 else None

    def _of_word(self, word: str, words: tuple[str, ...], part: Part) -> Vectors | None:
        directions = self._from_head(words, part)
        if directions is None:
            found = self._from_examples(word, part)
        else:
            found = directions[words.index(word)] if word in words else None
        length = 0.0 if found is None else float(np.linalg.norm(found))
        return found / length if found is not None and length > 0 else None

    def _from_examples(self, word: str, part: Part) -> Vectors | None:
        stamp = self._embedder.info.stamp
        contents = self._catalogue.contents.recognised_as(COLOUR_VOCABULARY, word, stamp, EXAMPLES)
        vectors = self._catalogue.vectors.vectors_of(contents, stamp)[1]
        return vectors[:, part.start : part.stop].mean(axis=0) if len(vectors) else None

    def _from_head(self, words: tuple[str, ...], part: Part) -> Vectors | None:
        with self._lock:
            if not self._has_asked and words:
                shape = (len(words), part.stop - part.start)
                self._of_words = self._load(shape)
                if self._of_words is None:
                    self._of_words = solve_directions(
                        lambda squares: self._embedder.score(squares, COLOUR_VOCABULARY), part
                    )
                    self._save()
            self._has_asked = True
            return self._of_words

    # ------------------------------------------------------------ file

    @property
    def _path(self) -> Path:
        return self._folder / f"colours-{self._embedder.info.stamp}.npy"

    def _load(self, shape: tuple[int, int]) -> Vectors | None:
        try:
            kept = np.load(self._path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None  # not there yet, or damaged: it is made again
        right = kept.shape == shape and kept.dtype == np.float32 and np.isfinite(kept).all()
        return kept if right else None

    def _save(self) -> None:
        if self._of_words is None:
            return
        partial = self._path.with_suffix(".new.npy")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            np.save(partial, self._of_words, allow_pickle=False)
            partial.replace(self._path)
        except OSError as error:
            log.warning("the directions of colours are not kept: %s", error.strerror)
