"""Build hook: the wheel carries the model and the user guide; an editable install reads them itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL = "resnet50_embed.onnx"
GUIDE = "user-guide.md"


class CarryFiles(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is hatchling's own
    """Adds what lies outside the package to a wheel that has to work without the checkout."""

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
        included = build_data["force_include"]
        included[str(model)] = f"fashion_finder/{MODEL}"
        docs = Path(self.root, "docs")
        pictures = re.findall(r"!\[.+\]\((.+)\)", (docs / GUIDE).read_text(encoding="utf-8"))
        for name in (GUIDE, *pictures):
            included[str(docs / name)] = f"fashion_finder/guide/{name}"
