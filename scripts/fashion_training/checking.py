"""Figures on validation photos after every epoch: small, quick, and never on test photos."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.comparing import Seen, compare
from fashion_training.feature_cache import FeatureCache, to_tensor
from fashion_training.material import Material, Targets
from fashion_training.network import Answers, Embedder, Top
from fashion_training.settling import precisions

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

    def _answers(
        self, network: Embedder, pictures: NDArray[np.uint8], device: torch.device
    ) -> list[Answers]:
        answers = []
        network.eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for places in np.array_split(self._photos, max(1, len(self._photos) // 32)):
                answers.append(network(to_tensor(pictures[places], device)))
        return answers

    def _figures(self, answers: list[Answers]) -> dict[str, float]:
        outcome = _joined(answers)
        seen = Seen(self._photos, self._validation, self._ordinary)
        compared = compare(seen, self._targets, outcome["style"], outcome["colour"])
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
