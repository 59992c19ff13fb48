"""Trains the heads alone, on the averages that they read.

Nothing else of the network is run, so that hundreds of photos make a batch and every epoch takes
seconds: what the heads can draw from these averages is drawn to the end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from fashion_training import checkpoint
from fashion_training.kept_views import KeptViews
from fashion_training.material import Material
from fashion_training.network import COLOUR_FEATURES, PIXEL_BINS, STAGE_CHANNELS, Answers, Top
from fashion_training.optimise import Feed, Phase, Training
from fashion_training.top import (
    LOOKED_AT_ONCE,
    Bytes,
    Shares,
    ViewLoss,
    draw_views,
    load_rows,
    shown_photos,
)

LAST = STAGE_CHANNELS[-1]
#: What of a top the averages depend on; the heads read them.
BEFORE_HEADS = ("stage4.", "final_bn.", "gate.", "pixels.")
#: Added to every deviation, as a share of the mean deviation: what hardly varies says nothing.
FLOOR = 1e-3
#: How many views' averages set the scale of what the heads read.
SCALED_BY = 4096


@dataclass(frozen=True, slots=True)
class Averages:
    """What the heads read of every kept view: float16 [views, 3904], and [views, 96] of the bins."""

    seen: Tensor
    bins: Tensor

    def rows(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return some views', in float32."""
        places = torch.from_numpy(rows)
        return self.seen[places].float(), self.bins[places].float()


def kept_averages(top: Top, views: KeptViews, steps: Bytes, path: Path) -> Averages:
    """Return what the heads read, from ``path`` where a former attempt left just that there."""
    state = hashlib.sha256(str(views.done).encode())
    for key, value in top.state_dict().items():
        if key.startswith(BEFORE_HEADS):
            state.update(value.cpu().contiguous().numpy().tobytes())
    made_by = state.hexdigest()
    if path.exists():
        tensors, facts = checkpoint.load(path)
        if facts["made_by"] == made_by:
            return Averages(tensors["seen"], tensors["bins"])
    averages = averages_of(top, views, steps)
    tensors = {"seen": averages.seen, "bins": averages.bins}
    checkpoint.save(path, tensors, {"made_by": made_by})
    return averages


def averages_of(top: Top, views: KeptViews, steps: Bytes) -> Averages:
    """Run every kept view through the last stage, the gate and the bins.

    All that is kept lies in two arrays made beforehand: small pieces among the activations' big
    buffers would keep freed memory from being used again.
    """
    device = next(top.parameters()).device
    seen = torch.empty(views.done, COLOUR_FEATURES, dtype=torch.float16)
    bins = torch.empty(views.done, PIXEL_BINS, dtype=torch.float16)
    top.eval()
    starts = range(0, views.done, LOOKED_AT_ONCE)
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
        for start in tqdm(starts, desc="averages", mininterval=5):
            rows = np.arange(start, min(start + LOOKED_AT_ONCE, views.done))
            inputs = load_rows(views, steps, rows, np.zeros(len(rows), dtype=np.bool_))
            found = top.averages(*(tensor.to(device) for tensor in inputs))
            for kept, values in zip((seen, bins), found, strict=True):
                kept[start : start + len(rows)] = values
    return Averages(seen, bins)


class Heads(nn.Module):
    """A top's heads and words, reading averages that were brought to one scale."""

    middles: Tensor
    deviations: Tensor

    def __init__(self, top: Top, averages: Averages, sample: NDArray[np.int64]) -> None:
        """The scale is that of a sample of the views."""
        super().__init__()
        both = torch.cat(averages.rows(sample), dim=1)
        spread = both.std(dim=0)
        self.register_buffer("middles", both.mean(dim=0))
        self.register_buffer("deviations", spread + FLOOR * spread.mean())
        self.scale = top.scale
        self.style = nn.Linear(LAST, top.style.out_features)
        self.colour = nn.Linear(both.shape[1], top.colour.out_features)
        self.type_words = nn.Parameter(top.type_words.detach().clone())
        self.gender_words = nn.Parameter(top.gender_words.detach().clone())
        self.colour_words = nn.Parameter(top.colour_words.detach().clone())
        with torch.no_grad():
            norm = top.colour_norm
            factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight = torch.cat([top.colour.weight * factor, top.colour_of_bins.weight], dim=1)
            bias = top.colour.bias + top.colour.weight @ (norm.bias - factor * norm.running_mean)
            self._take(self.colour, weight, bias, slice(None))
            self._take(self.style, top.style.weight, top.style.bias, self._last)

    @property
    def _last(self) -> slice:
        """Where the averages of the last map stand among all."""
        return slice(COLOUR_FEATURES - LAST, COLOUR_FEATURES)

    def _take(self, layer: nn.Linear, weight: Tensor, bias: Tensor, places: slice) -> None:
        layer.weight.copy_(weight * self.deviations[places])
        layer.bias.copy_(bias + weight @ self.middles[places])

    def forward(self, seen: Tensor, bins: Tensor) -> Answers:
        """Turn averages [N, 3904] and [N, 96] into the answers, as the top does."""
        both = (torch.cat([seen, bins], dim=1) - self.middles) / self.deviations
        with torch.autocast(seen.device.type, enabled=False):
            style = functional.normalize(self.style(both[:, self._last]), dim=1)
            colour = functional.normalize(self.colour(both), dim=1)
            kind, gender, name = (
                self.scale * part @ functional.normalize(own, dim=1).T
                for part, own in zip((style, style, colour), self.words(), strict=True)
            )
            return Answers(style, colour, kind, gender, name)

    def put_back(self, top: Top) -> None:
        """Give the top these heads: it answers the same then."""
        with torch.no_grad():
            weight = self.style.weight / self.deviations[self._last]
            top.style.weight.copy_(weight)
            top.style.bias.copy_(self.style.bias - weight @ self.middles[self._last])
            weight = self.colour.weight / self.deviations
            top.colour.weight.copy_(weight[:, :COLOUR_FEATURES])
            top.colour_of_bins.weight.copy_(weight[:, COLOUR_FEATURES:])
            top.colour.bias.copy_(self.colour.bias - weight @ self.middles)
            norm = top.colour_norm  # does nothing any more: the layer behind reads plain averages
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.fill_(1)
            norm.bias.zero_()
            for words, own in zip(top.words(), self.words(), strict=True):
                words.copy_(own)

    def words(self) -> tuple[nn.Parameter, ...]:
        """Return the words' directions, in the order of the top's."""
        return self.type_words, self.gender_words, self.colour_words


def train_heads(
    top: Top,
    material: Material,
    views: KeptViews,
    steps: Bytes,
    loss: ViewLoss,
    phase: Phase,
    shares: Shares,
    folder: Path,
    seed: int,
) -> None:
    """Train the heads of a top for one phase, and put their averaged weights back."""
    averages = kept_averages(top, views, steps, folder / "averages.safetensors")
    heads = heads_of(top, averages, seed)
    teach_heads(heads, averages, material, views, loss, phase, shares, folder, seed)
    heads.put_back(top)


def heads_of(top: Top, averages: Averages, seed: int) -> Heads:
    """Take the heads of a top, with the scale of some views' averages."""
    draw = np.random.default_rng([seed, 16])
    return Heads(top, averages, np.sort(draw.permutation(len(averages.seen))[:SCALED_BY]))


def teach_heads(
    heads: Heads,
    averages: Averages,
    material: Material,
    views: KeptViews,
    loss: ViewLoss,
    phase: Phase,
    shares: Shares,
    folder: Path,
    seed: int,
    until: int | None = None,
) -> None:
    """Train heads for one phase, or ``until`` batches; they end with their averaged weights."""
    shown = shown_photos(views, material)
    photos = np.array([photo.photo for photo in shown])

    def load(rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
        chance = np.random.default_rng([seed, 17, epoch, int(rows[0])])
        plain, others = draw_views([shown[row] for row in rows], chance)
        recoloured = torch.from_numpy(views.recoloured[others].copy())
        return *averages.rows(np.concatenate([plain, others])), recoloured

    def loss_of(rows: NDArray[np.int64], seen: Tensor, bins: Tensor, recoloured: Tensor) -> Tensor:
        return loss(photos[rows], heads(seen, bins), recoloured, shares)

    begun = hashlib.sha256()
    for value in heads.state_dict().values():
        begun.update(value.cpu().contiguous().numpy().tobytes())
    settings = [asdict(phase), asdict(shares), len(shown), begun.hexdigest()]
    recipe = json.dumps([material.key, *settings])
    feed = Feed(len(shown), load)
    training = Training(phase, heads, [list(heads.parameters())], feed, folder, recipe, seed)
    training.run(loss_of, lambda epoch, value: None, until)
    heads.load_state_dict(training.average.state)
