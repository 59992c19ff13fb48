"""Garments as data: the regions they are sewn from, back to front."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from sample_wardrobe.canvas import Shading
from sample_wardrobe.outline import MIDDLE, Outline, mirror, trace, whole


class Paint(Enum):
    """What a region is painted with."""

    MAIN = "main"  # the cloth's colour with its pattern
    BASE = "base"  # the cloth's colour, plain
    DEEP = "deep"  # a deeper shade of it: linings, ribs, insides
    ACCENT = "accent"
    METAL = "metal"
    GOLD = "gold"
    RUBBER = "rubber"
    GLASS = "glass"
    TAN = "tan"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Band:
    """A strip sewn along a line: collars' ribs, straps, laces."""

    line: str
    width: float
    paint: Paint = Paint.DEEP
    edged: bool = True


@dataclass(frozen=True, slots=True)
class Buttons:
    """Round things of one size."""

    centres: tuple[tuple[float, float], ...]
    radius: float = 4.5
    paint: Paint = Paint.ACCENT


@dataclass(frozen=True, slots=True)
class Region:
    """One piece of cloth, leather or metal with what is sewn on it; paths as in ``outline.trace``."""

    outline: str
    paint: Paint = Paint.MAIN
    half: bool = False  # the outline is a left half; all lines on it are doubled on the right
    pair: bool = False  # drawn a second time, mirrored
    angle: float = 0.0  # by which the pattern is turned, degrees clockwise
    holes: tuple[str, ...] = ()
    folds: tuple[str, ...] = ()  # soft creases
    shines: tuple[str, ...] = ()  # soft highlights
    seams: tuple[str, ...] = ()  # fine lines
    stitches: tuple[str, ...] = ()  # dashed lines
    bands: tuple[Band, ...] = ()
    buttons: tuple[Buttons, ...] = ()
    edge: float = 0.16
    light: float = 0.10
    reach: float = 22.0
    fold_width: float = 9.0
    fold_depth: float = 0.16
    outlined: bool = True

    def placed(self) -> tuple[Placed, ...]:
        """The region's curves as points: one piece, or two that mirror each other."""
        outline = trace(self.outline)
        here = Placed(
            self,
            whole(outline) if self.half else outline,
            self._lines(self.folds),
            self._lines(self.shines),
            self._lines(self.seams),
            self._lines(self.stitches),
            tuple((band, line) for band in self.bands for line in self._lines((band.line,))),
            tuple((button, self._spots(button)) for button in self.buttons),
            tuple(trace(hole) for hole in self.holes),
            self.angle,
        )
        return (here, here.mirrored()) if self.pair else (here,)

    def _lines(self, paths: tuple[str, ...]) -> tuple[Outline, ...]:
        lines = tuple(trace(path) for path in paths)
        return tuple(double for line in lines for double in _doubled(line)) if self.half else lines

    def _spots(self, button: Buttons) -> Outline:
        return button.centres + mirror(button.centres) if self.half else button.centres


def _doubled(line: Outline) -> tuple[Outline, ...]:
    """A line and its mirror image; one line when it starts at the middle and so meets its image."""
    if line[0][0] == MIDDLE:
        return (mirror(line)[:0:-1] + line,)
    return line, mirror(line)


@dataclass(frozen=True, slots=True)
class Placed:
    """A region as points, ready to draw."""

    region: Region
    outline: Outline
    folds: tuple[Outline, ...] = ()
    shines: tuple[Outline, ...] = ()
    seams: tuple[Outline, ...] = ()
    stitches: tuple[Outline, ...] = ()
    bands: tuple[tuple[Band, Outline], ...] = ()
    buttons: tuple[tuple[Buttons, Outline], ...] = ()
    holes: tuple[Outline, ...] = ()
    angle: float = 0.0

    def mirrored(self) -> Placed:
        """The same on the other side."""

        def flip(lines: tuple[Outline, ...]) -> tuple[Outline, ...]:
            return tuple(mirror(line) for line in lines)

        return replace(
            self,
            outline=mirror(self.outline),
            folds=flip(self.folds),
            shines=flip(self.shines),
            seams=flip(self.seams),
            stitches=flip(self.stitches),
            bands=tuple((band, mirror(line)) for band, line in self.bands),
            buttons=tuple((button, mirror(spots)) for button, spots in self.buttons),
            holes=flip(self.holes),
            angle=-self.angle,
        )

    def shading(self) -> Shading:
        """How the region is made soft; its folds and shines are the caller's to lay."""
        region = self.region
        return Shading(
            region.edge,
            region.light,
            region.reach,
            fold_depth=region.fold_depth,
            fold_width=region.fold_width,
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of garment in one cut."""

    kind: str
    cut: str
    regions: tuple[Region, ...] = field(repr=False)
