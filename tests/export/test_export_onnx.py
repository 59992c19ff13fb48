"""The exporter from a graph to a file: contract, refusal, and agreement with the trainer's network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import export_onnx
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from safetensors.numpy import save_file

from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_training.example_photos import example_photos
from fashion_training.folding import fold
from fashion_training.graphs import fashion_graph
from fashion_training.metadata import METADATA_KEY, check_document, parts_of
from fashion_training.parts import FEATURES, NAMED_BY, READS, SIZES, joined_parts, parts_by

pytestmark = [pytest.mark.export, pytest.mark.filterwarnings("default")]


def small_graph() -> Callable[[Any], dict[str, Any]]:
    """Build a network of two convolutions with one part of 16 numbers."""
    draw = np.random.default_rng(0)
    first = draw.normal(0, 0.1, (8, 8, 3, 16)).astype(np.float32)
    second = draw.normal(0, 0.2, (3, 3, 16, 16)).astype(np.float32)

    def graph(image: Any) -> dict[str, Any]:
        x = tf.nn.conv2d(tf.cast(image, tf.float32) / 255 - 0.5, first, 8, "VALID")
        x = tf.nn.relu(tf.nn.bias_add(x, np.full(16, 0.1, dtype=np.float32)))
        x = tf.nn.conv2d(x, second, 2, "VALID")
        x = tf.reduce_mean(tf.nn.bias_add(x, np.full(16, -0.1, dtype=np.float32)), axis=(1, 2))
        length = tf.sqrt(tf.reduce_sum(x * x, axis=1, keepdims=True))
        return {"embedding": tf.identity(x / length, name="embedding")}

    return graph


@pytest.fixture
def small_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``--source imagenet`` give the small network."""
    _, described = export_onnx.imagenet_source("none", 0)
    described = {**described, "parts": parts_of({"style": 16}, {"style": 1.0})}
    monkeypatch.setattr(export_onnx, "imagenet_source", lambda *_: (small_graph(), described))


def command(pictures: Path, output: Path, *more: str) -> list[str]:
    """Return a command line that calibrates on the drawn pictures."""
    counts = ["--calibration-photos", "12", "--compared-photos", "6"]
    source = ["--source", "imagenet", "--weights", "none"]
    return [*source, "--calibration", str(pictures), *counts, "--output", str(output), *more]


@pytest.mark.usefixtures("small_source")
def test_nothing_is_written_when_the_int8_form_disagrees(
    drawn_pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A quantiser that spoils one layer is noticed; the message says what differs by how much."""
    from fashion_training.quantise import quantise as good

    def spoiling(source: Path, destination: Path, pictures: Any) -> None:
        good(source, destination, pictures)
        model = onnx.load(str(destination))
        for array in model.graph.initializer:
            if array.data_type == onnx.TensorProto.INT8 and len(array.dims) == 4:
                values = onnx.numpy_helper.to_array(array)[::-1].copy()
                array.CopyFrom(onnx.numpy_helper.from_array(values, array.name))
        onnx.save(model, str(destination))

    monkeypatch.setattr(export_onnx, "quantise", spoiling)
    output = tmp_path / "model.onnx"
    kept = tmp_path / "float.onnx"
    assert export_onnx.main(command(drawn_pictures, output, "--float-output", str(kept))) == 1
    assert list(tmp_path.iterdir()) == []
    message = capsys.readouterr().err
    assert "Nothing was written" in message
    assert "int8" in message


@pytest.mark.usefixtures("small_source")
def test_nothing_is_written_when_the_converter_disagrees(
    drawn_pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A float file that computes something else than TensorFlow does is refused too."""
    good = export_onnx.session_of

    def turned(path: Path) -> Callable[[Any], dict[str, Any]]:
        run = good(path)
        return lambda pictures: run(pictures[:, ::-1])

    monkeypatch.setattr(export_onnx, "session_of", turned)
    assert export_onnx.main(command(drawn_pictures, tmp_path / "model.onnx")) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("small_source")
def test_an_older_file_is_replaced_whole(drawn_pictures: Path, tmp_path: Path) -> None:
    """Writing over a file leaves the new one and nothing beside it."""
    output = tmp_path / "model.onnx"
    output.write_bytes(b"former")
    assert export_onnx.main(command(drawn_pictures, output)) == 0
    assert list(tmp_path.iterdir()) == [output]
    assert onnxruntime.InferenceSession(str(output)).get_outputs()[0].name == "embedding"


def test_too_few_pictures_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder cannot calibrate, and the message says so."""
    assert export_onnx.main(command(tmp_path, tmp_path / "model.onnx")) == 1
    assert "0 photos" in capsys.readouterr().err


def test_keras_resnet50_obeys_the_contract(drawn_pictures: Path, tmp_path: Path) -> None:
    """The imagenet source, with random weights, goes the whole way and the program opens it."""
    output, kept = tmp_path / "imagenet.onnx", tmp_path / "float.onnx"
    assert export_onnx.main(command(drawn_pictures, output, "--float-output", str(kept))) == 0
    assert output.stat().st_size < 30_000_000 < kept.stat().st_size
    embedder = OnnxEmbedder(output, threads=2)
    assert embedder.info.dimension == 2048
    assert embedder.info.vocabularies == {}
    pictures = np.stack(example_photos([drawn_pictures], 3, seed=1))
    vectors = embedder.embed(pictures).vectors
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-4)
    assert vectors[0] == pytest.approx(embedder.embed(pictures[:1]).vectors[0], abs=0.02)
    model = onnx.load(str(output))
    check_document(json.loads(model.metadata_props[0].value), 2048)
    assert model.metadata_props[0].key == METADATA_KEY


def random_state(torch: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """Return the trainer's network with random weights and settled, uneven batch norms."""
    from fashion_training.network import Embedder

    torch.manual_seed(1)
    network = Embedder({"type": 7, "gender": 3, "colour_name": 5})
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.BatchNorm1d)):
            module.momentum = 1.0
            torch.nn.init.uniform_(module.weight, 0.2, 1.2)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    torch.nn.init.normal_(network.top.gate.weight, 0, 0.1)
    torch.nn.init.normal_(network.top.colour_of_bins.weight, 0, 0.1)
    with torch.no_grad():
        network.train()(torch.randint(0, 256, (8, 3, 224, 224)))
    network.eval()
    return network, {key: value.numpy() for key, value in network.state_dict().items()}


def test_the_fashion_graph_computes_what_was_trained(tmp_path: Path) -> None:
    """From one checkpoint, TensorFlow and PyTorch give the same parts, scores and local average."""
    torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")
    network, state = random_state(torch)
    checkpoint = tmp_path / "model.safetensors"
    facts = {
        "vocabularies": {
            "type": list("abcdefg"),
            "gender": list("abc"),
            "colour_name": list("abcde"),
        },
        "style": 256,
        "colour": 96,
        "scale": network.top.scale,
        "training_photos": 0,
        "settled": {
            "weights": {"style": 0.6, "colour": 0.4},
            "temperatures": {"type": 1.0, "gender": 1.0, "colour_name": 1.0},
            "closeness": {"same_piece": 0.9, "very_similar": 0.7, "similar": 0.5},
        },
    }
    save_file(state, str(checkpoint), metadata={"facts": json.dumps(facts)})
    graph, described = export_onnx.fashion_source(checkpoint)
    pictures = np.random.default_rng(5).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    found = {name: value.numpy() for name, value in graph(tf.constant(pictures)).items()}
    with torch.no_grad():
        wanted = network(torch.from_numpy(pictures).permute(0, 3, 1, 2))
    assert [part["stop"] for part in described["parts"]] == [256, 352]
    style, colour = wanted.style.numpy(), wanted.colour.numpy()
    whole = np.hstack([style * 0.6**0.5, colour * 0.4**0.5])
    assert found["embedding"] == pytest.approx(whole, abs=2e-4)
    for name in ("type", "gender", "colour_name"):
        assert found[name] == pytest.approx(getattr(wanted, name).numpy(), abs=5e-3)
    average = found["local"].mean(axis=(1, 2))
    for part, cells in ((style, average[:, :256]), (colour, average[:, 256:])):
        cosine = (part * cells).sum(axis=1) / np.linalg.norm(cells, axis=1)
        assert cosine == pytest.approx(np.ones(2), abs=1e-5)


def test_three_parts_read_the_averages_that_they_name(tmp_path: Path) -> None:
    """A checkpoint with cut, colour and pattern: the graph gives what its heads make of averages."""
    torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")
    network, state = random_state(torch)
    draw = np.random.default_rng(8)
    words = {"type": 7, "gender": 3, "colour_name": 5, "pattern": 4}
    for name, (start, stop) in READS.items():
        weight = np.zeros((SIZES[name], FEATURES), np.float32)
        weight[:, start:stop] = draw.normal(0, 1, (SIZES[name], stop - start))
        state[f"parts.{name}.weight"] = weight
        state[f"parts.{name}.bias"] = draw.normal(0, 1, SIZES[name]).astype(np.float32)
    for name, count in words.items():
        size = SIZES[NAMED_BY[name]]
        state[f"words.{name}"] = draw.normal(0, 1, (count, size)).astype(np.float32)
    weights = {"cut": 0.5, "colour": 0.3, "pattern": 0.2}
    facts = {
        "vocabularies": {name: list("abcdefg")[:count] for name, count in words.items()},
        "parts": dict(SIZES),
        "version": "0.9.0",
        "scale": 16.0,
        "training_photos": 0,
        "settled": {
            "weights": weights,
            "temperatures": dict.fromkeys(words, 1.0),
            "closeness": {"same_piece": 0.9, "very_similar": 0.7, "similar": 0.5},
        },
    }
    checkpoint = tmp_path / "model.safetensors"
    save_file(state, str(checkpoint), metadata={"facts": json.dumps(facts)})
    graph, described = export_onnx.fashion_source(checkpoint)
    assert [part["name"] for part in described["parts"]] == list(SIZES)
    assert described["version"] == "0.9.0"
    pictures = draw.integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    found = {name: value.numpy() for name, value in graph(tf.constant(pictures)).items()}
    with torch.no_grad():
        x, early, pixels = network.backbone(torch.from_numpy(pictures).permute(0, 3, 1, 2))
        entered = network.top.stage4.unit1.activation(x)
        averages = torch.cat(network.top.averages(entered, early, pixels), dim=1).numpy()
    parts = parts_by(state, averages)
    assert found["embedding"] == pytest.approx(joined_parts(parts, weights), abs=1e-3)
    for name, part in NAMED_BY.items():
        directions = state[f"words.{name}"]
        directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        assert found[name] == pytest.approx(16 * parts[part] @ directions.T, abs=2e-2)
    assert found["local"].shape == (2, 7, 7, sum(SIZES.values()))


def test_a_network_that_cannot_be_folded_is_refused() -> None:
    """A missing array is named, before any graph is built."""
    with pytest.raises(KeyError, match="input_bn"):
        fashion_graph(fold({}, 16.0), {"style": 0.6, "colour": 0.4})
