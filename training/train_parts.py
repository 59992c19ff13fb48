r"""Learn the three parts, cut, colour and pattern, on an exported model's trunk as it is.

    python training/train_parts.py --start MODEL --large ZIP --small ZIP --ordinary ZIP \
        --ordinary-labels CSV --street ZIP --work-dir DIR [--views N] [--steps N] [--even-out P]
        [--seed N] [--threads N]

The gate is learnt from outlined garments, then what the heads read of every view is kept on disk, then
the heads learn. The result, ``parts.safetensors``, is what ``export_onnx.py --source fashion`` takes.
Killed, it goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from fashion_training import checkpoint
from fashion_training.exported import read_exported
from fashion_training.kept_averages import KeptAverages
from fashion_training.mask_gate import (
    Outlined,
    catalogue_outlines,
    learn_gate,
    openness_by,
    street_outlines,
    upper_half_overlap,
)
from fashion_training.part_heads import PartHeads, Scale
from fashion_training.part_targets import labels_of
from fashion_training.part_training import Recipe, Views, refit_words, train_parts
from fashion_training.parts import SIZES, evened, from_two_parts
from fashion_training.patterns import PATTERNS
from fashion_training.piece_views import PieceViewMaker, plan_piece_views
from fashion_training.pieces import Archives, Wardrobe
from fashion_training.trunk import Gate, Trunk

VERSION = "0.9.0"
GATE = "masks"
#: Catalogue photos that the gate learns from, beside all street photos.
OUTLINED_CATALOGUE = 700
#: Views that set the scale of the averages, and that the parts are evened out on.
SCALED_BY, EVENED_BY = 4096, 6000
#: Stand in a checkpoint until the exported model's own answers have settled them.
UNSETTLED = {
    "weights": {"cut": 0.4, "colour": 0.48, "pattern": 0.12},
    "temperatures": {"type": 1.0, "colour_name": 1.0, "gender": 1.0, "pattern": 1.0},
    "closeness": {"same_piece": 0.95, "very_similar": 0.85, "similar": 0.7},
}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--start", type=Path, required=True, help="a fashion model (onnx)")
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--small", type=Path, required=True, help="small catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, required=True, help="ordinary photos (zip)")
    parser.add_argument("--ordinary-labels", type=Path, required=True, help="their labels (csv)")
    parser.add_argument("--street", type=Path, required=True, help="outlined street photos (zip)")
    parser.add_argument("--work-dir", type=Path, required=True, help="caches and checkpoints")
    parser.add_argument("--small-photos", type=int, default=5000, help="of --small, shown alone")
    parser.add_argument("--views", type=int, help="so many at most, of those that are planned")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument(
        "--even-out",
        type=float,
        default=0.0,
        help="power of its covariance that each part is divided by: finds the very piece more often, "
        "and its kind less",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(given)


def gate_of(options: argparse.Namespace, wardrobe: Wardrobe) -> Gate:
    """Learn the gate, or read the one that a former attempt left."""
    path = options.work_dir / "gate.npz"
    if not path.exists():
        trunk = Trunk(options.start, options.threads, {})
        learnt = [
            street_outlines(trunk, wardrobe, wardrobe.street.on("train"), options.seed),
            catalogue_outlines(trunk, wardrobe, OUTLINED_CATALOGUE, options.seed),
        ]
        both = Outlined(
            np.concatenate([outlined.entering for outlined in learnt]),
            np.concatenate([outlined.shares for outlined in learnt]),
        )
        gate = learn_gate(trunk.entering_step, both, options.seed)
        kept = street_outlines(trunk, wardrobe, wardrobe.street.on("validation"), options.seed)
        openness = openness_by(gate, kept.entering, trunk.entering_step)
        overlap = upper_half_overlap(openness, kept.shares)
        print(f"gate: IoU of its upper half with the garments {overlap:.3f}")
        np.savez(path, weight=gate.weight, bias=np.float32(gate.bias))
    with np.load(path) as stored:
        return Gate(stored["weight"], float(stored["bias"]))


def train(options: argparse.Namespace) -> Path:
    """Run everything that a former attempt has not; returns the checkpoint's path."""
    torch.set_num_threads(options.threads)
    options.work_dir.mkdir(parents=True, exist_ok=True)
    exported = read_exported(options.start)
    wardrobe = Wardrobe(
        Archives(
            options.large,
            options.small,
            options.ordinary,
            options.ordinary_labels,
            options.street,
        )
    )
    gate = gate_of(options, wardrobe)
    plan = plan_piece_views(wardrobe, options.small_photos, options.seed)[: options.views]
    version = exported.document["version"]
    kept = KeptAverages(options.work_dir / "averages", plan, [GATE], 0, f"{version} {options.seed}")
    kept.fill(
        Trunk(options.start, options.threads, {GATE: gate}), PieceViewMaker(wardrobe, options.seed)
    )
    words = {**exported.document["vocabularies"], "pattern": list(PATTERNS)}
    learns = np.array([wardrobe.pieces[view.piece].side == "train" for view in plan])
    rows = np.flatnonzero(learns)
    draw = np.random.default_rng([options.seed, 43])
    averages = np.asarray(kept.averages[GATE][rows])
    scale = Scale.of(averages[draw.permutation(len(rows))[:SCALED_BY]])
    heads = PartHeads(scale, {name: len(listed) for name, listed in words.items()})
    views = Views(
        averages,
        np.array([plan[row].piece for row in rows]),
        np.asarray(kept.recoloured[rows]),
        np.asarray(kept.laid[rows]).astype(np.int64),
    )
    labels = labels_of(wardrobe.pieces, words)
    with tqdm(total=options.steps, desc="heads", mininterval=20) as bar:
        train_parts(
            heads,
            views,
            wardrobe.pieces,
            labels,
            Recipe(steps=options.steps),
            options.seed,
            lambda _, loss: bar.update() or bar.set_postfix(loss=f"{loss:.3f}"),
            from_two_parts(exported.state),
        )
    arrays = heads.plain()
    if options.even_out:
        sample = averages[draw.permutation(len(rows))[:EVENED_BY]]
        arrays = evened(arrays, sample, dict.fromkeys(SIZES, options.even_out))
        arrays = refit_words(arrays, views, labels, heads.temperature, options.seed)
    state: dict[str, Any] = {key: np.array(value) for key, value in exported.state.items()}
    state["top.gate.weight"] = gate.weight.reshape(1, -1, 1, 1)
    state["top.gate.bias"] = np.array([gate.bias], np.float32)
    tensors = {key: torch.from_numpy(value) for key, value in {**state, **arrays}.items()}
    facts = {
        "settled": UNSETTLED,
        "vocabularies": words,
        "parts": dict(SIZES),
        "version": VERSION,
        "scale": heads.temperature,
        "seed": options.seed,
        "training_photos": len({wardrobe.pieces[plan[row].piece].key for row in rows}),
        "torch": torch.__version__,
    }
    path: Path = options.work_dir / "parts.safetensors"
    checkpoint.save(path, tensors, facts)
    (options.work_dir / "facts.json").write_text(json.dumps(facts, indent=1))
    return path


def main(given: Sequence[str] | None = None) -> int:
    """Train; return the exit status."""
    try:
        print(f"wrote {train(arguments(given))}")
    except (OSError, KeyError, ValueError) as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
