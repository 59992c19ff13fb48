"""What training asks of the embedding itself: that neighbours match, and that a piece finds itself.

Every view is compared with the plain views of its batch and of thousands of former photos (a queue,
as in He et al., "Momentum Contrast", 2020, here without the second network: the rates are low).

*Nearby* is neighbourhood components analysis (Goldberger et al., 2004): each view picks a neighbour
at random, nearer ones more often, and the loss is minus the logarithm of the chance that the pick
matches. It is asked of each part with its own words, and of both parts together with both words.

*Apart* asks of a changed view that its own photo stands out among all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from fashion_training.material import Targets
from fashion_training.network import Answers

#: How sharply nearer neighbours are preferred, for cosines.
NEARBY_TEMPERATURE = 0.06
APART_TEMPERATURE = 0.07
#: How many former photos a view is compared with.
QUEUE = 6144


@dataclass(frozen=True, slots=True)
class Known:
    """Views with what is known of their photos.

    Unit parts [N, ...], words [N] (-1 unknown), and groups [N]: copies of one photo share a number.
    """

    style: Tensor
    colour: Tensor
    type: Tensor
    colour_name: Tensor
    group: Tensor

    def __len__(self) -> int:
        """How many there are."""
        return len(self.group)

    def detached(self) -> Known:
        """Return the same without gradients."""
        return Known(*(getattr(self, field.name).detach() for field in fields(Known)))

    def followed_by(self, other: Known, most: int) -> Known:
        """Join two lists and keep the first ``most``."""
        return Known(
            *(
                torch.cat([getattr(self, field.name), getattr(other, field.name)])[:most]
                for field in fields(Known)
            )
        )


class Neighbourhood:
    """Keeps former photos' plain views, and scores new views against them."""

    def __init__(self, targets: Targets, groups: NDArray[np.int64], device: torch.device) -> None:
        """``groups`` [photos] numbers the photos of the targets."""
        self._type = torch.from_numpy(targets.single_type)
        self._colour_name = torch.from_numpy(targets.colour_name)
        self._groups = torch.from_numpy(groups)
        self._device = device
        self._former: Known | None = None

    def described(self, photos: NDArray[np.int64], answers: Answers) -> Known:
        """Put the answers to N photos together with what is known of these."""
        places = torch.from_numpy(photos)
        return Known(
            answers.style.float(),
            answers.colour.float(),
            self._type[places].to(self._device),
            self._colour_name[places].to(self._device),
            self._groups[places].to(self._device),
        )

    def around(self, plain: Known) -> Known:
        """Return a batch's plain views, first, and the former photos."""
        if self._former is None:
            return plain
        return plain.followed_by(self._former, len(plain) + QUEUE)

    def keep(self, plain: Known) -> None:
        """Let later views be compared with these."""
        self._former = (
            plain.detached()
            if self._former is None
            else plain.detached().followed_by(self._former, QUEUE)
        )


def nearby(
    asked: Known,
    known: Known,
    recoloured: Tensor,
    style_share: float,
    temperature: float = NEARBY_TEMPERATURE,
) -> Tensor:
    """Return the mean loss of N views among the known ones.

    ``recoloured`` bool [N] marks views whose colour is not their own; ``style_share`` is the style
    part's weight in the whole.
    """
    style = asked.style @ known.style.T
    colour = asked.colour @ known.colour.T
    whole = style_share * style + (1 - style_share) * colour
    same_type = matches(asked.type, known.type)
    same_colour = matches(asked.colour_name, known.colour_name)
    itself = asked.group[:, None] == known.group[None, :]
    strange = itself | recoloured[:, None]
    return (
        nearby_loss(style, same_type, itself, temperature)
        + nearby_loss(colour, same_colour, strange, temperature)
        + nearby_loss(whole, same_type & same_colour, strange, temperature)
    ) / 3


def matches(asked: Tensor, known: Tensor) -> Tensor:
    """Return which words are equal and known, bool [asked, known]."""
    return (asked[:, None] == known[None, :]) & (asked >= 0)[:, None]


def nearby_loss(
    similar: Tensor, right: Tensor, left_out: Tensor, temperature: float = NEARBY_TEMPERATURE
) -> Tensor:
    """Return minus the mean log chance of picking a right neighbour, from cosines [N, M].

    Rows without any right neighbour do not count; zero when no row has one.
    """
    right = right & ~left_out
    rows = right.any(dim=1)
    if not bool(rows.any()):
        return similar.sum() * 0
    logits = (similar / temperature).masked_fill(left_out, -math.inf)[rows]
    chosen = logits.masked_fill(~right[rows], -math.inf).logsumexp(dim=1)
    return (logits.logsumexp(dim=1) - chosen).mean()


def apart(changed: Known, known: Known, recoloured: Tensor) -> Tensor:
    """Return the mean loss of N changed views against ``known``, whose first N are their own photos.

    Where ``recoloured`` is true only the style part is compared; exact copies of the photo are left
    out.
    """
    style = changed.style @ known.style.T
    colour = changed.colour @ known.colour.T
    similar = torch.where(recoloured[:, None], style, 0.5 * style + 0.5 * colour)
    copies = changed.group[:, None] == known.group[None, :]
    places = torch.arange(len(similar), device=similar.device)
    copies[places, places] = False
    logits = (similar / APART_TEMPERATURE).masked_fill(copies, -math.inf)
    return functional.cross_entropy(logits, places)
