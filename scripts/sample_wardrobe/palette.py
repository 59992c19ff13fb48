"""The colours of the sample wardrobe, by the names stylists use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]

INK: Final[Colour] = (28, 28, 34)
METAL: Final[Colour] = (196, 190, 178)
GOLD: Final[Colour] = (205, 165, 84)
RUBBER: Final[Colour] = (243, 241, 235)
GLASS: Final[Colour] = (52, 54, 62)
TAN: Final[Colour] = (170, 116, 70)


@dataclass(frozen=True, slots=True)
class Cloth:
    """A garment's colour and the colour that goes with it in patterns and trims."""

    name: str
    main: Colour
    accent: Colour


_WHITE: Final[Colour] = (240, 238, 232)

CLOTHS: Final = {
    cloth.name: cloth
    for cloth in (
        Cloth("white", _WHITE, (58, 72, 110)),
        Cloth("black", (44, 43, 48), (222, 218, 208)),
        Cloth("grey", (142, 144, 150), (226, 226, 224)),
        Cloth("navy", (36, 48, 88), (232, 228, 216)),
        Cloth("cobalt", (38, 84, 190), (238, 238, 236)),
        Cloth("sky", (146, 190, 226), (248, 248, 244)),
        Cloth("emerald", (18, 122, 88), (240, 234, 210)),
        Cloth("olive", (112, 112, 62), (222, 210, 170)),
        Cloth("mustard", (216, 164, 44), (70, 52, 40)),
        Cloth("rust", (184, 84, 44), (240, 214, 180)),
        Cloth("ruby", (172, 26, 50), (246, 232, 226)),
        Cloth("blush", (236, 184, 184), (158, 62, 84)),
        Cloth("plum", (100, 44, 98), (228, 200, 222)),
        Cloth("camel", (194, 150, 104), (82, 54, 36)),
        Cloth("denim", (70, 102, 148), (206, 160, 92)),
        Cloth("indigo", (44, 58, 96), (206, 160, 92)),
    )
}


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour, with that share of the other in it."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """The colour with that share of near-black in it, for outlines and insides."""
    return mix(colour, (18, 16, 24), share)


def lighter(colour: Colour, share: float) -> Colour:
    """The colour with that share of white in it."""
    return mix(colour, (255, 255, 255), share)
