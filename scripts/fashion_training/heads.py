"""The first phase: the new last stage and the heads, on cached outputs of the pretrained stages."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from fashion_training.augment import view_of
from fashion_training.checking import Checker
from fashion_training.feature_cache import FeatureCache, Progress, prepare_pictures
from fashion_training.journal import device_at_hand, note_epoch
from fashion_training.losses import WordLoss, plain_colours
from fashion_training.material import Material, Targets, gather, targets_of
from fashion_training.network import Embedder, Top, load_imagenet_stages
from fashion_training.optimise import Feed, Phase, Training, keep_foldable


class Heads:
    """The first phase: its settings, photos and files."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder: Path = options.work_dir
        self.device = device_at_hand()
        torch.manual_seed(options.seed)
        self.material: Material = gather(
            options.large, options.ordinary, options.small, options.small_photos, options.seed
        )
        self.targets: Targets = targets_of(self.material.photos, self.material.vocabularies)
        words = {key: len(value) for key, value in self.material.vocabularies.as_dict().items()}
        self.network = Embedder(words)
        with np.load(options.weights) as weights:
            load_imagenet_stages(self.network.backbone, dict(weights))
        self.network.to(self.device, memory_format=torch.channels_last)
        self.views = self._views()
        self.recipe = json.dumps(
            {"photos": self.material.key, "seed": options.seed, "rows": len(self.views)}
        )
        print(
            f"{self.material.training} photos train, "
            f"{len(self.material.photos) - self.material.training} validate; words: {words}; "
            f"device: {self.device}",
            flush=True,
        )

    def _views(self) -> NDArray[np.int64]:
        """List (photo, view) of every cached row; view 0 is the photo as it is."""
        return np.array(
            [
                (place, view)
                for place, photo in enumerate(self.material.photos)
                for view in range(
                    self.options.ordinary_views
                    if photo.kind == "ordinary" and place < self.material.training
                    else 1
                )
            ],
            dtype=np.int64,
        )

    def fill_caches(self) -> None:
        """Prepare pictures and outputs of stages 1 to 3, whatever is missing of them."""
        photos = self.material.photos
        progress = Progress(self.folder / "progress.json", self.recipe)
        with tqdm(total=len(photos), desc="photos", unit="photo", mininterval=5) as bar:
            self.pictures = prepare_pictures(photos, self.folder, progress, bar.update)
        self.cache = FeatureCache(self.folder, len(self.views))

        def picture(row: int) -> NDArray[np.uint8]:
            place, view = self.views[row]
            if view == 0:
                return self.pictures[place]
            draw = np.random.default_rng([self.options.seed, place, view])
            return view_of(self.pictures[place], draw, ordinary=True)

        with tqdm(total=len(self.views), desc="stages 1-3", unit="photo", mininterval=5) as bar:
            backbone = self.network.backbone
            self.cache.fill(backbone, picture, progress, bar.update, self.device)

    def train(self, phase: Phase) -> None:
        """Train stage 4 and the heads on cached maps; leave the network with averaged weights."""
        top: Top = self.network.top
        training_rows = np.flatnonzero(self.views[:, 0] < self.material.training)

        def load(rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
            chosen = training_rows[rows]
            maps = torch.from_numpy(self.cache.maps[chosen]).to(torch.bfloat16)
            draw = np.random.default_rng([self.options.seed, epoch, int(rows[0])])
            mirrored = torch.from_numpy(draw.random(len(rows)) < 0.5)[:, None, None, None]
            maps = torch.where(mirrored, maps.flip(3), maps)
            maps = maps.contiguous(memory_format=torch.channels_last)
            return maps, torch.from_numpy(self.cache.early[chosen])

        top.colour_norm.running_mean, top.colour_norm.running_var = self._early_statistics(top)
        photos = self.views[training_rows, 0]
        words = WordLoss(self.targets, plain_colours(len(self.material.vocabularies.colour_name)))

        def loss_of(rows: NDArray[np.int64], maps: Tensor, early: Tensor) -> Tensor:
            return words(top(maps, early), photos[rows])

        feed = Feed(len(training_rows), load)
        recipe = self.recipe + json.dumps(asdict(phase))
        groups = [list(top.parameters())]
        training = Training(phase, top, groups, feed, self.folder, recipe, self.options.seed)
        checker = Checker(self.material, self.targets, self.options.seed)
        plain = np.flatnonzero(self.views[:, 1] == 0)

        def checked(epoch: int, loss: float) -> None:
            shown = Top(top.style.out_features, top.colour.out_features, self._words(), top.scale)
            shown.load_state_dict(training.average.state)
            figures = checker.on_cache(shown.to(self.device), self.cache, plain, self.device)
            note_epoch(self.folder, phase, epoch, loss, training.seconds, figures)

        top.train()
        training.run(loss_of, checked)
        top.load_state_dict(training.average.state)
        keep_foldable(top)

    def _words(self) -> dict[str, int]:
        return {key: len(value) for key, value in self.material.vocabularies.as_dict().items()}

    def _early_statistics(self, top: Top) -> tuple[Tensor, Tensor]:
        """Start the colour head's standardisation from the early averages' real statistics."""
        early = np.asarray(self.cache.early[: self.material.training])
        mean, variance = torch.zeros(top.colour.in_features), torch.ones(top.colour.in_features)
        mean[: early.shape[1]] = torch.from_numpy(early.mean(axis=0))
        variance[: early.shape[1]] = torch.from_numpy(early.var(axis=0))
        return mean.to(self.device), variance.to(self.device)
