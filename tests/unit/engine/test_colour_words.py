"""Colours by name."""

from __future__ import annotations

import pytest

from fashion_finder.engine.colour_words import colour_of_word, words_near

WORDS = ("Red", "Green", "Navy Blue", "Blue", "Turquoise Blue", "Multi", "White", "Black", "Grey")


def test_words_are_known_in_any_case() -> None:
    """The model may write them as it likes."""
    assert colour_of_word("NAVY blue") == colour_of_word("Navy Blue") is not None


def test_no_one_colour_has_no_look() -> None:
    """Many colours at once cannot be drawn as one swatch."""
    assert colour_of_word("Multi") is None


@pytest.mark.parametrize("word", [word for word in WORDS if word != "Multi"])
def test_the_look_of_a_word_is_that_word(word: str) -> None:
    """A colour taken from a swatch means its name, almost alone."""
    seen = colour_of_word(word)
    assert seen is not None
    shares = words_near(seen, WORDS)
    assert max(shares, key=lambda one: shares[one]) == word
    assert shares[word] > 0.9
    assert sum(shares.values()) == pytest.approx(1)


def test_between_two_words_lies_a_colour_of_both() -> None:
    """Halfway from navy to blue, both count, and neither red nor white does."""
    shares = words_near((33, 67, 136), WORDS)
    assert {"Navy Blue", "Blue"} <= set(sorted(shares, key=lambda one: -shares[one])[:2])


def test_a_word_twice_as_far_away_gets_a_quarter_of_the_share() -> None:
    """A light grey is 14 from white in CIELAB's lightness, and 28 from grey."""
    shares = words_near((216, 216, 216), ("White", "Grey"))
    assert shares["White"] / shares["Grey"] == pytest.approx(4, rel=0.1)


def test_a_vocabulary_of_patterns_names_no_colour() -> None:
    """Then nothing can be looked for."""
    assert words_near((10, 20, 30), ("Multi", "Metallic")) == {}
