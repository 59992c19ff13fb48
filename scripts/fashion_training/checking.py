"""Figures on validation photos during training: small, quick, and never on test photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.comparing import Seen, compare
from fashion_training.kept_views import KeptViews, Kind
from fashion_training.material import Material, Targets
from fashion_training.network import Top
from fashion_training.precision import nearest
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
        self._material, self._targets, self._groups = material, targets, groups
        self._views, self._steps = views, steps
        large = material.photos[0].source
        self._large = np.array([photo.source is large for photo in material.photos])
        ordinary = ~self._large & np.array([p.kind == "ordinary" for p in material.photos])
        self._rows = {
            "validation": self._of("exact", self._large, training=False),
            "changed": self._of("changed", self._large, training=False),
            "small": self._of("small", self._large, training=False),
            "ordinary": self._of("exact", ordinary, training=False),
            "gallery": self._of("plain", self._large, training=True)[:GALLERY],
        }

    def _of(self, kind: Kind, chosen: NDArray[np.bool_], *, training: bool) -> NDArray[np.int64]:
        rows = self._views.plan.rows_of(kind)
        rows = rows[rows < self._views.done]
        photos = self._views.plan.photos[rows]
        return rows[chosen[photos] & ((photos < self._material.training) == training)]

    def figures(self, top: Top) -> dict[str, float]:
        """Return precision at 5 of the whole and of each part, and what else is asked of a model."""
        answered = {name: self._answers(top, rows) for name, rows in self._rows.items()}
        asked, gallery = answered["validation"], answered["gallery"]
        photos = np.concatenate([asked.photos, gallery.photos])
        seen = Seen(photos, photos >= self._material.training, np.zeros(len(photos), dtype=bool))
        style = np.concatenate([asked.style, gallery.style])
        colour = np.concatenate([asked.colour, gallery.colour])
        compared = compare(seen, self._targets, style, colour)
        figures: dict[str, float] = {}
        for part, weight in (("", STYLE_SHARE), ("style ", 1.0), ("colour ", 0.0)):
            for name, value in precisions(compared, weight).items():
                figures[f"{part}{name}@5"] = value
        whole = Answered(style, colour, photos, asked.type, asked.colour_name)
        figures["seen again@5"] = self._found(answered["changed"], whole, 5)
        figures["small@1"] = self._found(answered["small"], whole, 5, first=True)
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

    def _found(self, asked: Answered, gallery: Answered, k: int, *, first: bool = False) -> float:
        """Return how often a view's own photo is among its k nearest, or comes first."""
        share = np.float32(STYLE_SHARE)
        queries, known = (
            np.hstack([own.style * share**0.5, own.colour * (1 - share) ** 0.5])
            for own in (asked, gallery)
        )
        allowed = np.zeros((len(queries), len(known)), dtype=np.bool_)
        found = nearest(queries, known, allowed, k)[:, : 1 if first else k]
        own = self._groups[asked.photos][:, None]
        return float((self._groups[gallery.photos][found] == own).any(axis=1).mean())
