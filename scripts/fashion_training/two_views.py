"""Training on two views of every photo: a plain one and a changed one, words and contrast together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fashion_training.colour_targets import soft_colours
from fashion_training.feature_cache import to_tensor
from fashion_training.losses import Contrast, WordLoss
from fashion_training.material import Material, Targets
from fashion_training.network import Answers, Embedder
from fashion_training.views import View, changed_view, plain_view

#: How much the colour name counts in a view whose light was changed.
CHANGED_COLOUR_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Setting:
    """How one phase shows its photos: side length in pixels, and how strongly they are changed.

    ``contrast`` says how much telling photos apart counts beside the words.
    """

    size: int
    strength: float
    contrast: float


class TwoViews:
    """Loads photos as pairs of views and scores what the network says of them."""

    def __init__(
        self,
        network: Embedder,
        material: Material,
        targets: Targets,
        pictures: NDArray[np.uint8],
        seed: int,
        ordinary_views: int,
    ) -> None:
        """Every ordinary photo is visited ``ordinary_views`` times an epoch."""
        self._network, self._pictures, self._seed = network, pictures, seed
        self._device = next(network.parameters()).device
        ordinary = np.array([photo.kind == "ordinary" for photo in material.photos])
        training = np.arange(len(material.photos)) < material.training
        self._ordinary = np.flatnonzero(ordinary & training)
        self.places = np.concatenate(
            [np.flatnonzero(~ordinary & training), np.repeat(self._ordinary, ordinary_views)]
        )
        words = len(material.vocabularies.colour_name)
        soft = soft_colours(
            pictures[: material.training], targets.colour_name[: material.training], words, seed
        )
        self._words = WordLoss(targets, soft)
        self._contrast = Contrast(self._device)
        self._groups = groups_of(pictures)

    def _backdrop(self, draw: np.random.Generator) -> NDArray[np.uint8]:
        chosen = self._ordinary if len(self._ordinary) else self.places
        picture: NDArray[np.uint8] = self._pictures[chosen[draw.integers(len(chosen))]]
        return picture

    def loader(
        self, places: NDArray[np.int64], setting: Setting
    ) -> Callable[[NDArray[np.int64], int], tuple[Tensor, ...]]:
        """Return what loads a batch: plain views, then changed ones [2 N, 3, s, s], and masks."""

        def load(rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
            plain: list[View] = []
            changed: list[View] = []
            for row in rows:
                place = int(places[row])
                draw = np.random.default_rng([self._seed, setting.size, epoch, int(row)])
                picture = self._pictures[place]
                plain.append(plain_view(picture, draw, setting.size))
                changed.append(
                    changed_view(
                        picture, draw, setting.size, self._backdrop, strength=setting.strength
                    )
                )
            stacked = np.stack([view.picture for view in (*plain, *changed)])
            recoloured = torch.tensor([view.recoloured for view in changed])
            return to_tensor(stacked, torch.device("cpu")), recoloured

        return load

    def loss_of(
        self, photos: NDArray[np.int64], pictures: Tensor, recoloured: Tensor, contrast: float
    ) -> Tensor:
        """Score N photos shown as 2 N views."""
        return self.loss_of_answers(photos, self._network(pictures), recoloured, contrast)

    def loss_of_answers(
        self, photos: NDArray[np.int64], answers: Answers, recoloured: Tensor, contrast: float
    ) -> Tensor:
        """Score the answers to N plain views followed by those to their N changed views.

        ``contrast`` says how much telling photos apart counts beside the words.
        """
        count = len(photos)
        plain, changed = _part(answers, slice(0, count)), _part(answers, slice(count, None))
        counts = torch.where(recoloured, 0.0, 1.0)
        words = self._words(plain, photos) + self._words(
            changed, photos, CHANGED_COLOUR_SHARE * counts
        )
        groups = torch.from_numpy(self._groups[photos])
        return 0.5 * words + contrast * self._contrast(plain, changed, groups, recoloured)


def _part(answers: Answers, rows: slice) -> Answers:
    return Answers(**{field.name: getattr(answers, field.name)[rows] for field in fields(Answers)})


def groups_of(pictures: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Number the photos so that exact copies share a number, int64 [photos]."""
    numbers: dict[bytes, int] = {}
    return np.array(
        [
            numbers.setdefault(
                hashlib.sha1(row[::4, ::4].tobytes(), usedforsecurity=False).digest(), len(numbers)
            )
            for row in pictures
        ],
        dtype=np.int64,
    )
