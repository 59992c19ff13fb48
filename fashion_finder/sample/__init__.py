"""The sample wardrobe: pictures that come with the program, for trying it without photos of one's own.

They are indexed from a copy in the data folder rather than where the program is installed. An update,
a mounted image or a rebuilt environment moves the installed ones, nobody may write there, and deleting
or renaming a piece must not damage the program. The copy stays at one path, which catalogues of earlier
versions know as well.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from fashion_finder.errors import FolderError
from fashion_finder.own_files import make_folder, make_way, read_regular

_PACKAGE: Final = Path(__file__).resolve().parent

_MOST_BYTES: Final = 16 << 20  # of a copy

EXAMPLE: Final = _PACKAGE / "example-dress.jpg"
"""The picture of the example question, one of the dresses photographed again. Never indexed."""


def pictures() -> list[Path]:
    """The pieces as they are installed, JPEGs of 600 x 800 pixels, by name."""
    return sorted((_PACKAGE / "pictures").glob("*.jpg"))


def copy_wardrobe(folder: Path) -> list[Path]:
    """Copy the pieces into a folder, which is made if need be; whole ones already there stay.

    Each file appears whole or not at all. Returns the copies in the order of `pictures`.

    Raises:
        FolderError: the folder cannot be written to.
    """
    return [_copy(picture, folder) for picture in pictures()]


def _copy(picture: Path, folder: Path) -> Path:
    """Copy under a temporary name first, so that no half file is ever seen."""
    path = folder / picture.name
    if _is_whole(path):
        return path
    temporary = folder / f".{path.name}.{os.getpid()}.part"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        make_folder(folder)
        for file in (temporary, path):
            make_way(file)
        try:
            shutil.copyfile(picture, temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FolderError(folder, (error.strerror or "cannot be written").lower()) from error
    return path


def _is_whole(path: Path) -> bool:
    """Whether a JPEG is there from its first marker to its last.

    It need not equal the installed one: earlier versions drew theirs with another Pillow.
    """
    try:
        data = read_regular(path, _MOST_BYTES)
    except OSError:
        return False
    return data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")
