"""Overlapping folders hold each file once."""

from __future__ import annotations

from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.domain import RootId
from fashion_finder.indexing.roots import Covered, Fresh, locate, without_nested

PHOTOS = Root(RootId(1), Path("/photos"), unfinished=False)
SHOES = Root(RootId(2), Path("/archive/shoes"), unfinished=False)
OURS = Path("/home/me/.local/data")
ROOTS = [(PHOTOS, PHOTOS.path), (SHOES, SHOES.path)]


def test_an_indexed_folder_is_found_again() -> None:
    """By itself, or from within."""
    assert locate(PHOTOS.path, PHOTOS.path, ROOTS, OURS) == Covered(PHOTOS, "")
    inside = Path("/photos/2024/june")
    assert locate(inside, inside, ROOTS, OURS) == Covered(PHOTOS, "2024/june")


def test_a_wider_folder_names_what_it_holds() -> None:
    """A folder whose name merely begins the same is not inside."""
    archive = Path("/archive")
    assert locate(archive, archive, ROOTS, OURS) == Fresh(archive, ((SHOES, "shoes"),))
    alike = Path("/photos2")
    assert locate(alike, alike, ROOTS, OURS) == Fresh(alike, ())


def test_links_are_seen_through() -> None:
    """A link to an indexed folder is that folder."""
    assert locate(Path("/link"), Path("/photos/2024"), ROOTS, OURS) == Covered(PHOTOS, "2024")


def test_what_a_scan_does_not_enter_stands_for_itself() -> None:
    """A hidden folder, a system one, and the program's own: none belongs to the folder around it."""
    hidden = Path("/photos/.trash/old")
    assert locate(hidden, hidden, ROOTS, OURS) == Fresh(hidden, ())
    thumbnails = Path("/photos/@eaDir/IMG_1.JPG")
    assert locate(thumbnails, thumbnails, ROOTS, OURS) == Fresh(thumbnails, ())
    sample = Root(RootId(3), OURS / "sample", unfinished=False)
    home = Path("/home")
    assert locate(home, home, [(sample, sample.path)], OURS) == Fresh(home, ())
    around = Root(RootId(4), home, unfinished=False)
    assert locate(sample.path, sample.path, [(around, home)], OURS) == Fresh(sample.path, ())
    again = locate(sample.path, sample.path, [(around, home), (sample, sample.path)], OURS)
    assert again == Covered(sample, "")


def test_a_command_names_each_folder_once() -> None:
    """Repeated and nested ones are left out, in any order; hidden ones stay."""
    one, inner, other = Path("/p"), Path("/p/x"), Path("/q")
    hidden = Path("/p/.h")
    assert without_nested([inner, one, other, one, hidden]) == [one, other, hidden]
