"""Pictures for display: previews of files, and the thumbnails beside the catalogue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Match, Pixels, PreparedPicture
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.errors import CatalogueError, DecoderUnavailable, PictureError, PictureMissing
from fashion_finder.ports import PictureReader, ReadTask

log = logging.getLogger(__name__)

_SIGNED_AT_ONCE = 16
_REST_SECONDS = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Previews:
    """Reads files through a decoder of its own, so that no question waits for a large preview."""

    _catalogue: Catalogue
    _thumbnails: ThumbnailStore
    _path_resolver: PathResolver
    _reader: PictureReader

    def load(self, path: Path, side: int, *, may_fetch: bool = False) -> Pixels:
        """Engine.load_preview."""
        self._path_resolver.refuse_remote(path)
        return self._read(path, side, may_fetch=may_fetch).largest

    def thumbnail(self, content: ContentId) -> bytes | None:
        """Engine.thumbnail."""
        stored = self._stored(content)
        if stored is not None:
            return stored
        digest = self._catalogue.contents.digest_of(content)
        for file in self._catalogue.files.located([content]).get(content, ()):
            try:
                picture = self._read(file.path)
            except PictureError as error:
                log.info("no thumbnail: %s", error.title)
                continue
            if picture.digest == digest:  # else replaced: the next sync will see it
                try:
                    self._thumbnails.put({content: picture.thumbnail}, {content: picture.signature})
                except CatalogueError as error:
                    log.warning("could not store a thumbnail: %s", error.title)
                return picture.thumbnail
        return None

    def photo_of(self, match: Match) -> PreparedPicture:
        """The photo; its thumbnail when all its files are offline or have been replaced.

        Raises PictureError.
        """
        digest = self._catalogue.contents.digest_of(match.content)
        for path in (match.path, *match.copies):
            try:
                self._path_resolver.refuse_remote(path)
                picture = self._read(path)
                if picture.digest == digest:
                    return picture
            except PictureError as error:
                log.info("not this file of the photo: %s", error.title)
        thumbnail = self.thumbnail(match.content)
        if thumbnail is None:
            raise PictureMissing(match.path)
        return self._read(thumbnail)

    def drop_thumbnails(self, contents: Sequence[ContentId]) -> None:
        """Delete the thumbnails of contents that were deleted; a failure is only logged."""
        try:
            self._thumbnails.drop(contents)
        except CatalogueError as error:
            log.warning("could not delete thumbnails: %s", error.title)

    def sign_missing(self, stopped: threading.Event) -> None:
        """Sign, from their thumbnails, the pictures that an earlier version did not sign.

        A few at a time with a rest in between: it runs behind everything else.
        """
        after = 0
        try:
            while contents := self._thumbnails.unsigned(after, _SIGNED_AT_ONCE):
                if stopped.wait(_REST_SECONDS):
                    return
                self._thumbnails.sign(
                    {content: self._signature_of(content) for content in contents}
                )
                after = contents[-1]
        except (CatalogueError, DecoderUnavailable) as error:  # tried again at the next start
            log.warning("could not sign all pictures: %s", error.title)

    def _stored(self, content: ContentId) -> bytes | None:
        """The stored thumbnail; an earlier version's only if it is a picture, which is noted then."""
        try:
            stored = self._thumbnails.get(content)
            unverified = None if stored is not None else self._thumbnails.get_unverified(content)
            if unverified is None:
                return stored
            self._read(unverified)
            self._thumbnails.put({content: unverified})
        except (CatalogueError, PictureError) as error:
            log.warning("a stored thumbnail cannot be used: %s", error.title)
            return None
        return unverified

    def _signature_of(self, content: ContentId) -> bytes:
        """The thumbnail's; empty when that cannot be read, so that it is not tried again."""
        jpeg = self._stored(content)
        if jpeg is None:
            return b""
        try:
            return self._read(jpeg).signature
        except PictureError as error:
            log.warning("could not sign a thumbnail: %s", error.title)
            return b""

    def _read(
        self, source: Path | bytes, side: int = 0, *, may_fetch: bool = False
    ) -> PreparedPicture:
        return self._reader.read(ReadTask(0, source, preview=side, may_fetch=may_fetch))
