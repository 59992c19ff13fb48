"""What is looked at comes first, however far was scrolled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import ContentId, Pixels
from fashion_finder.errors import PictureInCloud
from fashion_finder.ui.work.thumbnail_loader import STARTED_AT_ONCE, ThumbnailLoader
from tests.ui.fakes import FakeEngine, FakeHandle, encoded, matches, pixels


class Shelf(FakeEngine):
    """Gives pictures away, in the order they are fetched, while its doors are open."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[int] = []
        self.read: list[int] = []
        self.fetching: list[bool] = []
        self.is_in_cloud = False
        self.thumbnails, self.photos = threading.Event(), threading.Event()

    def thumbnail(self, content: ContentId) -> bytes:
        assert self.thumbnails.wait(20)
        self.fetched.append(content)
        return encoded("#123456", "JPEG", 192, 256)

    def load_preview(self, path: Path, side: int, *, may_fetch: bool = False) -> Pixels:
        self.read.append(side)
        self.fetching.append(may_fetch)
        if self.is_in_cloud and not may_fetch:
            raise PictureInCloud(path)
        assert self.photos.wait(20)
        return pixels(side * 3 // 4, side)


@pytest.fixture
def shelf() -> Shelf:
    """With both doors shut."""
    return Shelf()


@pytest.fixture
def loader(qtbot: QtBot, shelf: Shelf) -> Iterator[ThumbnailLoader]:
    """A loader of what the shelf gives."""
    loader = ThumbnailLoader(FakeHandle(shelf))
    yield loader
    shelf.thumbnails.set()
    shelf.photos.set()
    loader.close()


def test_what_was_asked_for_last_comes_first(
    qtbot: QtBot, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """A tile that was scrolled past waits for those in sight."""
    loader._pool.setMaxThreadCount(1)  # of two, one may stop at any moment while the other goes on
    for match in matches(12):
        loader.picture(match, 100)
    loader.picture(matches(12)[6], 100)  # back in sight
    shelf.thumbnails.set()
    qtbot.waitUntil(lambda: not loader.is_loading)
    begun = list(range(1, STARTED_AT_ONCE + 1))
    assert shelf.fetched == [*begun, 7, 12, 11, 10, 9, 8, 6, 5]


def test_what_comes_after_the_end_is_not_told(
    qtbot: QtBot, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """A picture that is on its way to the window's thread when that closes."""
    told: list[ContentId] = []
    loader.loaded.connect(told.append)
    shelf.thumbnails.set()
    loader.picture(matches()[0], 100)
    loader._pool.waitForDone()
    loader.stop()
    qtbot.waitUntil(lambda: not loader.is_loading)
    assert told == []


def test_what_was_scrolled_past_long_ago_is_not_loaded(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """But is when it is looked at again."""
    monkeypatch.setattr("fashion_finder.ui.work.thumbnail_loader.MOST_WAITING", 10)
    many = matches(200)
    for match in many:
        loader.picture(match, 100)
    shelf.thumbnails.set()
    qtbot.waitUntil(lambda: not loader.is_loading)
    assert len(shelf.fetched) == STARTED_AT_ONCE + 10
    assert set(range(191, 201)) <= set(shelf.fetched)
    with qtbot.waitSignal(loader.loaded):
        assert loader.picture(many[99], 100) is None
    assert loader.picture(many[99], 100) is not None


def test_a_photo_being_read_holds_up_no_thumbnail(
    qtbot: QtBot, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """Reading one may take seconds; one is read at a time."""
    shelf.thumbnails.set()
    first, second, third = matches(3)
    for match in (first, second):
        loader.picture(match, 700)
    qtbot.waitUntil(lambda: not loader.is_loading)
    for match in (first, second):
        assert loader.picture(match, 700) is not None
    qtbot.waitUntil(lambda: len(shelf.read) == 1)
    with qtbot.waitSignal(loader.loaded):
        loader.picture(third, 100)
    assert len(shelf.read) == 1
    shelf.photos.set()
    qtbot.waitUntil(lambda: not loader.is_loading)
    assert len(shelf.read) == 2


def test_no_photo_is_read_where_none_is_wanted(
    qtbot: QtBot, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """While scrolling the thumbnail will do; a sharper picture that is there is shown."""
    shelf.thumbnails.set()
    shelf.photos.set()
    match = matches()[0]
    loader.picture(match, 700, sharp_wanted=False)
    qtbot.waitUntil(lambda: not loader.is_loading)
    small = loader.picture(match, 700, sharp_wanted=False)
    assert small is not None and small.height() == 256
    assert not loader.is_loading
    with qtbot.waitSignal(loader.loaded):
        loader.picture(match, 700)
    sharp = loader.picture(match, 700, sharp_wanted=False)
    assert sharp is not None and sharp.height() == 768


def test_a_photo_in_the_cloud_is_fetched_only_when_asked_for(
    qtbot: QtBot, shelf: Shelf, loader: ThumbnailLoader
) -> None:
    """A tile makes do with its thumbnail; the large preview may have it downloaded, once."""
    shelf.thumbnails.set()
    shelf.photos.set()
    shelf.is_in_cloud = True
    match = matches()[0]
    for _ in range(3):
        loader.picture(match, 700)
        qtbot.waitUntil(lambda: not loader.is_loading)
    assert shelf.fetching == [False]
    loader.picture(match, 700, asked=True)
    qtbot.waitUntil(lambda: not loader.is_loading)
    assert shelf.fetching == [False, True]
    sharp = loader.picture(match, 700)
    assert sharp is not None and sharp.height() == 768
