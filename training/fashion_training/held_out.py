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

from fashion_training.comparing import words_of
from fashion_training.early_layers import EarlyLayers
from fashion_training.heads import Averages, Heads
from fashion_training.kept_views import AT_ONCE, KeptViews, Kind, averaged
from fashion_training.material import Material, Targets, targets_of
from fashion_training.network import Top
from fashion_training.photos import Photo, PhotoSet, catalogue_photos
from fashion_training.precision import found_again, joined
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
        return joined(self.style, self.colour, STYLE_SHARE)


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
        self._validates = material.large & ~material.learns
        self._learnt = material.large & material.learns

    def figures(
        self, heads: Heads, others: list[Photo], theirs: Averages
    ) -> dict[str, tuple[float, ...]]:
        """Return precision at 5 and how often changed and small views find their own photo.

        ``others`` are asked beside the validation photos, with ``theirs`` as averages.
        """
        asked = self._views.rows_of("exact", self._validates)
        learnt = self._views.rows_of("plain", self._learnt)
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

    def _parts(self, heads: Heads, rows: NDArray[np.int64]) -> Parts:
        averages = Averages(self._averages.seen[rows], self._averages.bins[rows])
        return _parts_of(heads, averages, self._targets, self._views.plan.photos[rows])

    def _found(
        self, kind: Kind, heads: Heads, gallery: Parts, known: NDArray[np.int64], k: int
    ) -> float:
        rows = self._views.rows_of(kind, self._validates)
        asked = self._parts(heads, rows).whole()
        own, groups = (self._groups[self._views.plan.photos[these]] for these in (rows, known))
        return found_again(asked, gallery.whole(), own, groups, k)


def _parts_of(
    heads: Heads, averages: Averages, targets: Targets, photos: NDArray[np.int64]
) -> Parts:
    with torch.no_grad():
        answers = heads(averages.seen.float(), averages.bins.float())
    return Parts(
        answers.style.numpy(),
        answers.colour.numpy(),
        words_of(targets.single_type[photos]),
        words_of(targets.colour_name[photos]),
    )


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
