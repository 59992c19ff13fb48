"""A card of plain colours, coded in the colour spaces that files may have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from fashion_finder.domain import Pixels

Floats = npt.NDArray[np.float64]

CARD_COLOURS = (
    *((230, 26, 26), (26, 160, 40), (30, 50, 200), (240, 200, 30)),
    *((128, 128, 128), (20, 20, 20), (200, 150, 130), (255, 255, 255)),
)

TO_P3 = np.array([[0.82246, 0.17754, 0.0], [0.03319, 0.96681, 0.0], [0.01708, 0.07240, 0.91052]])
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""From linear sRGB to linear Display P3, and to linear BT.2020 (ITU-R BT.2087-0)."""


def card() -> Pixels:
    """Columns of the colours, [96, 256, 3], in sRGB."""
    return np.tile(np.repeat(np.array(CARD_COLOURS, np.uint8), 32, axis=0), (96, 1, 1))


def light(levels: npt.ArrayLike) -> Floats:
    """Linear light of sRGB levels, 1 for white."""
    value = np.asarray(levels, float) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def srgb_coded(linear: Floats) -> Floats:
    """sRGB's curve, 0 to 1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def pq_coded(nits: npt.ArrayLike) -> Floats:
    """The inverse EOTF of SMPTE ST 2084, 0 to 1."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = (np.clip(np.asarray(nits, float), 0, None) / 10_000) ** m1
    return np.asarray(((c1 + c2 * power) / (1 + c3 * power)) ** m2)


def hlg_coded(nits: Floats) -> Floats:
    """What a 1,000 cd/m2 display of BT.2100 shows as these luminances of BT.2020's primaries."""
    shown = np.clip(nits, 0, None) / 1000
    luminance = np.maximum(shown @ np.array([0.2627, 0.6780, 0.0593]), 1e-9)
    scene = shown * (luminance ** (1 / 1.2 - 1))[..., None]
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    bright = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright))


def levels(coded: Floats) -> Image.Image:
    """As an 8-bit picture."""
    return Image.fromarray((np.clip(coded, 0, 1) * 255 + 0.5).astype(np.uint8))


def p3_card() -> Image.Image:
    """The card in Display P3."""
    return levels(srgb_coded(light(card()) @ TO_P3.T))


def pq_card(white: float = 203.0) -> Image.Image:
    """The card in BT.2020 PQ, with its white at so many cd/m2."""
    return levels(pq_coded(white * (light(card()) @ TO_2020.T)))


def hlg_card(white: float = 203.0) -> Image.Image:
    """The card in BT.2020 HLG."""
    return levels(hlg_coded(white * (light(card()) @ TO_2020.T)))
