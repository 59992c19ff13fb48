"""Training the heads alone: they say what the top says, before it and when they are put back."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.heads import Averages, Heads  # noqa: E402
from fashion_training.network import COLOUR_FEATURES, PIXEL_BINS, Embedder  # noqa: E402

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
