"""The model under the real onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.errors import ModelRefused
from tests.hostile_models import REFUSED_WHEN_TRIED
from tests.tiny_model import METADATA, metadata, tiny_model, write_tiny_model


@pytest.fixture
def embedder(tmp_path: Path) -> OnnxEmbedder:
    """The tiny model, loaded."""
    return OnnxEmbedder(write_tiny_model(tmp_path / "model.onnx"), threads=1)


def squares(*greys: int) -> np.ndarray:
    """Plain pictures of these brightnesses."""
    return np.stack([np.full((224, 224, 3), grey, np.uint8) for grey in greys])


def test_embeddings_have_unit_length(embedder: OnnxEmbedder) -> None:
    """The inner product of a picture with itself is 1."""
    pictures = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    vectors = embedder.embed(pictures).vectors
    assert vectors.shape == (3, embedder.info.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_picture_gets_the_same_vector_alone_and_in_a_batch(embedder: OnnxEmbedder) -> None:
    """The indexer batches, a question does not."""
    pictures = np.random.default_rng(1).integers(0, 256, (4, 224, 224, 3), np.uint8)
    together = embedder.embed(pictures).vectors
    alone = np.concatenate(
        [embedder.embed(picture[np.newaxis], urgent=True).vectors for picture in pictures]
    )
    assert np.allclose(together, alone, atol=1e-5)


def test_tags_are_calibrated_probabilities(embedder: OnnxEmbedder) -> None:
    """The logits 1 and -4 of white, at temperature 2, by the softmax's definition."""
    bright, dark = embedder.embed(squares(255, 0)).tags
    (word,) = bright
    assert (word.vocabulary, word.word) == ("type", "bright")
    assert word.probability == pytest.approx(1 / (1 + np.exp(-5 / 2)), abs=1e-5)
    assert dark[0].probability == pytest.approx(0.5)


def test_a_vocabulary_without_output_is_left_out(tmp_path: Path) -> None:
    """What a model lacks is not invented."""
    document = metadata(vocabularies={**METADATA["vocabularies"], "gender": ["women", "men"]})
    path = write_tiny_model(tmp_path / "model.onnx", document)
    (tags,) = OnnxEmbedder(path, 1).embed(squares(200)).tags
    assert [tag.vocabulary for tag in tags] == ["type"]


def test_a_model_that_breaks_its_promises_is_refused(tmp_path: Path) -> None:
    """Wrong length, wrong dimension, wrong vocabulary, wrong input."""
    path = tmp_path / "model.onnx"
    with pytest.raises(ModelRefused, match="not scaled"):
        OnnxEmbedder(write_tiny_model(path, scale=1.5), 1)
    parts = [METADATA["parts"][0], {**METADATA["parts"][1], "stop": 70}]
    with pytest.raises(ModelRefused, match="not 70"):
        OnnxEmbedder(write_tiny_model(path, metadata(parts=parts)), 1)
    with pytest.raises(ModelRefused, match="vocabulary"):
        OnnxEmbedder(write_tiny_model(path, metadata(vocabularies={"type": ["one"] * 3})), 1)
    renamed = tiny_model()
    renamed.graph.input[0].name = "picture"
    renamed.graph.node[0].input[0] = "picture"
    path.write_bytes(renamed.SerializeToString())
    with pytest.raises(ModelRefused, match="input"):
        OnnxEmbedder(path, 1)


def test_numbers_that_are_none_are_refused_whenever_they_come(tmp_path: Path) -> None:
    """Not every picture can be tried beforehand: they get neither into the index nor into an answer."""
    path = tmp_path / "model.onnx"
    path.write_bytes(REFUSED_WHEN_TRIED["NaN for the bright"][0]())
    embedder = OnnxEmbedder(path, 1)
    assert len(embedder.embed(squares(10, 20)).vectors) == 2
    for embed in (embedder.embed, embedder.embed_with_cells):
        with pytest.raises(ModelRefused, match="no numbers"):
            embed(squares(10, 255))
    with pytest.raises(ModelRefused, match="no numbers"):
        embedder.score(squares(255), "type")


def test_a_graph_onnxruntime_cannot_load_is_refused(tmp_path: Path) -> None:
    """Its own error is translated."""
    model = tiny_model()
    model.graph.node[3].op_type = "NoSuchOperator"
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelRefused, match="onnxruntime cannot load it"):
        OnnxEmbedder(path, 1)


def test_the_cells_of_a_picture_come_with_its_embedding(tmp_path: Path) -> None:
    """Their mean is what was pooled; a model without them says so."""
    with_cells = OnnxEmbedder(write_tiny_model(tmp_path / "cells.onnx", cells=True), threads=1)
    pictures = np.random.default_rng(2).integers(0, 256, (2, 224, 224, 3), np.uint8)
    embedded, cells = with_cells.embed_with_cells(pictures)
    assert cells is not None and cells.shape == (2, 2, 2, with_cells.info.dimension)
    assert np.allclose(cells.mean(axis=(1, 2)), embedded.vectors, atol=1e-6)
    assert np.allclose(embedded.vectors, with_cells.embed(pictures).vectors)

    without = OnnxEmbedder(write_tiny_model(tmp_path / "model.onnx"), threads=1)
    embedded, cells = without.embed_with_cells(pictures)
    assert cells is None and len(embedded.tags) == 2


def test_cells_of_another_size_are_refused(tmp_path: Path) -> None:
    """They could not be compared with an embedding."""
    path = write_tiny_model(tmp_path / "cells.onnx", cells=True, cell_size=68)
    with pytest.raises(ModelRefused, match="local"):
        OnnxEmbedder(path, threads=1)
