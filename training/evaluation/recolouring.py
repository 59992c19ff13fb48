"""The same piece in another colour: every hue of a photo turned by one angle."""

from __future__ import annotations

import numpy as np
from PIL import Image

#: Raise it when the same seed gives other pictures than before: kept vectors are then not taken.
REVISION = 1


def turn(identifier: int, seed: int) -> float:
    """Draw the angle for one product, degrees: 60 to 300, so that it is never nearly the same."""
    return float(np.random.default_rng([seed, identifier]).uniform(60, 300))


def hue_turned(photo: Image.Image, degrees: float) -> Image.Image:
    """Turn all hues of an RGB photo; black, white and grey stay what they are."""
    hue, saturation, value = photo.convert("HSV").split()
    steps = round(degrees * 256 / 360)
    turned = hue.point([(level + steps) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")
