"""Outputs of stages 1 to 3 for both views of many photos, kept on disk.

Once those stages stay as they are, the last stage and the heads can be trained on what they put
out: one forward pass through the early layers then serves several epochs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from fashion_training.feature_cache import MAP_SHAPE, open_rows
from fashion_training.network import EARLY_CHANNELS, PIXEL_BINS, Backbone

#: Photos that go through the network together, each as two views.
AT_ONCE = 16
#: After so many photos, what is on disk is noted.
BETWEEN_NOTES = 512


class KeptPairs:
    """Two rows per photo, the plain view's and the changed one's, of everything the top reads."""

    def __init__(self, folder: Path, photos: int, recipe: str, backbone: Backbone) -> None:
        """Open what an earlier attempt with the same recipe and weights kept, or begin."""
        folder.mkdir(exist_ok=True)
        self._notes = folder / "pairs.json"
        self._recipe = f"{recipe} {fingerprint(backbone)} {photos}"
        known = json.loads(self._notes.read_text()) if self._notes.exists() else {}
        self.done = int(known["done"]) if known.get("recipe") == self._recipe else 0
        self.maps = open_rows(folder / "maps.npy", (photos, 2, *MAP_SHAPE), "float16")
        averages = (photos, 2, EARLY_CHANNELS + PIXEL_BINS)
        self.averages = open_rows(folder / "averages.npy", averages, "float32")
        self.recoloured = open_rows(folder / "recoloured.npy", (photos,), "bool")

    def fill(
        self, backbone: Backbone, load: Callable[[NDArray[np.int64], int], tuple[Tensor, ...]]
    ) -> None:
        """Run both views of every photo through the stages, going on where it was left.

        ``load(rows, epoch)`` gives N plain views followed by their N changed ones, and which of
        those were recoloured.
        """
        device = next(backbone.parameters()).device
        total = len(self.maps)
        backbone.eval()
        with (
            torch.no_grad(),
            torch.autocast(device.type, torch.bfloat16),
            tqdm(total=total, initial=self.done, desc="pairs", mininterval=5) as bar,
        ):
            for start in range(self.done, total, AT_ONCE):
                stop = min(start + AT_ONCE, total)
                pictures, recoloured = load(np.arange(start, stop), 0)
                maps, early, bins = backbone(pictures.to(device))
                averages = torch.cat([early.float(), bins.float()], dim=1)
                for view, rows in enumerate(
                    (slice(0, stop - start), slice(stop - start, 2 * (stop - start)))
                ):
                    self.maps[start:stop, view] = maps[rows].half().cpu().numpy()
                    self.averages[start:stop, view] = averages[rows].cpu().numpy()
                self.recoloured[start:stop] = recoloured.numpy()
                bar.update(stop - start)
                if stop == total or stop % BETWEEN_NOTES == 0:
                    self._note(stop)

    def _note(self, done: int) -> None:
        for rows in (self.maps, self.averages, self.recoloured):
            rows.flush()
        self.done = done
        self._notes.write_text(json.dumps({"recipe": self._recipe, "done": done}))

    def batch(
        self, rows: NDArray[np.int64], draw: np.random.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return maps [2 N, 1024, 14, 14], averages [2 N, 928] and masks [N] of N photos.

        The plain views come first. Maps are mirrored at random: what an early layer sees in a
        mirrored picture is very nearly the mirrored map.
        """
        maps = torch.from_numpy(np.concatenate([self.maps[rows, 0], self.maps[rows, 1]]))
        mirrored = torch.from_numpy(draw.random(len(maps)) < 0.5)[:, None, None, None]
        maps = torch.where(mirrored, maps.flip(3), maps).to(torch.bfloat16)
        averages = np.concatenate([self.averages[rows, 0], self.averages[rows, 1]])
        return (
            maps.contiguous(memory_format=torch.channels_last),
            torch.from_numpy(averages),
            torch.from_numpy(self.recoloured[rows]),
        )


def fingerprint(backbone: Backbone) -> str:
    """Return a digest of the weights that the kept outputs depend on."""
    digest = hashlib.sha256()
    for name, value in sorted(backbone.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
