"""Deletes everything the program knows: only what it made, only in its own data folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fashion_finder.catalogue.exclusive_access import held_alone
from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.paths import sample_dir
from fashion_finder.sample import pictures

_FILES: Final = (
    "catalogue.sqlite3*",  # with its log, its backups, and damaged ones that were put aside
    "thumbnails.sqlite3*",
    "sync.lock*",
    "window.ini*",
    "QtProject.conf*",  # the folders that Qt's own file dialog remembers
)
_FOLDERS: Final = ("index", "logs")
_QUESTION: Final = ("sample-question", "example-dress.jpg")  # earlier versions drew it here


def erase_everything(data_dir: Path) -> None:
    """Delete catalogue, search index, thumbnails, logs, settings and the sample wardrobe.

    The data folder itself goes too, unless somebody keeps something else in it. Indexed photos are
    not touched. No engine may be open on it.

    Raises:
        CatalogueBusy: another process has the catalogue open; nothing is deleted.
        CatalogueUnwritable: something could not be deleted; it is named.
    """
    if not data_dir.is_dir():
        return
    with held_alone(data_dir):
        doomed = [path for path in _ours(data_dir) if not path.name.startswith("sync.lock")]
    try:
        for path in [*doomed, *data_dir.glob("sync.lock*")]:
            _delete(path)
        for folder in (sample_dir(data_dir), data_dir / _QUESTION[0], data_dir):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise CatalogueUnwritable(error.filename, (error.strerror or "").lower()) from error


def _ours(data_dir: Path) -> Iterator[Path]:
    for pattern in _FILES:
        yield from data_dir.glob(pattern)
    for name in _FOLDERS:
        yield data_dir / name
    for picture in pictures():
        yield sample_dir(data_dir) / picture.name
    yield data_dir.joinpath(*_QUESTION)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
