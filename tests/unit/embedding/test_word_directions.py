"""Finding a tag head's word vectors by asking it."""

from __future__ import annotations

import numpy as np

from fashion_finder.domain import Part, Pixels, Vectors
from fashion_finder.embedding.word_directions import solve_directions

PART = Part("colour", 2, 10, 0.5)
WORDS = np.random.default_rng(1).normal(size=(5, 8))


def embed(squares: Pixels) -> Vectors:
    """Some embedding: ten numbers that depend on the picture, scaled like a part of weight 0.5."""
    cells = squares.reshape(len(squares), 224, 224, 3).astype(np.float64)[:, 60:160:40, 60:160:20]
    features = np.tanh(cells.reshape(len(squares), -1)[:, :10] / 128 - 1) + 0.1
    return np.asarray(
        features / np.linalg.norm(features[:, 2:], axis=1, keepdims=True) * np.sqrt(0.5), np.float32
    )


def test_the_words_of_a_linear_head_are_found() -> None:
    """To the last digits that float32 holds."""

    def score(squares: Pixels) -> tuple[Vectors, Vectors]:
        vectors = embed(squares)
        unit = vectors[:, 2:10] / np.linalg.norm(vectors[:, 2:10], axis=1, keepdims=True)
        return vectors, np.asarray(unit @ WORDS.T, np.float32)

    found = solve_directions(score, PART)
    assert found is not None
    assert np.abs(found - WORDS).max() < 1e-3


def test_a_head_of_another_kind_is_not_believed() -> None:
    """Scores that are no inner products with this part would give directions to nowhere."""

    def score(squares: Pixels) -> tuple[Vectors, Vectors]:
        vectors = embed(squares)
        return vectors, np.asarray(np.sin(40 * vectors[:, :5]), np.float32)

    assert solve_directions(score, PART) is None


def test_a_model_without_that_vocabulary_has_no_directions() -> None:
    """There is nothing to solve."""
    assert solve_directions(lambda _squares: None, PART) is None
