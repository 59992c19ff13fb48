r"""Train the fashion embedding further: ResNet50 v2 with a gate and two linear heads.

    python training/train_embedder.py --start MODEL.onnx --large ZIP --ordinary ZIP --small ZIP \
        --work-dir DIR

``MODEL.onnx`` is a fashion model of this project; training goes on from what it can. Its stem and
stages 1 to 3 stay as they are. What they make of several views of every photo is kept on disk, and
the last stage, the gate and the heads learn from that: the words of each view, that neighbours
match, and that a changed view finds its own photo. The result is mixed with what it began from and
with the results of other runs.
With ``--head-epochs`` the heads alone go on learning after that, from the averages that they read.
The same command goes on where a killed run stopped. ``DIR/model.safetensors`` is the result, for
``export_onnx.py`` and then ``settle_model.py``; ``DIR/figures.jsonl`` holds the figures of every
epoch. Everything needs about 45 GB in the working directory.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from fashion_training.continuing import LEARNT_SHARE, Continued, add_run_arguments
from fashion_training.memory import keep_freed_memory
from fashion_training.optimise import AnotherRecipeError, Phase
from fashion_training.top import Shares

TOP = Phase("top", epochs=4, batch=64, rates=(4e-4, 1.5e-3, 3e-3), warm_up=60, average=0.99)
HEADS = Phase(
    "heads", epochs=0, batch=512, rates=(3e-3,), warm_up=30, average=0.98, weight_decay=0.3
)

#: By how much a sum of shares can miss 1.
ROUNDING = 1e-6


def share(given: str) -> float:
    """Read a share; raises ArgumentTypeError when it is none."""
    try:
        value = float(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{given} is no number") from error
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{given} is not between 0 and 1")
    return value


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_run_arguments(parser)
    parser.add_argument(
        "--weights",
        type=Path,
        help="the result of a former run with the same --start: go on from it",
    )
    parser.add_argument(
        "--learnt-share",
        type=share,
        default=LEARNT_SHARE,
        help="the share of what it learns here in the result; the rest is what it began from",
    )
    parser.add_argument(
        "--mix-with",
        nargs=2,
        action="append",
        default=[],
        metavar=("RESULT", "SHARE"),
        help="a former run's result, and its share; can be given several times",
    )
    parser.add_argument(
        "--order-seed", type=int, help="draws the photos' order; without it, --seed does"
    )
    parser.add_argument("--epochs", type=int, default=TOP.epochs)
    parser.add_argument("--steps", type=int, help="end after so many batches")
    parser.add_argument(
        "--head-epochs", type=int, default=HEADS.epochs, help="of the heads alone, at the end"
    )
    parser.add_argument(
        "--shares", type=float, nargs=4, metavar=("WORDS", "APART", "NEARBY", "GATHERED")
    )
    options = parser.parse_args(given)
    try:
        options.mix_with = [(Path(result), share(part)) for result, part in options.mix_with]
    except argparse.ArgumentTypeError as error:
        parser.error(f"argument --mix-with: {error}")
    parts = [options.learnt_share, *(part for _, part in options.mix_with)]
    if sum(parts) > 1 + ROUNDING:
        shown = " + ".join(f"{part:g}" for part in parts)
        parser.error(f"--learnt-share and the shares of --mix-with, {shown}, are more than 1")
    return options


def main(given: Sequence[str] | None = None) -> int:
    """Train; return the exit status."""
    options = arguments(given)
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    options.work_dir.mkdir(parents=True, exist_ok=True)
    shares = Shares(*options.shares) if options.shares else Shares()
    try:
        run = Continued(options)
        formers = [(run.former(result), part) for result, part in options.mix_with]
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        print(f"Cannot start training: {error}", file=sys.stderr)
        return 1
    run.keep_views()
    heads = replace(HEADS, epochs=options.head_epochs)
    top = replace(TOP, epochs=options.epochs)
    learnt, order = options.learnt_share, options.order_seed
    try:
        run.train(top, heads, shares, options.steps, learnt, formers, order)
    except AnotherRecipeError as error:
        print(f"Cannot go on: {error}", file=sys.stderr)
        return 1
    print(f"{run.save('model.safetensors', shares)} is complete")
    return 0


if __name__ == "__main__":
    sys.exit(main())
