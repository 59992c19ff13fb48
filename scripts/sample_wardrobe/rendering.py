"""Sews a shape, a cloth and a pattern into a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

from fashion_finder.domain import Pixels
from sample_wardrobe.canvas import Canvas, Point
from sample_wardrobe.outline import Outline
from sample_wardrobe.palette import (
    GLASS,
    GOLD,
    INK,
    METAL,
    RUBBER,
    TAN,
    Cloth,
    Colour,
    darker,
    lighter,
)
from sample_wardrobe.patterns import texture
from sample_wardrobe.shape import Paint, Placed, Shape

WIDTH: Final = 600
HEIGHT: Final = 800
_ROOM: Final = (520.0, 700.0)  # what a piece fills of the picture, width and height
_MOST_ENLARGED: Final = 1.4

_FIXED: Final[dict[Paint, Colour]] = {
    Paint.METAL: METAL,
    Paint.GOLD: GOLD,
    Paint.RUBBER: RUBBER,
    Paint.GLASS: GLASS,
    Paint.TAN: TAN,
    Paint.INK: INK,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How a piece lies before the camera."""

    backdrop: Colour = (250, 249, 247)
    turn: float = 0.0  # degrees clockwise
    scale: float = 1.0
    seed: int = 0


@dataclass(slots=True)
class _Tailor:
    """Draws the regions of one piece on one canvas."""

    canvas: Canvas
    cloth: Cloth
    pattern: str
    setting: Setting
    place: Place
    _textures: dict[float, Pixels] = field(default_factory=dict)

    def sew(self, shape: Shape) -> None:
        placed = [piece for region in shape.regions for piece in region.placed()]
        outlines = [self._lay(piece.outline) for piece in placed]
        holes = [self._lay(hole) for piece in placed for hole in piece.holes]
        everything = self.canvas.stencil(outlines, holes)
        shade = darker(self.setting.backdrop, 0.7)
        self.canvas.cast(everything, (5, 13), 13, 0.34, shade)
        self.canvas.cast(everything, (1, 3), 3, 0.22, shade)
        for piece in placed:
            self._region(piece)

    def _region(self, piece: Placed) -> None:
        region = piece.region
        stencil = self.canvas.stencil([self._lay(piece.outline)], self._lay_all(piece.holes))
        colour = self._colour(region.paint)
        if region.paint is Paint.MAIN and self.pattern != "plain":
            self.canvas.fill(stencil, self._texture(piece.angle))
        else:
            self.canvas.fill(stencil, colour)
        folds, shines = self._lay_all(piece.folds), self._lay_all(piece.shines)
        shading = replace(piece.shading(), folds=tuple(folds), shines=tuple(shines))
        self.canvas.shade(stencil, shading)
        line = darker(colour, 0.42)
        seams = self.canvas.strokes(self._lay_all(piece.seams), 1.5)
        self.canvas.fill(seams, line, 0.75, within=stencil)
        stitches = self.canvas.strokes(self._lay_all(piece.stitches), 1.3, dash=(5.5, 3.5))
        self.canvas.fill(stitches, self._stitch(colour), 0.85)
        if region.outlined:
            rims = [self._lay(piece.outline), *self._lay_all(piece.holes)]
            closed = [(*rim, rim[0]) for rim in rims]
            self.canvas.fill(self.canvas.strokes(closed, 1.7), line, 0.8)
        for band, path in piece.bands:
            self._band(self._lay(path), band.width, self._colour(band.paint), band.edged)
        for button, centres in piece.buttons:
            self._buttons(self._lay(centres), button.radius, self._colour(button.paint))

    def _band(self, line: Outline, width: float, colour: Colour, edged: bool) -> None:
        if edged:
            self.canvas.fill(self.canvas.strokes([line], width + 2.4), darker(colour, 0.42), 0.85)
        self.canvas.fill(self.canvas.strokes([line], width), colour)
        if width > 5:
            sheen = [(x - width * 0.14, y - width * 0.14) for x, y in line]
            self.canvas.fill(
                self.canvas.strokes([sheen], width * 0.28), lighter(colour, 0.4), opacity=0.35
            )

    def _buttons(self, centres: Outline, radius: float, colour: Colour) -> None:
        shifted = [(x + 0.8, y + 1.4) for x, y in centres]
        self.canvas.fill(self.canvas.discs(shifted, radius + 0.6), darker(colour, 0.75), 0.55)
        self.canvas.fill(self.canvas.discs(centres, radius), colour)
        inner = [(x - radius * 0.25, y - radius * 0.3) for x, y in centres]
        self.canvas.fill(self.canvas.discs(inner, radius * 0.45), lighter(colour, 0.5), 0.6)

    def _colour(self, paint: Paint) -> Colour:
        if paint in _FIXED:
            return _FIXED[paint]
        if paint is Paint.ACCENT:
            return self.cloth.accent
        return darker(self.cloth.main, 0.22) if paint is Paint.DEEP else self.cloth.main

    def _stitch(self, colour: Colour) -> Colour:
        if self.cloth.name in ("denim", "indigo"):
            return self.cloth.accent
        bright = sum(colour) > 3 * 110
        return darker(colour, 0.4) if bright else lighter(colour, 0.38)

    def _texture(self, angle: float) -> Pixels:
        if self.pattern == "blocks":
            angle = -self.setting.turn
        if angle not in self._textures:
            self._textures[angle] = texture(
                self.pattern, self.cloth, self.setting.seed, angle + self.setting.turn
            )
        return self._textures[angle]

    def _lay_all(self, lines: tuple[Outline, ...]) -> list[Outline]:
        return [self._lay(line) for line in lines]

    def _lay(self, line: Outline) -> Outline:
        """Put a curve where the piece lies in the picture."""
        return tuple(self.place(point) for point in line)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drawing comes to lie: its middle in the picture's middle, filling it, turned."""

    middle: Point
    scale: float
    turn: float  # degrees clockwise

    @classmethod
    def of(cls, shape: Shape, setting: Setting) -> Place:
        """The place of a shape by its outlines."""
        points = [
            point
            for region in shape.regions
            for piece in region.placed()
            for line in (piece.outline, *(line for _, line in piece.bands))
            for point in line
        ]
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        room = min(_ROOM[0] / (right - left), _ROOM[1] / (bottom - top), _MOST_ENLARGED)
        return cls(((left + right) / 2, (top + bottom) / 2), room * setting.scale, setting.turn)

    def __call__(self, point: Point) -> Point:
        """A point of the drawing in the picture."""
        turn = math.radians(self.turn)
        x, y = (point[0] - self.middle[0]) * self.scale, (point[1] - self.middle[1]) * self.scale
        return (
            WIDTH / 2 + x * math.cos(turn) - y * math.sin(turn),
            HEIGHT / 2 + x * math.sin(turn) + y * math.cos(turn),
        )


def render(shape: Shape, cloth: Cloth, pattern: str, setting: Setting) -> Canvas:
    """Draw one piece, 600 x 800 pixels."""
    canvas = Canvas(WIDTH, HEIGHT, setting.backdrop)
    _Tailor(canvas, cloth, pattern, setting, Place.of(shape, setting)).sew(shape)
    return canvas
