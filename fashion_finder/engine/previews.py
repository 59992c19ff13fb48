"""Pictures to look at: previews of files, and the thumbnails beside the catalogue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Pixels, PreparedPicture
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.errors import CatalogueError, DecoderUnavailable, PictureError
from fashion_finder.ports import PictureReader, ReadTask

log = logging.getLogger(__name__)

_KEY = 0  # of a task that is alone
_SIGNED_AT_ONCE = 16
_REST_SECONDS = 0.1


class Previews:
    """Reads files through a decoder of its own, so that no question waits for a large preview."""

    def __init__(
        self,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        path_resolver: PathResolver,
        reader: PictureReader,
    ) -> None:
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._path_resolver = path_resolver
        self._reader = reader

    def load(self, path: Path, side: int) -> Pixels:
        """A picture of at most `side` pixels, upright, in sRGB. Raises PictureError."""
        self._path_resolver.refuse_remote(path)
        prepared = self._reader.read(ReadTask(_KEY, path, preview=side))
        return prepared.preview if prepared.preview is not None else prepared.square

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A JPEG of at most 256 pixels; made again when the store has lost it.

        None when no file of this content can be read now. Raises CatalogueError.
        """
        stored = self._thumbnails.get(content)
        if stored is not None:
            return stored
        digest = self._catalogue.contents.digest_of(content)
        for file in self._catalogue.files.located([content]).get(content, ()):
            try:
                picture = self._reader.read(ReadTask(_KEY, file.path))
            except PictureError as error:
                log.info("no thumbnail: %s", error.title)
                continue
            if picture.digest != digest:  # another picture by now; the next sync will see it
                continue
            self._keep(content, picture)
            return picture.thumbnail
        return None

    def drop_thumbnails(self, contents: Sequence[ContentId]) -> None:
        """Delete the thumbnails of contents that are gone; a failure is only logged."""
        try:
            self._thumbnails.drop(contents)
        except CatalogueError as error:
            log.warning("thumbnails are not deleted: %s", error.title)

    def sign_missing(self, stopped: threading.Event) -> None:
        """Sign the pictures that an earlier program made no signature of, from their thumbnails.

        A little at a time, with a rest between: it runs behind everything else.
        """
        after = 0
        try:
            while contents := self._thumbnails.unsigned(after, _SIGNED_AT_ONCE):
                if stopped.wait(_REST_SECONDS):
                    return
                self._thumbnails.sign({one: self._signature_of(one) for one in contents})
                after = contents[-1]
        except (CatalogueError, DecoderUnavailable) as error:  # they are tried at the next start
            log.warning("not all pictures are signed: %s", error.title)

    def _signature_of(self, content: ContentId) -> bytes:
        """Of its thumbnail; empty when that cannot be read, so that it is not tried again."""
        jpeg = self._thumbnails.get(content)
        if jpeg is None:
            return b""
        try:
            return self._reader.read(ReadTask(_KEY, jpeg)).signature
        except PictureError as error:
            log.warning("a thumbnail cannot be signed: %s", error.title)
            return b""

    def _keep(self, content: ContentId, picture: PreparedPicture) -> None:
        try:
            self._thumbnails.put({content: picture.thumbnail}, {content: picture.signature})
        except CatalogueError as error:
            log.warning("a thumbnail is not stored: %s", error.title)
