"""Makes the thumbnails and signatures again that a damaged store has lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId
from fashion_finder.errors import CatalogueError, DecoderUnavailable, PictureUnanswered
from fashion_finder.indexing.availability import Offline
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.ports import ReadTask

log = logging.getLogger(__name__)

_AT_ONCE = 32
_MOST_STALLED = 3  # pictures; a disk that makes more of them wait is left alone until the next time

FindOffline = Callable[[], Offline]


class ThumbnailMaker:
    """Reads the photos of contents without a signature; two threads share the work."""

    def __init__(
        self, catalogue: Catalogue, thumbnails: ThumbnailStore, find_offline: FindOffline
    ) -> None:
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._find_offline = find_offline
        self._lock = threading.Lock()

    def make(self, workers: int, go_on: Callable[[int, int], bool]) -> None:
        """Make all that is lacking, with so many decode workers; does nothing when nothing is.

        `go_on` is called between some pictures with how many contents are done, of how many, and
        ends the work with False. What is offline is made when it is shown. Failures are logged.
        """
        try:
            after = self._thumbnails.lacking_after()
            if after is None:
                return
            total = self._catalogue.contents.count_after(after)
            if not total:
                self._thumbnails.note_made(after, None)
                return
            log.info("making thumbnails again, as far as they are lacking")
            pool = DecodePool(workers, in_background=True)
            with closing(pool):
                done = stalled = 0
                while go_on(done, total) and stalled <= _MOST_STALLED:
                    with self._lock:
                        after = self._thumbnails.lacking_after()
                        if after is None:
                            return
                        contents = self._catalogue.contents.after(after, _AT_ONCE)
                        stalled += self._make_some(contents, pool)
                        done = min(total, done + len(contents))
                        self._thumbnails.note_made(after, contents[-1] if contents else None)
        except (CatalogueError, DecoderUnavailable) as error:  # tried again the next time
            log.warning("could not make all thumbnails: %s", error.title)

    def _make_some(self, contents: Sequence[ContentId], pool: DecodePool) -> int:
        """Make those that have none; returns how many of them took too long to read."""
        signed = self._thumbnails.signatures_of(contents)
        lacking = [content for content in contents if content not in signed]
        files = self._connected_files(lacking)
        tasks = (ReadTask(content, path) for content, path in files.items())
        thumbnails: dict[ContentId, bytes] = {}
        signatures: dict[ContentId, bytes] = {}
        stalled = 0
        with closing(pool.read_all(iter(tasks))) as outcomes:
            for outcome in outcomes:
                if outcome is None:
                    continue
                content = ContentId(outcome.key)
                picture = outcome.picture
                stalled += isinstance(outcome.error, PictureUnanswered)
                if picture is None:
                    continue
                if picture.digest == self._catalogue.contents.digest_of(content):
                    thumbnails[content] = picture.thumbnail
                    signatures[content] = picture.signature
        if thumbnails:
            self._thumbnails.put(thumbnails, signatures)
        return stalled

    def _connected_files(self, contents: Sequence[ContentId]) -> dict[ContentId, Path]:
        """A file of each content that is connected."""
        offline = self._find_offline()
        return dict(self._files(contents, offline))

    def _files(
        self, contents: Sequence[ContentId], offline: Offline
    ) -> Iterator[tuple[ContentId, Path]]:
        for content, files in self._catalogue.files.located(contents).items():
            for file in files:
                if not offline.holds(file):
                    yield content, file.path
                    break
