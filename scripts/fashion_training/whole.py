"""The phases after the first: all photos as two views; parts of the network, then all of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from fashion_training import checkpoint
from fashion_training.checking import Checker
from fashion_training.feature_cache import Progress, prepare_pictures
from fashion_training.heads import Heads
from fashion_training.journal import device_at_hand, note_epoch, write_line
from fashion_training.kept_pairs import KeptPairs
from fashion_training.material import gather, targets_of
from fashion_training.network import EARLY_CHANNELS, PIXEL_BINS, Embedder, widen_words
from fashion_training.optimise import Feed, Phase, Training, keep_foldable
from fashion_training.two_views import Setting, TwoViews

#: Layers whose batch norms keep the statistics they were pretrained with.
EARLY_LAYERS = ("input_bn", "stem", "stage1", "stage2")
#: What stands in a checkpoint until the exported model's own answers have settled it.
UNSETTLED = {
    "weights": {"style": 0.5, "colour": 0.5},
    "temperatures": {"type": 1.0, "colour_name": 1.0, "gender": 1.0},
    "closeness": {"very_close": 0.95, "close": 0.85, "weaker": 0.7},
}


class Whole:
    """Trains the whole network, starting from what the first phase made of it."""

    def __init__(self, options: argparse.Namespace, heads: Heads) -> None:
        self.options = options
        self.folder: Path = options.work_dir
        self.device = device_at_hand()
        everything = sys.maxsize
        self.material = gather(
            options.large, options.ordinary, options.small, everything, options.seed
        )
        self.targets = targets_of(self.material.photos, self.material.vocabularies)
        self.words = self.material.vocabularies.as_dict()
        torch.manual_seed(options.seed + 1)
        self.network = self._empty()
        former = heads.material.vocabularies.as_dict()
        start = {key: value.cpu() for key, value in heads.network.state_dict().items()}
        fresh = self.network.state_dict()
        self._start = widen_words(start, fresh, former, self.words)
        self.network.load_state_dict(self._start)
        self.network.to(self.device, memory_format=torch.channels_last)
        self.pictures = self._prepare()
        views = options.ordinary_views
        self.views = TwoViews(
            self.network, self.material, self.targets, self.pictures, options.seed, views
        )
        words = {key: len(value) for key, value in self.words.items()}
        print(f"{self.material.training} photos train; words: {words}", flush=True)

    def _empty(self) -> Embedder:
        return Embedder({key: len(value) for key, value in self.words.items()})

    def _prepare(self) -> NDArray[np.uint8]:
        folder = self.folder / "wide"
        folder.mkdir(exist_ok=True)
        progress = Progress(folder / "progress.json", self.material.key)
        photos = self.material.photos
        with tqdm(total=len(photos), desc="photos", unit="photo", mininterval=5) as bar:
            return prepare_pictures(photos, folder, progress, bar.update)

    def train(
        self,
        phase: Phase,
        setting: Setting,
        places: NDArray[np.int64],
        left: Sequence[str],
        until: int | None = None,
    ) -> None:
        """Run one phase, leaving the layers named in ``left`` alone; keep the averaged weights."""
        network, views = self.network, self.views
        for name, parameter in network.named_parameters():
            parameter.requires_grad_(name.split(".")[1] not in left)
        feed = Feed(len(places), views.loader(places, setting))
        recipe = json.dumps([self.material.key, asdict(phase), asdict(setting)])
        groups = self._groups()
        training = Training(phase, network, groups, feed, self.folder, recipe, self.options.seed)
        checker = Checker(self.material, self.targets, self.options.seed)

        def loss_of(rows: NDArray[np.int64], pictures: Tensor, recoloured: Tensor) -> Tensor:
            return views.loss_of(places[rows], pictures, recoloured, setting.contrast)

        def checked(epoch: int, loss: float) -> None:
            shown = self._empty()
            shown.load_state_dict(training.average.state)
            shown.to(self.device, memory_format=torch.channels_last)
            figures = checker.on_pictures(shown, self.pictures, self.device)
            note_epoch(self.folder, phase, epoch, loss, training.seconds, figures)

        network.train()
        for name in EARLY_LAYERS:
            getattr(network.backbone, name).eval()
        training.run(loss_of, checked, until)
        network.load_state_dict(training.average.state)
        keep_foldable(network)

    def train_top(self, phase: Phase, setting: Setting, places: NDArray[np.int64]) -> None:
        """Train the last stage and the heads on kept outputs of the stages below, at full size."""
        network, views = self.network, self.views
        recipe = json.dumps([self.material.key, asdict(setting), self.options.seed])
        pairs = KeptPairs(self.folder / "pairs", len(places), recipe, network.backbone)
        pairs.fill(network.backbone, views.loader(places, setting))

        def load(rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
            draw = np.random.default_rng([self.options.seed, 8, epoch, int(rows[0])])
            return pairs.batch(rows, draw)

        def loss_of(
            rows: NDArray[np.int64], maps: Tensor, averages: Tensor, recoloured: Tensor
        ) -> Tensor:
            early, bins = averages.split([EARLY_CHANNELS, PIXEL_BINS], dim=1)
            answers = network.top(maps, early, bins)
            return views.loss_of_answers(places[rows], answers, recoloured, setting.contrast)

        for parameter in network.top.parameters():
            parameter.requires_grad_(True)
        fresh = [
            *(p for head in network.top.heads() for p in head.parameters()),
            *network.top.words(),
        ]
        apart = {id(parameter) for parameter in fresh}
        groups = [[p for p in network.top.parameters() if id(p) not in apart], fresh]
        feed = Feed(len(places), load)
        recipe = json.dumps([recipe, asdict(phase)])
        training = Training(
            phase, network.top, groups, feed, self.folder, recipe, self.options.seed
        )
        checker = Checker(self.material, self.targets, self.options.seed)

        def checked(epoch: int, loss: float) -> None:
            shown = self._empty()
            shown.backbone.load_state_dict(network.backbone.state_dict())
            shown.top.load_state_dict(training.average.state)
            shown.to(self.device, memory_format=torch.channels_last)
            figures = checker.on_pictures(shown, self.pictures, self.device)
            note_epoch(self.folder, phase, epoch, loss, training.seconds, figures)

        network.top.train()
        training.run(loss_of, checked)
        network.top.load_state_dict(training.average.state)
        keep_foldable(network)

    def blend(self, share: float) -> None:
        """Go only ``share`` of the way from the first phase's weights to the present ones.

        Weights before and after a tuning average well (Wortsman et al., "Robust fine-tuning of
        zero-shot models", 2022): the one know the full size, the other the changed views.
        """
        state = self.network.state_dict()
        blended = {
            key: torch.lerp(self._start[key].to(value.device), value, share)
            if value.is_floating_point()
            else value
            for key, value in state.items()
        }
        self.network.load_state_dict(blended)

    def full_size(self) -> NDArray[np.int64]:
        """Return the training photos that are not small copies; ordinary ones as often as set."""
        large = self.material.photos[0].source
        chosen = [
            place
            for place in self.views.places
            if self.material.photos[place].kind == "ordinary"
            or self.material.photos[place].source is large
        ]
        return np.array(chosen, dtype=np.int64)

    def with_small(self, photos: int) -> NDArray[np.int64]:
        """Return the training photos of full size, and so many of the small ones."""
        small = np.setdiff1d(self.views.places, self.full_size())
        draw = np.random.default_rng([self.options.seed, 9])
        return np.concatenate([self.full_size(), np.sort(draw.permutation(small)[:photos])])

    def _groups(self) -> list[list[torch.nn.Parameter]]:
        """Return what learns at each rate: pretrained stages, new layers, the pixels' colours."""
        network = self.network
        pixels = [*network.backbone.pixels.parameters(), *network.top.colour_of_bins.parameters()]
        apart = {id(parameter) for parameter in pixels}
        backbone, top = (
            [p for p in module.parameters() if p.requires_grad and id(p) not in apart]
            for module in (network.backbone, network.top)
        )
        return [backbone, top, pixels]

    def check(self, name: str) -> None:
        """Note the figures of the network as it is."""
        figures = Checker(self.material, self.targets, self.options.seed).on_pictures(
            self.network, self.pictures, self.device
        )
        write_line(self.folder, {"checked": name, **figures})

    def save(self, name: str) -> None:
        """Write the weights; ``settle_model.py`` chooses the parts' weights and bounds later."""
        facts = {
            "settled": UNSETTLED,
            "vocabularies": self.words,
            "style": self.network.top.style.out_features,
            "colour": self.network.top.colour.out_features,
            "scale": self.network.top.scale,
            "seed": self.options.seed,
            "training_photos": self.material.training,
            "torch": torch.__version__,
        }
        checkpoint.save(self.folder / name, self.network.state_dict(), facts)
