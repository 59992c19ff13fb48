"""How a box on a picture moves and grows: plain numbers, in shares of the picture's sides."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from fashion_finder.domain import Region

WHOLE = Region(0.0, 0.0, 1.0, 1.0)

LEAST = 0.06
"""Shortest side of a box. Smaller ones hold nothing that the model could tell."""


class Grip(Enum):
    """What of a box is held: an edge or a corner as (-1, 0 or 1) across and down, or all of it."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    LEFT = (-1, 0)
    INSIDE = (0, 0)
    RIGHT = (1, 0)
    BOTTOM_LEFT = (-1, 1)
    BOTTOM = (0, 1)
    BOTTOM_RIGHT = (1, 1)


HANDLES = tuple(grip for grip in Grip if grip is not Grip.INSIDE)


def dragged(region: Region, grip: Grip, across: float, down: float) -> Region:
    """The box after what is held was dragged that far; it stays inside and keeps a least size."""
    if grip is Grip.INSIDE:
        return moved(region, across, down)
    side, rise = grip.value
    left, right = _stretched(region.left, region.right, side, across)
    top, bottom = _stretched(region.top, region.bottom, rise, down)
    return Region(left, top, right, bottom)


def moved(region: Region, across: float, down: float) -> Region:
    """The box elsewhere, as far as it stays inside."""
    across = min(max(across, -region.left), 1 - region.right)
    down = min(max(down, -region.top), 1 - region.bottom)
    return Region(
        region.left + across, region.top + down, region.right + across, region.bottom + down
    )


def spanned(x0: float, y0: float, x1: float, y1: float) -> Region:
    """The box between two opposite corners, in any order; grown to the least size."""
    left, right = _grown(*sorted((_inside(x0), _inside(x1))))
    top, bottom = _grown(*sorted((_inside(y0), _inside(y1))))
    return Region(left, top, right, bottom)


def rounded(region: Region) -> Region:
    """The box to a thousandth: what no eye tells apart is one question."""
    return replace(
        region,
        left=round(region.left, 3),
        top=round(region.top, 3),
        right=round(region.right, 3),
        bottom=round(region.bottom, 3),
    )


def _stretched(begin: float, end: float, side: int, by: float) -> tuple[float, float]:
    if side < 0:
        return max(0.0, min(begin + by, end - LEAST)), end
    if side > 0:
        return begin, min(1.0, max(end + by, begin + LEAST))
    return begin, end


def _grown(begin: float, end: float) -> tuple[float, float]:
    if end - begin >= LEAST:
        return begin, end
    begin = min(begin, 1 - LEAST)
    return begin, begin + LEAST


def _inside(value: float) -> float:
    return min(max(value, 0.0), 1.0)
