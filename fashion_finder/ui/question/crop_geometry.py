"""How the crop box is drawn, moved and resized, and how it is clamped to the picture.

Positions and distances are shares of the picture's sides, 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from fashion_finder.domain import Region

WHOLE = Region(0.0, 0.0, 1.0, 1.0)

SHORTEST = 0.06
"""Shortest side of a box. Smaller ones hold nothing that the model could recognise."""


class Grip(Enum):
    """Where a box is held: an edge or corner, as -1, 0 or 1 across and down, or inside."""

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


@dataclass(frozen=True, slots=True)
class Drag:
    """A press on the picture, which takes hold of the box or begins another."""

    x: float
    y: float
    held: tuple[Region, Grip] | None = None

    def box_at(self, x: float, y: float) -> Region:
        """The box while the mouse is at this position."""
        if self.held is None:
            return spanned(self.x, self.y, x, y)
        return dragged(*self.held, x - self.x, y - self.y)


def dragged(region: Region, grip: Grip, across: float, down: float) -> Region:
    """The box after a drag of its grip; it stays inside and keeps its least size."""
    if grip is Grip.INSIDE:
        return moved(region, across, down)
    side, rise = grip.value
    left, right = _resized(region.left, region.right, side, across)
    top, bottom = _resized(region.top, region.bottom, rise, down)
    return Region(left, top, right, bottom)


def moved(region: Region, across: float, down: float) -> Region:
    """The box moved by as much as keeps it inside the picture."""
    across = _clamp(across, -region.left, 1 - region.right)
    down = _clamp(down, -region.top, 1 - region.bottom)
    return Region(
        region.left + across, region.top + down, region.right + across, region.bottom + down
    )


def spanned(x0: float, y0: float, x1: float, y1: float) -> Region:
    """The box between two opposite corners, in any order; clamped, and grown to the least size."""
    left, right = _grown(*sorted((_clamp(x0), _clamp(x1))))
    top, bottom = _grown(*sorted((_clamp(y0), _clamp(y1))))
    return Region(left, top, right, bottom)


def rounded(region: Region) -> Region | None:
    """The box to a thousandth, so that invisible changes start no search; None for the whole."""
    sides = (region.left, region.top, region.right, region.bottom)
    box = Region(*(round(side, 3) for side in sides))
    return None if box == WHOLE else box


def _resized(begin: float, end: float, side: int, by: float) -> tuple[float, float]:
    if side < 0:
        return _clamp(begin + by, 0.0, end - SHORTEST), end
    if side > 0:
        return begin, _clamp(end + by, begin + SHORTEST, 1.0)
    return begin, end


def _grown(begin: float, end: float) -> tuple[float, float]:
    if end - begin >= SHORTEST:
        return begin, end
    begin = min(begin, 1 - SHORTEST)
    return begin, begin + SHORTEST


def _clamp(value: float, least: float = 0.0, most: float = 1.0) -> float:
    return min(max(value, least), most)
