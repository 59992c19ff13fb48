r"""Train the fashion embedding: ResNet50 v2 with a new last stage and two linear heads.

    python scripts/train_embedder.py --large ZIP --ordinary ZIP --small ZIP --weights NPZ \
        --work-dir DIR

The same command goes on where a killed run stopped. ``DIR/model.safetensors`` is the result, for
``export_onnx.py``; ``DIR/figures.jsonl`` holds the figures of every epoch. Everything needs about
7 GB in the working directory.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from fashion_training import checkpoint
from fashion_training.augment import view_of
from fashion_training.checking import Checker
from fashion_training.feature_cache import (
    FeatureCache,
    Progress,
    prepare_pictures,
    to_tensor,
)
from fashion_training.material import Material, Targets, gather, targets_of
from fashion_training.network import Embedder, Top, load_imagenet_stages
from fashion_training.optimise import Feed, Phase, Training, blended, keep_foldable

HEADS = Phase("heads", epochs=4, batch=64, rates=(1.5e-3,), warm_up=100, average=0.99)
WHOLE = Phase("whole", epochs=1, batch=32, rates=(4e-5, 1.5e-4), warm_up=30, average=0.985)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, help="ordinary photos (zip)")
    parser.add_argument("--small", type=Path, help="small catalogue photos (zip)")
    parser.add_argument("--weights", type=Path, required=True, help="ImageNet stages 1-3 (npz)")
    parser.add_argument("--work-dir", type=Path, required=True, help="caches and checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--small-photos", type=int, default=4000, help="drawn from --small")
    parser.add_argument("--ordinary-views", type=int, default=2, help="cached per ordinary photo")
    parser.add_argument("--epochs", type=int, default=HEADS.epochs, help="of the new layers")
    parser.add_argument("--passes", type=int, default=WHOLE.epochs, help="of the whole network")
    parser.add_argument("--whole-steps", type=int, help="end those passes after so many batches")
    parser.add_argument("--blend", type=float, default=1.0, help="share of those passes' change")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


class Run:
    """One training run: its settings, photos and files."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder: Path = options.work_dir
        self.folder.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
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

    def training(
        self, phase: Phase, module: nn.Module, groups: list[list[nn.Parameter]], feed: Feed
    ) -> Training:
        """Set a phase up, resumed from its checkpoint when there is one."""
        recipe = self.recipe + json.dumps(asdict(phase))
        seed = self.options.seed
        return Training(phase, module, groups, feed, self.targets, self.folder, recipe, seed)

    def note(self, facts: dict[str, Any]) -> None:
        """Append one line of figures to the log and print it."""
        line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%S"), **facts})
        print(line, flush=True)
        with (self.folder / "figures.jsonl").open("a") as file:
            file.write(line + "\n")

    def train_heads(self, phase: Phase) -> dict[str, Tensor]:
        """Train stage 4 and the heads on cached maps; return the averaged weights."""
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
        feed = Feed(len(training_rows), self.views[training_rows, 0], load)
        training = self.training(phase, top, [list(top.parameters())], feed)
        checker = Checker(self.material, self.targets, self.views, self.options.seed)

        def checked(epoch: int, loss: float) -> None:
            shown = Top(top.style.out_features, top.colour.out_features, self._words(), top.scale)
            shown.load_state_dict(training.average.state)
            figures = checker.on_cache(shown.to(self.device), self.cache, self.device)
            self.note(
                {
                    "phase": phase.name,
                    "epoch": epoch,
                    "loss": round(loss, 4),
                    "seconds": round(training.seconds),
                    **figures,
                }
            )

        top.train()
        training.run(top, checked)
        return training.average.state

    def _words(self) -> dict[str, int]:
        return {key: len(value) for key, value in self.material.vocabularies.as_dict().items()}

    def _early_statistics(self, top: Top) -> tuple[Tensor, Tensor]:
        """Start the colour head's standardisation from the early averages' real statistics."""
        early = np.asarray(self.cache.early[: self.material.training])
        mean, variance = torch.zeros(top.colour.in_features), torch.ones(top.colour.in_features)
        mean[: early.shape[1]] = torch.from_numpy(early.mean(axis=0))
        variance[: early.shape[1]] = torch.from_numpy(early.var(axis=0))
        return mean.to(self.device), variance.to(self.device)

    def train_whole(self, phase: Phase) -> dict[str, Tensor]:
        """Train every layer on changed views of the photos; return the averaged weights.

        Batch norms keep the statistics of the first phase; their scale and shift are trained.
        """
        chosen = np.flatnonzero(
            [photo.source.path != self.options.small for photo in self.material.photos]
        )
        chosen = chosen[chosen < self.material.training]

        def load(rows: NDArray[np.int64], epoch: int) -> tuple[Tensor, ...]:
            views = []
            for place in chosen[rows]:
                draw = np.random.default_rng([self.options.seed, 2, epoch, int(place)])
                ordinary = self.material.photos[place].kind == "ordinary"
                views.append(view_of(self.pictures[place], draw, ordinary=ordinary))
            return (to_tensor(np.stack(views), torch.device("cpu")),)

        network = self.network
        groups = [list(network.backbone.parameters()), list(network.top.parameters())]
        training = self.training(phase, network, groups, Feed(len(chosen), chosen, load))
        checker = Checker(self.material, self.targets, self.views, self.options.seed)

        def checked(epoch: int, loss: float) -> None:
            shown = Embedder(self._words())
            shown.load_state_dict(training.average.state)
            shown.to(self.device, memory_format=torch.channels_last)
            figures = checker.on_pictures(shown, self.pictures, self.device)
            self.note(
                {
                    "phase": phase.name,
                    "epoch": epoch,
                    "loss": round(loss, 4),
                    "seconds": round(training.seconds),
                    **figures,
                }
            )

        network.eval()
        training.run(network, checked, self.options.whole_steps)
        return training.average.state

    def save(self, name: str) -> None:
        """Choose what is chosen on validation photos; write it with the network's weights."""
        checker = Checker(self.material, self.targets, self.views, self.options.seed, gallery=None)
        settled = checker.settle(self.network, self.pictures, self.device)
        self.note({"settled": name, **settled})
        facts = {
            "settled": settled,
            "vocabularies": self.material.vocabularies.as_dict(),
            "style": self.network.top.style.out_features,
            "colour": self.network.top.colour.out_features,
            "scale": self.network.top.scale,
            "seed": self.options.seed,
            "training_photos": self.material.training,
            "torch": torch.__version__,
        }
        checkpoint.save(self.folder / name, self.network.state_dict(), facts)


def keep_freed_memory() -> None:
    """Ask the C library (glibc) to reuse big buffers rather than to return them after each layer.

    Fetching fresh pages for every activation took more time than the arithmetic: measured on two
    cores, stages 1 to 3 ran at 14 photos/s before and at 36 after. Does nothing elsewhere.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        trim_threshold, top_pad, mmap_max = -1, -2, -4  # the parameters' numbers in malloc.h
        mallopt(mmap_max, 0)
        mallopt(trim_threshold, -1)
        mallopt(top_pad, 256 << 20)


def main() -> int:
    """Run both phases; return the exit status."""
    options = arguments()
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    try:
        run = Run(options)
    except (FileNotFoundError, KeyError, ValueError) as error:
        print(f"Cannot start training: {error}", file=sys.stderr)
        return 1
    run.fill_caches()
    heads = Phase(**{**asdict(HEADS), "epochs": options.epochs})
    state = run.train_heads(heads)
    run.network.top.load_state_dict(state)
    if options.passes:
        whole = Phase(**{**asdict(WHOLE), "epochs": options.passes})
        start = {key: value.clone() for key, value in run.network.state_dict().items()}
        state = run.train_whole(whole)
        run.network.load_state_dict(blended(start, state, options.blend))
    keep_foldable(run.network)
    run.save("model.safetensors")
    print(f"{run.folder / 'model.safetensors'} is complete")
    return 0


if __name__ == "__main__":
    sys.exit(main())
