"""Overlapping folders hold each file once."""

from __future__ import annotations

from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.domain import RootId
from fashion_finder.indexing.roots import Covered, Fresh, place

PHOTOS = Root(RootId(1), Path("/photos"), unfinished=False)
SHOES = Root(RootId(2), Path("/archive/shoes"), unfinished=False)
ROOTS = [(PHOTOS, PHOTOS.path), (SHOES, SHOES.path)]


def test_an_indexed_folder_is_found_again() -> None:
    """By itself, or from within."""
    assert place(PHOTOS.path, PHOTOS.path, ROOTS) == Covered(PHOTOS, "")
    inside = Path("/photos/2024/june")
    assert place(inside, inside, ROOTS) == Covered(PHOTOS, "2024/june")


def test_a_wider_folder_names_what_it_holds() -> None:
    """And a folder whose name merely begins alike is not inside."""
    archive = Path("/archive")
    assert place(archive, archive, ROOTS) == Fresh(archive, ((SHOES, "shoes"),))
    alike = Path("/photos2")
    assert place(alike, alike, ROOTS) == Fresh(alike, ())


def test_links_are_seen_through() -> None:
    """A link to an indexed folder is that folder."""
    assert place(Path("/link"), Path("/photos/2024"), ROOTS) == Covered(PHOTOS, "2024")
