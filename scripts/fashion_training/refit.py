"""The last phase: the linear heads alone, on averages of the finished network at full size.

The heads read nothing but averages of maps. Once the layers below are final, the averages of every
photo can be kept, and hundreds of epochs of the heads cost a few minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from fashion_training.network import COLOUR_FEATURES, PIXEL_BINS, Answers, Embedder, Top
from fashion_training.optimise import MovingAverage

#: Numbers per view: the average of the last map, all averages, the bins.
WIDTH = 2048 + COLOUR_FEATURES + PIXEL_BINS


@dataclass(frozen=True, slots=True)
class Refit:
    """The settings of the phase."""

    steps: int = 3000
    batch: int = 384
    rate: float = 1e-3
    weight_decay: float = 0.02
    average: float = 0.998


class Averages:
    """Two rows of averages per photo, the plain view's and the changed one's, on disk."""

    def __init__(self, folder: Path, places: NDArray[np.int64], recipe: str) -> None:
        """Open what an earlier attempt at the same recipe kept, or begin."""
        self.places = places
        shape = (len(places), 2, WIDTH)
        self._notes = folder / "averages.json"
        rows, recoloured = folder / "averages.npy", folder / "recoloured.npy"
        known = json.loads(self._notes.read_text()) if self._notes.exists() else {}
        self.done = known["done"] if known.get("recipe") == recipe else 0
        mode = "r+" if self.done else "w+"
        self.rows = np.lib.format.open_memmap(rows, mode=mode, dtype="float16", shape=shape)
        self.recoloured = np.lib.format.open_memmap(
            recoloured, mode=mode, dtype="bool", shape=(len(places),)
        )
        self._recipe = recipe

    def fill(
        self, network: Embedder, load: Callable[[NDArray[np.int64], int], tuple[Tensor, ...]]
    ) -> None:
        """Run both views of every photo through the network, 16 photos at a time."""
        device = next(network.parameters()).device
        network.eval()
        with (
            torch.no_grad(),
            torch.autocast(device.type, torch.bfloat16),
            tqdm(total=len(self.places), initial=self.done, desc="averages", mininterval=5) as bar,
        ):
            for start in range(self.done, len(self.places), 16):
                stop = min(start + 16, len(self.places))
                pictures, recoloured = load(np.arange(start, stop), 0)
                kept = torch.cat([part.float() for part in network.pooled(pictures)], dim=1)
                self.rows[start:stop, 0] = kept[: stop - start].half().cpu().numpy()
                self.rows[start:stop, 1] = kept[stop - start :].half().cpu().numpy()
                self.recoloured[start:stop] = recoloured.numpy()
                bar.update(stop - start)
                if start % 1024 == 0 or stop == len(self.places):
                    self.rows.flush()
                    self.recoloured.flush()
                    self._notes.write_text(json.dumps({"recipe": self._recipe, "done": stop}))


def answer(top: Top, rows: Tensor) -> Answers:
    """Answer from kept averages, float [N, WIDTH]."""
    last, seen, bins = rows.float().split([2048, COLOUR_FEATURES, PIXEL_BINS], dim=1)
    return top.answer(last, seen, bins)


def refit(
    top: Top,
    averages: Averages,
    loss_of_answers: Callable[[NDArray[np.int64], Answers, Tensor], Tensor],
    settings: Refit,
    seed: int,
    checked: Callable[[int, float], None],
) -> None:
    """Train the heads of ``top`` on kept averages; leave it with averaged weights.

    ``checked(step, loss)`` is called four times on the way.
    """
    heads = [top.style, top.colour, top.colour_of_bins]
    words = [top.type_words, top.gender_words, top.colour_words]
    weights = [module.weight for module in heads]
    biases = [module.bias for module in heads if module.bias is not None]
    optimiser = torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": settings.weight_decay},
            {"params": [*biases, *words], "weight_decay": 0.0},
        ],
        lr=settings.rate,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.rate, total_steps=settings.steps, pct_start=0.05
    )
    top.eval()
    average = MovingAverage(top, settings.average)
    draw = np.random.default_rng([seed, 7])
    smooth = 0.0
    for step in tqdm(range(settings.steps), desc="refit", mininterval=5):
        chosen = np.sort(draw.choice(len(averages.places), settings.batch, replace=False))
        both = torch.from_numpy(averages.rows[chosen])
        answers = answer(top, torch.cat([both[:, 0], both[:, 1]]))
        recoloured = torch.from_numpy(averages.recoloured[chosen])
        loss = loss_of_answers(averages.places[chosen], answers, recoloured)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([*weights, *biases, *words], 5.0)
        optimiser.step()
        schedule.step()
        average.update(top, step)
        smooth = float(loss.detach()) if step == 0 else 0.98 * smooth + 0.02 * float(loss.detach())
        if (step + 1) % (settings.steps // 4) == 0:
            kept = {key: value.clone() for key, value in top.state_dict().items()}
            top.load_state_dict(average.state)
            checked(step + 1, smooth)
            top.load_state_dict(kept)
    top.load_state_dict(average.state)
