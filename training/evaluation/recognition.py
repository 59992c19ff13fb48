"""How often the first guess of the tag scores is right, and whether its probability means it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15


@dataclass(frozen=True, slots=True)
class Recognition:
    """The first guesses of one vocabulary on labelled photos."""

    photos: int
    top_1: float
    calibration_error: float  # expected, 15 bins

    def as_dict(self) -> dict[str, float]:
        """Return it under the names that the table prints."""
        return {
            "top 1": self.top_1,
            "calibration error": self.calibration_error,
            "photos": self.photos,
        }


def recognise(
    scores: NDArray[np.float32],
    temperature: float,
    words: Sequence[str],
    truths: Sequence[Sequence[str]],
) -> Recognition:
    """Judge scores [N, words]; any of a photo's true words counts, one without is left out.

    A true word that the vocabulary lacks can never be guessed: it counts as wrong.
    """
    probabilities = softmax(scores / np.float32(temperature))
    guesses = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1)
    known = np.array([bool(truth) for truth in truths])
    right = np.array([words[g] in truth for g, truth in zip(guesses, truths, strict=True)])
    if not known.any():
        return Recognition(0, float("nan"), float("nan"))
    return Recognition(
        int(known.sum()), float(right[known].mean()), calibration_error(sure[known], right[known])
    )


def calibration_error(
    sure: NDArray[np.float32], right: NDArray[np.bool_], bins: int = BINS
) -> float:
    """Return the expected calibration error (Naeini et al. 2015, as used by Guo et al. 2017).

    The guesses are sorted by probability into bins of equal width; the error is the difference between
    mean probability and share of right ones, averaged over the bins by their number of guesses.
    """
    places = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for place in np.unique(places):
        chosen = places == place
        error += chosen.mean() * abs(float(sure[chosen].mean()) - float(right[chosen].mean()))
    return float(error)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities [N, words] of scores [N, words]."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float32] = shifted / shifted.sum(axis=1, keepdims=True)
    return probabilities
