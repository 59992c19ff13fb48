"""The log of figures: one line of JSON per event, printed and kept."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from fashion_training.optimise import Phase


def write_line(folder: Path, facts: Mapping[str, Any]) -> None:
    """Append one line of figures to the log and print it."""
    line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%S"), **facts})
    print(line, flush=True)
    with (folder / "figures.jsonl").open("a") as file:
        file.write(line + "\n")


def note_epoch(
    folder: Path,
    phase: Phase,
    epoch: int,
    loss: float,
    seconds: float,
    figures: Mapping[str, float],
) -> None:
    """Log what an epoch came to."""
    facts = {"phase": phase.name, "epoch": epoch, "loss": round(loss, 4)}
    write_line(folder, {**facts, "seconds": round(seconds), **figures})


def device_at_hand() -> torch.device:
    """Return the accelerator when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
