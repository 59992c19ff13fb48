"""Loads the pictures of tiles: fetched and decoded in workers, and cached."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from fashion_finder.domain import ContentId, Match, Pixels
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import FinderError

log = logging.getLogger(__name__)

THUMBNAIL_SIDE = 256  # device pixels; what the catalogue stores
SHARP_SIDES = (512, 768, 1024, 1600)  # steps, so that resizing a window need not load again
CACHE_BYTES = 192 * 1024 * 1024
WORKERS = 2
STARTED_AT_ONCE = 4  # so that no worker waits for the GUI thread between two pictures
MOST_WAITING = 512  # more than any screen shows; what was scrolled past long ago is dropped

_Key = tuple[ContentId, int]  # picture and the side asked for; 0 is the stored thumbnail


class ThumbnailLoader(QObject):
    """Returns what it has at once and loads the rest in the background; GUI thread only.

    The stored thumbnail comes first. Where it would be enlarged, a sharper picture replaces it. The
    latest request is loaded first: it is in view, while earlier ones may have been scrolled past.
    """

    loaded = Signal(int)  # ContentId
    _decoded = Signal(tuple, QImage)  # _Key; a null image where there is none

    def __init__(self, handle: EngineHandle, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handle = handle
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(WORKERS)
        self._pixmaps: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._missing: set[_Key] = set()
        self._asked: set[_Key] = set()  # sharp ones that somebody wants to see: may be downloaded
        self._under_way: set[_Key] = set()
        self._waiting: OrderedDict[_Key, Path] = OrderedDict()  # the latest request last
        self._closed = False
        self._decoded.connect(self._keep)

    @property
    def is_loading(self) -> bool:
        """Whether pictures are on their way."""
        return bool(self._under_way or self._waiting)

    def picture(
        self, match: Match, side: int, *, sharp_wanted: bool = True, asked: bool = False
    ) -> QPixmap | None:
        """The best picture so far for a square of `side` device pixels; None if there is none.

        `loaded` is emitted when there is a better one. Without `sharp_wanted` no photo is read for it.
        A photo that is only in the cloud is downloaded only when it was `asked` for.
        """
        small: _Key = (match.content, 0)
        if small not in self._missing:
            self._want(small, match.path)
        step = sharp_side(side)
        if step:
            sharp: _Key = (match.content, step)
            if sharp in self._pixmaps:
                return self._used(sharp)
            if asked and sharp not in self._asked and sharp not in self._under_way:
                self._asked.add(sharp)
                self._missing.discard(sharp)
            if sharp_wanted and (small in self._pixmaps or small in self._missing):
                self._want(sharp, match.path)
        if small in self._pixmaps:
            return self._used(small)
        return self._any_size(match.content)

    def is_missing(self, match: Match) -> bool:
        """Whether there is no picture, and none to come."""
        return (match.content, 0) in self._missing and self._any_size(match.content) is None

    @Slot()
    def retry_missing(self) -> None:
        """Forget which pictures could not be loaded: the folders have changed."""
        self._missing.clear()
        self._asked.clear()

    def stop(self) -> None:
        """Load nothing more; what is under way is dropped."""
        self._closed = True
        self._waiting.clear()
        self._pool.clear()

    def close(self) -> None:
        """Stop, and wait for the workers."""
        self.stop()
        self._pool.waitForDone()

    def _any_size(self, content: ContentId) -> QPixmap | None:
        for step in reversed(SHARP_SIDES):
            if (content, step) in self._pixmaps:
                return self._used((content, step))
        return None

    def _used(self, key: _Key) -> QPixmap:
        self._pixmaps.move_to_end(key)
        return self._pixmaps[key]

    def _want(self, key: _Key, path: Path) -> None:
        known = key in self._pixmaps or key in self._missing or key in self._under_way
        if known or self._closed:
            return
        self._waiting[key] = path
        self._waiting.move_to_end(key)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
        self._start_next()

    def _start_next(self) -> None:
        while self._waiting and len(self._under_way) < STARTED_AT_ONCE:
            key = self._most_wanted()
            if key is None:
                return
            path = self._waiting.pop(key)
            self._under_way.add(key)
            self._pool.start(partial(self._load, key, path, may_fetch=key in self._asked))

    def _most_wanted(self) -> _Key | None:
        """Thumbnails before sharper pictures, so that there is something to see.

        Sharper ones are slow to read: one at a time, so that a worker is always free.
        """
        sharp: _Key | None = None
        for key in reversed(self._waiting):
            if not key[1]:
                return key
            sharp = sharp or key
        return None if any(side for _, side in self._under_way) else sharp

    def _load(self, key: _Key, path: Path, *, may_fetch: bool) -> None:
        """Runs in a worker."""
        content, side = key
        image = QImage()
        try:
            with self._handle.borrow() as engine:
                if side:
                    image = image_of(engine.load_preview(path, side, may_fetch=may_fetch))
                else:
                    image = QImage.fromData(engine.thumbnail(content) or b"")
        except FinderError as error:
            log.info("no picture to show: %s", error.reason)
        except Exception:  # which would be lost in this worker
            log.exception("loading a picture failed")
        if not self._closed:
            self._decoded.emit(key, image)

    @Slot(tuple, QImage)
    def _keep(self, key: _Key, image: QImage) -> None:
        self._under_way.discard(key)
        if self._closed:
            return
        self._start_next()
        if image.isNull():
            self._missing.add(key)
        else:
            self._pixmaps[key] = QPixmap.fromImage(image)
            self._bytes += image.sizeInBytes()
            while self._bytes > CACHE_BYTES and len(self._pixmaps) > 1:
                _, oldest = self._pixmaps.popitem(last=False)
                self._bytes -= oldest.width() * oldest.height() * oldest.depth() // 8
        self.loaded.emit(key[0])


def sharp_side(side: int) -> int:
    """Which step to load for a square of `side` device pixels; 0 when the thumbnail will do."""
    if side <= THUMBNAIL_SIDE * 1.25:
        return 0
    return next((step for step in SHARP_SIDES if step >= side), SHARP_SIDES[-1])


def image_of(pixels: Pixels) -> QImage:
    """An RGB array as an image of its own memory."""
    height, width = pixels.shape[:2]
    data = pixels.tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
