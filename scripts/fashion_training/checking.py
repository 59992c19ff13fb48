"""Figures on validation photos after every epoch: small, quick, and never on test photos."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.feature_cache import FeatureCache, to_tensor
from fashion_training.material import Material, Targets
from fashion_training.network import Answers, Embedder, Top
from fashion_training.settling import (
    Compared,
    choose_closeness,
    choose_style_weight,
    fit_temperature,
    precisions,
)

#: Training photos mixed into the gallery that validation photos search after an epoch.
GALLERY = 1500


class Checker:
    """Finds each validation photo's neighbours among validation and some training photos."""

    def __init__(
        self,
        material: Material,
        targets: Targets,
        views: NDArray[np.int64],
        seed: int,
        gallery: int | None = GALLERY,
    ) -> None:
        """Draw ``gallery`` large catalogue photos that train, or take all of them (None)."""
        self._targets = targets
        plain = np.flatnonzero(views[:, 1] == 0)
        photos = views[plain, 0]
        ordinary = np.array([material.photos[place].kind == "ordinary" for place in photos])
        validation = photos >= material.training
        large = material.photos[0].source
        from_large = np.array([material.photos[place].source is large for place in photos])
        extra = np.flatnonzero(~validation & from_large)
        extra = np.random.default_rng(seed).permutation(extra)[:gallery]
        chosen = np.sort(np.concatenate([np.flatnonzero(validation), extra]))
        self._rows, self._photos = plain[chosen], photos[chosen]
        self._validation, self._ordinary = validation[chosen], ordinary[chosen]

    def on_cache(self, top: Top, cache: FeatureCache, device: torch.device) -> dict[str, float]:
        """Check a top on cached maps."""
        answers = []
        top.eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for rows in np.array_split(self._rows, max(1, len(self._rows) // 64)):
                maps = torch.from_numpy(cache.maps[rows]).to(device, torch.bfloat16)
                early = torch.from_numpy(cache.early[rows]).to(device)
                maps = maps.contiguous(memory_format=torch.channels_last)
                answers.append(top(maps, early))
        return self._figures(answers)

    def on_pictures(
        self, network: Embedder, pictures: NDArray[np.uint8], device: torch.device
    ) -> dict[str, float]:
        """Check a whole network on prepared photos."""
        return self._figures(self._answers(network, pictures, device))

    def settle(
        self, network: Embedder, pictures: NDArray[np.uint8], device: torch.device
    ) -> dict[str, Any]:
        """Choose the parts' weights, the temperatures and the closeness bounds."""
        outcome = _joined(self._answers(network, pictures, device))
        compared = self._compared(outcome)
        style = choose_style_weight(compared)
        wanted = np.flatnonzero(self._validation)
        photos = self._photos[wanted]
        truths = {
            "type": self._targets.types[photos],
            "colour_name": _one_hot(
                self._targets.colour_name[photos], outcome["colour_name"].shape[1]
            ),
            "gender": _one_hot(self._targets.gender[photos], outcome["gender"].shape[1]),
        }
        return {
            "weights": {"style": style, "colour": round(1 - style, 2)},
            "temperatures": {
                name: fit_temperature(outcome[name][wanted], truth)
                for name, truth in truths.items()
            },
            "closeness": choose_closeness(compared, style),
            "validation": {
                "photos": len(compared.type_asked),
                "gallery": len(compared.type_gallery),
                **{name: round(value, 4) for name, value in precisions(compared, style).items()},
            },
        }

    def _answers(
        self, network: Embedder, pictures: NDArray[np.uint8], device: torch.device
    ) -> list[Answers]:
        answers = []
        network.eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for places in np.array_split(self._photos, max(1, len(self._photos) // 32)):
                answers.append(network(to_tensor(pictures[places], device)))
        return answers

    def _compared(self, outcome: dict[str, NDArray[np.float32]]) -> Compared:
        types = self._targets.types[self._photos]
        single = np.where(types.sum(axis=1) == 1, types.argmax(axis=1), -1)
        colours = self._targets.colour_name[self._photos]
        asked = np.flatnonzero(self._validation & ~self._ordinary)
        gallery = np.flatnonzero(~self._ordinary)

        def words(codes: NDArray[np.int64], rows: NDArray[np.int64]) -> list[str]:
            return [str(code) if code >= 0 else "" for code in codes[rows]]

        return Compared(
            style_asked=outcome["style"][asked],
            style_gallery=outcome["style"][gallery],
            colour_asked=outcome["colour"][asked],
            colour_gallery=outcome["colour"][gallery],
            type_asked=words(single, asked),
            type_gallery=words(single, gallery),
            colour_name_asked=words(colours, asked),
            colour_name_gallery=words(colours, gallery),
            same=asked[:, None] == gallery[None, :],
        )

    def _figures(self, answers: list[Answers]) -> dict[str, float]:
        outcome = _joined(answers)
        compared = self._compared(outcome)
        figures: dict[str, float] = {}
        for part, weight in (("", 0.6), ("style ", 1.0), ("colour ", 0.0)):
            for name, value in precisions(compared, weight).items():
                figures[f"{part}{name}@5"] = round(value, 4)
        types = self._targets.types[self._photos]
        known = self._validation & types.any(axis=1)
        right = types[np.arange(len(types)), outcome["type"].argmax(axis=1)]
        for name, chosen in (("", ~self._ordinary), ("ordinary ", self._ordinary)):
            if np.any(known & chosen):
                figures[f"{name}type top-1"] = round(float(right[known & chosen].mean()), 4)
        for name in ("gender", "colour_name"):
            truth = getattr(self._targets, name)[self._photos]
            known = self._validation & (truth >= 0)
            hit = outcome[name].argmax(axis=1) == truth
            figures[f"{name} top-1"] = round(float(hit[known].mean()), 4)
        return figures


def _joined(answers: list[Answers]) -> dict[str, NDArray[np.float32]]:
    """Join batches of answers into one array per output."""
    names = ("style", "colour", "type", "gender", "colour_name")
    return {
        name: torch.cat([getattr(batch, name).float() for batch in answers]).cpu().numpy()
        for name in names
    }


def _one_hot(codes: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Return bool [N, width]; a negative code gives a row without any true entry."""
    return codes[:, None] == np.arange(width)[None, :]
