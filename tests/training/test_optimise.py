"""One phase of training: how its rates run, and that a killed run goes on where it stopped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.optimise import AnotherRecipeError, Feed, Phase, Training  # noqa: E402

PHASE = Phase("short", epochs=2, batch=4, rates=(0.1,), warm_up=2, average=0.9)


def training(folder: Path, recipe: str = "one") -> Training:
    """Set up two weights that learn to be the mean of sixteen rows."""
    module = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.zeros_(module.weight)
    rows = torch.from_numpy(np.random.default_rng(0).normal(1, 0.1, (16, 2)).astype(np.float32))
    feed = Feed(16, lambda chosen, _: (rows[chosen],))
    return Training(PHASE, module, [list(module.parameters())], feed, folder, recipe, seed=0)


def run(one: Training, until: int | None = None) -> list[tuple[int, float]]:
    """Train; the rate at the end of every check is kept beside the epoch."""
    seen: list[tuple[int, float]] = []

    def loss_of(_: Any, inputs: Any) -> Any:
        return ((inputs - one.module.weight) ** 2).mean()

    def checked(epoch: int, _: float) -> None:
        seen.append((epoch, one.optimiser.param_groups[0]["lr"]))

    one.run(loss_of, checked, until)
    return seen


def test_the_rates_decay_by_the_batch_the_phase_is_ended_at(tmp_path: Path) -> None:
    """Ended early or not, the last batch is learnt from at nearly the last rate."""
    for until, epochs in ((None, [1, 2]), (6, [1, 2])):
        folder = tmp_path / str(until)
        folder.mkdir()
        seen = run(training(folder), until)
        assert [epoch for epoch, _ in seen] == epochs
        assert seen[-1][1] < 0.3 * PHASE.rates[0]


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Stopped after five batches and begun anew, it arrives at the same weights as in one go."""
    whole, part = tmp_path / "whole", tmp_path / "part"
    whole.mkdir()
    part.mkdir()
    straight = training(whole)
    run(straight)

    class Killed(Exception):
        pass

    first = training(part)
    batches = 0

    def loss_of(_: Any, inputs: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 6:
            first.save()
            raise Killed
        return ((inputs - first.module.weight) ** 2).mean()

    with pytest.raises(Killed):
        first.run(loss_of, lambda *_: None)
    second = training(part)
    assert second.step == 5
    run(second)
    assert torch.allclose(second.module.weight, straight.module.weight, atol=1e-6)
    assert torch.allclose(
        second.average.state["weight"], straight.average.state["weight"], atol=1e-6
    )


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path) -> None:
    """Settings that changed do not go on from weights of others."""
    run(training(tmp_path), until=2)
    with pytest.raises(AnotherRecipeError, match="another recipe"):
        training(tmp_path, recipe="two")
