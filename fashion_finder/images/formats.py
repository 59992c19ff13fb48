"""Which file names are pictures; free of Pillow, because the scan asks this of every file."""

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
    """Tell whether a file called ``name`` (no folder) is taken for a picture.

    Hidden files are not: this leaves out the ``._`` companions that macOS writes on foreign drives,
    which carry a picture's ending and hold none.
    """
    _, dot, ending = name.rpartition(".")
    return dot + ending.lower() in PICTURE_SUFFIXES and not name.startswith(".")
