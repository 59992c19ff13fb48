"""Kept outputs of the early stages: what the network itself would say, and never of another one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.kept_pairs import AT_ONCE, BETWEEN_NOTES, KeptPairs  # noqa: E402
from fashion_training.network import EARLY_CHANNELS, PIXEL_BINS, Embedder  # noqa: E402


@pytest.fixture(scope="module")
def network() -> Any:
    """An untrained network."""
    torch.manual_seed(0)
    return Embedder({"type": 2, "gender": 2, "colour_name": 2}).eval()


class Loader:
    """Gives noisy squares, each photo its own tone; may fail after some batches."""

    def __init__(self, fails_after: int = 1000) -> None:
        self.loaded: list[int] = []
        self._left = fails_after

    def __call__(self, rows: np.ndarray, epoch: int) -> tuple[Any, Any]:
        assert epoch == 0, "kept views are the first epoch's"
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.loaded.extend(int(row) for row in rows)
        return pictures_of(rows), torch.from_numpy(rows % 2 == 1)


def pictures_of(rows: np.ndarray) -> Any:
    """N plain views, and N changed ones that are darker."""
    drawn = [np.random.default_rng(int(row)).integers(0, 256, (3, 224, 224)) for row in rows]
    plain = np.stack(drawn).astype(np.uint8)
    return torch.from_numpy(np.concatenate([plain, plain // 2]))


class Unmirrored:
    """A generator under which nothing is mirrored."""

    def random(self, count: int) -> np.ndarray:
        return np.ones(count)


def test_kept_outputs_answer_as_the_network_does(tmp_path: Path, network: Any) -> None:
    """Plain views first, then the changed ones; half precision changes next to nothing."""
    pairs = KeptPairs(tmp_path / "pairs", 3, "one", network.backbone)
    pairs.fill(network.backbone, Loader())
    rows = np.array([2, 0])
    maps, averages, recoloured = pairs.batch(rows, Unmirrored())  # type: ignore[arg-type]
    early, bins = averages.split([EARLY_CHANNELS, PIXEL_BINS], dim=1)
    with torch.no_grad():
        kept = network.top(maps.float(), early, bins)
        exact = network(pictures_of(rows))
    assert recoloured.tolist() == [False, False]
    assert torch.allclose(kept.style, exact.style, atol=0.03)
    assert torch.allclose(kept.colour, exact.colour, atol=0.03)


def test_maps_are_mirrored_at_random(tmp_path: Path, network: Any) -> None:
    """Some of a batch, not all of it; what was averaged stays."""
    pairs = KeptPairs(tmp_path / "pairs", 4, "one", network.backbone)
    pairs.fill(network.backbone, Loader())
    rows = np.arange(4)
    as_kept, averages, _ = pairs.batch(rows, Unmirrored())  # type: ignore[arg-type]
    drawn, same, _ = pairs.batch(rows, np.random.default_rng(1))
    mirrored = [bool(torch.equal(a, b.flip(2))) for a, b in zip(drawn, as_kept, strict=True)]
    straight = [bool(torch.equal(a, b)) for a, b in zip(drawn, as_kept, strict=True)]
    assert [a != b for a, b in zip(mirrored, straight, strict=True)] == [True] * 8
    assert 0 < sum(mirrored) < 8
    assert torch.equal(same, averages)


def test_an_interrupted_filling_goes_on(
    tmp_path: Path, network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was noted as done is not computed again."""
    monkeypatch.setattr("fashion_training.kept_pairs.BETWEEN_NOTES", AT_ONCE)
    photos = AT_ONCE + 2
    first = KeptPairs(tmp_path / "pairs", photos, "one", network.backbone)
    with pytest.raises(KeyboardInterrupt):
        first.fill(network.backbone, Loader(fails_after=1))
    second = KeptPairs(tmp_path / "pairs", photos, "one", network.backbone)
    assert second.done == AT_ONCE
    loader = Loader()
    second.fill(network.backbone, loader)
    assert loader.loaded == [AT_ONCE, AT_ONCE + 1]
    assert second.maps[0].any()
    assert KeptPairs(tmp_path / "pairs", photos, "one", network.backbone).done == photos


def test_outputs_of_other_weights_are_not_taken(tmp_path: Path, network: Any) -> None:
    """Nor those of other views: both would train the top on what it never meets."""
    KeptPairs(tmp_path / "pairs", 2, "one", network.backbone).fill(network.backbone, Loader())
    assert KeptPairs(tmp_path / "pairs", 2, "two", network.backbone).done == 0
    assert KeptPairs(tmp_path / "pairs", 2, "one", network.backbone).done == 2
    other = Embedder({"type": 2, "gender": 2, "colour_name": 2})
    assert KeptPairs(tmp_path / "pairs", 2, "one", other.backbone).done == 0


def test_notes_fall_on_whole_batches() -> None:
    """Else a note would never be written before the end."""
    assert BETWEEN_NOTES % AT_ONCE == 0
