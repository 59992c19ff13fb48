"""Garments pasted off-centre on busy backgrounds, with the box they really fill."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

sys.path.append(str(Path(__file__).resolve().parent.parent / "scripts"))

from sample_wardrobe.rendering import Setting, render
from sample_wardrobe.wardrobe import PIECES, Piece

SIZES = ((640, 480), (480, 640), (640, 640), (720, 405))
SHARES = (0.4, 0.75)  # what the longer side of a garment fills of the room there is for it
OFF_CENTRE = (
    0.08  # of the picture's side: how far the garment's middle is from the picture's, at least
)
NEAR_WHITE = 236  # levels; a catalogue photo's paper
LEAST_COVER, MOST_COVER = 0.05, 0.9  # of a photo by its garment: else it was not found
SOLID = 0.5  # of full cover: less is shadow

Box = tuple[float, float, float, float]  # left, top, right, bottom, pixels
Palette = Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Cutout:
    """A garment without its surroundings: straight RGBA, cropped to the garment."""

    name: str
    picture: Image.Image


@dataclass(frozen=True, slots=True)
class Scene:
    """A garment somewhere in a busy picture."""

    name: str
    background: str
    picture: Image.Image
    box: Box


def scenes(cutouts: Sequence[Cutout], count: int, seed: int) -> Iterator[Scene]:
    """The same scenes for the same seed, backgrounds and garments taking turns."""
    chance = random.Random(seed)
    kinds = list(BACKGROUNDS)
    for number in range(count):
        cutout = cutouts[number % len(cutouts)]
        kind = kinds[number % len(kinds)]
        size = chance.choice(SIZES)
        ground = BACKGROUNDS[kind](size, chance)
        picture, box = paste(cutout.picture, ground, chance)
        yield Scene(cutout.name, kind, picture, box)


def paste(
    garment: Image.Image, ground: Image.Image, chance: random.Random
) -> tuple[Image.Image, Box]:
    """Put a garment off-centre on a background; it lies inside whole."""
    share = chance.uniform(*SHARES)
    scale = min(ground.width / garment.width, ground.height / garment.height) * share
    size = max(1, round(garment.width * scale)), max(1, round(garment.height * scale))
    small = garment.resize(size, Image.Resampling.LANCZOS)
    least = OFF_CENTRE * min(ground.size)
    while True:
        left = chance.randint(0, ground.width - small.width)
        top = chance.randint(0, ground.height - small.height)
        x = left + small.width / 2 - ground.width / 2
        y = top + small.height / 2 - ground.height / 2
        if max(abs(x), abs(y)) >= least:
            break
    ground.paste(small, (left, top), small)
    cover = np.asarray(small.getchannel("A")) > 255 * SOLID
    rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
    box = (left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
    return ground, tuple(map(float, box))  # type: ignore[return-value]


# ---------------------------------------------------------------- garments


def drawn_cutouts(count: int) -> list[Cutout]:
    """Pieces of the sample wardrobe, spread over its kinds."""
    step = max(1, len(PIECES) // count)
    return [drawn_cutout(piece) for piece in PIECES[::step][:count]]


def drawn_cutout(piece: Piece) -> Cutout:
    """A drawn piece alone: what differs between a white and a black backdrop is not the piece."""
    on_white, on_black = (
        render(piece.shape, piece.cloth, piece.pattern, Setting(backdrop=shade))
        .pixels()
        .astype(np.float64)
        for shade in ((255, 255, 255), (0, 0, 0))
    )
    cover = 1 - (on_white - on_black).mean(axis=2, keepdims=True) / 255
    colour = on_black / np.maximum(cover, 1e-3)
    return Cutout(piece.file_name, _cropped(np.concatenate([colour, 255 * cover], axis=2)))


def photographed_cutout(path: Path) -> Cutout | None:
    """A garment from a photo on white paper: all but the paper seen from one of the edges.

    None when the photo's edge is not white all around: then nobody knows what the garment is.
    """
    with Image.open(path) as opened:
        photo = np.asarray(opened.convert("RGB"))
    paper = photo.min(axis=2) >= NEAR_WHITE
    edge = np.concatenate([paper[0], paper[-1], paper[:, 0], paper[:, -1]])
    if edge.mean() < 0.98:
        return None
    outside = np.zeros_like(paper)
    for axis in (0, 1):
        outside |= np.logical_and.accumulate(paper, axis=axis)
        outside |= np.flip(np.logical_and.accumulate(np.flip(paper, axis), axis=axis), axis)
    garment = Image.fromarray(np.where(outside, 0, 255).astype(np.uint8))
    # A pixel less all around: JPEG leaves a pale seam there.
    cover = garment.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MedianFilter(3))
    if not LEAST_COVER < np.asarray(cover).mean() / 255 < MOST_COVER:
        return None
    return Cutout(path.name, _cropped(np.dstack([photo, np.asarray(cover)])))


def _cropped(pixels: npt.NDArray[np.generic]) -> Image.Image:
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGBA")
    solid = picture.getchannel("A").point(lambda level: 255 if level > 255 * SOLID else 0)
    return picture.crop(solid.getbbox())


# ---------------------------------------------------------------- backgrounds


def _palette(chance: random.Random) -> list[tuple[int, int, int]]:
    return [tuple(chance.randint(30, 235) for _ in range(3)) for _ in range(6)]  # type: ignore[misc]


def _bricks(size: tuple[int, int], chance: random.Random) -> Image.Image:
    colours = _palette(chance)
    picture = Image.new("RGB", size, colours[0])
    draw = ImageDraw.Draw(picture)
    wide, high = chance.randint(50, 110), chance.randint(22, 46)
    for row in range(size[1] // high + 1):
        for column in range(-1, size[0] // wide + 1):
            left, top = column * wide + (row % 2) * wide // 2, row * high
            base = colours[1 + chance.randrange(2)]
            tint = tuple(max(0, min(255, value + chance.randint(-22, 22))) for value in base)
            draw.rectangle((left + 2, top + 2, left + wide - 2, top + high - 2), fill=tint)
    return picture


def _stripes(size: tuple[int, int], chance: random.Random) -> Image.Image:
    colours = _palette(chance)
    side = 2 * max(size)
    picture = Image.new("RGB", (side, side))
    draw = ImageDraw.Draw(picture)
    at = 0
    while at < side:
        wide = chance.randint(8, 60)
        draw.rectangle((at, 0, at + wide, side), fill=chance.choice(colours))
        at += wide
    turned = picture.rotate(chance.uniform(0, 180), Image.Resampling.BICUBIC)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


def _clutter(size: tuple[int, int], chance: random.Random) -> Image.Image:
    colours = _palette(chance)
    picture = Image.new("RGB", size, colours[0])
    draw = ImageDraw.Draw(picture)
    for _ in range(90):
        x, y = chance.randint(-40, size[0]), chance.randint(-40, size[1])
        box = (x, y, x + chance.randint(15, 110), y + chance.randint(15, 110))
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)(
            box, fill=chance.choice(colours)
        )
    return picture


def _leaves(size: tuple[int, int], chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", size, (38, 58, 30))
    for _ in range(220):
        green = chance.randint(60, 190)
        shade = (
            green * chance.randint(30, 80) // 100,
            green,
            green * chance.randint(15, 55) // 100,
        )
        leaf = Image.new("L", (70, 70), 0)
        ImageDraw.Draw(leaf).ellipse((5, 25, 65, 45), fill=255)
        leaf = leaf.rotate(chance.uniform(0, 180), Image.Resampling.BICUBIC)
        at = chance.randint(-40, size[0]), chance.randint(-40, size[1])
        picture.paste(shade, at, leaf)
    return picture


def _boards(size: tuple[int, int], chance: random.Random) -> Image.Image:
    generator = np.random.default_rng(chance.randrange(1 << 30))
    base = np.array([chance.randint(90, 190), chance.randint(60, 130), chance.randint(35, 90)])
    grain = generator.normal(0, 16, (size[1], 1, 1)) + generator.normal(0, 7, (size[1], size[0], 1))
    picture = Image.fromarray((base + grain).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    step = chance.randint(60, 120)
    for top in range(0, size[1], step):
        draw.rectangle((0, top, size[0], top + 3), fill=(40, 28, 20))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _marble(size: tuple[int, int], chance: random.Random) -> Image.Image:
    generator = np.random.default_rng(chance.randrange(1 << 30))
    picture = Image.new("RGB", size, "black")
    for cells, strength in ((4, 0.5), (12, 0.3), (48, 0.2)):
        noise = generator.integers(0, 256, (cells, cells, 3), np.uint8)
        layer = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
        picture = ImageChops.add(picture, layer.point(lambda level, part=strength: level * part))
    return picture


BACKGROUNDS: dict[str, Callable[[tuple[int, int], random.Random], Image.Image]] = {
    "bricks": _bricks,
    "stripes": _stripes,
    "clutter": _clutter,
    "leaves": _leaves,
    "boards": _boards,
    "marble": _marble,
}
