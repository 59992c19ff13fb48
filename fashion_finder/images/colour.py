"""From whatever a file stores (palette, CMYK, 16 bits, a colour profile) to RGB in sRGB."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from fashion_finder.images.colour_space import SRGB, ColourSpace, convert

PROFILE_LIMIT: Final = 16 << 20
"""Largest embedded profile that is read, bytes; real ones reach about 3 MB."""

_SAME_COLOURS: Final = 2
"""Levels by which a profile may differ from sRGB and still count as it."""

_LEAST_WHITE: Final = 16
"""A largest value below this part of a convention's white speaks against the convention."""


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Convert a loaded picture to 8 bits a channel, no palette: L, LA, RGB, RGBA, CMYK or LAB.

    The caller can then shrink it before the costlier ``to_srgb``.
    """
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        return _grey_levels(image)
    if mode in ("1", "L", "RGB", "P") and "transparency" in image.info:
        try:
            return image.convert("RGBA")
        except (ValueError, TypeError):  # the entry makes no sense: nothing is transparent
            del image.info["transparency"]
    if mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    converted = {"1": "L", "PA": "RGBA", "RGBa": "RGBA", "La": "LA"}
    return image.convert(converted.get(mode, "RGB"))  # else P, RGBX, YCbCr, HSV


def to_srgb(image: Image.Image, profile: bytes | None, space: ColourSpace = SRGB) -> Image.Image:
    """Lay an 8-bit picture over white and convert it to RGB in sRGB.

    Args:
        image: of a mode that ``to_eight_bits`` returns.
        profile: the ICC profile embedded in the file; ignored when it is broken or for another
            mode. CMYK without one is converted by the plain formula.
        space: what the levels of grey and RGB mean when there is no profile.
    """
    if image.mode == "LAB":
        return _apply(_lab_transform(), image) or image.convert("RGB")
    if not profile and not space.is_srgb and image.mode != "CMYK":
        alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
        image = convert(image.convert("RGB"), space)  # before white is laid under it
        if alpha is not None:
            image.putalpha(alpha)
    flat = _over_white(image)
    if profile and len(profile) <= PROFILE_LIMIT:
        converted = _apply(_transform(profile, flat.mode), flat)
        if converted is not None:
            return converted
    return flat if flat.mode == "RGB" else flat.convert("RGB")


def white_of(values: npt.NDArray[Any]) -> tuple[float, float]:
    """The values that are black and white in 32-bit and float samples.

    The common conventions (white is 1, 255, 65535 or the largest number) are recognised by the largest
    value, unless that would make a nearly black picture; anything else is stretched from minimum to
    maximum.
    """
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    whites = [1.0, 255.0, 65535.0] if values.dtype.kind == "f" else [255.0, 65535.0]
    if values.dtype.kind == "u":
        whites.append(float(np.iinfo(values.dtype).max))
    for white in whites:
        if least >= 0 and most <= white:
            if most >= white / _LEAST_WHITE or white == whites[0]:
                return 0.0, white
            break
    return least, most if most > least else least + 1


def _grey_levels(image: Image.Image) -> Image.Image:
    """Map 16-bit, 32-bit and float grey to 8 bits by their full range, so that nothing clips.

    In 16-bit files white is known, in the others it is recognised.
    """
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        grey = Image.fromarray((values.astype(np.float64) / 257 + 0.5).astype(np.uint8))
        key = image.info.get("transparency")
        if isinstance(key, int):
            grey.putalpha(Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8)))
        return grey
    black, white = white_of(values)
    values = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    levels = np.clip((values - black) * (255 / (white - black)) + 0.5, 0, 255)
    return Image.fromarray(levels.astype(np.uint8))


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image
    base = image.convert("L" if image.mode == "LA" else "RGB")
    white = Image.new(base.mode, base.size, "white")
    white.paste(base, mask=image.getchannel("A"))
    return white


def _apply(transform: ImageCms.ImageCmsTransform | None, image: Image.Image) -> Image.Image | None:
    if transform is None:
        return None
    try:
        return transform.apply(image)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


@cache
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB")


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From an embedded profile to sRGB; None when it is broken, unfit or sRGB itself.

    Cached, since photos of one camera share their profile, and building a transform takes longer
    than decoding a small picture.
    """
    try:
        transform = ImageCms.buildTransform(
            BytesIO(profile),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return None if mode == "RGB" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Try a coarse lattice of colours: sRGB has a dozen names in files, but one effect."""
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    lattice = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    converted = np.asarray(transform.apply(Image.fromarray(lattice)))
    return bool(np.abs(converted.astype(int) - lattice).max() <= _SAME_COLOURS)
