"""Packed words say nearly what the model said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Vectors
from fashion_finder.embedding.likely_words import KEPT, LEAST, WIDTH, agreements, pack, unpack


def probabilities(seed: int, words: int, count: int = 3, sharpness: float = 3.0) -> Vectors:
    """Of random pictures, [count, words]."""
    scores = sharpness * np.random.default_rng(seed).normal(size=(count, words))
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def rows_of(packed: tuple[bytes, ...]) -> np.ndarray:
    """As the search keeps them."""
    return np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), -1)


@given(st.integers(0, 2**32 - 1), st.integers(1, 256), st.floats(0.1, 8))
def test_the_likeliest_words_survive(seed: int, words: int, sharpness: float) -> None:
    """Each within a 255th of its root; the others are taken for impossible."""
    chances = probabilities(seed, words, sharpness=sharpness)
    for row, packed in zip(chances, pack([chances]), strict=True):
        assert len(packed) == WIDTH
        (back,) = unpack(packed, [words])
        kept = np.argsort(-row, kind="stable")[:KEPT]
        np.testing.assert_allclose(np.sqrt(back[kept]), np.sqrt(row[kept]), atol=0.5 / 255 + 1e-6)
        assert np.count_nonzero(back) <= KEPT


@given(st.integers(0, 2**32 - 1))
def test_agreement_is_the_chance_of_the_same_word(seed: int) -> None:
    """In each vocabulary by itself, by all words where there are few."""
    first, second = probabilities(seed, 5), probabilities(seed + 1, KEPT)
    found = agreements([first[0], second[0]], rows_of(pack([first, second])))
    expected = np.stack([first @ first[0], second @ second[0]], axis=1)
    np.testing.assert_allclose(found, np.clip(expected, LEAST, 1), atol=0.02)


def test_pictures_without_a_word_in_common_agree_a_little() -> None:
    """The logarithm stays finite, and one wrong word does not outweigh everything."""
    certain = np.eye(4, dtype=np.float32)
    found = agreements([certain[0]], rows_of(pack([certain])))
    assert found[:, 0].tolist() == pytest.approx([1, LEAST, LEAST, LEAST])


def test_a_damaged_row_is_no_fault() -> None:
    """A number beyond the vocabulary names its last word."""
    row = np.full((1, WIDTH), 255, np.uint8)
    assert LEAST <= agreements([np.array([0.5, 0.5], np.float32)], row)[0, 0] <= 1
