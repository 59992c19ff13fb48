r"""Compare losses: the heads learn under each for a while, and photos that never train are asked.

    python training/compare_losses.py --start MODEL.onnx --weights DIR/model.safetensors \
        --large ZIP --ordinary ZIP --small ZIP --work-dir DIR

The options are those of the ``train_embedder.py`` run whose result is begun from, and its working
directory: its kept views are used. Only the heads learn, from the averages that they read, so that
every way takes a minute or two. Ways differ in shares, temperature and weight decay alone; their
batches are the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from fashion_training.continuing import Continued, add_run_arguments
from fashion_training.heads import heads_of, kept_averages, teach_heads
from fashion_training.held_out import HeldOut, averages_of_photos, small_only
from fashion_training.memory import keep_freed_memory
from fashion_training.optimise import Phase
from fashion_training.prepared import groups_of
from fashion_training.top import Shares, ViewLoss

PHASE = Phase(
    "tried", epochs=3, batch=512, rates=(2e-3,), warm_up=20, average=0.97, weight_decay=0.3
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of learning."""

    name: str
    shares: Shares
    temperature: float = 0.06
    weight_decay: float = PHASE.weight_decay


WAYS = (
    Way("as for version 0.4.0", Shares(1, 0.6, 1, 0), 0.04),
    Way("photos told apart less: 0.2", Shares(1, 0.2, 1, 0), 0.04),
    Way("not told apart", Shares(1, 0, 1, 0), 0.04),
    Way("0.2, words 0.2", Shares(0.2, 0.2, 1, 0), 0.04),
    Way("0.2, neighbours 2", Shares(1, 0.2, 2, 0), 0.04),
    Way("0.2, weight decay 0.03", Shares(1, 0.2, 1, 0), 0.04, 0.03),
    Way("0.2, temperature 0.025", Shares(1, 0.2, 1, 0), 0.025),
    Way("0.2, temperature 0.06", Shares(1, 0.2, 1, 0)),
    Way("0.2, temperature 0.06, gathered 3", Shares(1, 0.2, 1, 3)),
    Way("0.2, temperature 0.06, gathered 10", Shares(1, 0.2, 1, 10)),
    Way("0.6, temperature 0.06, gathered 10", Shares(1, 0.6, 1, 10)),
)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_run_arguments(parser)
    parser.add_argument("--weights", type=Path, required=True, help="a result: begin from it")
    parser.add_argument("--steps", type=int, default=200, help="batches of 512 under each way")
    return parser.parse_args()


def main() -> int:
    """Print one row per way, first as begun; return the exit status."""
    options = arguments()
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    try:
        run = Continued(options)
        others = small_only(options.large, options.small)
    except (OSError, KeyError, ValueError) as error:
        print(f"Cannot compare: {error}", file=sys.stderr)
        return 1
    run.keep_views()
    top, views = run.network.top, run.views
    path = options.work_dir / "averages.safetensors"
    averages = kept_averages(top, views, run.steps, path)
    theirs = averages_of_photos(others, run.layers, top, run.steps)
    groups = groups_of(run.pictures)
    held_out = HeldOut(run.material, run.targets, views, averages, groups)
    asked = run.colours_asked()
    heads = heads_of(top, averages, options.seed)
    print("type / colour / both at 5; the last two: how often the own photo is found", flush=True)
    print_row("as begun", held_out.figures(heads, others, theirs))
    for way in WAYS:
        heads = heads_of(top, averages, options.seed)
        loss = ViewLoss(
            run.targets, asked, groups, run.device, top.scale, options.seed, way.temperature
        )
        phase = replace(PHASE, weight_decay=way.weight_decay)
        with tempfile.TemporaryDirectory() as folder:
            teach_heads(
                heads,
                averages,
                run.material,
                views,
                loss,
                phase,
                way.shares,
                Path(folder),
                options.seed,
                options.steps,
            )
        print_row(way.name, held_out.figures(heads, others, theirs))
    return 0


def print_row(name: str, figures: dict[str, tuple[float, ...]]) -> None:
    """Print what was found under one way."""
    cells = (
        f"{key} {' / '.join(f'{value:.3f}' for value in values)}" for key, values in figures.items()
    )
    print(f"{name:36}{'; '.join(cells)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
