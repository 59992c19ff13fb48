"""The thumbnail store is a bounded cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.thumbnails import DATABASE_NAME, ThumbnailStore
from fashion_finder.domain import ContentId


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ThumbnailStore]:
    """An empty store for a hundred thumbnails of a thousand bytes."""
    store = ThumbnailStore(tmp_path, "catalogue", limit=100_000)
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


@pytest.mark.parametrize("case", ["another catalogue", "damage"])
def test_what_cannot_be_trusted_starts_anew(tmp_path: Path, case: str) -> None:
    """Ids of another catalogue mean other pictures; a damaged cache is no reason to stop."""
    one = ContentId(1)
    store = ThumbnailStore(tmp_path, "catalogue", limit=100_000)
    store.put({one: b"ours"})
    store.close()
    if case == "damage":
        (tmp_path / DATABASE_NAME).write_bytes(bytes(range(256)) * 40)
    owner = "catalogue" if case == "damage" else "another"
    store = ThumbnailStore(tmp_path, owner, limit=100_000)
    assert store.get(one) is None
    store.put({one: b"theirs"})
    store.close()
    again = ThumbnailStore(tmp_path, owner, limit=100_000)
    assert again.get(one) == b"theirs"
    again.close()
