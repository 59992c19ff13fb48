"""From the same cut to the same colour, as weights of the model's parts."""

from __future__ import annotations

import pytest

from fashion_finder.domain import Part
from fashion_finder.ui.question.balance import EDGE, STEPS, position_of, weights_at

PARTS = (Part("style", 0, 5, 0.25), Part("colour", 5, 8, 0.75))
THREE = (Part("style", 0, 5, 0.3), Part("colour", 5, 8, 0.5), Part("type", 8, 9, 0.2))


@pytest.mark.parametrize("position", range(-STEPS, STEPS + 1, 10))
def test_every_position_has_weights_that_sum_to_one(position: int) -> None:
    """And the slider finds back to where it was."""
    weights = weights_at(position, PARTS)
    if position == 0:
        assert weights == ()
    else:
        assert sum(dict(weights).values()) == pytest.approx(1)
        assert (dict(weights)["colour"] > 0.75) == (position > 0)
    assert position_of(weights, PARTS) == position


@pytest.mark.parametrize("position, colour", [(-STEPS, EDGE), (STEPS, 1 - EDGE)])
def test_an_end_leaves_a_little_to_the_other_side(position: int, colour: float) -> None:
    """It decides between equals; the other parts share the rest as they do by default."""
    weights = dict(weights_at(position, THREE))
    assert weights["colour"] == pytest.approx(colour)
    assert weights["style"] / weights["type"] == pytest.approx(1.5)


def test_a_model_without_a_part_for_colours_has_no_balance() -> None:
    """Nor has one that is nothing but colour."""
    for parts in (THREE[:1], PARTS[1:]):
        assert weights_at(50, parts) == ()
        assert position_of((("colour", 0.9),), parts) == 0
