"""One training phase: batches, loss, optimiser, moving average, checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from fashion_training import checkpoint

SECONDS_BETWEEN_CHECKPOINTS = 90.0


class AnotherRecipeError(ValueError):
    """A checkpoint in the working directory was made with other settings or photos."""


@dataclass(frozen=True, slots=True)
class Phase:
    """The settings of one phase; ``rates`` belong to the parameter groups in order."""

    name: str
    epochs: int
    batch: int
    rates: tuple[float, ...]
    warm_up: int
    average: float
    weight_decay: float = 0.05
    last_rate: float = 0.02

    def rate_at(self, step: int, steps: int) -> float:
        """Return the factor on the rates: linear warm-up, then a cosine down to the last rate."""
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        along = (step - self.warm_up) / max(1, steps - self.warm_up)
        return self.last_rate + (1 - self.last_rate) * 0.5 * (1 + math.cos(math.pi * along))


def keep_foldable(module: nn.Module) -> None:
    """Keep the scales of batch norms that follow an addition from falling below zero.

    The exporter merges such a batch norm into its neighbours, which a negative scale would prevent.
    """
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            follows = name.endswith(("bn1.weight", "final_bn.weight"))
            if follows and not name.endswith("stage1.unit1.bn1.weight"):
                parameter.clamp_(min=0)


class MovingAverage:
    """An exponential moving average of a module's parameters and statistics."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self._decay = decay
        self.state = {key: value.detach().clone() for key, value in module.state_dict().items()}

    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module; faster during the first steps."""
        decay = min(self._decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for key, value in module.state_dict().items():
                if value.is_floating_point():
                    self.state[key].lerp_(value.detach(), 1 - decay)
                else:
                    self.state[key].copy_(value)


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a phase's batches come from.

    ``load(rows, epoch)`` gives the network's inputs; it runs on a thread of its own, one batch
    ahead.
    """

    rows: int
    load: Callable[[NDArray[np.int64], int], tuple[Tensor, ...]]


def order_of(seed: int, phase: str, epoch: int, rows: int) -> NDArray[np.int64]:
    """Return the order in which an epoch visits the rows; the same for every attempt."""
    return np.random.default_rng([seed, len(phase), epoch]).permutation(rows)


class Training:
    """Runs a phase to its end from wherever a former attempt stopped."""

    def __init__(
        self,
        phase: Phase,
        module: nn.Module,
        groups: Sequence[Sequence[nn.Parameter]],
        feed: Feed,
        folder: Path,
        recipe: str,
        seed: int,
    ) -> None:
        """``recipe`` identifies settings and photos; a checkpoint of another one is refused."""
        self.phase, self.module, self.feed = phase, module, feed
        self.seed, self.recipe = seed, recipe
        self.path = folder / f"{phase.name}.checkpoint.safetensors"
        self.device = next(module.parameters()).device
        self.average = MovingAverage(module, phase.average)
        self.optimiser = torch.optim.AdamW(
            [
                {
                    "params": [p for p in group if (p.ndim > 1) == decays],
                    "lr": rate,
                    "weight_decay": phase.weight_decay if decays else 0.0,
                }
                for group, rate in zip(groups, phase.rates, strict=True)
                for decays in (True, False)
            ],
            fused=True,
        )
        self._rates = [group["lr"] for group in self.optimiser.param_groups]
        self.per_epoch = feed.rows // phase.batch
        self.steps = self.per_epoch * phase.epochs
        self.step = 0
        self.seconds = 0.0
        self._resume()

    def _resume(self) -> None:
        if not self.path.exists():
            return
        tensors, facts = checkpoint.load(self.path)
        if facts["recipe"] != self.recipe:
            raise AnotherRecipeError(
                f"{self.path} belongs to another recipe; give another --work-dir"
            )

        def under(prefix: str) -> dict[str, Tensor]:
            start = len(prefix)
            return {key[start:]: t for key, t in tensors.items() if key.startswith(prefix)}

        self.module.load_state_dict(under("module."))
        self.average.state = {k: t.to(self.device) for k, t in under("average.").items()}
        checkpoint.restore_optimiser(self.optimiser, tensors)
        self.step, self.seconds = facts["step"], facts["seconds"]

    def save(self) -> None:
        """Write everything that a later attempt needs."""
        tensors = {f"module.{key}": value for key, value in self.module.state_dict().items()}
        tensors |= {f"average.{key}": value for key, value in self.average.state.items()}
        tensors |= checkpoint.flatten_optimiser(self.optimiser)
        facts = {"recipe": self.recipe, "step": self.step, "seconds": self.seconds}
        checkpoint.save(self.path, tensors, facts)

    def run(
        self,
        loss_of: Callable[..., Tensor],
        checked: Callable[[int, float], Any],
        until: int | None = None,
    ) -> None:
        """Train to the end, or for ``until`` batches (the rates then decay by there).

        ``checked(epoch, loss)`` follows every epoch and the last batch. ``loss_of(rows, *inputs)``
        gets the feed's rows and what it loaded for them.
        """
        last_step = self.steps if until is None else min(self.steps, until)
        since_save = last = time.monotonic()
        smooth = float("nan")
        bar = tqdm(
            total=last_step, initial=self.step, desc=self.phase.name, unit="batch", mininterval=5
        )
        with bar, ThreadPoolExecutor(1) as ahead:
            waiting = ahead.submit(self._batch, self.step)
            while self.step < last_step:
                rows, inputs = waiting.result()
                if self.step + 1 < last_step:
                    waiting = ahead.submit(self._batch, self.step + 1)
                factor = self.phase.rate_at(self.step, last_step)
                for group, rate in zip(self.optimiser.param_groups, self._rates, strict=True):
                    group["lr"] = rate * factor
                with torch.autocast(self.device.type, torch.bfloat16):
                    loss = loss_of(rows, *(tensor.to(self.device) for tensor in inputs))
                self.optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(self.module.parameters(), 5.0)
                self.optimiser.step()
                keep_foldable(self.module)
                self.step += 1
                self.average.update(self.module, self.step)
                value = float(loss.detach())
                smooth = value if math.isnan(smooth) else 0.98 * smooth + 0.02 * value
                bar.update()
                bar.set_postfix(loss=f"{smooth:.3f}", refresh=False)
                now = time.monotonic()
                self.seconds, last = self.seconds + now - last, now
                if self.step % self.per_epoch == 0 or self.step == last_step:
                    checked(math.ceil(self.step / self.per_epoch), smooth)
                    last = time.monotonic()
                if now - since_save > SECONDS_BETWEEN_CHECKPOINTS or self.step == last_step:
                    self.save()
                    since_save = last = time.monotonic()

    def _batch(self, step: int) -> tuple[NDArray[np.int64], tuple[Tensor, ...]]:
        epoch, place = divmod(step, self.per_epoch)
        order = order_of(self.seed, self.phase.name, epoch, self.feed.rows)
        rows = order[place * self.phase.batch : (place + 1) * self.phase.batch]
        return rows, self.feed.load(rows, epoch)
