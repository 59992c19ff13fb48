"""Checkpoints as safetensors files: written beside and renamed, so one is always whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor


def save(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write tensors and JSON-able facts; a crash leaves the former file as it was."""
    fresh = path.with_suffix(".partial")
    kept = {key: tensor.detach().cpu().contiguous().clone() for key, tensor in tensors.items()}
    save_file(kept, str(fresh), metadata={"facts": json.dumps(facts)})
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read back what ``save`` wrote."""
    with safe_open(str(path), framework="pt") as file:
        facts: dict[str, Any] = json.loads(file.metadata()["facts"])
        return {key: file.get_tensor(key) for key in file.keys()}, facts  # noqa: SIM118


def flatten_optimiser(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Name every state tensor of an optimiser as ``optimiser.<parameter>.<name>``."""
    return {
        f"optimiser.{parameter}.{name}": torch.as_tensor(value)
        for parameter, state in optimiser.state_dict()["state"].items()
        for name, value in state.items()
    }


def restore_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimiser of the same parameters its state back."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        if key.startswith("optimiser."):
            _, parameter, name = key.split(".")
            state.setdefault(int(parameter), {})[name] = tensor
    whole = optimiser.state_dict()
    optimiser.load_state_dict({"state": state, "param_groups": whole["param_groups"]})
