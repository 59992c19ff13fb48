"""Everyday colour names, which of them are neighbours, and what the catalogue's names mean in them.

Two people who name one garment's colour often choose neighbouring names; an answer in a neighbouring
colour counts as right.
"""

from __future__ import annotations

from collections.abc import Mapping

#: The names that a photo's colour was labelled with by eye.
COLOURS = (
    "beige", "black", "blue", "brown", "burgundy", "gold", "green", "grey", "light-blue", "multi",
    "navy", "olive", "orange", "pink", "purple", "red", "silver", "teal", "white", "yellow",
)  # fmt: skip

#: Pairs of different names that count as the same colour.
NEIGHBOURS = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "black/navy", "black/grey", "navy/blue", "blue/light-blue", "white/beige", "white/grey",
        "grey/silver", "beige/brown", "beige/gold", "red/burgundy", "red/pink", "red/orange",
        "burgundy/purple", "pink/purple", "orange/yellow", "yellow/gold", "green/olive",
        "green/teal", "teal/blue", "teal/light-blue", "brown/olive", "brown/orange", "beige/pink",
        "light-blue/grey",
    )
)  # fmt: skip

_CATALOGUE_NAMES: Mapping[str, tuple[str, ...]] = {
    "navy": ("Navy Blue",),
    "blue": ("Blue",),
    "black": ("Black",),
    "grey": ("Charcoal", "Grey", "Grey Melange"),
    "silver": ("Silver", "Steel", "Metallic"),
    "white": ("White",),
    "beige": ("Off White", "Cream", "Beige", "Skin", "Nude", "Taupe"),
    "brown": ("Brown", "Tan", "Coffee Brown", "Mushroom Brown", "Rust", "Copper", "Bronze"),
    "olive": ("Khaki", "Olive"),
    "red": ("Red",),
    "burgundy": ("Maroon", "Burgundy"),
    "orange": ("Orange",),
    "pink": ("Peach", "Pink", "Magenta", "Rose"),
    "yellow": ("Yellow", "Mustard"),
    "gold": ("Gold",),
    "green": ("Green", "Lime Green", "Fluorescent Green"),
    "teal": ("Sea Green", "Teal", "Turquoise Blue"),
    "purple": ("Purple", "Lavender", "Mauve"),
    "multi": ("Multi",),
}
#: The everyday name of each of the catalogue's colour names.
CATALOGUE_COLOURS: Mapping[str, str] = {
    name: everyday for everyday, names in _CATALOGUE_NAMES.items() for name in names
}


def near(one: str, other: str) -> bool:
    """Tell whether two everyday names count as the same colour; an unknown one ("") never does."""
    return bool(one) and (one == other or frozenset((one, other)) in NEIGHBOURS)


def everyday(catalogue_name: str) -> str:
    """Return the everyday name of a catalogue colour; empty where it has none."""
    return CATALOGUE_COLOURS.get(catalogue_name.strip(), "")
