"""The shipped file read back: training goes on from what the file computes."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

import onnxruntime  # noqa: E402

from fashion_training.early_layers import EarlyLayers  # noqa: E402
from fashion_training.exported import read_exported  # noqa: E402
from fashion_training.network import Embedder  # noqa: E402

MODEL = Path(__file__).parents[2] / "models" / "resnet50_embed.onnx"


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Smooth colourful squares, uint8 [4, 224, 224, 3]."""
    draw = np.random.default_rng(1)
    coarse = draw.integers(0, 256, (4, 7, 7, 3), dtype=np.uint8)
    return coarse.repeat(32, axis=1).repeat(32, axis=2)


@pytest.fixture(scope="module")
def network() -> Embedder:
    """The shipped model as the trainer's network."""
    exported = read_exported(MODEL)
    words = {key: len(value) for key, value in exported.document["vocabularies"].items()}
    network = Embedder(words).eval()
    state = network.state_dict()
    state |= {key: torch.from_numpy(np.array(value)) for key, value in exported.state.items()}
    network.load_state_dict(state)
    return network


def test_the_network_answers_as_the_file_does(network: Embedder, pictures: np.ndarray) -> None:
    """Parts and tag scores agree up to the rounding of activations."""
    session = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])
    embedding, types = session.run(["embedding", "type"], {"image": pictures})
    with torch.no_grad():
        said = network(torch.from_numpy(pictures).permute(0, 3, 1, 2))
    start = 0
    for part in (said.style.numpy(), said.colour.numpy()):
        own = embedding[:, start : start + part.shape[1]]
        start += part.shape[1]
        cosine = (own * part).sum(axis=1) / np.linalg.norm(own, axis=1)
        assert cosine.min() > 0.98
    assert np.abs(types - said.type.numpy()).max() < 0.15 * np.abs(types).max()


def test_the_early_layers_are_the_files_own(network: Embedder, pictures: np.ndarray) -> None:
    """Kept bytes times their steps are what the network's early layers put out."""
    layers = EarlyLayers(MODEL, threads=1)
    outlook = layers.look(pictures)
    with torch.no_grad():
        x, early, _ = network.backbone(torch.from_numpy(pictures).permute(0, 3, 1, 2))
        entering = network.top.stage4.unit1.activation(x)
    kept = (
        (outlook.entering * layers.entering_step, entering.numpy()),
        (outlook.early * layers.early_steps[:, None, None], early.numpy()),
    )
    for own, wanted in kept:
        correlation = np.corrcoef(own.ravel(), wanted.ravel())[0, 1]
        assert correlation > 0.97
        assert own.mean() == pytest.approx(wanted.mean(), rel=0.05)


def test_another_models_file_is_refused(tmp_path: Path) -> None:
    """A graph that the exporter did not lay out is named as such."""
    import onnx

    model = onnx.load(str(MODEL))
    del model.graph.node[200:]
    broken = tmp_path / "other.onnx"
    onnx.save(model, str(broken))
    with pytest.raises(ValueError, match=r"other\.onnx"):
        read_exported(broken)
