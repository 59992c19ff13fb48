"""What is chosen after training, on validation photos: weights, temperatures, closeness bounds.

Everything works on plain arrays of the validation photos ("asked") and of the photos they are
compared with ("gallery"); no test photo is ever among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fashion_training.precision import joined, mean_share, nearest, shares_right

#: Weights of the style part that are tried.
STYLE_WEIGHTS = tuple(round(0.2 + 0.025 * step, 3) for step in range(25))
#: Precision at 5 that the product asks of the default weights, on the whole catalogue.
REQUIRED = {"type": 0.87, "colour": 0.65, "both": 0.57}
#: Temperatures that are tried, geometrically spaced.
TEMPERATURES = tuple(float(t) for t in np.geomspace(0.2, 3.0, 57))
#: How many neighbours an answer has.
ANSWERS = 5
#: Of the answers at or above a bound, the share that must be of the asked type.
SAME_PIECE_SHARE = 0.95
VERY_SIMILAR_SHARE = 0.90
#: Of the questions whose type is nowhere to be found, the share that is told so: the 80 % that the
#: product asks for, and two sampling errors of some 490 questions.
ABSENT_SHARE = 0.836
#: What a standard error is at least, where all questions are answered alike.
SMALLEST_ERROR = 1e-6
#: How far apart two bounds are at least.
APART = 0.005


@dataclass(frozen=True, slots=True)
class Compared:
    """Validation photos and their gallery.

    ``style_*`` and ``colour_*`` are unit vectors; the labels are words, empty where unknown;
    ``same`` [asked, gallery] marks the photo itself, which is no answer.
    """

    style_asked: NDArray[np.float32]
    style_gallery: NDArray[np.float32]
    colour_asked: NDArray[np.float32]
    colour_gallery: NDArray[np.float32]
    type_asked: Sequence[str]
    type_gallery: Sequence[str]
    colour_name_asked: Sequence[str]
    colour_name_gallery: Sequence[str]
    same: NDArray[np.bool_]


def similarities(compared: Compared, style_weight: float) -> NDArray[np.float32]:
    """Return the default similarity for a weight, float32 [asked, gallery]."""
    style = compared.style_asked @ compared.style_gallery.T
    colour = compared.colour_asked @ compared.colour_gallery.T
    mixed: NDArray[np.float32] = style_weight * style + (1 - style_weight) * colour
    return mixed


def questions(compared: Compared, style_weight: float) -> dict[str, NDArray[np.float64]]:
    """Return what share of each question's five answers has its type, its colour, and both."""
    asked = joined(compared.style_asked, compared.colour_asked, style_weight)
    gallery = joined(compared.style_gallery, compared.colour_gallery, style_weight)
    found = nearest(asked, gallery, compared.same, ANSWERS)

    def both(types: Sequence[str], colours: Sequence[str]) -> list[str]:
        return [f"{t}/{c}" if t and c else "" for t, c in zip(types, colours, strict=True)]

    return {
        "type": shares_right(found, compared.type_asked, compared.type_gallery),
        "colour": shares_right(found, compared.colour_name_asked, compared.colour_name_gallery),
        "both": shares_right(
            found,
            both(compared.type_asked, compared.colour_name_asked),
            both(compared.type_gallery, compared.colour_name_gallery),
        ),
    }


def precisions(compared: Compared, style_weight: float) -> dict[str, float]:
    """Return precision@5 of type, colour and both for a weight."""
    return {name: mean_share(shares) for name, shares in questions(compared, style_weight).items()}


def certainty(shares: NDArray[np.float64], wanted: float) -> float:
    """Return by how many of its own standard errors the mean of some shares lies above a figure.

    Raises ValueError when there is none: nothing can be chosen without labels.
    """
    if not len(shares):
        raise ValueError("no validation photo has the label that a weight is chosen by")
    error = max(float(shares.std()) / len(shares) ** 0.5, SMALLEST_ERROR)
    return (mean_share(shares) - wanted) / error


def choose_style_weight(compared: Compared) -> float:
    """Return the tried weight for which the product's least certain demand is the most certain.

    How certain is measured in standard errors: type is right or wrong for all five answers more
    often than colour is, and for other photos the figures move by as much as these tell.
    """

    def least(weight: float) -> float:
        shares = questions(compared, weight)
        return min(certainty(shares[name], wanted) for name, wanted in REQUIRED.items())

    return max(STYLE_WEIGHTS, key=least)


def fit_temperature(logits: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """Return the tried temperature with the lowest negative log-likelihood.

    ``logits`` [N, words] and ``truth`` bool [N, words], the words that would be right (several where
    a label is coarse). Returns 1.0 when no row has a truth.
    """
    known = truth.any(axis=1)
    if not known.any():
        return 1.0
    scores, right = logits[known].astype(np.float64), truth[known]

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        chances = np.exp(scaled)
        chances /= chances.sum(axis=1, keepdims=True)
        return float(-np.log(np.maximum((chances * right).sum(axis=1), 1e-12)).mean())

    best: float = min(TEMPERATURES, key=loss)
    return round(best, 3)


def lowest_bound(
    scores: NDArray[np.float32], kept: NDArray[np.bool_], share: float, fewest: int = 30
) -> float:
    """Return the lowest score from which upward at least ``share`` of the answers keep a promise.

    ``scores`` and ``kept`` are flat, one per answer. At least ``fewest`` answers must lie at or
    above a bound. Raises ValueError when no bound does it.
    """
    order = np.argsort(-scores, kind="stable")
    running = np.cumsum(kept[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(running >= share)
    good = good[good >= fewest - 1]
    if not len(good):
        raise ValueError(f"no bound from which {share:.0%} of the answers keep the promise")
    return float(scores[order[good[-1]]])


def choose_closeness(compared: Compared, style_weight: float) -> dict[str, float]:
    """Choose the lower bounds of the words for closeness on the default similarity.

    *Similar* ends where "nothing close" begins: with all photos of the asked type taken away, the
    best answer of 84 % of the questions lies below it. Of the five answers shown to every
    question, those at or above *very similar* and *same piece* are of the same type to 90 % and
    95 %; both bounds stay above the one below by 0.005 at least.
    """
    scores = np.where(compared.same, -np.inf, similarities(compared, style_weight))
    asked, gallery = np.array(compared.type_asked), np.array(compared.type_gallery)
    known = asked != ""
    equal = (asked[:, None] == gallery[None, :]) & known[:, None]
    foreign = np.where(equal, -np.inf, scores)[known].max(axis=1)
    similar = float(np.quantile(foreign, ABSENT_SHARE))
    shown = np.argsort(-scores, axis=1, kind="stable")[:, :ANSWERS]
    best = np.take_along_axis(scores, shown, axis=1)[known].ravel()
    right = np.take_along_axis(equal, shown, axis=1)[known].ravel()
    very_similar = max(lowest_bound(best, right, VERY_SIMILAR_SHARE), similar + APART)
    same_piece = max(lowest_bound(best, right, SAME_PIECE_SHARE), very_similar + APART)
    bounds = {"same_piece": same_piece, "very_similar": very_similar, "similar": similar}
    return {name: round(bound, 3) for name, bound in bounds.items()}
