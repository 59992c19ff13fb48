"""Pictures to look at: previews of files, and the thumbnails beside the catalogue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Pixels
from fashion_finder.engine.places import Places
from fashion_finder.errors import CatalogueError, PictureError
from fashion_finder.ports import PictureReader, ReadTask

log = logging.getLogger(__name__)

_KEY = 0  # of a task that is alone


class Previews:
    """Reads files through a decoder of its own, so that no question waits for a large preview."""

    def __init__(
        self,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        places: Places,
        reader: PictureReader,
    ) -> None:
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._places = places
        self._reader = reader

    def load(self, path: Path, side: int) -> Pixels:
        """A picture of at most `side` pixels, upright, in sRGB. Raises PictureError."""
        self._places.refuse_remote(path)
        prepared = self._reader.read(ReadTask(_KEY, path, preview=side))
        return prepared.preview if prepared.preview is not None else prepared.square

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A JPEG of at most 256 pixels; made again when the store has lost it.

        None when no file of this content can be read now. Raises CatalogueError.
        """
        stored = self._thumbnails.get(content)
        if stored is not None:
            return stored
        digest = self._catalogue.digest_of(content)
        for path in self._catalogue.locations([content]).get(content, ()):
            try:
                picture = self._reader.read(ReadTask(_KEY, path))
            except PictureError as error:
                log.info("no thumbnail: %s", error.title)
                continue
            if picture.digest != digest:  # another picture by now; the next sync will see it
                continue
            self._keep(content, picture.thumbnail)
            return picture.thumbnail
        return None

    def drop_thumbnails(self, contents: Sequence[ContentId]) -> None:
        """Delete the thumbnails of contents that are gone; a failure is only logged."""
        try:
            self._thumbnails.drop(contents)
        except CatalogueError as error:
            log.warning("thumbnails are not deleted: %s", error.title)

    def _keep(self, content: ContentId, jpeg: bytes) -> None:
        try:
            self._thumbnails.put({content: jpeg})
        except CatalogueError as error:
            log.warning("a thumbnail is not stored: %s", error.title)
