"""Colour and pattern of ordinary photos, as labelled by eye."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fashion_training.patterns import pattern_by_eye


@dataclass(frozen=True, slots=True)
class Seen:
    """What an eye saw on one photo; an empty word is unknown."""

    colour: str
    second_colour: str
    pattern: str


#: What is known of a photo that nobody labelled.
UNSEEN = Seen("", "", "")


def read_labels(path: Path) -> Mapping[str, Seen]:
    """Read the table: image, colour, colour2, pattern. Raises OSError and KeyError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["image"]: Seen(row["colour"], row["colour2"], pattern_by_eye(row["pattern"]))
            for row in csv.DictReader(file)
        }
