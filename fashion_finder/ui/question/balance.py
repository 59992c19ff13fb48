"""How much each part of the embedding counts, as positions of sliders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fashion_finder.domain import COLOUR_PART, Part

TOP = 100
"""The highest position; 0 is the lowest."""

USUAL = 50
"""The position that stands for a part's own weight."""

LEAST = 0.5
"""What position 0 counts as: as good as nothing, but it decides between equals."""

Weights = tuple[tuple[str, float], ...]
"""Weights of parts by name, in proportion; () for the model's own."""

Positions = dict[str, int]

PRESETS: dict[str, Positions] = {
    "cut": {"cut": TOP, "style": TOP, COLOUR_PART: 0, "pattern": USUAL},
    COLOUR_PART: {"cut": 0, "style": 0, COLOUR_PART: TOP, "pattern": USUAL},
    "pattern": {"cut": USUAL // 2, COLOUR_PART: USUAL, "pattern": TOP},
}
"""By the part that is looked for; ``style`` is the cut of a model that knows no pattern."""


def can_balance(parts: Sequence[Part]) -> bool:
    """Whether there is anything to weigh against something else."""
    return len(parts) > 1


def weights_at(positions: Mapping[str, int], parts: Sequence[Part]) -> Weights:
    """The weights for these positions: four times a part's own weight at the top.

    The square makes both halves of a slider feel alike.
    """
    if all(positions[part.name] == USUAL for part in parts):
        return ()
    return tuple(
        (part.name, part.weight * (max(positions[part.name], LEAST) / USUAL) ** 2) for part in parts
    )


def positions_of(weights: Weights, parts: Sequence[Part]) -> Positions:
    """The inverse of `weights_at`, as near as positions come."""
    named = dict(weights)
    if not named:
        return {part.name: USUAL for part in parts}
    roots = {part.name: (named.get(part.name, 0.0) / part.weight) ** 0.5 for part in parts}
    return {
        name: 0 if USUAL * root <= LEAST else min(TOP, round(USUAL * root))
        for name, root in roots.items()
    }


def preset(name: str, parts: Sequence[Part]) -> Positions | None:
    """The positions of a preset for these parts; None when they lack what it is for."""
    chosen = PRESETS[name]
    if not can_balance(parts) or TOP not in (chosen.get(part.name) for part in parts):
        return None
    return {part.name: chosen.get(part.name, USUAL) for part in parts}
