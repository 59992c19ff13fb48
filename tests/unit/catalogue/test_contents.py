"""What is asked about contents while photos are indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.store import Catalogue
from tests.catalogue_rows import MODEL, content, filed


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue."""
    catalogue = Catalogue(tmp_path)
    yield catalogue
    catalogue.close()


def test_asking_for_one_photo_does_not_go_through_all(catalogue: Catalogue) -> None:
    """What indexing asks for every photo takes no more steps of SQLite among ten times as many."""
    root = catalogue.roots.add(Path("/photos"))
    connection = catalogue.connections.get()

    def steps(ask: Callable[[], object]) -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        connection.set_progress_handler(count, 1)
        ask()
        connection.set_progress_handler(None, 1)
        return counted

    def grow(start: int, stop: int) -> tuple[int, int]:
        names = [f"{number:04}" for number in range(start, stop)]
        contents = [content(name, size=int(name)) for name in names]
        catalogue.files.record(root.id, MODEL, contents, [filed(name, name) for name in names])
        by_size = steps(lambda: catalogue.vectors.digests_of_size(30, MODEL))
        return by_size, steps(lambda: catalogue.vectors.has_vector(b"0030", MODEL))

    assert catalogue.vectors.digests_of_size(30, MODEL) == ()
    before = grow(0, 100)
    after = grow(100, 1000)
    assert catalogue.vectors.digests_of_size(30, MODEL) == (b"0030",)
    assert after == before


def test_too_many_candidates_are_none(catalogue: Catalogue) -> None:
    """Pictures without compression all have one size: handing all digests around would not pay."""
    root = catalogue.roots.add(Path("/photos"))
    names = [f"{number}.bmp" for number in range(65)]
    for name in names[:64]:
        catalogue.files.record(root.id, MODEL, [content(name)], [filed(name, name)])
    assert len(catalogue.vectors.digests_of_size(10, MODEL)) == 64
    catalogue.files.record(root.id, MODEL, [content(names[64])], [filed(names[64], names[64])])
    assert catalogue.vectors.digests_of_size(10, MODEL) == ()
    assert catalogue.vectors.has_vector(b"3.bmp", MODEL)
    assert not catalogue.vectors.has_vector(b"3.bmp", "model-b")
