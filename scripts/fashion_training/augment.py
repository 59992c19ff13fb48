"""Changed views of a prepared photo, as a phone might have taken it.

Everything is drawn from the generator that is passed in, so a view depends on nothing but its seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PictureArray = NDArray[np.uint8]

#: Smallest share of the area that a crop keeps. Smaller ones cut a shoe to a sole and hurt the type.
SMALLEST_CROP = 0.55


def view_of(
    picture: PictureArray, draw: np.random.Generator, *, ordinary: bool, strength: float = 1.0
) -> PictureArray:
    """Return a changed view, uint8, of the same shape [size, size, 3].

    A crop in half of the views, a mirror image in half, a toned backdrop in a third of catalogue
    views; exposure and colour temperature always, gently for the catalogue, whose colour is being
    learnt. ``strength`` scales how often crop and backdrop occur.
    """
    view = picture
    if draw.random() < 0.5 * strength:
        view = _cropped(view, draw)
    if draw.random() < 0.5:
        view = view[:, ::-1]
    light = view.astype(np.float32)
    if not ordinary and draw.random() < 0.33 * strength:
        light *= _backdrop(view.shape[0], draw)
    spread = 0.25 if ordinary else 0.08
    gain = np.exp(draw.normal(0, spread)) * np.exp(draw.normal(0, spread / 4, size=3))
    light = 255 * (light / 255) ** np.exp(draw.normal(0, spread)) * gain.astype(np.float32)
    return np.ascontiguousarray(np.clip(np.rint(light), 0, 255).astype(np.uint8))


def _cropped(picture: PictureArray, draw: np.random.Generator) -> PictureArray:
    """Cut out a part of a slightly changed shape and bring it back to full size."""
    size = picture.shape[0]
    area = draw.uniform(SMALLEST_CROP, 1.0)
    ratio = np.exp(draw.uniform(-0.2, 0.2))
    width = min(1.0, float(np.sqrt(area * ratio))) * size
    height = min(1.0, float(np.sqrt(area / ratio))) * size
    left, top = draw.uniform(0, size - width), draw.uniform(0, size - height)
    cut = Image.fromarray(picture).resize(
        (size, size), Image.Resampling.BICUBIC, box=(left, top, left + width, top + height)
    )
    return np.asarray(cut)


def _backdrop(size: int, draw: np.random.Generator) -> NDArray[np.float32]:
    """Make a light, nearly neutral wall to multiply a white backdrop with, [size, size, 3]."""
    tone = draw.uniform(0.65, 0.98) * np.exp(draw.normal(0, 0.03, size=3))
    slope = draw.uniform(-0.12, 0.12, size=2)
    line = np.linspace(-1, 1, size)
    shade = 1 + slope[0] * line[:, None] + slope[1] * line[None, :]
    return np.clip(shade[:, :, None] * tone, 0, 1).astype(np.float32)
