"""Which file names are pictures; without Pillow, because the scan checks every file."""

from __future__ import annotations

from typing import Final

PICTURE_SUFFIXES: Final = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        *(".png", ".webp", ".avif", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
        *(".heic", ".heif", ".hif"),
    }
)
"""Endings of picture files, lower case, with the dot."""


def is_picture_name(name: str) -> bool:
    """Whether a file called ``name`` (no folder) counts as a picture.

    Hidden files are not: macOS writes ``._`` companions on foreign drives, which have a picture's
    ending but hold none.
    """
    _, dot, ending = name.rpartition(".")
    return dot + ending.lower() in PICTURE_SUFFIXES and not name.startswith(".")
