"""Build hook: the wheel carries the model as package data, an editable install reads models/ itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL = "resnet50_embed.onnx"


class CarryModel(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is hatchling's own
    """Adds the model to a wheel that is going to stand without the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called once per wheel; `version` is "standard" or "editable"."""
        if version == "editable":
            return
        model = Path(self.root, "models", MODEL)
        if not model.is_file():
            raise FileNotFoundError(
                f"{model} is missing, and a wheel without it would not start: "
                "scripts/export_onnx.py writes it."
            )
        build_data["force_include"][str(model)] = f"fashion_finder/{MODEL}"
