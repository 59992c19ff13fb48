"""Figures on validation photos after every epoch: small, quick, and never on test photos."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from fashion_training.comparing import Seen, compare, seen_of
from fashion_training.feature_cache import FeatureCache, to_tensor
from fashion_training.material import Material, Targets
from fashion_training.network import Answers, Embedder, Top
from fashion_training.settling import precisions

#: Training photos mixed into the gallery that validation photos search after an epoch.
GALLERY = 1500


class Checker:
    """Finds each validation photo's neighbours among validation and some training photos."""

    def __init__(self, material: Material, targets: Targets, seed: int) -> None:
        self._targets = targets
        self._seen = seen_of(material, GALLERY, seed)

    def on_cache(
        self, top: Top, cache: FeatureCache, plain: NDArray[np.int64], device: torch.device
    ) -> dict[str, float]:
        """Check a top on cached maps; ``plain`` [photos] is each unchanged photo's row there."""
        wanted = plain[self._seen.photos]
        answers = []
        top.eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for rows in np.array_split(wanted, max(1, len(wanted) // 64)):
                maps = torch.from_numpy(cache.maps[rows]).to(device, torch.bfloat16)
                early = torch.from_numpy(cache.early[rows]).to(device)
                maps = maps.contiguous(memory_format=torch.channels_last)
                answers.append(top(maps, early))
        return figures_of(self._seen, self._targets, answers)

    def on_pictures(
        self, network: Embedder, pictures: NDArray[np.uint8], device: torch.device
    ) -> dict[str, float]:
        """Check a whole network on prepared photos."""
        photos = self._seen.photos
        answers = []
        network.eval()
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            for places in np.array_split(photos, max(1, len(photos) // 32)):
                answers.append(network(to_tensor(pictures[places], device)))
        return figures_of(self._seen, self._targets, answers)


def figures_of(seen: Seen, targets: Targets, batches: list[Answers]) -> dict[str, float]:
    """Return precision at 5 of the whole and of each part, and what is recognised at first guess."""
    outcome = _joined(batches)
    compared = compare(seen, targets, outcome["style"], outcome["colour"])
    figures: dict[str, float] = {}
    for part, weight in (("", 0.5), ("style ", 1.0), ("colour ", 0.0)):
        for name, value in precisions(compared, weight).items():
            figures[f"{part}{name}@5"] = round(value, 4)
    types = targets.types[seen.photos]
    known = seen.validation & types.any(axis=1)
    right = types[np.arange(len(types)), outcome["type"].argmax(axis=1)]
    for name, chosen in (("", ~seen.ordinary), ("ordinary ", seen.ordinary)):
        if np.any(known & chosen):
            figures[f"{name}type top-1"] = round(float(right[known & chosen].mean()), 4)
    for name in ("gender", "colour_name"):
        truth = getattr(targets, name)[seen.photos]
        known = seen.validation & (truth >= 0)
        hit = outcome[name].argmax(axis=1) == truth
        figures[f"{name} top-1"] = round(float(hit[known].mean()), 4)
    return figures


def _joined(batches: list[Answers]) -> dict[str, NDArray[np.float32]]:
    """Join batches of answers into one array per output."""
    names = ("style", "colour", "type", "gender", "colour_name")
    return {
        name: torch.cat([getattr(batch, name).float() for batch in batches]).cpu().numpy()
        for name in names
    }
