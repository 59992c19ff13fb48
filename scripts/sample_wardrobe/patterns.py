"""Patterns as textures larger than the drawing, through which shapes are then cut."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from fashion_finder.domain import Pixels
from sample_wardrobe.canvas import Canvas, Point
from sample_wardrobe.palette import Cloth, Colour, darker, lighter, mix

_SIDE: Final = 1000  # so that a texture can be turned for a sleeve and still covers 600 x 800


@dataclass(frozen=True, slots=True)
class Pattern:
    """One repeat of a pattern: its size in pixels and how it is drawn."""

    width: int
    height: int
    draw: Callable[[Canvas, Cloth, random.Random], None]


def texture(name: str, cloth: Cloth, seed: int, angle: float = 0.0) -> Pixels:
    """A pattern in a cloth's colours, uint8 [1000, 1000, 3], turned clockwise by ``angle`` degrees.

    Raises:
        KeyError: there is no pattern of that name.
    """
    tile = _tile(name, cloth, seed)
    repeats = -(-_SIDE // tile.shape[0]), -(-_SIDE // tile.shape[1]), 1
    whole: Pixels = np.tile(tile, repeats)[:_SIDE, :_SIDE]
    return Canvas.of(whole).turned(angle, cloth.main) if angle else whole


@lru_cache(maxsize=2)
def _tile(name: str, cloth: Cloth, seed: int) -> Pixels:
    """One repeat; kept because a piece with sleeves needs it at three angles."""
    pattern = PATTERNS[name]
    canvas = Canvas(pattern.width, pattern.height, cloth.main)
    pattern.draw(canvas, cloth, random.Random(seed))
    return canvas.pixels()


def _plain(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    """Nothing but the colour."""


def _bar(
    canvas: Canvas, colour: Colour, width: float, *, upright: bool, opacity: float = 1
) -> None:
    """A straight bar through the middle of the tile."""
    x, y = canvas.size[0] / 2, canvas.size[1] / 2
    line: list[Point] = [(x, -40), (x, 2 * y + 40)] if upright else [(-40, y), (2 * x + 40, y)]
    canvas.fill(canvas.strokes([line], width), colour, opacity)


def _stripes(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    _bar(canvas, cloth.accent, 16, upright=False)


def _pinstripes(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    _bar(canvas, mix(cloth.main, cloth.accent, 0.8), 2.6, upright=True)


def _ribs(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    """The upright ribs of knitwear."""
    _bar(canvas, darker(cloth.main, 0.16), 4.2, upright=True)


def _dots(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    width, height = canvas.size
    corners = [(x, y) for x in (0.0, width) for y in (0.0, height)]
    canvas.fill(canvas.discs([*corners, (width / 2, height / 2)], 8.2), cloth.accent)


def _check(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    """Tartan: broad bands that deepen where they cross, and a fine line of the accent."""
    width, height = canvas.size
    for upright in (True, False):
        _bar(canvas, darker(cloth.main, 0.62), 27, upright=upright, opacity=0.5)
    for line in ([(3, -40), (3, height + 40)], [(-40, 3), (width + 40, 3)]):
        canvas.fill(canvas.strokes([line], 4), cloth.accent, 0.85)


def _floral(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    """Scattered blossoms of five petals with leaves, no two turned alike."""
    leaf = mix(mix(cloth.main, (74, 128, 84), 0.75), cloth.accent, 0.15)
    heart = lighter(mix(cloth.accent, (226, 170, 60), 0.7), 0.1)
    width, height = canvas.size
    petals: list[list[Point]] = []
    leaves: list[list[Point]] = []
    hearts: list[Point] = []
    for row in range(4):
        for column in range(4):
            x = (column + (row % 2) / 2) * width / 4 + rng.uniform(-7, 7)
            y = row * height / 4 + rng.uniform(-6, 6)
            size, turn = rng.uniform(14, 19), rng.uniform(0, math.tau)
            # A blossom over the edge goes on at the other side, where the tile meets itself.
            for left in (x - width, x, x + width):
                for top in (y - height, y, y + height):
                    hearts.append((left, top))
                    petals += [
                        _petal(left, top, size, 0.75, turn + i * math.tau / 5) for i in range(5)
                    ]
                    leaves += [
                        _petal(left, top, size * 1.65, 0.34, turn + 0.6 + i * 2.3) for i in (0, 1)
                    ]
    canvas.fill(canvas.stencil(leaves), leaf)
    canvas.fill(canvas.stencil(petals), cloth.accent)
    canvas.fill(canvas.discs(hearts, 4.2), heart)


def _petal(x: float, y: float, length: float, width: float, turn: float) -> list[Point]:
    """An ellipse that starts at a blossom's heart and points outwards."""
    points = []
    for step in range(12):
        along = length * (0.55 + 0.5 * math.cos(step * math.tau / 12))
        across = 0.5 * length * width * math.sin(step * math.tau / 12)
        points.append(
            (
                x + along * math.cos(turn) - across * math.sin(turn),
                y + along * math.sin(turn) + across * math.cos(turn),
            )
        )
    return points


def _blocks(canvas: Canvas, cloth: Cloth, rng: random.Random) -> None:
    """Colour blocks: the accent below a slanting line, which is never turned."""
    below = [(-20, 440), (_SIDE + 20, 320), (_SIDE + 20, _SIDE + 20), (-20, _SIDE + 20)]
    canvas.fill(canvas.stencil([below]), cloth.accent)
    canvas.fill(canvas.strokes([below[:2]], 3), darker(cloth.main, 0.35))


PATTERNS: Final[dict[str, Pattern]] = {
    "plain": Pattern(10, 10, _plain),
    "stripes": Pattern(10, 42, _stripes),
    "pinstripes": Pattern(24, 10, _pinstripes),
    "ribs": Pattern(11, 10, _ribs),
    "dots": Pattern(38, 64, _dots),
    "check": Pattern(66, 66, _check),
    "floral": Pattern(260, 224, _floral),
    "blocks": Pattern(_SIDE, _SIDE, _blocks),
}
"""Every pattern by the word that names it in file names."""
