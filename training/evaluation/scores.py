"""Figures with the uncertainty of their questions: means, means over groups, and ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
RESAMPLINGS = 2000
#: Of the resampled figures, how many lie outside the interval.
OUTSIDE = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, the interval that holds 95 % of its resampled values, and its questions."""

    value: float
    low: float
    high: float
    questions: int


def mean_figure(values: Values, seed: int = 0) -> Figure:
    """Return the mean of one score per question."""
    return grouped_figure(values, ["all"] * len(values), seed)


def grouped_figure(values: Values, groups: Sequence[str], seed: int = 0) -> Figure:
    """Return the mean of the groups' means; questions are resampled within their group."""
    if not len(values):
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    names = np.asarray(groups)
    draw = np.random.default_rng(seed)
    means, resampled = [], []
    for name in np.unique(names):
        own = values[names == name]
        means.append(float(own.mean()))
        resampled.append(_resampled_means(own, draw))
    low, high = _interval(np.mean(resampled, axis=0))
    return Figure(float(np.mean(means)), low, high, len(values))


def ratio_figure(changed: Values, plain: Values, seed: int = 0) -> Figure:
    """Return what is left of a mean when its questions are changed; both scores per question."""
    if not len(plain) or not plain.mean():
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    places = np.random.default_rng(seed).integers(len(plain), size=(RESAMPLINGS, len(plain)))
    below = plain[places].mean(axis=1)
    ratios = changed[places].mean(axis=1) / np.where(below > 0, below, np.nan)
    low, high = _interval(ratios)
    return Figure(float(changed.mean() / plain.mean()), low, high, len(plain))


def _resampled_means(values: Values, draw: np.random.Generator) -> Values:
    places = draw.integers(len(values), size=(RESAMPLINGS, len(values)))
    means: Values = values[places].mean(axis=1)
    return means


def _interval(values: Values) -> tuple[float, float]:
    low, high = np.nanquantile(values, [OUTSIDE / 2, 1 - OUTSIDE / 2])
    return float(low), float(high)
