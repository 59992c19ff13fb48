"""Two views of a photo: one nearly as it is, one as it might be met again.

Everything is drawn from the generator that is passed in, so a view depends on nothing but its seed.
The changes stand for what separates a catalogue photo from a phone's: another backdrop, a tilted or
cropped frame, the light of a room, a small or compressed copy, something in front.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

PictureArray = NDArray[np.uint8]
Backdrops = Callable[[np.random.Generator], PictureArray]

#: A pixel whose darkest channel is at least this may be backdrop.
NEAR_WHITE = 236
#: A backdrop is replaced only where it covers this share of the photo at least.
LEAST_BACKDROP = 0.12
#: Of the wanted side length, what a photo needs to have for cropped views to stay sharp.
ENOUGH = 1.3


@dataclass(frozen=True, slots=True)
class View:
    """A changed photo, uint8 [size, size, 3]; ``recoloured`` when its colours are not its own.

    ``pattern`` is the word for a print that was laid over the garment, empty for its own.
    """

    picture: PictureArray
    recoloured: bool
    pattern: str = ""


def plain_view(picture: PictureArray, draw: np.random.Generator, size: int) -> View:
    """Return the photo at another size: mirrored in half, cropped a little, in slightly other light."""
    image = Image.fromarray(picture)
    side = picture.shape[0]
    kept = draw.uniform(0.85, 1.0) * side if draw.random() < 0.5 else side
    left, top = draw.uniform(0, side - kept, 2)
    box = (left, top, left + kept, top + kept)
    view = np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, box=box))
    if draw.random() < 0.5:
        view = view[:, ::-1]
    light = view.astype(np.float32) * np.exp(draw.normal(0, 0.03, 3)).astype(np.float32)
    return View(_bytes(light), recoloured=False)


def changed_view(
    picture: PictureArray,
    draw: np.random.Generator,
    size: int,
    backdrops: Backdrops,
    *,
    strength: float = 1.0,
) -> View:
    """Return the photo as it might be met again, as uint8 [size, size, 3].

    ``backdrops(draw)`` gives a photo to stand behind the garment; ``strength`` (0 to 1) scales how
    often each change happens.
    """

    def happens(share: float) -> bool:
        return bool(draw.random() < share * strength)

    image = Image.fromarray(picture)
    needed = round(size * ENOUGH)
    if image.width > needed:
        image = image.resize((needed, needed), Image.Resampling.BILINEAR)
    if happens(0.8):
        image = _framed(image, draw, size)
    else:
        image = image.resize((size, size), Image.Resampling.BICUBIC)
    view = np.asarray(image)
    if draw.random() < 0.5:
        view = view[:, ::-1]
    if happens(0.5):
        view = _on_other_ground(view, draw, backdrops)
    light = view.astype(np.float32)
    recoloured = happens(0.2)
    if recoloured:
        light = _recoloured(light, draw)
    light = _lit(light, draw, strength)
    if happens(0.15):
        light = _covered(light, draw)
    view = _bytes(light)
    if happens(0.6):
        view = _worse_copy(view, draw)
    return View(view, recoloured)


def backdrop_mask(view: PictureArray) -> NDArray[np.bool_]:
    """Mark near-white pixels seen from an edge along a row or a column, bool [h, w].

    A white shirt's inside stays unmarked wherever its outline is darker.
    """
    white = view.min(axis=2) >= NEAR_WHITE
    reach = np.logical_and.accumulate
    rows = reach(white, axis=1) | reach(white[:, ::-1], axis=1)[:, ::-1]
    columns = reach(white, axis=0) | reach(white[::-1], axis=0)[::-1]
    return rows | columns


def _framed(image: Image.Image, draw: np.random.Generator, size: int) -> Image.Image:
    """Cut a tilted, slightly distorted part out; what lies outside the photo is white."""
    side = image.width
    reach = np.sqrt(draw.uniform(0.35, 1.15)) * side / 2
    stretch = np.exp(draw.uniform(-0.15, 0.15))
    angle = np.deg2rad(draw.normal(0, 8))
    slack = max(0.0, side / 2 - reach) + 0.06 * side
    middle = side / 2 + draw.uniform(-slack, slack, 2)
    corners = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1)]) * reach * [stretch, 1 / stretch]
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = corners @ turn.T + middle + draw.normal(0, 0.025 * side, (4, 2))
    margin = side // 2
    inner = Image.new("RGB", (side + 2 * margin,) * 2, "white")
    inner.paste(image, (margin, margin))
    quad += margin
    # The transformation samples single pixels: shrink first where the part is to become smaller.
    shrink = 2 * reach / size
    if shrink > 1.2:
        small = inner.resize((round(inner.width / shrink),) * 2, Image.Resampling.BILINEAR)
        quad *= small.width / inner.width
        inner = small
    return inner.transform(
        (size, size),
        Image.Transform.QUAD,
        quad.ravel().tolist(),
        Image.Resampling.BILINEAR,
        fillcolor="white",
    )


def _on_other_ground(
    view: PictureArray, draw: np.random.Generator, backdrops: Backdrops
) -> PictureArray:
    """Put a photo, a wall or plain noise where the white backdrop was."""
    mask = backdrop_mask(view)
    if mask.mean() < LEAST_BACKDROP:
        return view
    size = view.shape[0]
    kind = draw.random()
    if kind < 0.5:
        ground = _part_of(backdrops(draw), draw, size)
    else:
        tone = draw.uniform(30, 250) + draw.normal(0, 18, 3)
        slope = draw.normal(0, 25, 2)
        line = np.linspace(-1, 1, size)
        shade = slope[0] * line[:, None] + slope[1] * line[None, :]
        ground = tone[None, None, :] + shade[:, :, None]
        if kind > 0.85:
            coarse = draw.normal(0, 30, (size // 8 + 1, size // 8 + 1, 3))
            ground = ground + np.kron(coarse, np.ones((8, 8, 1)))[:size, :size]
    edge = Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))
    soft = np.asarray(edge.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)[:, :, None]
    share = np.minimum(soft / 255, mask[:, :, None] * 0.7 + 0.3)
    blended = view * (1 - share) + np.asarray(ground, dtype=np.float32) * share
    return _bytes(blended)


def _part_of(picture: PictureArray, draw: np.random.Generator, size: int) -> PictureArray:
    side = picture.shape[0]
    kept = draw.uniform(0.3, 0.9) * side
    left, top = draw.uniform(0, side - kept, 2)
    box = (left, top, left + kept, top + kept)
    image = Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR, box=box)
    if draw.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(draw.uniform(0.5, 4)))
    return np.asarray(image)


def _recoloured(light: NDArray[np.float32], draw: np.random.Generator) -> NDArray[np.float32]:
    """Turn the hues: rotate colours about the grey axis, and change how vivid they are."""
    angle = draw.uniform(0.6, 2 * np.pi - 0.6)
    axis = np.full(3, 3**-0.5)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    grey = light.mean(axis=2, keepdims=True)
    vivid = grey + (light - grey) * draw.uniform(0.5, 1.6)
    tint = draw.uniform(0.55, 1.0, 3) if draw.random() < 0.5 else np.ones(3)
    turned: NDArray[np.float32] = ((vivid @ turn.T) * tint).astype(np.float32)
    return turned


def _lit(
    light: NDArray[np.float32], draw: np.random.Generator, strength: float
) -> NDArray[np.float32]:
    """Change exposure, contrast and the colour of the light."""
    curve = np.linspace(0, 1, 256, dtype=np.float32) ** np.exp(draw.normal(0, 0.18 * strength))
    scaled = curve[np.clip(light, 0, 255).astype(np.uint8)]
    warm = draw.normal(0, 0.08 * strength)
    gain = np.exp(draw.normal(0, 0.08 * strength) + np.array([warm, 0.15 * warm, -warm]))
    middle = 0.5 + (scaled - 0.5) * np.exp(draw.normal(0, 0.08 * strength))
    lit: NDArray[np.float32] = (255 * middle * gain).astype(np.float32)
    return lit


def _covered(light: NDArray[np.float32], draw: np.random.Generator) -> NDArray[np.float32]:
    """Put a plain patch somewhere in front."""
    size = light.shape[0]
    height, width = (draw.uniform(0.1, 0.35, 2) * size).astype(int)
    top, left = int(draw.integers(0, size - height)), int(draw.integers(0, size - width))
    covered = light.copy()
    covered[top : top + height, left : left + width] = draw.uniform(0, 255, 3)
    return covered


def _worse_copy(view: PictureArray, draw: np.random.Generator) -> PictureArray:
    """Blur, shrink or compress it, as copies of pictures are."""
    image = Image.fromarray(view)
    size = image.width
    way = draw.random()
    if way < 0.35:
        image = image.filter(ImageFilter.GaussianBlur(draw.uniform(0.2, 1.1) * size / 128))
    elif way < 0.7:
        less = round(size * np.exp(draw.uniform(np.log(0.22), np.log(0.8))))
        image = image.resize((less, less), Image.Resampling.BICUBIC)
        image = image.resize((size, size), Image.Resampling.BICUBIC)
    if draw.random() < 0.7:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(draw.integers(25, 85)))
        image = Image.open(buffer)
    return np.asarray(image.convert("RGB"))


def _bytes(light: NDArray[np.float32]) -> PictureArray:
    return np.ascontiguousarray(np.clip(np.rint(light), 0, 255).astype(np.uint8))
