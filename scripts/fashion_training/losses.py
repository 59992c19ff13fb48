"""What training minimises: words under coarse or noisy labels, and telling photos apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
#: Of two views of one photo, how sharply the right photo must stand out among the others.
CONTRAST_TEMPERATURE = 0.07
#: How many former photos a view is told apart from.
QUEUE = 6144


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


def plain_colours(words: int) -> NDArray[np.float32]:
    """Return targets that know nothing of which names are alike: one-hot, smoothed uniformly."""
    even = np.full((words, words), SMOOTHING / words, dtype=np.float32)
    return even + np.eye(words, dtype=np.float32) * (1 - SMOOTHING)


@dataclass(frozen=True, slots=True)
class Known:
    """Photos a view is compared with: unit parts [N, ...] and the picture's group [N]."""

    style: Tensor
    colour: Tensor
    group: Tensor

    def followed_by(self, other: Known) -> Known:
        """Join two lists."""
        return Known(
            torch.cat([self.style, other.style]),
            torch.cat([self.colour, other.colour]),
            torch.cat([self.group, other.group]),
        )


class Contrast:
    """Asks of a changed view that it is nearer to its own photo than to thousands of others.

    The others are the photos of the batch and of the batches before (a queue, as in He et al.,
    "Momentum Contrast", 2020, here without the second network: the rates are low). Exact copies of
    the photo (an equal ``group``) are left out.
    """

    def __init__(self, device: torch.device) -> None:
        self._queue: Known | None = None
        self._device = device

    def __call__(
        self, plain: Answers, changed: Answers, groups: Tensor, recoloured: Tensor
    ) -> Tensor:
        """Return the mean loss of N changed views against the plain views of the same photos.

        Where ``recoloured`` is true only the style part is compared.
        """
        own = Known(plain.style, plain.colour, groups.to(self._device))
        known = own if self._queue is None else own.followed_by(self._queue)
        style = changed.style.float() @ known.style.float().T
        colour = changed.colour.float() @ known.colour.float().T
        similar = torch.where(recoloured[:, None], style, 0.5 * style + 0.5 * colour)
        copies = own.group[:, None] == known.group[None, :]
        places = torch.arange(len(similar), device=self._device)
        copies[places, places] = False
        logits = (similar / CONTRAST_TEMPERATURE).masked_fill(copies, -math.inf)
        self._keep(own)
        return functional.cross_entropy(logits, places)

    def _keep(self, fresh: Known) -> None:
        fresh = Known(fresh.style.detach(), fresh.colour.detach(), fresh.group)
        joined = fresh if self._queue is None else fresh.followed_by(self._queue)
        self._queue = Known(joined.style[:QUEUE], joined.colour[:QUEUE], joined.group[:QUEUE])
