"""One training run that goes on from an exported model."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from fashion_training import checkpoint
from fashion_training.checking import Checker
from fashion_training.colour_targets import soft_colours
from fashion_training.early_layers import EarlyLayers
from fashion_training.exported import read_exported
from fashion_training.heads import train_heads
from fashion_training.journal import device_at_hand, note_epoch, write_line
from fashion_training.kept_views import KeptViews, ViewMaker, plan_views
from fashion_training.material import gather, targets_of
from fashion_training.network import Embedder, Top, widen_words
from fashion_training.optimise import Phase, Training
from fashion_training.photos import PhotoSet
from fashion_training.prepared import Progress, groups_of, prepare_pictures
from fashion_training.top import (
    Bytes,
    Shares,
    TopTraining,
    ViewLoss,
    freeze_statistics,
    load_rows,
    rescale,
    standardise,
)

#: What stands in a checkpoint until the exported model's own answers have settled it.
UNSETTLED = {
    "weights": {"style": 0.5, "colour": 0.5},
    "temperatures": {"type": 1.0, "colour_name": 1.0, "gender": 1.0},
    "closeness": {"same_piece": 0.95, "very_similar": 0.85, "similar": 0.7},
}
#: How much of the last stage's result goes into the model; the rest is what it began from.
LEARNT_SHARE = 0.65
#: The file with what the last stage's training led to, before it is mixed with anything.
LEARNT = "learnt.safetensors"
#: Views whose averages set the scale of what the colour head reads.
STANDARD_VIEWS = 512


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which photos and which kept views a run is about."""
    parser.add_argument("--start", type=Path, required=True, help="a fashion model (onnx)")
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, required=True, help="ordinary photos (zip)")
    parser.add_argument("--small", type=Path, required=True, help="small catalogue photos (zip)")
    parser.add_argument("--work-dir", type=Path, required=True, help="caches and checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--small-photos", type=int, default=30000, help="of --small, that have no large version"
    )
    parser.add_argument(
        "--changed-views", type=int, default=3, help="how many changed views of each large photo"
    )
    parser.add_argument("--threads", type=int, default=2)


class Continued:
    """Photos, kept views and the network of one run."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Open everything; raises OSError, KeyError and ValueError when something is missing."""
        self.options = options
        self.folder: Path = options.work_dir
        self.device = device_at_hand()
        exported = read_exported(options.start)
        self.layers = EarlyLayers(options.start, options.threads)
        self.steps = Bytes(self.layers.early_steps, float(self.layers.entering_step))
        self.material = gather(
            options.large, options.ordinary, options.small, sys.maxsize, options.seed
        )
        self.targets = targets_of(self.material.photos, self.material.vocabularies)
        self.words = self.material.vocabularies.as_dict()
        torch.manual_seed(options.seed + 1)
        self.network = Embedder({key: len(value) for key, value in self.words.items()})
        start = {key: torch.from_numpy(np.array(value)) for key, value in exported.state.items()}
        former = exported.document["vocabularies"]
        self.network.load_state_dict(
            widen_words(start, self.network.state_dict(), former, self.words)
        )
        if options.weights is not None:
            weights, _ = checkpoint.load(options.weights)
            self.network.load_state_dict(weights)
        self.network.to(self.device, memory_format=torch.channels_last)

    def keep_views(self) -> None:
        """Prepare the photos, and run their views through the early layers; what is missing of it."""
        photos = self.material.photos
        progress = Progress(self.folder / "progress.json", self.material.key)
        with tqdm(total=len(photos), desc="photos", unit="photo", mininterval=5) as bar:
            self.pictures = prepare_pictures(photos, self.folder, progress, bar.update)
        options = self.options
        plan = plan_views(self.material, options.small_photos, options.changed_views, options.seed)
        self.views = KeptViews(self.folder / "views", plan, self.material.key)
        small = PhotoSet(self.options.small)
        maker = ViewMaker(self.material, self.pictures, small, self.options.seed)
        self.views.fill(self.layers, maker)

    def former(self, path: Path) -> Top:
        """Read the top of another run's result; raises OSError, and RuntimeError when none fits."""
        weights, _ = checkpoint.load(path)
        top = self._empty_top()
        prefix = "top."
        top.load_state_dict(
            {key.removeprefix(prefix): v for key, v in weights.items() if key.startswith(prefix)}
        )
        return top.to(self.device)

    def train(
        self,
        phase: Phase,
        heads: Phase,
        shares: Shares,
        until: int | None = None,
        learnt_share: float = LEARNT_SHARE,
        formers: Sequence[tuple[Top, float]] = (),
        order_seed: int | None = None,
    ) -> None:
        """Train the top, mix it, and train its heads alone where ``heads`` has any epochs.

        ``learnt_share`` of what comes out is what was learnt, each of the ``formers`` has the share
        that stands beside it, and the rest is what the top began from. All that training draws, the
        photos' order first of all, it draws by ``order_seed``; None is the run's own seed, by which
        the views were made. The figures before and after every epoch are noted; what was learnt is
        also saved unmixed, as LEARNT.
        """
        top, material, targets = self.network.top, self.material, self.targets
        groups = groups_of(self.pictures)
        checker = Checker(material, targets, self.views, self.steps, groups)
        write_line(self.folder, {"checked": "start", **checker.figures(top)})
        draw = np.random.default_rng([self.options.seed, 15])
        rows = np.sort(draw.permutation(len(self.views.plan.photos))[:STANDARD_VIEWS])
        standardise(top, load_rows(self.views, self.steps, rows, np.zeros(len(rows), bool)))
        seed = self.options.seed if order_seed is None else order_seed
        asked = self.colours_asked()

        def fresh_loss() -> ViewLoss:
            return ViewLoss(targets, asked, groups, self.device, top.scale, seed)

        training = TopTraining(top, material, self.views, self.steps, fresh_loss(), seed)
        begun_with = {key: value.clone() for key, value in top.state_dict().items()}

        def checked(epoch: int, loss: float, run: Training) -> None:
            shown = self._empty_top()
            shown.load_state_dict(run.average.state)
            figures = checker.figures(shown.to(self.device, memory_format=torch.channels_last))
            note_epoch(self.folder, phase, epoch, loss, run.seconds, figures)
            top.train()
            freeze_statistics(top)

        begun = None if self.options.weights is None else _hash_of(self.options.weights)
        settings = [asdict(phase), asdict(shares), len(training.shown), begun]
        settings += [] if order_seed is None else [order_seed]
        recipe = json.dumps([material.key, *settings])
        training.run(phase, shares, self.folder, recipe, checked, until)
        self.save(LEARNT, shares)
        parts = [(on_the_scale_of(top, former), share) for former, share in formers]
        top.load_state_dict(blended(begun_with, [*parts, (top.state_dict(), learnt_share)]))
        write_line(self.folder, {"checked": "blended", **checker.figures(top)})
        if not heads.epochs:
            return
        train_heads(
            top, material, self.views, self.steps, fresh_loss(), heads, shares, self.folder, seed
        )
        write_line(self.folder, {"checked": "heads", **checker.figures(top)})

    def colours_asked(self) -> NDArray[np.float32]:
        """Return the distribution of colour names asked for under each, from the training photos."""
        count = self.material.training
        return soft_colours(
            self.pictures[:count],
            self.targets.colour_name[:count],
            len(self.words["colour_name"]),
            self.options.seed,
        )

    def _empty_top(self) -> Top:
        top = self.network.top
        words = {key: len(value) for key, value in self.words.items()}
        return Top(top.style.out_features, top.colour.out_features, words, top.scale)

    def save(self, name: str, shares: Shares) -> Path:
        """Write the network into the working directory, with all that an export of it needs."""
        path = self.folder / name
        checkpoint.save(path, self.network.state_dict(), self._facts(json.dumps(asdict(shares))))
        return path

    def _facts(self, recipe: str) -> dict[str, Any]:
        return {
            "settled": UNSETTLED,
            "vocabularies": self.words,
            "style": self.network.top.style.out_features,
            "colour": self.network.top.colour.out_features,
            "scale": self.network.top.scale,
            "seed": self.options.seed,
            "shares": recipe,
            "training_photos": self.material.training,
            "torch": torch.__version__,
        }


def on_the_scale_of(top: Top, other: Top) -> dict[str, Tensor]:
    """Bring what the other's colour head reads to the scale of a top's; return the other's state."""
    norm = top.colour_norm
    rescale(other, norm.running_mean, torch.sqrt(norm.running_var + norm.eps))
    return other.state_dict()


def blended(
    begun_with: Mapping[str, Tensor], others: Sequence[tuple[Mapping[str, Tensor], float]]
) -> dict[str, Tensor]:
    """Mix the weights of states of one network, each of the others by its share.

    What is left over for a whole is of ``begun_with``; counts, which cannot be mixed, are those of
    the last one. Runs that saw the photos in other orders err in other places, and what the latest
    batches overdid is taken back (Wortsman et al., "Model soups" and "Robust fine-tuning of
    zero-shot models", 2022): photos are told apart nearly as well as before, and words are named
    nearly as well as after, rather than half of either.
    """
    left = 1 - sum(share for _, share in others)

    def mixed(key: str, value: Tensor) -> Tensor:
        if not value.is_floating_point():
            return others[-1][0][key].clone()
        return sum((share * other[key] for other, share in others), left * value)

    return {key: mixed(key, value) for key, value in begun_with.items()}


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
