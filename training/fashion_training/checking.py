"""Figures on validation photos during training: small, quick, and never on test photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.comparing import Seen, compare
from fashion_training.kept_views import KeptViews
from fashion_training.material import Material, Targets
from fashion_training.network import Top
from fashion_training.precision import found_again, joined
from fashion_training.settling import precisions
from fashion_training.top import Bytes, load_rows

#: Training photos that validation photos are compared with besides each other.
GALLERY = 1500
#: Style's weight in the whole, for these figures.
STYLE_SHARE = 0.5
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Answered:
    """Unit parts of rows, the photo of each, and first guesses."""

    style: NDArray[np.float32]
    colour: NDArray[np.float32]
    photos: NDArray[np.int64]
    type: NDArray[np.int64]
    colour_name: NDArray[np.int64]


class Checker:
    """Finds validation photos' neighbours, and the pieces of changed views again."""

    def __init__(
        self,
        material: Material,
        targets: Targets,
        views: KeptViews,
        steps: Bytes,
        groups: NDArray[np.int64],
    ) -> None:
        self._targets, self._groups = targets, groups
        self._views, self._steps = views, steps
        self._learns = material.learns
        large, validates = material.large, ~material.learns
        ordinary = np.array([photo.kind == "ordinary" for photo in material.photos])
        self._rows = {
            "validation": views.rows_of("exact", large & validates),
            "changed": views.rows_of("changed", large & validates),
            "small": views.rows_of("small", large & validates),
            "ordinary": views.rows_of("exact", ordinary & validates),
            "gallery": views.rows_of("plain", large & material.learns)[:GALLERY],
        }

    def figures(self, top: Top) -> dict[str, float]:
        """Return precision at 5 of the whole and of each part, and what else is asked of a model."""
        answered = {name: self._answers(top, rows) for name, rows in self._rows.items()}
        asked, gallery = answered["validation"], answered["gallery"]
        photos = np.concatenate([asked.photos, gallery.photos])
        seen = Seen(photos, ~self._learns[photos], np.zeros(len(photos), dtype=bool))
        style = np.concatenate([asked.style, gallery.style])
        colour = np.concatenate([asked.colour, gallery.colour])
        compared = compare(seen, self._targets, style, colour)
        figures: dict[str, float] = {}
        for part, weight in (("", STYLE_SHARE), ("style ", 1.0), ("colour ", 0.0)):
            for name, value in precisions(compared, weight).items():
                figures[f"{part}{name}@5"] = value
        whole = Answered(style, colour, photos, asked.type, asked.colour_name)
        figures["seen again@5"] = self._found(answered["changed"], whole, 5)
        figures["small@1"] = self._found(answered["small"], whole, 1)
        types = self._targets.types
        for name in ("validation", "ordinary"):
            own = answered[name]
            known = types[own.photos].any(axis=1)
            right = types[own.photos, own.type]
            figures[f"{name} type top-1"] = float(right[known].mean()) if known.any() else np.nan
        names = self._targets.colour_name[asked.photos]
        figures["colour top-1"] = float((asked.colour_name == names)[names >= 0].mean())
        return {name: round(float(value), 4) for name, value in figures.items()}

    def _answers(self, top: Top, rows: NDArray[np.int64]) -> Answered:
        columns: list[list[NDArray[np.float32]]] = []
        top.eval()
        device = next(top.parameters()).device
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for chunk in np.array_split(rows, max(1, len(rows) // AT_ONCE)):
                inputs = load_rows(self._views, self._steps, chunk, np.zeros(len(chunk), bool))
                found = top.after(*(tensor.to(device) for tensor in inputs))
                parts = (found.style, found.colour, found.type, found.colour_name)
                columns.append([part.float().cpu().numpy() for part in parts])
        style, colour, kind, colour_name = map(np.concatenate, zip(*columns, strict=True))
        photos = self._views.plan.photos[rows]
        return Answered(style, colour, photos, kind.argmax(axis=1), colour_name.argmax(axis=1))

    def _found(self, asked: Answered, gallery: Answered, k: int) -> float:
        """Return how often a view's own photo is among its k nearest."""
        queries, known = (joined(own.style, own.colour, STYLE_SHARE) for own in (asked, gallery))
        groups = self._groups
        return found_again(queries, known, groups[asked.photos], groups[gallery.photos], k)
