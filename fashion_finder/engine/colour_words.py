"""What the colours look like that models name: for swatches, and to look for what no folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Rgb

_WORDS_BETWEEN = 3  # the nearest words that a colour is mixed from
_GREYISH = 9.0  # chroma in CIELAB below which a colour is a grey
_FIRST_HUE = 0.1  # radians in CIELAB

_XYZ: Final = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
_WHITE: Final = np.array([0.9505, 1.0, 1.089])

_SEEN: Final[dict[str, Rgb]] = {
    "beige": (222, 203, 170),
    "black": (26, 26, 28),
    "blue": (36, 92, 190),
    "bronze": (140, 98, 48),
    "brown": (104, 64, 38),
    "burgundy": (108, 20, 42),
    "charcoal": (62, 64, 68),
    "coffee brown": (74, 48, 36),
    "copper": (184, 106, 62),
    "cream": (246, 236, 208),
    "fluorescent green": (150, 240, 40),
    "gold": (208, 166, 74),
    "green": (38, 130, 66),
    "grey": (140, 142, 146),
    "grey melange": (170, 172, 176),
    "khaki": (158, 142, 100),
    "lavender": (184, 166, 214),
    "lime green": (136, 200, 50),
    "magenta": (200, 32, 124),
    "maroon": (124, 26, 38),
    "mauve": (174, 134, 160),
    "mushroom brown": (146, 126, 110),
    "mustard": (212, 162, 44),
    "navy blue": (30, 42, 82),
    "nude": (226, 188, 162),
    "off white": (244, 241, 230),
    "olive": (110, 112, 56),
    "orange": (238, 122, 34),
    "peach": (250, 190, 152),
    "pink": (240, 140, 172),
    "purple": (112, 52, 138),
    "red": (202, 30, 40),
    "rose": (222, 90, 118),
    "rust": (176, 78, 38),
    "sea green": (52, 160, 128),
    "silver": (196, 199, 204),
    "skin": (232, 196, 168),
    "steel": (132, 142, 154),
    "tan": (196, 150, 102),
    "taupe": (140, 122, 108),
    "teal": (16, 120, 124),
    "turquoise blue": (48, 190, 200),
    "white": (255, 255, 255),
    "yellow": (248, 214, 54),
}


def colour_of_word(word: str) -> Rgb | None:
    """What a colour's name looks like; None for words that are no one colour, such as "Multi"."""
    return _SEEN.get(word.casefold())


def words_near(colour: Rgb, words: Sequence[str]) -> dict[str, float]:
    """The words whose looks are nearest to a colour, with shares that sum to 1.

    Nearness is the distance in CIELAB; a word twice as far away gets a quarter of the share. Words
    that are no one colour are left out.
    """
    seen = [(word, look) for word in words if (look := colour_of_word(word)) is not None]
    if not seen:
        return {}
    looks = _lab(np.array([look for _, look in seen], np.float64))
    distances = np.linalg.norm(looks - _lab(np.array([colour], np.float64)), axis=1)
    nearest = np.argsort(distances)[:_WORDS_BETWEEN]
    pulls = 1 / (distances[nearest] + 1.0) ** 2
    shares = pulls / pulls.sum()
    return {seen[at][0]: float(share) for at, share in zip(nearest, shares, strict=True)}


def _lab(colours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """sRGB [N, 3], levels 0 to 255, in CIELAB under D65 (IEC 61966-2-1, CIE 15)."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T / _WHITE
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def by_hue(words: Sequence[str]) -> list[str]:
    """The words that look like one colour: the greys by lightness, then around the circle of hues."""
    seen = [(word, look) for word in words if (look := colour_of_word(word)) is not None]
    if not seen:
        return []
    lightness, green_red, blue_yellow = _lab(np.array([look for _, look in seen], np.float64)).T
    grey = np.hypot(green_red, blue_yellow) < _GREYISH
    # Beginning between pink and red, where the circle of hues is cut customarily.
    hue = (np.arctan2(blue_yellow, green_red) - _FIRST_HUE) % (2 * np.pi)
    order = sorted(
        range(len(seen)), key=lambda at: (not grey[at], lightness[at] if grey[at] else hue[at])
    )
    return [seen[at][0] for at in order]
