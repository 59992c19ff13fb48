"""Colours that a file tells by numbers instead of an ICC profile, brought to sRGB.

AVIF, HEIC and PNG name them by code points (ITU-T H.273, "CICP"); older PNGs give a gamma and the
chromaticities of their primaries.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float32]

Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""CIE 1931 x and y of white, red, green and blue, in the order of PNG's cHRM chunk."""

_D65: Final = (0.3127, 0.3290)
_C: Final = (0.310, 0.316)

REC_709: Final[Chromaticities] = (*_D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
"""The primaries of sRGB."""

_PRIMARIES: Final[dict[int, Chromaticities]] = {
    1: REC_709,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    7: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
"""ITU-T H.273 (2021), table 2."""

_SRGB_CURVE: Final = 13
_LINEAR: Final = 8
_PQ: Final = 16
_SMPTE_428: Final = 17
_HLG: Final = 18
_POWERS: Final = {4: 2.2, 5: 2.8}
_LOGARITHMS: Final = {9: 2.0, 10: 2.5}
"""Code points of ITU-T H.273 (2021), table 3. The video curves without an entry (1, 6, 7, 11, 12, 14
and 15) describe cameras; what they recorded is meant for a display that shows them as sRGB."""

_REFERENCE_WHITE: Final = 203.0
"""Luminance of a white sheet of paper in HDR, cd/m2 (ITU-R BT.2408-7, table 1): white in sRGB."""

_HLG_PEAK: Final = 1000.0  # cd/m2 of the display that HLG's system gamma of 1.2 is for (BT.2100)

_KNEE: Final = 0.75
"""Share of white up to which light is left as it is, even where a picture holds brighter light."""

_PEAK_SHARE: Final = 99.9
"""Per cent of the pixels that a picture's peak is brighter than: sparks may clip."""

_GAMMAS: Final = (0.1, 10.0)  # of a PNG; others are mistakes
_SAME_GAMMA: Final = 0.02
_SAME_CHROMATICITY: Final = 0.005
_STEPS: Final = 65535  # of the table from light to levels: a 20th of a level in the deepest shadows


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """What a file's RGB levels mean."""

    chromaticities: Chromaticities = REC_709
    curve: int = _SRGB_CURVE  # a transfer characteristic of H.273
    gamma: float | None = None  # exponent from level to light; instead of `curve`

    @property
    def is_srgb(self) -> bool:
        """Whether there is nothing to convert."""
        return self == SRGB


SRGB: Final = ColourSpace()


def from_code_points(primaries: int, transfer: int) -> ColourSpace:
    """The colour space of CICP code points; what is unknown or unspecified counts as sRGB."""
    chromaticities = _PRIMARIES.get(primaries, REC_709)
    if transfer in _POWERS:
        return ColourSpace(chromaticities, gamma=_POWERS[transfer])
    known = transfer in (_LINEAR, _PQ, _SMPTE_428, _HLG) or transfer in _LOGARITHMS
    return ColourSpace(chromaticities, transfer if known else _SRGB_CURVE)


def from_gamma(gamma: float | None, chromaticities: Chromaticities | None) -> ColourSpace:
    """The colour space of PNG's chunks gAMA and cHRM.

    With the primaries of sRGB, a gamma of 1 / 2.2 stands for its curve, as most files mean it.
    Values that make no sense are ignored.
    """
    exponent = 1 / gamma if gamma and _GAMMAS[0] <= 1 / gamma <= _GAMMAS[1] else None
    primaries = REC_709
    if chromaticities and not np.allclose(chromaticities, REC_709, rtol=0, atol=_SAME_CHROMATICITY):
        try:
            _matrix(chromaticities)
            primaries = chromaticities
        except (np.linalg.LinAlgError, ZeroDivisionError, ValueError):
            pass
    if exponent and primaries == REC_709 and abs(exponent / 2.2 - 1) <= _SAME_GAMMA:
        return SRGB
    return ColourSpace(primaries, gamma=exponent)


def convert(image: Image.Image, space: ColourSpace) -> Image.Image:
    """Convert an 8-bit RGB picture to sRGB.

    HDR keeps its light up to 0.75 of the reference white. What is brighter is rolled off such that the
    picture's peak becomes white; a picture that holds nothing brighter than the reference white is
    not changed by that (Reinhard et al. 2002, equation 4, above the knee). Colours outside sRGB are
    clipped.
    """
    if space.is_srgb:
        return image
    levels = np.asarray(image)
    light = _light(space)[levels]
    if space.curve == _HLG and space.gamma is None:
        light = _displayed(light, _luminances(space.chromaticities))
    if space.chromaticities != REC_709:
        light = light @ _matrix(space.chromaticities).T
    if space.curve in (_PQ, _HLG) and space.gamma is None:
        light = _rolled_off(light)
    indices = (np.clip(light, 0, 1) * _STEPS + 0.5).astype(np.uint16)
    return Image.fromarray(_levels_of_light()[indices])


@lru_cache(maxsize=8)
def _light(space: ColourSpace) -> Floats:
    """Light for each level, 1 for white; for HLG of the scene, from 0 to 1."""
    level = np.arange(256) / 255
    if space.gamma is not None:
        light = level**space.gamma
    elif space.curve == _PQ:
        light = _pq_luminance(level) / _REFERENCE_WHITE
    elif space.curve == _HLG:
        light = _hlg_scene(level)
    elif space.curve == _LINEAR:
        light = level
    elif space.curve == _SMPTE_428:
        light = level**2.6 * (52.37 / 48)
    elif space.curve in _LOGARITHMS:
        light = 10 ** ((level - 1) * _LOGARITHMS[space.curve])
    else:  # IEC 61966-2-1
        light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _pq_luminance(level: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Luminance, cd/m2 (SMPTE ST 2084; ITU-R BT.2100-2, table 4)."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = level ** (1 / m2)
    return np.asarray(10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1))


def _hlg_scene(level: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Light of the scene, 0 to 1 (ITU-R BT.2100-2, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(level <= 0.5, level**2 / 3, (np.exp((level - c) / a) + b) / 12)


def _displayed(scene: Floats, luminances: Floats) -> Floats:
    """HLG's light of the scene as a display shows it, 1 for the reference white (BT.2100-2, table 5)."""
    luminance = np.maximum(scene @ luminances, 1e-6)
    gain: Floats = (_HLG_PEAK / _REFERENCE_WHITE) * luminance**0.2
    return scene * gain[..., None]


def _rolled_off(light: Floats) -> Floats:
    """Bring HDR into 0 to 1, without changing hues."""
    brightest = light.max(axis=-1)
    peak = float(np.percentile(brightest, _PEAK_SHARE))
    if peak <= 1:
        return light
    above = np.maximum((brightest - _KNEE) / (1 - _KNEE), 0)
    limit = (peak - _KNEE) / (1 - _KNEE)
    rolled = np.minimum(above * (1 + above / limit**2) / (1 + above), 1)
    ratio = np.where(above > 0, (_KNEE + (1 - _KNEE) * rolled) / np.maximum(brightest, _KNEE), 1)
    return np.asarray(light * ratio[..., None], np.float32)


@lru_cache(maxsize=1)
def _levels_of_light() -> npt.NDArray[np.uint8]:
    """The inverse of sRGB's curve (IEC 61966-2-1), for light in 65,536 steps."""
    light = np.arange(_STEPS + 1) / _STEPS
    level = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (level * 255 + 0.5).astype(np.uint8)


@lru_cache(maxsize=8)
def _matrix(chromaticities: Chromaticities) -> Floats:
    """From linear RGB of these primaries to sRGB's, [3, 3]; white stays white."""
    bradford = np.array(
        [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
    )
    ours, theirs = _to_xyz(REC_709), _to_xyz(chromaticities)
    scale = (bradford @ ours.sum(axis=1)) / (bradford @ theirs.sum(axis=1))
    adapted = np.linalg.inv(bradford) @ np.diag(scale) @ bradford @ theirs
    matrix: Floats = (np.linalg.inv(ours) @ adapted).astype(np.float32)
    if not np.isfinite(matrix).all():
        raise ValueError(chromaticities)
    return matrix


@lru_cache(maxsize=8)
def _luminances(chromaticities: Chromaticities) -> Floats:
    """How much each primary adds to the luminance, [3]; their sum is 1."""
    luminances: Floats = _to_xyz(chromaticities)[1].astype(np.float32)
    return luminances


def _to_xyz(chromaticities: Chromaticities) -> npt.NDArray[np.float64]:
    """From linear RGB to CIE XYZ, Y of white being 1 (SMPTE RP 177)."""
    x, y = np.array(chromaticities).reshape(4, 2).T
    if not (y[0] > 0 and (np.abs(chromaticities) < 10).all()):
        raise ValueError(chromaticities)
    columns = np.stack([x[1:], y[1:], 1 - x[1:] - y[1:]])
    white = np.array([x[0] / y[0], 1, (1 - x[0] - y[0]) / y[0]])
    return np.asarray(columns * np.linalg.solve(columns, white))
