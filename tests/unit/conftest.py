"""What tests of several packages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.engine import Engine
from tests.tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def tiny_model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model's file."""
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture
def engine(tmp_path: Path, tiny_model_path: Path) -> Iterator[Engine]:
    """A real engine with the tiny model and an empty catalogue."""
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        yield engine
