"""Figures of heads on photos that never train, from the averages that the heads read.

Besides the validation photos among the kept views, products that validate and exist in small only
are asked: three times as many, so that a difference of a hundredth is more than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.early_layers import EarlyLayers
from fashion_training.heads import Averages, Heads
from fashion_training.kept_views import AT_ONCE, KeptViews, Kind, averaged
from fashion_training.material import Material, Targets, targets_of
from fashion_training.network import Top
from fashion_training.photos import Photo, PhotoSet, catalogue_photos
from fashion_training.precision import nearest
from fashion_training.settling import ANSWERS, Compared, precisions
from fashion_training.split import sides_for_training
from fashion_training.top import LOOKED_AT_ONCE, Bytes, numbers_of

#: Style's weight in the whole, for these figures.
STYLE_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Parts:
    """Unit parts of N photos and their words, empty where unknown."""

    style: NDArray[np.float32]
    colour: NDArray[np.float32]
    types: list[str]
    colour_names: list[str]

    def whole(self) -> NDArray[np.float32]:
        """Return both parts together, at their weights."""
        style, colour = STYLE_SHARE**0.5, (1 - STYLE_SHARE) ** 0.5
        joined: NDArray[np.float32] = np.hstack(
            [self.style * np.float32(style), self.colour * np.float32(colour)]
        )
        return joined


def small_only(large: Path, small: Path) -> list[Photo]:
    """List the catalogue photos that validate and exist in small only, one of exact copies."""
    large_set, small_set = PhotoSet(large), PhotoSet(small)
    prints = small_set.fingerprints()
    sides = sides_for_training([large_set.fingerprints(), prints])
    first: dict[str, Photo] = {}
    for photo in catalogue_photos(small_set):
        if photo.stem not in large_set.names and sides[photo.stem] == "validation":
            first.setdefault(prints[photo.stem], photo)
    return list(first.values())


def averages_of_photos(
    photos: list[Photo], layers: EarlyLayers, top: Top, steps: Bytes
) -> Averages:
    """Run photos that have no kept views through the whole network but the heads."""
    seen, bins = [], []
    top.eval()
    for start in range(0, len(photos), LOOKED_AT_ONCE):
        chunk = photos[start : start + LOOKED_AT_ONCE]
        pictures = np.stack([photo.source.picture(photo.stem) for photo in chunk])
        parts = np.array_split(pictures, -(-len(pictures) // AT_ONCE))
        looks = [layers.look(part) for part in parts]
        entering = torch.from_numpy(np.concatenate([look.entering for look in looks]))
        early = torch.from_numpy(np.concatenate([look.early for look in looks]))
        pixels = torch.from_numpy(averaged(pictures)).permute(0, 3, 1, 2)
        device = next(top.parameters()).device
        inputs = (*numbers_of(entering, early, steps), pixels)
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            found = top.averages(*(tensor.to(device) for tensor in inputs))
        seen.append(found[0].to("cpu", torch.float16))
        bins.append(found[1].to("cpu", torch.float16))
    return Averages(torch.cat(seen), torch.cat(bins))


class HeldOut:
    """Asks what validation photos find among all large catalogue photos that do not test."""

    def __init__(
        self,
        material: Material,
        targets: Targets,
        views: KeptViews,
        averages: Averages,
        groups: NDArray[np.int64],
    ) -> None:
        self._material, self._targets, self._views = material, targets, views
        self._averages, self._groups = averages, groups
        large = material.photos[0].source
        self._large = np.array([photo.source is large for photo in material.photos])

    def figures(
        self, heads: Heads, others: list[Photo], theirs: Averages
    ) -> dict[str, tuple[float, ...]]:
        """Return precision at 5 and how often changed and small views find their own photo.

        ``others`` are asked beside the validation photos, with ``theirs`` as averages.
        """
        asked, learnt = self._rows("exact", training=False), self._rows("plain", training=True)
        known = np.concatenate([asked, learnt])
        gallery = self._parts(heads, known)
        itself = np.arange(len(asked))[:, None] == np.arange(len(known))[None, :]
        own = self._parts(heads, asked)
        words = self._material.vocabularies
        strangers = _parts_of(heads, theirs, targets_of(others, words), np.arange(len(others)))
        among = np.eye(len(others), dtype=np.bool_)
        nobody = np.zeros((len(others), len(known)), dtype=np.bool_)
        return {
            "large": _three(own, gallery, itself),
            "small only": _three(strangers, gallery, nobody),
            "small only among themselves": _three(strangers, strangers, among),
            "changed finds itself": (self._found("changed", heads, gallery, known, ANSWERS),),
            "small finds large": (self._found("small", heads, gallery, known, 1),),
        }

    def _rows(self, kind: Kind, *, training: bool) -> NDArray[np.int64]:
        rows = self._views.plan.rows_of(kind)
        rows = rows[rows < self._views.done]
        photos = self._views.plan.photos[rows]
        return rows[self._large[photos] & ((photos < self._material.training) == training)]

    def _parts(self, heads: Heads, rows: NDArray[np.int64]) -> Parts:
        averages = Averages(self._averages.seen[rows], self._averages.bins[rows])
        return _parts_of(heads, averages, self._targets, self._views.plan.photos[rows])

    def _found(
        self, kind: Kind, heads: Heads, gallery: Parts, known: NDArray[np.int64], k: int
    ) -> float:
        rows = self._rows(kind, training=False)
        asked = self._parts(heads, rows).whole()
        allowed = np.zeros((len(rows), len(known)), dtype=np.bool_)
        found = nearest(asked, gallery.whole(), allowed, k)
        photos = self._views.plan.photos
        own = self._groups[photos[rows]][:, None]
        return float((self._groups[photos[known]][found] == own).any(axis=1).mean())


def _parts_of(
    heads: Heads, averages: Averages, targets: Targets, photos: NDArray[np.int64]
) -> Parts:
    with torch.no_grad():
        answers = heads(averages.seen.float(), averages.bins.float())
    types = targets.types[photos]
    single = np.where(types.sum(axis=1) == 1, types.argmax(axis=1), -1)
    names = [
        [str(code) if code >= 0 else "" for code in codes]
        for codes in (single, targets.colour_name[photos])
    ]
    return Parts(answers.style.numpy(), answers.colour.numpy(), *names)


def _three(asked: Parts, gallery: Parts, same: NDArray[np.bool_]) -> tuple[float, ...]:
    compared = Compared(
        style_asked=asked.style,
        style_gallery=gallery.style,
        colour_asked=asked.colour,
        colour_gallery=gallery.colour,
        type_asked=asked.types,
        type_gallery=gallery.types,
        colour_name_asked=asked.colour_names,
        colour_name_gallery=gallery.colour_names,
        same=same,
    )
    return tuple(precisions(compared, STYLE_SHARE).values())
