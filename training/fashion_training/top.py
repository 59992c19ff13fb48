"""Trains the last stage, the gate and the heads on kept outputs of the layers below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fashion_training.kept_views import KeptViews
from fashion_training.losses import WordLoss, distance_from_words
from fashion_training.material import Material, Targets
from fashion_training.neighbourhood import (
    NEARBY_TEMPERATURE,
    Known,
    Neighbourhood,
    apart,
    nearby,
)
from fashion_training.network import Answers, Top
from fashion_training.optimise import Feed, Phase, Training, keep_foldable

#: Views that are run together where no gradient is wanted.
LOOKED_AT_ONCE = 64
#: How much the colour name counts in a view whose light was changed.
CHANGED_COLOUR_SHARE = 0.6
#: How often an epoch shows a photo that has several changed views.
SHOWINGS = 4
#: The style part's weight in the whole is drawn evenly between these: the window's slider moves it.
STYLE_SHARES = (0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Shares:
    """How much each loss counts.

    Words, telling photos apart, that neighbours match, and that photos gather around their words.
    """

    words: float = 1.0
    apart: float = 1.0
    nearby: float = 1.5
    gathered: float = 4.0


@dataclass(frozen=True, slots=True)
class Bytes:
    """Turns kept bytes back into numbers: the steps of the early maps [832] and of the entering."""

    early: NDArray[np.float32]
    entering: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows of one photo: the plain view's, and those of its other views."""

    photo: int
    plain: int
    others: tuple[int, ...]


def shown_photos(views: KeptViews, material: Material) -> list[Shown]:
    """List the training photos whose views are all on disk, once per showing in an epoch.

    Photos with several other views are shown SHOWINGS times: there is more to see in them than in
    those that exist in small only, which would otherwise crowd them out.
    """
    rows: dict[int, list[int]] = {}
    for row, photo in enumerate(views.plan.photos[: views.done]):
        rows.setdefault(int(photo), []).append(row)
    last = int(views.plan.photos[views.done - 1])
    return [
        Shown(photo, kept[0], tuple(kept[1:]))
        for photo, kept in rows.items()
        if photo < material.training and len(kept) > 1 and photo != last
        for _ in range(1 if len(kept) == 2 else SHOWINGS)
    ]


def draw_views(
    shown: Sequence[Shown], draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the plain views, and of one other view of each photo, both [N]."""
    others = [photo.others[draw.integers(len(photo.others))] for photo in shown]
    return np.array([photo.plain for photo in shown]), np.array(others)


def load_rows(
    views: KeptViews, steps: Bytes, rows: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> tuple[Tensor, Tensor, Tensor]:
    """Read views as what the top takes: activations, early maps (bfloat16), averaged pixels."""
    order = np.argsort(rows)
    back = np.argsort(order)
    flip = torch.from_numpy(mirrored)[:, None, None, None]

    def read(kept: NDArray[np.uint8]) -> Tensor:
        whole = torch.from_numpy(kept[rows[order]][back])
        return torch.where(flip, whole.flip(3), whole)

    pixels = torch.from_numpy(views.pixels[rows[order]][back]).permute(0, 3, 1, 2)
    pixels = torch.where(flip, pixels.flip(3), pixels)
    return *numbers_of(read(views.entering), read(views.early), steps), pixels


def numbers_of(entering: Tensor, early: Tensor, steps: Bytes) -> tuple[Tensor, Tensor]:
    """Turn bytes, uint8 [N, channels, 14, 14], into the activations and early maps (bfloat16)."""
    entered = entering.to(torch.bfloat16) * steps.entering
    early_steps = torch.from_numpy(steps.early).to(torch.bfloat16).view(1, -1, 1, 1)
    numbers = early.to(torch.bfloat16) * early_steps
    return entered.contiguous(memory_format=torch.channels_last), numbers


class ViewLoss:
    """Scores the answers to N plain views followed by those to their N other views."""

    def __init__(
        self,
        targets: Targets,
        soft_colours: NDArray[np.float32],
        groups: NDArray[np.int64],
        device: torch.device,
        scale: float,
        seed: int,
        temperature: float = NEARBY_TEMPERATURE,
    ) -> None:
        """``scale`` is what the network multiplies its words' cosines by.

        ``temperature`` says how sharply nearer neighbours are preferred.
        """
        self._scale, self._temperature = scale, temperature
        self._words = WordLoss(targets, soft_colours)
        self._neighbourhood = Neighbourhood(targets, groups, device)
        self._weights = np.random.default_rng([seed, 13])

    def __call__(
        self, photos: NDArray[np.int64], answers: Answers, recoloured: Tensor, shares: Shares
    ) -> Tensor:
        """Return the loss; ``photos`` [N], and bool [N] which of the other views are recoloured."""
        with torch.autocast(recoloured.device.type, enabled=False):
            return self._loss(photos, answers, recoloured, shares)

    def _loss(
        self, photos: NDArray[np.int64], answers: Answers, recoloured: Tensor, shares: Shares
    ) -> Tensor:
        count = len(photos)
        plain, changed = _part(answers, slice(0, count)), _part(answers, slice(count, None))
        counts = torch.where(recoloured, 0.0, CHANGED_COLOUR_SHARE)
        words = self._words(plain, photos) + self._words(changed, photos, counts)
        own = self._neighbourhood.described(photos, plain)
        other = self._neighbourhood.described(photos, changed)
        known = self._neighbourhood.around(own)
        share = float(self._weights.uniform(*STYLE_SHARES))
        near = nearby(own, known, torch.zeros_like(recoloured), share, self._temperature)
        near = near + nearby(other, known, recoloured, share, self._temperature)
        told = apart(other, known, recoloured)
        gathered = self._gathered(own, plain) + self._gathered(other, changed, recoloured)
        self._neighbourhood.keep(own)
        return (
            shares.words * words
            + shares.apart * told
            + shares.nearby * near
            + shares.gathered * gathered
        )

    def _gathered(self, seen: Known, answers: Answers, recoloured: Tensor | None = None) -> Tensor:
        colours = seen.colour_name
        if recoloured is not None:
            colours = torch.where(recoloured, -1, colours)
        return distance_from_words(answers.type / self._scale, seen.type) + distance_from_words(
            answers.colour_name / self._scale, colours
        )


class TopTraining:
    """One phase over the kept views."""

    def __init__(
        self,
        top: Top,
        material: Material,
        views: KeptViews,
        steps: Bytes,
        loss: ViewLoss,
        seed: int,
    ) -> None:
        self.top, self._views, self._steps, self._seed = top, views, steps, seed
        self.shown = shown_photos(views, material)
        self._loss = loss

    def load(self, rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
        """Load N photos as 2 N views, the plain ones first, and which were recoloured."""
        draw = np.random.default_rng([self._seed, 14, epoch, int(rows[0])])
        plain, others = draw_views([self.shown[row] for row in rows], draw)
        chosen = np.concatenate([plain, others])
        mirrored = draw.random(len(chosen)) < 0.5
        recoloured = torch.from_numpy(self._views.recoloured[others].copy())
        return *load_rows(self._views, self._steps, chosen, mirrored), recoloured

    def run(
        self,
        phase: Phase,
        shares: Shares,
        folder: Path,
        recipe: str,
        checked: Callable[[int, float, Training], object],
        until: int | None = None,
    ) -> None:
        """Train, calling ``checked(epoch, loss, training)`` after every epoch.

        Leaves the top with averaged weights. Ends after ``until`` batches where that is given.
        """
        top = self.top
        photos = np.array([photo.photo for photo in self.shown])

        def loss_of(
            rows: NDArray[np.int64],
            entering: Tensor,
            early: Tensor,
            pixels: Tensor,
            recoloured: Tensor,
        ) -> Tensor:
            answers = top.after(entering, early, pixels)
            return self._loss(photos[rows], answers, recoloured, shares)

        feed = Feed(len(self.shown), self.load)
        groups = learning_groups(top)
        training = Training(phase, top, groups, feed, folder, recipe, self._seed)
        top.train()
        freeze_statistics(top)
        training.run(loss_of, lambda epoch, loss: checked(epoch, loss, training), until)
        top.load_state_dict(training.average.state)
        keep_foldable(top)


def learning_groups(top: Top) -> list[Sequence[nn.Parameter]]:
    """Return what learns at each rate: the stage, what follows it, and what is new."""
    first = top.stage4.unit1.bn1
    stage = [*top.stage4.parameters(), *top.final_bn.parameters()]
    kept = {id(parameter) for parameter in first.parameters()}  # it stands before what is kept
    fresh = [
        *top.gate.parameters(),
        *top.pixels.parameters(),
        *top.colour_of_bins.parameters(),
    ]
    apart = {id(parameter) for parameter in (*stage, *fresh)}
    heads = [p for p in top.parameters() if id(p) not in apart]
    return [[p for p in stage if id(p) not in kept], heads, fresh]


def standardise(top: Top, inputs: tuple[Tensor, Tensor, Tensor]) -> None:
    """Let the colour head's batch norm bring what it reads to one scale; no answer changes.

    The statistics are those of the given views.
    """
    seen: list[Tensor] = []
    hook = top.colour_norm.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    device = next(top.parameters()).device
    top.eval()
    with torch.no_grad():
        for part in zip(*(tensor.split(LOOKED_AT_ONCE) for tensor in inputs), strict=True):
            with torch.autocast(device.type, torch.bfloat16):
                top.after(*(tensor.to(device) for tensor in part))
        hook.remove()
        values = torch.cat(seen)
        deviation = values.std(dim=0) + 1e-3 * values.std()
        rescale(top, values.mean(dim=0), deviation)


def rescale(top: Top, mean: Tensor, deviation: Tensor) -> None:
    """Let the colour head's batch norm take what it reads to these statistics; no answer changes."""
    norm, head = top.colour_norm, top.colour
    with torch.no_grad():
        former = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        head.bias += head.weight @ (former * (mean - norm.running_mean) + norm.bias)
        head.weight *= former * deviation
        norm.running_mean.copy_(mean)
        norm.running_var.copy_((deviation**2 - norm.eps).clamp(min=0))
        norm.weight.fill_(1)
        norm.bias.zero_()


def freeze_statistics(module: nn.Module) -> None:
    """Let batch norms use the statistics that they have; scales and shifts go on learning."""
    for part in module.modules():
        if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
            part.eval()


def _part(answers: Answers, rows: slice) -> Answers:
    return Answers(**{field.name: getattr(answers, field.name)[rows] for field in fields(Answers)})
