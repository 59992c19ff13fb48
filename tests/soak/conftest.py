"""The soak: what takes minutes, or needs to be root. `make soak` runs it."""

from __future__ import annotations

from tests.e2e.conftest import (
    display,
    environment,
    indexed,
    model,
    mouse,
    start,
    wardrobe,
    window,
)
from tests.unit.conftest import engine, tiny_model_path

__all__ = [
    "display",
    "engine",
    "environment",
    "indexed",
    "model",
    "mouse",
    "start",
    "tiny_model_path",
    "wardrobe",
    "window",
]
