"""Curves written as text: a small part of SVG's path language, and mirror images."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

Point = tuple[float, float]
Outline = tuple[Point, ...]

MIDDLE: Final = 300.0
"""The line garments are symmetric about; drawings are 600 wide and 800 high."""

_STEPS: Final = 14  # straight pieces of one curve: below half a pixel off at the sizes drawn here
_NUMBERS: Final = {"M": 2, "L": 2, "Q": 4, "C": 6}


@lru_cache(maxsize=2048)
def trace(path: str) -> Outline:
    """Points along a path of ``M x y``, ``L x y``, ``Q cx cy x y``, ``C ax ay bx by x y``.

    As in SVG, numbers that follow a command's own repeat it, and all are absolute.

    Raises:
        ValueError: the text is not such a path.
    """
    points: list[Point] = []
    for command, numbers in _commands(path):
        ends = [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
        if command in "ML":
            points.append(ends[0])
            continue
        controls = [points[-1], *ends]
        points += [_bezier(controls, step / _STEPS) for step in range(1, _STEPS + 1)]
    return tuple(points)


def mirror(outline: Outline) -> Outline:
    """The same outline on the other side of the middle."""
    return tuple((2 * MIDDLE - x, y) for x, y in outline)


def whole(half: Outline) -> Outline:
    """Close a left half, drawn from its top at the middle to its bottom, with its mirror image."""
    return half + mirror(half)[::-1]


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, numbers = "", list[float]()
    for word in path.split():
        if word in _NUMBERS:
            if numbers:
                raise ValueError(f"too few numbers before {word} in {path!r}")
            command = word
            continue
        numbers.append(float(word))
        if len(numbers) == _NUMBERS[command]:
            yield command, numbers
            numbers = []
    if numbers:
        raise ValueError(f"too few numbers at the end of {path!r}")


def _bezier(controls: list[Point], t: float) -> Point:
    """De Casteljau's construction of a point of a Bezier curve."""
    while len(controls) > 1:
        controls = [
            (ax + t * (bx - ax), ay + t * (by - ay)) for (ax, ay), (bx, by) in pairwise(controls)
        ]
    return controls[0]
