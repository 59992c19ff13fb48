"""The soak: what takes minutes, or needs to be root. `make soak` runs it."""

from __future__ import annotations

from tests.unit.conftest import engine, tiny_model_path

__all__ = ["engine", "tiny_model_path"]
