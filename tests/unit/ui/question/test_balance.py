"""From sliders to weights of the model's parts, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Part
from fashion_finder.ui.question.balance import (
    PRESETS,
    TOP,
    USUAL,
    can_balance,
    positions_of,
    preset,
    weights_at,
)

PARTS = (Part("cut", 0, 5, 0.4), Part("colour", 5, 8, 0.48), Part("pattern", 8, 9, 0.12))
TWO = (Part("style", 0, 5, 0.275), Part("colour", 5, 8, 0.725))
NAMES = [part.name for part in PARTS]


@given(st.tuples(*[st.integers(0, TOP)] * 3))
def test_every_slider_is_found_where_it_was_left(positions: tuple[int, int, int]) -> None:
    """After going back in the history, too."""
    chosen = dict(zip(NAMES, positions, strict=True))
    assert positions_of(weights_at(chosen, PARTS), PARTS) == chosen


def test_the_usual_positions_are_the_models_own_weights() -> None:
    """And only those."""
    usual = dict.fromkeys(NAMES, USUAL)
    assert weights_at(usual, PARTS) == ()
    assert positions_of((), PARTS) == usual
    weights = dict(weights_at({**usual, "cut": USUAL + 1}, PARTS))
    assert (weights["colour"], weights["pattern"]) == (0.48, 0.12)
    assert weights["cut"] > 0.4


@given(st.sampled_from(NAMES), st.integers(0, TOP - 1))
def test_higher_counts_more_and_nothing_else_moves(name: str, position: int) -> None:
    """From next to nothing to four times as much."""
    usual = dict.fromkeys(NAMES, 20)
    lower, higher = (
        dict(weights_at({**usual, name: place}, PARTS)) for place in (position, position + 1)
    )
    assert 0 < lower.pop(name) < higher.pop(name)
    assert lower == higher
    own = {part.name: part.weight for part in PARTS}
    bottom, top = (dict(weights_at({**usual, name: place}, PARTS))[name] for place in (0, TOP))
    assert bottom == pytest.approx(own[name] / 10_000)
    assert top == pytest.approx(4 * own[name])


def test_weights_from_elsewhere_are_shown_as_well_as_can_be() -> None:
    """The command line can name any; a part that is not named counts nothing."""
    assert positions_of((("cut", 400.0),), PARTS) == {"cut": TOP, "colour": 0, "pattern": 0}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_favours_what_it_is_named_after(name: str) -> None:
    """More than any other balance does."""
    positions = preset(name, PARTS)
    assert positions is not None
    assert positions[name] == TOP
    weights = dict(weights_at(positions, PARTS))
    own = {part.name: part.weight for part in PARTS}
    gains = {part: weights[part] / own[part] for part in NAMES}
    assert max(gains, key=lambda part: gains[part]) == name
    assert positions_of(weights_at(positions, PARTS), PARTS) == positions


def test_presets_are_offered_where_the_model_knows_what_they_are_about() -> None:
    """A model of two parts has no print; one with a single part has nothing to balance."""
    assert preset("cut", TWO) == {"style": TOP, "colour": 0}
    assert preset("colour", TWO) == {"style": 0, "colour": TOP}
    assert preset("pattern", TWO) is None
    assert not can_balance(TWO[:1])
    assert preset("cut", TWO[:1]) is None
