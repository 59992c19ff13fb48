"""From whatever a file stores (palette, CMYK, 16 bits, a colour profile) to RGB in sRGB."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageCms

_PROFILE_LIMIT: Final = 16 << 20
"""Largest embedded profile that is read, bytes; real ones reach about 3 MB."""

_SAME_COLOURS: Final = 2
"""Levels by which a profile may differ from sRGB and still count as it."""


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


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Lay an 8-bit picture over white and convert it to RGB in sRGB.

    Args:
        image: of a mode that ``to_eight_bits`` returns.
        profile: the ICC profile embedded in the file; ignored when it is broken or for another
            mode. CMYK without one is converted by the plain formula.
    """
    if image.mode == "LAB":
        return _apply(_lab_transform(), image) or image.convert("RGB")
    flat = _over_white(image)
    if profile and len(profile) <= _PROFILE_LIMIT:
        converted = _apply(_transform(profile, flat.mode), flat)
        if converted is not None:
            return converted
    return flat if flat.mode == "RGB" else flat.convert("RGB")


def _grey_levels(image: Image.Image) -> Image.Image:
    """Map 16-bit, 32-bit and float grey to 8 bits by their full range, so that nothing clips.

    In 16-bit files white is known. In the others the common conventions (0 to 1, 255 or 65535) are
    recognised by the largest value, and anything else is stretched from minimum to maximum.
    """
    values = np.asarray(image).astype(np.float64)
    if image.mode.startswith("I;16"):
        return Image.fromarray((values / 257 + 0.5).astype(np.uint8))
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    least, most = float(values.min()), float(values.max())
    whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    white = next((white for white in whites if least >= 0 and most <= white), None)
    if white is None:
        values, white = values - least, most - least or 1.0
    return Image.fromarray((values * (255 / white) + 0.5).astype(np.uint8))


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
