"""Figures and their intervals."""

import numpy as np
import pytest

from evaluation.scores import grouped_figure, mean_figure, ratio_figure


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    """A hundred times the questions, a tenth of the width."""
    draw = np.random.default_rng(3)
    few = mean_figure(draw.integers(0, 2, 40).astype(float))
    many = mean_figure(draw.integers(0, 2, 4000).astype(float))
    for figure in (few, many):
        assert figure.low < figure.value < figure.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert (few.questions, many.questions) == (40, 4000)
    # About two standard errors to either side.
    assert many.high - many.low == pytest.approx(4 * 0.5 / 4000**0.5, rel=0.15)


def test_groups_count_alike_however_many_questions_they_have() -> None:
    """The mean of means, not of all questions."""
    values = np.array([1.0] * 90 + [0.0] * 10)
    figure = grouped_figure(values, ["many"] * 90 + ["few"] * 10)
    assert figure.value == 0.5 and figure.questions == 100
    assert mean_figure(values).value == pytest.approx(0.9)


def test_a_ratio_compares_the_same_questions() -> None:
    """What is unchanged keeps everything, with certainty."""
    plain = np.tile([1.0, 0.5, 0.0, 1.0], 50)
    assert ratio_figure(plain, plain).value == 1.0
    same = ratio_figure(plain, plain)
    assert (same.low, same.high) == (1.0, 1.0)
    assert ratio_figure(plain * 0.5, plain).value == pytest.approx(0.5)


def test_without_questions_there_is_no_figure() -> None:
    """Not a number, and no exception."""
    nothing = np.zeros(0)
    assert np.isnan(mean_figure(nothing).value) and mean_figure(nothing).questions == 0
    assert np.isnan(ratio_figure(nothing, nothing).value)
