"""Validation photos beside the photos they are compared with, from their parts' vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fashion_training.material import Material, Targets
from fashion_training.settling import (
    Compared,
    choose_closeness,
    choose_style_weight,
    fit_temperature,
    precisions,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which photos were looked at: places in the targets, and what each is, all [N]."""

    photos: NDArray[np.int64]
    validation: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]


def seen_of(material: Material, gallery: int | None = None, seed: int = 0) -> Seen:
    """Choose all validation photos and ``gallery`` large catalogue photos that train (None: all)."""
    places = np.arange(len(material.photos))
    ordinary = np.array([photo.kind == "ordinary" for photo in material.photos])
    validation = places >= material.training
    extra = np.flatnonzero(~validation & material.large)
    extra = np.random.default_rng(seed).permutation(extra)[:gallery]
    chosen = np.sort(np.concatenate([np.flatnonzero(validation), extra]))
    return Seen(chosen, validation[chosen], ordinary[chosen])


def compare(
    seen: Seen, targets: Targets, style: NDArray[np.float32], colour: NDArray[np.float32]
) -> Compared:
    """Set catalogue photos that validate against all catalogue photos seen.

    ``style`` and ``colour`` are unit vectors, one row per photo seen.
    """
    single = targets.single_type[seen.photos]
    colours = targets.colour_name[seen.photos]
    asked = np.flatnonzero(seen.validation & ~seen.ordinary)
    gallery = np.flatnonzero(~seen.ordinary)

    return Compared(
        style_asked=style[asked],
        style_gallery=style[gallery],
        colour_asked=colour[asked],
        colour_gallery=colour[gallery],
        type_asked=words_of(single[asked]),
        type_gallery=words_of(single[gallery]),
        colour_name_asked=words_of(colours[asked]),
        colour_name_gallery=words_of(colours[gallery]),
        same=asked[:, None] == gallery[None, :],
    )


def words_of(codes: NDArray[np.int64]) -> list[str]:
    """Return a label for each code; empty where it is -1, unknown."""
    return [str(code) if code >= 0 else "" for code in codes]


def settle(
    seen: Seen, targets: Targets, outcome: dict[str, NDArray[np.float32]]
) -> dict[str, object]:
    """Choose the parts' weights, the temperatures and the closeness bounds.

    ``outcome`` holds one row per photo seen: the unit parts ``style`` and ``colour``, and the tag
    scores ``type``, ``colour_name`` and ``gender``.
    """
    compared = compare(seen, targets, outcome["style"], outcome["colour"])
    style = choose_style_weight(compared)
    wanted = np.flatnonzero(seen.validation)
    photos = seen.photos[wanted]
    truths = {
        "type": targets.types[photos],
        "colour_name": _one_hot(targets.colour_name[photos], outcome["colour_name"].shape[1]),
        "gender": _one_hot(targets.gender[photos], outcome["gender"].shape[1]),
    }
    return {
        "weights": {"style": style, "colour": round(1 - style, 3)},
        "temperatures": {
            name: fit_temperature(outcome[name][wanted], truth) for name, truth in truths.items()
        },
        "closeness": choose_closeness(compared, style),
        "validation": {
            "photos": len(compared.type_asked),
            "gallery": len(compared.type_gallery),
            **{name: round(value, 4) for name, value in precisions(compared, style).items()},
        },
    }


def _one_hot(codes: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Return bool [N, width]; a negative code gives a row without any true entry."""
    return codes[:, None] == np.arange(width)[None, :]
