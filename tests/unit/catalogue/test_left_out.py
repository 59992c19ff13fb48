"""What is passed over is counted by folder, and a look into one folder replaces only its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.catalogue.store import Catalogue

RAW, PSD = "RAW", "PSD"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty one."""
    found = Catalogue(tmp_path)
    yield found
    found.close()


def rows(catalogue: Catalogue) -> dict[tuple[str, str], int]:
    """Everything recorded, with paths below /p."""
    return {
        (folder.relative_to("/p").as_posix(), kind): count
        for folder, kind, count in catalogue.left_out.all()
    }


def test_a_look_into_a_sub_folder_replaces_its_own(catalogue: Catalogue) -> None:
    """Not those of folders beside it, however their names begin."""
    root = catalogue.roots.add(Path("/p")).id
    catalogue.left_out.replace(
        root, "", (), {("", RAW): 1, ("x", RAW): 2, ("x/y", PSD): 3, ("xy", RAW): 4}
    )
    catalogue.left_out.replace(root, "x", (), {("x", PSD): 5})
    assert rows(catalogue) == {(".", RAW): 1, ("x", PSD): 5, ("xy", RAW): 4}


def test_what_cannot_be_seen_now_stays(catalogue: Catalogue) -> None:
    """A folder that is not there to be listed still holds what it held."""
    root = catalogue.roots.add(Path("/p")).id
    catalogue.left_out.replace(root, "", (), {("x", RAW): 2, ("x/y", PSD): 3, ("z", RAW): 1})
    catalogue.left_out.replace(root, "", {"x"}, {("x", "unlisted"): 1})
    assert rows(catalogue) == {("x", RAW): 2, ("x", "unlisted"): 1, ("x/y", PSD): 3}
    catalogue.left_out.replace(root, "", (), {("x", RAW): 2})
    assert rows(catalogue) == {("x", RAW): 2}


def test_nothing_is_written_when_nothing_changed(catalogue: Catalogue) -> None:
    """A commit would cost the caches of every thread."""
    root = catalogue.roots.add(Path("/p")).id
    catalogue.left_out.replace(root, "", (), {("x", RAW): 2})
    before = catalogue.connections.version()
    catalogue.left_out.replace(root, "", (), {("x", RAW): 2})
    assert catalogue.connections.version() == before


def test_it_goes_with_its_folder(catalogue: Catalogue) -> None:
    """A folder that is removed leaves nothing behind."""
    root = catalogue.roots.add(Path("/p")).id
    catalogue.left_out.replace(root, "", (), {("", RAW): 1})
    catalogue.roots.remove(root)
    assert catalogue.left_out.all() == []
