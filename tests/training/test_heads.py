"""Training the heads alone: they say what the top says, before it and when they are put back."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training import heads as heads_module  # noqa: E402
from fashion_training.heads import Averages, Heads, kept_averages, teach_heads  # noqa: E402
from fashion_training.network import COLOUR_FEATURES, PIXEL_BINS, Answers, Embedder  # noqa: E402
from fashion_training.optimise import Phase  # noqa: E402
from fashion_training.top import Shares  # noqa: E402

VIEWS = 40


def test_heads_answer_as_the_top_does() -> None:
    """As they are taken from it, and after they have learnt something and were put back."""
    torch.manual_seed(0)
    top = Embedder({"type": 3, "gender": 2, "colour_name": 4}).top.eval()
    torch.nn.init.uniform_(top.colour_norm.running_var, 0.5, 2.0)
    for tensor in (top.colour_norm.running_mean, top.colour_norm.bias, top.colour_of_bins.weight):
        torch.nn.init.normal_(tensor)
    seen = torch.rand(VIEWS, COLOUR_FEATURES) * torch.linspace(0.01, 3, COLOUR_FEATURES)
    averages = Averages(seen.half(), torch.rand(VIEWS, PIXEL_BINS).half())
    heads = Heads(top, averages, np.arange(VIEWS))
    read = averages.rows(np.arange(VIEWS))
    with torch.no_grad():
        before, taken = top.answer(*read), heads(*read)
        for parameter in heads.parameters():
            parameter += 0.1 * torch.randn_like(parameter) * parameter.std()
        learnt = heads(*read)
        heads.put_back(top)
        after = top.answer(*read)
    for name in ("style", "colour", "type", "gender", "colour_name"):
        one, other = getattr(before, name), getattr(taken, name)
        assert torch.allclose(one, other, atol=1e-4), name
        one, other = getattr(learnt, name), getattr(after, name)
        assert torch.allclose(one, other, atol=1e-4), name
        assert not torch.allclose(getattr(before, name), other, atol=1e-2), name


def test_averages_are_kept_for_a_later_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking them needs minutes; those of another top or of fewer views are taken anew."""
    top = Embedder({"type": 3, "gender": 2, "colour_name": 4}).top
    views: Any = SimpleNamespace(done=2)
    steps: Any = None
    taken: list[int] = []

    def take(*_: object) -> Averages:
        taken.append(views.done)
        return Averages(torch.rand(2, 5).half(), torch.rand(2, 3).half())

    monkeypatch.setattr(heads_module, "averages_of", take)
    path = tmp_path / "averages.safetensors"
    first, again = (kept_averages(top, views, steps, path) for _ in range(2))
    assert torch.equal(first.seen, again.seen)
    assert torch.equal(first.bins, again.bins)
    with torch.no_grad():
        top.style.bias += 1  # the heads read the averages, and change none
    kept_averages(top, views, steps, path)
    assert taken == [2]
    with torch.no_grad():
        top.gate.bias += 1
    kept_averages(top, views, steps, path)
    views.done = 3
    kept_averages(top, views, steps, path)
    assert taken == [2, 2, 3]


def test_a_checkpoint_that_began_with_other_heads_is_refused(tmp_path: Path) -> None:
    """The same heads go on from it; those of another mix would be replaced by it unseen."""
    top = Embedder({"type": 2, "gender": 2, "colour_name": 2}).top
    averages = Averages(torch.rand(6, COLOUR_FEATURES).half(), torch.rand(6, PIXEL_BINS).half())
    material: Any = SimpleNamespace(key="photos", training=2)
    plan = SimpleNamespace(photos=np.array([0, 0, 1, 1, 2, 2]))
    views: Any = SimpleNamespace(plan=plan, done=6, recoloured=np.zeros(6, dtype=np.bool_))
    phase = Phase("heads", epochs=1, batch=2, rates=(0.1,), warm_up=1, average=0.5)

    def loss(photos: object, answers: Answers, *_: object) -> Any:
        return answers.type.sum()

    def teach(offset: float) -> Heads:
        heads = Heads(top, averages, np.arange(6))
        with torch.no_grad():
            heads.style.bias += offset
        scored: Any = loss
        teach_heads(heads, averages, material, views, scored, phase, Shares(), tmp_path, 0)
        return heads

    first, again = teach(0.0), teach(0.0)
    assert torch.equal(first.style.weight, again.style.weight)
    with pytest.raises(ValueError, match="another recipe"):
        teach(0.5)
