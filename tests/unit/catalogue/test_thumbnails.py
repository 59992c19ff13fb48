"""The thumbnail store is a bounded cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.data_folder import DataFolder
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
        DataFolder(tmp_path).thumbnails.write_bytes(bytes(range(256)) * 40)
    owner = "catalogue" if case == "damage" else "another"
    store = ThumbnailStore(tmp_path, owner, limit=100_000)
    assert store.get(one) is None
    store.put({one: b"theirs"})
    store.close()
    again = ThumbnailStore(tmp_path, owner, limit=100_000)
    assert again.get(one) == b"theirs"
    again.close()


def test_signatures_live_as_long_as_what_they_are_of(store: ThumbnailStore) -> None:
    """They outlast a thumbnail that had to make room, and go with a content that is gone."""
    one, two = ContentId(1), ContentId(2)
    store.put({one: bytes(1000), two: bytes(1000)}, {one: b"1", two: b"2"})
    store.put({ContentId(number): bytes(1000) for number in range(10, 120)})
    assert store.get(one) is None
    assert store.signatures_of([one, two, ContentId(3)]) == {one: b"1", two: b"2"}
    store.drop([one])
    assert store.signatures_of([one, two]) == {two: b"2"}


def test_what_was_never_signed_is_known(store: ThumbnailStore) -> None:
    """Some at a time; and nothing is signed that went meanwhile."""
    contents = [ContentId(number) for number in range(1, 6)]
    store.put(dict.fromkeys(contents, b"jpeg"), {contents[1]: b"signed"})
    assert store.unsigned(0, 2) == [contents[0], contents[2]]
    assert store.unsigned(contents[2], 9) == contents[3:]
    store.drop([contents[3]])
    store.sign({contents[0]: b"new", contents[3]: b"late"})
    assert store.signatures_of(contents) == {contents[0]: b"new", contents[1]: b"signed"}


def test_an_earlier_store_keeps_its_thumbnails_and_is_not_copied(tmp_path: Path) -> None:
    """It may hold gigabytes, and can be made anew."""
    one = ContentId(1)
    earlier = ThumbnailStore(tmp_path, "catalogue", limit=100_000)
    earlier.put({one: b"ours"})
    assert earlier._connections is not None
    with earlier._connections.atomic() as connection:
        connection.execute("DROP TABLE signatures")
        connection.execute("PRAGMA user_version = 1")
    earlier.close()
    store = ThumbnailStore(tmp_path, "catalogue", limit=100_000)
    assert (store.get(one), store.unsigned(0, 9)) == (b"ours", [one])
    store.close()
    assert not list(tmp_path.glob("*.backup"))
