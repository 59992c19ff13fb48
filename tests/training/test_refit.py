"""The heads alone on kept averages: they learn, and an interrupted filling goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.network import Embedder  # noqa: E402
from fashion_training.refit import Averages, Refit, answer, refit  # noqa: E402


@pytest.fixture(scope="module")
def network() -> Any:
    """An untrained network."""
    torch.manual_seed(0)
    return Embedder({"type": 2, "gender": 2, "colour_name": 2}).eval()


class Loader:
    """Loads dark and bright squares; counts how often, and may fail after some."""

    def __init__(self, fails_after: int = 1000) -> None:
        self.calls, self._left = 0, fails_after

    def __call__(self, rows: np.ndarray, _: int) -> tuple[Any, Any]:
        self.calls += 1
        if self.calls > self._left:
            raise KeyboardInterrupt
        tone = torch.from_numpy(np.tile(np.where(rows % 2, 230, 20), 2)).view(-1, 1, 1, 1)
        noise = torch.randint(0, 20, (2 * len(rows), 3, 32, 32))
        return (tone + noise).to(torch.uint8), torch.zeros(len(rows), dtype=torch.bool)


def test_kept_averages_answer_as_the_network_does(tmp_path: Path, network: Any) -> None:
    """Half precision on disk changes a unit vector by less than a thousandth."""
    averages = Averages(tmp_path, np.arange(4), "one")
    loader = Loader()
    torch.manual_seed(1)
    averages.fill(network, loader)
    torch.manual_seed(1)
    pictures, _ = Loader()(np.arange(4), 0)
    with torch.no_grad():
        exact = network(pictures)
        kept = answer(network.top, torch.from_numpy(averages.rows[:, 0].copy()))
    assert torch.allclose(kept.style, exact.style[:4], atol=0.02)
    assert torch.allclose(kept.colour, exact.colour[:4], atol=0.02)


def test_an_interrupted_filling_goes_on(tmp_path: Path, network: Any) -> None:
    """What was noted as done is not computed again; another recipe starts over."""
    places = np.arange(40)
    first = Averages(tmp_path, places, "one")
    with pytest.raises(KeyboardInterrupt):
        first.fill(network, Loader(fails_after=1))
    second = Averages(tmp_path, places, "one")
    assert second.done == 16
    loader = Loader()
    second.fill(network, loader)
    assert loader.calls == 2
    assert np.abs(second.rows[:16].astype(float)).sum() > 0
    assert Averages(tmp_path, places, "two").done == 0


def test_the_heads_learn_from_averages(tmp_path: Path, network: Any) -> None:
    """Two kinds of pictures that shared their words come to be told apart by them."""
    places = np.arange(64)
    averages = Averages(tmp_path, places, "one")
    averages.fill(network, Loader())
    truth = torch.from_numpy(places % 2)

    def loss(photos: np.ndarray, answers: Any, _: Any) -> Any:
        wanted = torch.cat([truth[photos]] * 2)
        return torch.nn.functional.cross_entropy(answers.type, wanted)

    steps: list[int] = []
    refit(
        network.top,
        averages,
        loss,
        Refit(steps=80, batch=32, rate=3e-3, average=0.9),
        0,
        lambda step, _: steps.append(step),
    )
    with torch.no_grad():
        said = answer(network.top, torch.from_numpy(averages.rows[:, 0].copy())).type.argmax(dim=1)
    assert steps == [20, 40, 60, 80]
    assert float((said == truth).float().mean()) > 0.95
