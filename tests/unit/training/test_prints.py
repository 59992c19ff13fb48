"""Prints lie on the garment, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from fashion_training.patterns import PATTERNS
from fashion_training.prints import DRAWN, lay_print


@pytest.mark.parametrize("seed", range(40))
def test_a_print_stays_on_the_garment_and_keeps_its_colour(seed: int) -> None:
    """Unless it brings its own; the same seed draws the same print."""
    picture = np.full((90, 70, 3), 255, np.uint8)
    garment = np.zeros((90, 70), np.bool_)
    garment[10:80, 15:55] = True
    picture[garment] = (140, 90, 120)
    printed = lay_print(picture, garment, np.random.default_rng(seed))
    again = lay_print(picture, garment, np.random.default_rng(seed))
    assert np.array_equal(printed.picture, again.picture)
    assert printed.pattern in DRAWN
    assert (printed.picture[~garment] == 255).all()
    assert printed.picture[garment].std(axis=0).max() > 2
    if not printed.recoloured:
        moved = printed.picture[garment].mean(axis=0) - picture[garment].mean(axis=0)
        assert np.abs(moved).max() < 8


def test_every_print_is_drawn_and_has_a_word() -> None:
    """Of the model's vocabulary."""
    picture, garment = np.full((60, 60, 3), 128, np.uint8), np.ones((60, 60), np.bool_)
    drawn = {lay_print(picture, garment, np.random.default_rng(seed)).pattern for seed in range(60)}
    assert drawn == set(DRAWN) <= set(PATTERNS)
