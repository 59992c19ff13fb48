"""A small drawing surface for the sample wardrobe: antialiased shapes, soft shading, JPEG out.

Coordinates are pixels of the finished picture, y downwards. Edges are antialiased by drawing each
shape's coverage four times too large; the picture itself is never larger than it ends up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from fashion_finder.domain import Pixels

Point = tuple[float, float]
Line = Sequence[Point]
Colour = tuple[int, int, int]

_FINE: Final = 4  # coverage is drawn this many times larger


@dataclass(frozen=True, slots=True, eq=False)
class Stencil:
    """Where paint may go: coverage 0 to 255 within a box of the picture."""

    left: int
    top: int
    coverage: Image.Image  # mode L

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in the picture."""
        width, height = self.coverage.size
        return self.left, self.top, self.left + width, self.top + height


@dataclass(frozen=True, slots=True)
class Shading:
    """How a flat shape is made to look soft and round."""

    edge: float = 0.16  # darkening at its rim, 0 to 1
    light: float = 0.10  # brighter towards the light at the upper left, darker away from it
    reach: float = 22.0  # how far rim and light reach inwards, pixels
    folds: tuple[Line, ...] = ()  # soft creases
    fold_depth: float = 0.16
    fold_width: float = 9.0
    shines: tuple[Line, ...] = ()  # soft highlights
    shine_depth: float = 0.35


class Canvas:
    """A picture being drawn."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._image = Image.new("RGB", (width, height), background)

    @classmethod
    def of(cls, pixels: Pixels) -> Canvas:
        """Go on with a finished picture."""
        canvas = cls(1, 1, (0, 0, 0))
        canvas._image = Image.fromarray(pixels)
        return canvas

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self._image.size

    def stencil(self, outlines: Iterable[Line], holes: Iterable[Line] = ()) -> Stencil:
        """The union of closed outlines, less the holes."""
        outlines = [line for line in outlines if len(line) > 2]

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Line], list[Point]]) -> None:
            for line in outlines:
                pen.polygon(place(line), fill=255)
            for line in holes:
                pen.polygon(place(line), fill=0)

        return self._cover(outlines, 0, draw)

    def strokes(
        self, lines: Iterable[Line], width: float, dash: tuple[float, float] | None = None
    ) -> Stencil:
        """Open lines of a width with round ends; ``dash`` gives the lengths of dash and gap."""
        lines = [line for line in lines if len(line) > 1]
        pieces = [piece for line in lines for piece in _dashes(line, dash)] if dash else lines

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Line], list[Point]]) -> None:
            thick = max(1, round(width * _FINE))
            for line in pieces:
                placed = place(line)
                pen.line(placed, fill=255, width=thick, joint="curve")
                if thick > 3:
                    for x, y in (placed[0], placed[-1]):
                        pen.circle((x, y), thick / 2, fill=255)

        return self._cover(lines, width, draw)

    def discs(self, centres: Iterable[Point], radius: float) -> Stencil:
        """Filled circles."""
        centres = list(centres)

        def draw(pen: ImageDraw.ImageDraw, place: Callable[[Line], list[Point]]) -> None:
            for centre in place(centres):
                pen.circle(centre, radius * _FINE, fill=255)

        return self._cover([centres], 2 * radius, draw)

    def fill(
        self,
        stencil: Stencil,
        paint: Colour | Pixels,
        opacity: float = 1.0,
        within: Stencil | None = None,
    ) -> None:
        """Lay a colour, or a texture of at least the picture's size, through the stencil."""
        coverage = stencil.coverage
        if within is not None:
            coverage = _both(stencil, within)
        if opacity < 1:
            coverage = coverage.point([round(level * opacity) for level in range(256)])
        if isinstance(paint, tuple):
            self._image.paste(paint, stencil.box, coverage)
        else:
            left, top, right, bottom = stencil.box
            self._image.paste(Image.fromarray(paint[top:bottom, left:right]), stencil.box, coverage)

    def shade(self, stencil: Stencil, shading: Shading) -> None:
        """Give what was painted through the stencil a soft volume."""
        field = self._field(stencil, shading)
        under = self._image.crop(stencil.box)
        lit = np.clip(np.asarray(under, np.float32) * field[..., None], 0, 255)
        self._image.paste(Image.fromarray(lit.astype(np.uint8)), stencil.box, stencil.coverage)

    def cast(
        self, stencil: Stencil, shift: Point, blur: float, strength: float, colour: Colour
    ) -> None:
        """Lay the soft shadow of a shape on what is there."""
        margin = round(3 * blur)
        width, height = stencil.coverage.size
        shadow = Image.new("L", (width + 2 * margin, height + 2 * margin))
        shadow.paste(stencil.coverage, (margin, margin))
        shadow = shadow.filter(ImageFilter.GaussianBlur(blur))
        shadow = shadow.point([round(level * strength) for level in range(256)])
        left = stencil.left - margin + round(shift[0])
        top = stencil.top - margin + round(shift[1])
        self._image.paste(colour, (left, top, left + shadow.width, top + shadow.height), shadow)

    def turned(self, angle: float, background: Colour) -> Pixels:
        """The picture turned clockwise by ``angle`` degrees about its middle, same size."""
        turned = self._image.rotate(-angle, Image.Resampling.BILINEAR, fillcolor=background)
        return np.array(turned)

    def pixels(self) -> Pixels:
        """A copy of the picture, [height, width, 3]."""
        return np.array(self._image)

    def jpeg(self, quality: int) -> bytes:
        """The picture as a JPEG file."""
        file = BytesIO()
        self._image.save(file, "JPEG", quality=quality, optimize=True)
        return file.getvalue()

    def _cover(
        self,
        lines: Iterable[Line],
        margin: float,
        draw: Callable[[ImageDraw.ImageDraw, Callable[[Line], list[Point]]], None],
    ) -> Stencil:
        """Draw coverage in the box that the lines need, as far as it lies in the picture."""
        points = [point for line in lines for point in line]
        width, height = self._image.size
        spare = margin + 2
        left = _clamp(min((x for x, _ in points), default=0) - spare, width - 1)
        top = _clamp(min((y for _, y in points), default=0) - spare, height - 1)
        right = _clamp(max((x for x, _ in points), default=0) + spare + 1, width)
        bottom = _clamp(max((y for _, y in points), default=0) + spare + 1, height)
        size = max(1, right - left), max(1, bottom - top)
        fine = Image.new("L", (size[0] * _FINE, size[1] * _FINE))

        def place(line: Line) -> list[Point]:
            return [((x - left) * _FINE, (y - top) * _FINE) for x, y in line]

        draw(ImageDraw.Draw(fine), place)
        return Stencil(left, top, fine.reduce(_FINE))

    def _field(self, stencil: Stencil, shading: Shading) -> npt.NDArray[np.float32]:
        """Brightness by which each pixel of the stencil's box is multiplied, 1 leaves it."""
        margin = round(
            2 * shading.reach
        )  # beyond the box the shape is not there: let the blur know
        width, height = stencil.coverage.size
        wide = Image.new("L", (width + 2 * margin, height + 2 * margin))
        wide.paste(stencil.coverage, (margin, margin))
        blurred = wide.filter(ImageFilter.GaussianBlur(shading.reach / 2))
        depth = np.asarray(blurred, np.float32) / 255
        # Half of a blurred straight edge lies at 0.5: 0 there, 1 deep inside.
        inside = np.clip(2 * depth - 1, 0, 1)
        slope_y, slope_x = np.gradient(depth)
        lit = (0.8 * slope_x + 0.6 * slope_y) * shading.reach
        field = 1 - shading.edge * (1 - inside) ** 2 + shading.light * lit
        field = field[margin : margin + height, margin : margin + width]
        if shading.folds:
            shifted = [[(x - 0.6 * shading.fold_width, y) for x, y in f] for f in shading.folds]
            crease = self._soft(stencil, shading.folds, shading.fold_width)
            crest = self._soft(stencil, shifted, shading.fold_width)
            field = field * (1 - shading.fold_depth * (crease - 0.55 * crest))
        if shading.shines:
            field = field + shading.shine_depth * self._soft(
                stencil, shading.shines, shading.fold_width
            )
        return field.astype(np.float32)

    def _soft(
        self, stencil: Stencil, lines: Sequence[Line], width: float
    ) -> npt.NDArray[np.float32]:
        """Blurred lines, 0 to 1, in the stencil's box; thinner towards their ends."""
        coverage = Image.new("L", stencil.coverage.size)
        pen = ImageDraw.Draw(coverage)
        for line in lines:
            placed = [(x - stencil.left, y - stencil.top) for x, y in line]
            for i, (start, end) in enumerate(pairwise(placed)):
                along = (i + 0.5) / (len(placed) - 1)
                thick = width * min(1.0, 0.35 + 3 * along * (1 - along))
                pen.line((start, end), fill=255, width=max(1, round(thick)))
        soft = coverage.filter(ImageFilter.GaussianBlur(width * 0.55))
        return np.asarray(soft, np.float32) / np.float32(255)


def _clamp(value: float, most: int) -> int:
    return int(min(max(value, 0), most))


def _both(stencil: Stencil, within: Stencil) -> Image.Image:
    """The stencil's coverage where the other covers too."""
    other = Image.new("L", stencil.coverage.size)
    other.paste(within.coverage, (within.left - stencil.left, within.top - stencil.top))
    product = np.asarray(stencil.coverage, np.uint16) * np.asarray(other, np.uint16) // 255
    return Image.fromarray(product.astype(np.uint8))


def _dashes(line: Line, dash: tuple[float, float]) -> list[list[Point]]:
    """Cut a line into dashes of a length with gaps between."""
    pieces: list[list[Point]] = []
    x, y = line[0]
    current: list[Point] = [(x, y)]
    drawing, left = True, dash[0]
    for end_x, end_y in line[1:]:
        length = math.hypot(end_x - x, end_y - y)
        while length > left:
            x, y = x + left / length * (end_x - x), y + left / length * (end_y - y)
            length -= left
            if drawing:
                pieces.append([*current, (x, y)])
            current = [(x, y)]
            drawing = not drawing
            left = dash[0] if drawing else dash[1]
        left -= length
        x, y = end_x, end_y
        current.append((x, y))
    if drawing and len(current) > 1:
        pieces.append(current)
    return pieces
