r"""Train the fashion embedding: ResNet50 v2 with a new last stage and two linear heads.

    python scripts/train_embedder.py --large ZIP --ordinary ZIP --small ZIP --weights NPZ \
        --work-dir DIR

Five phases: the new layers, on cached outputs of the pretrained stages; then the later half of the
network, on two small views of every photo; then every layer, at full size; then the last stage and
the heads for longer, on kept outputs of the stages below; then every layer once more, gently. The
same command goes on where a killed run stopped. ``DIR/model.safetensors`` is the result, for
``export_onnx.py`` and then ``settle_model.py``; ``DIR/figures.jsonl`` holds the figures of every
epoch. Everything needs about 25 GB in the working directory.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
from dataclasses import replace
from pathlib import Path

import torch

from fashion_training.heads import Heads
from fashion_training.optimise import Phase
from fashion_training.two_views import Setting
from fashion_training.whole import EARLY_LAYERS, Whole

HEADS = Phase("heads", epochs=4, batch=64, rates=(1.5e-3,), warm_up=100, average=0.99)
WIDE = Phase("wide", epochs=2, batch=48, rates=(2.5e-4, 6e-4, 3e-3), warm_up=80, average=0.99)
FINE = Phase("fine", epochs=1, batch=16, rates=(8e-5, 2.5e-4, 1e-3), warm_up=15, average=0.975)
TOP = Phase("top", epochs=3, batch=32, rates=(5e-4, 1e-3), warm_up=40, average=0.99)
FINISH = Phase("finish", epochs=1, batch=16, rates=(5e-5, 1.2e-4, 3e-4), warm_up=25, average=0.985)
SMALL_VIEWS = Setting(size=128, strength=1.0, contrast=0.5)
FULL_VIEWS = Setting(size=224, strength=0.7, contrast=0.5)
LAST_VIEWS = Setting(size=224, strength=0.7, contrast=0.2)
#: How far the second phase's change is followed.
WIDE_SHARE = 0.5


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, help="ordinary photos (zip)")
    parser.add_argument("--small", type=Path, help="small catalogue photos (zip)")
    parser.add_argument("--weights", type=Path, required=True, help="ImageNet stages 1-3 (npz)")
    parser.add_argument("--work-dir", type=Path, required=True, help="caches and checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--small-photos", type=int, default=4000, help="of --small, in phase 1")
    parser.add_argument("--ordinary-views", type=int, default=2, help="of each, per epoch")
    parser.add_argument("--epochs", type=int, default=HEADS.epochs, help="of the new layers")
    parser.add_argument("--wide-epochs", type=int, default=WIDE.epochs, help="at the small size")
    parser.add_argument("--wide-steps", type=int, default=1280, help="of those epochs' batches")
    parser.add_argument("--fine-steps", type=int, default=200, help="batches at the full size")
    parser.add_argument(
        "--top-small-photos", type=int, default=5000, help="of --small, for the top"
    )
    parser.add_argument("--finish-steps", type=int, default=550, help="batches of all layers, last")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


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
    """Run the phases; return the exit status."""
    options = arguments()
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    options.work_dir.mkdir(parents=True, exist_ok=True)
    try:
        heads = Heads(options)
    except (FileNotFoundError, KeyError, ValueError) as error:
        print(f"Cannot start training: {error}", file=sys.stderr)
        return 1
    heads.fill_caches()
    heads.train(replace(HEADS, epochs=options.epochs))
    whole = Whole(options, heads)
    wide = replace(WIDE, epochs=options.wide_epochs)
    whole.train(wide, SMALL_VIEWS, whole.views.places, EARLY_LAYERS, options.wide_steps)
    whole.check("second phase, as it is")
    whole.blend(WIDE_SHARE)
    whole.check("second phase, blended with the first")
    whole.train(FINE, FULL_VIEWS, whole.full_size(), (), options.fine_steps)
    whole.train_top(TOP, LAST_VIEWS, whole.with_small(options.top_small_photos))
    whole.save("top.safetensors")
    whole.train(FINISH, LAST_VIEWS, whole.full_size(), (), options.finish_steps)
    whole.save("model.safetensors")
    print(f"{options.work_dir / 'model.safetensors'} is complete")
    return 0


if __name__ == "__main__":
    sys.exit(main())
