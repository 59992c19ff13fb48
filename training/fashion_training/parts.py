"""The parts of the embedding as linear layers on averages, in plain NumPy.

What a head reads of a view are 4,000 averages over its cells: of the activations after the stem (64),
entering stages 2 (256), 3 (512) and 4 (1,024), of the last map (2,048), and of the pixels' bins (96).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FEATURES = 64 + 256 + 512 + 1024 + 2048 + 96
#: Which of the 4,000 averages each part reads: those of the last map, all, all but the pixels' bins.
READS: Mapping[str, tuple[int, int]] = {
    "cut": (1856, 3904),
    "colour": (0, FEATURES),
    "pattern": (0, 3904),
}
SIZES: Mapping[str, int] = {"cut": 256, "colour": 96, "pattern": 48}
#: Which part names which words.
NAMED_BY: Mapping[str, str] = {
    "type": "cut",
    "gender": "cut",
    "colour_name": "colour",
    "pattern": "pattern",
}


def from_two_parts(state: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Return plain heads and words for what a model of two parts knows: cut is its ``style``."""
    cut = np.zeros((len(state["top.style.bias"]), FEATURES), dtype=np.float32)
    cut[:, slice(*READS["cut"])] = state["top.style.weight"]
    colour = [state["top.colour.weight"], state["top.colour_of_bins.weight"]]
    return {
        "parts.cut.weight": cut,
        "parts.cut.bias": state["top.style.bias"],
        "parts.colour.weight": np.hstack(colour),
        "parts.colour.bias": state["top.colour.bias"],
        "words.type": state["top.type_words"],
        "words.gender": state["top.gender_words"],
        "words.colour_name": state["top.colour_words"],
    }


def parts_by(
    arrays: Mapping[str, NDArray[np.float32]], averages: NDArray[np.floating]
) -> dict[str, NDArray[np.float32]]:
    """Return the unit parts of N views by plain heads, from averages [N, 4000]."""
    seen = np.asarray(averages, dtype=np.float32)
    parts = {}
    for name in SIZES:
        made = seen @ arrays[f"parts.{name}.weight"].T + arrays[f"parts.{name}.bias"]
        parts[name] = made / np.linalg.norm(made, axis=1, keepdims=True)
    return parts


def evened(
    arrays: Mapping[str, NDArray[np.float32]],
    averages: NDArray[np.floating],
    powers: Mapping[str, float],
) -> dict[str, NDArray[np.float32]]:
    """Even out how each part varies over some views, without labels.

    The part loses its mean and is multiplied by its covariance to the power of -p, ``powers`` by
    name; both go into the linear layer, before the part is brought to unit length. The words'
    directions stay as they are: refit them.
    """
    changed = dict(arrays)
    seen = np.asarray(averages, dtype=np.float32)
    for name, power in powers.items():
        weight, bias = arrays[f"parts.{name}.weight"], arrays[f"parts.{name}.bias"]
        made = (seen @ weight.T + bias).astype(np.float64)
        middle = made.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(made, rowvar=False))
        values = np.maximum(values, 1e-4 * values.max())
        evening = (vectors * values**-power) @ vectors.T
        changed[f"parts.{name}.weight"] = (evening @ weight).astype(np.float32)
        changed[f"parts.{name}.bias"] = (evening @ (bias - middle)).astype(np.float32)
    return changed


def joined_parts(
    parts: Mapping[str, NDArray[np.float32]], weights: Mapping[str, float]
) -> NDArray[np.float32]:
    """Put unit parts side by side, scaled so that the inner product is their weighted mean."""
    columns: Sequence[NDArray[np.float32]] = [
        parts[name] * np.float32(weight**0.5) for name, weight in weights.items()
    ]
    return np.concatenate(columns, axis=1)
