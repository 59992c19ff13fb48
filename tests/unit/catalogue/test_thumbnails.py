"""The thumbnail store is a bounded cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ThumbnailStore]:
    """An empty store for a hundred thumbnails of a thousand bytes."""
    store = ThumbnailStore(tmp_path, limit=100_000)
    yield store
    store.close()


def test_a_thumbnail_comes_back(store: ThumbnailStore) -> None:
    """What was put is got, a later one replaces it, and dropping it removes it."""
    one = ContentId(1)
    store.put({one: b"first"})
    store.put({one: b"second"})
    assert store.get(one) == b"second"
    store.drop([one])
    assert store.get(one) is None


def test_the_store_stays_below_its_limit(store: ThumbnailStore) -> None:
    """The oldest go first; replaced ones are not counted twice."""
    for _ in range(3):
        store.put({ContentId(number): bytes(1000) for number in range(90)})
    assert store.get(ContentId(0)) is not None
    store.put({ContentId(number): bytes(1000) for number in range(90, 120)})
    assert store.get(ContentId(0)) is None
    assert store.get(ContentId(119)) is not None
