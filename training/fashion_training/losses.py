"""What training asks of the words: their losses under coarse or noisy labels."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from fashion_training.material import Targets
from fashion_training.network import Answers

#: How much the gender counts in the loss beside type and colour.
GENDER_SHARE = 0.3
#: Probability mass spread over all words.
SMOOTHING = 0.1


def set_cross_entropy(logits: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean loss over rows with any allowed word; zero when there is none.

    ``logits`` [N, words]; ``allowed`` bool [N, words]. The loss of a row is minus the logarithm of
    the probability that the allowed words have together, smoothed by a uniform share.
    """
    known = allowed.any(dim=1)
    if not bool(known.any()):
        return logits.sum() * 0
    logits, allowed = logits[known], allowed[known]
    normal = logits.logsumexp(dim=1)
    right = logits.masked_fill(~allowed, -math.inf).logsumexp(dim=1)
    sharp, flat = normal - right, normal - logits.mean(dim=1)
    return ((1 - SMOOTHING) * sharp + SMOOTHING * flat).mean()


def soft_cross_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean cross-entropy over rows of ``wanted`` [N, words] that sum to 1.

    Rows of zeros are unknown and left out; zero when all are.
    """
    known = wanted.sum(dim=1) > 0
    if not bool(known.any()):
        return logits.sum() * 0
    return -(functional.log_softmax(logits[known], dim=1) * wanted[known]).sum(dim=1).mean()


def distance_from_words(cosines: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean of 1 - cosine between each part and the direction of its own word.

    ``cosines`` [N, words]; ``wanted`` [N], -1 unknown and left out; zero when all are. What words'
    chances no longer ask for once they are high, this does: photos of one word gather around it
    (centre loss; Wen et al., "A Discriminative Feature Learning Approach", 2016).
    """
    known = wanted >= 0
    if not bool(known.any()):
        return cosines.sum() * 0
    return (1 - cosines[known].gather(1, wanted[known][:, None])).mean()


class WordLoss:
    """The loss of type, gender and colour name under one list of photos' targets."""

    def __init__(self, targets: Targets, soft_colours: NDArray[np.float32]) -> None:
        """``soft_colours`` [colours, colours]: the distribution asked for under each label."""
        self._types = torch.from_numpy(targets.types)
        self._gender = torch.from_numpy(targets.gender)
        blank = np.zeros((1, soft_colours.shape[1]), dtype=np.float32)
        rows = np.concatenate([soft_colours, blank])[targets.colour_name]  # -1 is the blank row
        self._colours = torch.from_numpy(rows)

    def __call__(
        self, answers: Answers, photos: NDArray[np.int64], colour_counts: Tensor | None = None
    ) -> Tensor:
        """Return the loss of N answers; where ``colour_counts`` [N] is false, colour is not asked."""
        device = answers.type.device
        places = torch.from_numpy(photos)
        gender = self._gender[places].to(device)[:, None]
        genders = gender == torch.arange(answers.gender.shape[1], device=device)[None, :]
        colours = self._colours[places].to(device)
        if colour_counts is not None:
            colours = colours * colour_counts[:, None]
        return (
            set_cross_entropy(answers.type, self._types[places].to(device))
            + GENDER_SHARE * set_cross_entropy(answers.gender, genders)
            + soft_cross_entropy(answers.colour_name, colours)
        )
