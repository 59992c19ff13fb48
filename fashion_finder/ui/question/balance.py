"""The weights of a model's parts along one scale from "same cut" to "same colour"."""

from __future__ import annotations

from collections.abc import Sequence

from fashion_finder.domain import Part, colour_part

STEPS = 100
"""Positions to either side of the middle, which is the model's own balance."""

EDGE = 0.02
"""Share of the weight that an end leaves to the other side, to decide between equals."""

Weights = tuple[tuple[str, float], ...]
"""Weights of parts by name, summing to 1; () for the model's own."""


def weights_at(position: int, parts: Sequence[Part]) -> Weights:
    """The weights for a position between -STEPS (cut) and STEPS (colour).

    To either side the colour's weight changes linearly; the other parts share the rest in their
    usual proportions.
    """
    colour = colour_part(parts)
    if colour is None or position == 0:
        return ()
    end = EDGE if position < 0 else 1 - EDGE
    wanted = colour.weight + (end - colour.weight) * abs(position) / STEPS
    rest = (1 - wanted) / (1 - colour.weight)
    return tuple((part.name, wanted if part is colour else part.weight * rest) for part in parts)


def position_of(weights: Weights, parts: Sequence[Part]) -> int:
    """The inverse of `weights_at`."""
    colour = colour_part(parts)
    by_name = dict(weights)
    if colour is None or colour.name not in by_name:
        return 0
    moved = by_name[colour.name] - colour.weight
    side = -1 if moved < 0 else 1
    end = EDGE if moved < 0 else 1 - EDGE
    return side * round(STEPS * moved / (end - colour.weight))
