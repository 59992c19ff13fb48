"""Deletes everything the program knows: only what it made, only in its own data folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from fashion_finder.catalogue.store import held_alone
from fashion_finder.data_folder import DataFolder
from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.sample import pictures


def erase_everything(data_dir: Path) -> None:
    """Delete catalogue, search index, thumbnails, logs, preferences and the sample wardrobe.

    The data folder itself goes too, unless it holds something else. Photos are not touched.
    No engine may be open on it.

    Raises:
        CatalogueBusy: another process has the catalogue open; nothing is deleted.
        CatalogueUnwritable: something could not be deleted; the error names it.
    """
    folder = DataFolder(data_dir)
    if not data_dir.is_dir():
        return
    with held_alone(folder):
        doomed = [
            *(folder.sample_wardrobe / picture.name for picture in pictures()),
            folder.sample_question / "example-dress.jpg",  # earlier versions drew it
            *folder.state(),  # the sync lock last
        ]
    try:
        for path in doomed:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for path in (folder.sample_wardrobe, folder.sample_question, data_dir):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise CatalogueUnwritable(error.filename, (error.strerror or "").lower()) from error
