r"""Settle a trained model on what its exported file answers: weights, temperatures, closeness bounds.

    python training/settle_model.py MODEL.onnx --checkpoint DIR/model.safetensors \
        --large ZIP --ordinary ZIP --small ZIP

``MODEL.onnx`` was exported from the checkpoint. Its answers on validation photos, against the large
catalogue photos that do not test, decide how much each part counts by default, how the tag scores
become probabilities, and from where a match is the "same piece", "very similar" or "similar". The
checkpoint is rewritten with these; export it again to put them into the file. Rounding to int8 moves
all of them a little, hence this order. It runs in the exporter's environment.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from fashion_training.comparing import seen_of, settle
from fashion_training.labels import Vocabularies
from fashion_training.material import gather, targets_of
from fashion_training.metadata import METADATA_KEY
from fashion_training.photos import Photo

#: Tag scores that are calibrated.
VOCABULARIES = ("type", "colour_name", "gender")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="the exported file")
    parser.add_argument("--checkpoint", type=Path, required=True, help="what it was exported from")
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, help="ordinary photos (zip)")
    parser.add_argument("--small", type=Path, help="small catalogue photos (zip)")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def answers_of(
    model: Path, photos: list[Photo], threads: int, batch: int = 4
) -> dict[str, NDArray[np.float32]]:
    """Run photos through an exported file; unit parts and tag scores by name, one row each."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    document = json.loads(session.get_modelmeta().custom_metadata_map[METADATA_KEY])
    wanted = ["embedding", *VOCABULARIES]
    rows: list[list[NDArray[np.float32]]] = []
    for start in range(0, len(photos), batch):
        pictures = [photo.source.picture(photo.stem) for photo in photos[start : start + batch]]
        rows.append(session.run(wanted, {"image": np.stack(pictures)}))
    joined = dict(
        zip(wanted, (np.concatenate(column) for column in zip(*rows, strict=True)), strict=True)
    )
    vectors = joined.pop("embedding")
    for part in document["parts"]:
        cut = vectors[:, part["start"] : part["stop"]]
        joined[part["name"]] = cut / np.linalg.norm(cut, axis=1, keepdims=True)
    return joined


def main() -> int:
    """Settle one checkpoint; return the exit status."""
    options = arguments()
    try:
        with safe_open(str(options.checkpoint), framework="np") as file:
            facts = json.loads(file.metadata()["facts"])
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        material = gather(options.large, options.ordinary, options.small, 0, facts["seed"])
    except (OSError, KeyError, ValueError) as error:
        print(f"Cannot settle: {error}", file=sys.stderr)
        return 1
    words = Vocabularies.from_dict(facts["vocabularies"])
    targets = targets_of(material.photos, words)
    seen = seen_of(material)
    photos = [material.photos[place] for place in seen.photos]
    settled = settle(seen, targets, answers_of(options.model, photos, options.threads))
    print(json.dumps(settled))
    facts["settled"] = settled
    fresh = options.checkpoint.with_suffix(".partial")
    save_file(tensors, str(fresh), metadata={"facts": json.dumps(facts)})
    fresh.replace(options.checkpoint)
    return 0


if __name__ == "__main__":
    sys.exit(main())
