"""Two dozen drawn pieces whose nearest neighbours are known, whatever the model's weights are.

Twelve cuts in two colours each, six colours on four cuts each, and every piece a second time as a
small, rough JPEG, lying otherwise on another ground. A model that sees clothes finds the piece again,
the other colour of its cut by ``style`` and other cuts of its colour by ``colour``, and calls its
colour by a fitting name.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evaluation.model_file import ModelFile
from fashion_finder.images.preprocess import prepare_square
from fashion_training.precision import reweighed
from sample_wardrobe import bags, bottoms, dresses, headwear, outerwear, shoes, tops
from sample_wardrobe.palette import CLOTHS
from sample_wardrobe.rendering import Setting, render

Square = NDArray[np.uint8]
Prepare = Callable[[Image.Image], Square]

CUTS = (
    tops.T_SHIRT,
    tops.SHIRT,
    tops.HOODIE,
    outerwear.TRENCH,
    dresses.MAXI,
    bottoms.MINI,
    bottoms.SKINNY_JEANS,
    bottoms.SHORTS,
    shoes.SNEAKER,
    shoes.PUMP,
    bags.TOTE,
    headwear.CAP,
)
#: What a colour may be called: the catalogue's names are many and noisy, its families are not.
COLOURS = {
    "ruby": {"Red", "Maroon", "Burgundy", "Pink", "Magenta", "Rose"},
    "cobalt": {"Blue", "Navy Blue", "Turquoise Blue"},
    "emerald": {"Green", "Sea Green", "Teal", "Olive"},
    "mustard": {"Yellow", "Mustard", "Gold", "Orange", "Tan", "Khaki", "Beige"},
    "black": {"Black", "Charcoal", "Grey", "Steel"},
    "plum": {"Purple", "Magenta", "Lavender", "Maroon", "Burgundy"},
}
#: Per piece: the number of its cut and its colour. A cut has two colours, a colour four cuts.
PIECES = tuple(
    (cut, list(COLOURS)[(cut + step) % len(COLOURS)]) for cut in range(len(CUTS)) for step in (0, 3)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """How often a model answers as it must, each a share of the pieces."""

    again: float  # the second picture of a piece finds the first one before all others
    cut: float  # ``style`` alone finds the same cut in its other colour
    colour: float  # ``colour`` alone finds another cut of the same colour
    name: float  # the colour's name fits
    whole: float  # least similarity of a tall picture and the same one on a white square


#: Any model fit to be shipped reaches these; each break that the tests try falls below one of them.
LEAST = Seen(again=0.85, cut=0.95, colour=0.7, name=0.8, whole=0.995)


def faults(seen: Seen) -> list[str]:
    """Name the figures that are too low."""
    return [
        f"{field.name} {getattr(seen, field.name):.3f}, at least {getattr(LEAST, field.name)}"
        for field in fields(Seen)
        if not getattr(seen, field.name) >= getattr(LEAST, field.name)
    ]


@cache
def pictures() -> tuple[tuple[Image.Image, ...], tuple[Image.Image, ...]]:
    """Draw every piece twice: as a catalogue shows it, and as somebody else would."""
    first, second = [], []
    for number, (cut, colour) in enumerate(PIECES):
        plain = Setting(backdrop=(251, 250, 248), seed=number)
        other = Setting(
            backdrop=(226, 218, 204), turn=5.0 - number % 3 * 5, scale=0.85, seed=100 + number
        )
        first.append(_drawn(cut, colour, plain, 300, 88))
        second.append(_drawn(cut, colour, other, 120, 45))
    return tuple(first), tuple(second)


def see(model: ModelFile, prepare: Prepare = prepare_square) -> Seen:
    """Show both pictures of every piece to a model and count what it finds."""
    first, second = pictures()
    shelf = model.run(np.stack([prepare(picture) for picture in first]), False)
    asked = model.run(np.stack([prepare(picture) for picture in second]), False)
    squares = model.run(np.stack([prepare(_on_square(p)) for p in first[:4]]), False)
    similarity = asked["embedding"] @ shelf["embedding"].T
    same = (squares["embedding"] * shelf["embedding"][:4]).sum(axis=1)
    cuts = np.array([cut for cut, _ in PIECES])
    colours = np.array([colour for _, colour in PIECES])
    words = model.vocabularies["colour_name"]
    names = [words[place] for place in shelf["colour_name"].argmax(axis=1)]
    return Seen(
        again=float((similarity.argmax(axis=1) == np.arange(len(PIECES))).mean()),
        cut=_found(model, shelf["embedding"], "style", cuts),
        colour=_found(model, shelf["embedding"], "colour", colours),
        name=float(np.mean([n in COLOURS[c] for n, c in zip(names, colours, strict=True)])),
        whole=float(same.min()),
    )


def _on_square(picture: Image.Image) -> Image.Image:
    side = max(picture.size)
    square = Image.new("RGB", (side, side), "white")
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def _found(
    model: ModelFile, vectors: NDArray[np.float32], part: str, words: NDArray[np.generic]
) -> float:
    """Return how often the nearest other piece by one part bears the same word."""
    seen = reweighed(vectors, [model.parts[part]], [1.0])
    similarity = seen @ seen.T
    np.fill_diagonal(similarity, -1)
    return float((words[similarity.argmax(axis=1)] == words).mean())


def _drawn(cut: int, colour: str, setting: Setting, width: int, quality: int) -> Image.Image:
    canvas = render(CUTS[cut], CLOTHS[colour], "plain", setting)
    image = Image.fromarray(canvas.pixels()).resize((width, width * 4 // 3))
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=quality)
    with Image.open(stored) as opened:
        return opened.convert("RGB")
