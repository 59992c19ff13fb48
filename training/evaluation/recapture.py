"""A catalogue photo as somebody's phone might take it again: fixed, seeded, never trained on.

In this order: the backdrop replaced by an ordinary photo (in half of them), turned by up to 12
degrees, cropped to 60 to 100 % of the area, lit by light of 4,000 to 8,000 K, gamma 0.7 to 1.4,
blurred with a sigma of up to 1.5 pixels, saved as JPEG of quality 30 to 70. Everything is drawn
evenly from its range.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from evaluation.backdrop import backdrop_of

#: Raise it when the same seed gives other pictures than before: kept vectors are then not taken.
REVISION = 1
#: The light that sRGB calls white, kelvin.
NEUTRAL_LIGHT = 6500.0
#: Sigma, in pixels, of the soft edge between a garment and its new background.
SOFT_EDGE = 0.7


@dataclass(frozen=True, slots=True)
class Conditions:
    """How one photo is taken again."""

    background: int | None  # position among the backgrounds; None leaves the backdrop
    turn: float  # degrees, counter-clockwise
    area: float  # share of the picture that is kept
    left: float  # where the crop lies, 0 to 1 of the room it has
    top: float
    gamma: float
    light: float  # kelvin
    sigma: float  # pixels
    quality: int  # of the JPEG

    @classmethod
    def drawn(cls, identifier: int, seed: int, backgrounds: int) -> Conditions:
        """Draw the conditions of one product; they depend on nothing but these three numbers."""
        draw = np.random.default_rng([seed, identifier])
        replaced = draw.random() < 0.5
        background = int(draw.integers(backgrounds))
        return cls(
            background=background if replaced else None,
            turn=draw.uniform(-12, 12),
            area=draw.uniform(0.6, 1.0),
            left=draw.random(),
            top=draw.random(),
            gamma=draw.uniform(0.7, 1.4),
            light=draw.uniform(4000, 8000),
            sigma=draw.uniform(0, 1.5),
            quality=int(draw.integers(30, 71)),
        )


def recapture(
    photo: Image.Image, conditions: Conditions, background: Image.Image | None = None
) -> Image.Image:
    """Take an RGB photo again; ``background`` is laid where its backdrop was."""
    taken = _turned(photo, conditions.turn, background)
    taken = _cropped(taken, conditions)
    taken = Image.fromarray(relit(np.asarray(taken), conditions.light, conditions.gamma))
    taken = taken.filter(ImageFilter.GaussianBlur(conditions.sigma))
    stored = io.BytesIO()
    taken.save(stored, "JPEG", quality=conditions.quality)
    with Image.open(stored) as opened:
        return opened.convert("RGB")


def _turned(photo: Image.Image, turn: float, background: Image.Image | None) -> Image.Image:
    """Turn the photo within its own frame, on white or on the background."""
    turned = photo.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if background is None:
        return turned
    garment = ~backdrop_of(np.asarray(photo))
    coverage = Image.fromarray(garment.astype(np.uint8) * 255)
    coverage = coverage.rotate(turn, Image.Resampling.BICUBIC, fillcolor=0)
    coverage = coverage.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(SOFT_EDGE))
    scene = ImageOps.fit(background, photo.size, Image.Resampling.BICUBIC)
    scene.paste(turned, mask=coverage)
    return scene


def _cropped(picture: Image.Image, conditions: Conditions) -> Image.Image:
    """Keep a share of the area, in the picture's own proportions."""
    side = conditions.area**0.5
    width, height = round(picture.width * side), round(picture.height * side)
    left = round((picture.width - width) * conditions.left)
    top = round((picture.height - height) * conditions.top)
    return picture.crop((left, top, left + width, top + height))


def relit(picture: NDArray[np.uint8], light: float, gamma: float) -> NDArray[np.uint8]:
    """Show a picture under light of another colour temperature, then raise it to ``gamma``.

    The channels of linear light are multiplied by the blackbody's colour relative to 6,500 K at equal
    luminance: the camera's white balance is taken to stay at daylight.
    """
    gains = blackbody(light) / blackbody(NEUTRAL_LIGHT)
    levels = np.arange(256) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    lit = np.clip(linear[:, None] * gains, 0, 1)  # [256, 3]
    encoded = np.where(lit <= 0.0031308, lit * 12.92, 1.055 * lit ** (1 / 2.4) - 0.055)
    table = np.rint(encoded**gamma * 255).astype(np.uint8)
    changed: NDArray[np.uint8] = np.stack(
        [table[picture[..., channel], channel] for channel in range(3)], axis=-1
    )
    return changed


def blackbody(kelvin: float) -> NDArray[np.float64]:
    """Return a blackbody's colour in linear sRGB, [3], scaled to luminance 1.

    Planck's law, seen by the CIE 1931 observer in the analytic form of Wyman, Sloan and Shirley
    (Journal of Computer Graphics Techniques 2013), converted with the matrix of IEC 61966-2-1.
    """
    wavelength = np.arange(380.0, 781.0, 5.0)  # nm
    energy = wavelength**-5 / np.expm1(1.438777e7 / (wavelength * kelvin))

    def lobe(height: float, centre: float, below: float, above: float) -> NDArray[np.float64]:
        width = np.where(wavelength < centre, below, above)
        return height * np.exp(-0.5 * ((wavelength - centre) * width) ** 2)

    x = (
        lobe(1.056, 599.8, 0.0264, 0.0323)
        + lobe(0.362, 442.0, 0.0624, 0.0374)
        + lobe(-0.065, 501.1, 0.0490, 0.0382)
    )
    y = lobe(0.821, 568.8, 0.0213, 0.0247) + lobe(0.286, 530.9, 0.0613, 0.0322)
    z = lobe(1.217, 437.0, 0.0845, 0.0278) + lobe(0.681, 459.0, 0.0385, 0.0725)
    seen = np.stack([x, y, z]) @ energy
    to_srgb = np.array(
        [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    )
    colour: NDArray[np.float64] = to_srgb @ (seen / seen[1])
    return colour
