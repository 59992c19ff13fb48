"""A mount that is away is not mistaken for deleted photos, nor for ever for one that is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from fashion_finder.catalogue.records import KnownFile, Located, Root
from fashion_finder.domain import ContentId, FileStamp, PictureFile, RootId
from fashion_finder.engine import Engine
from fashion_finder.indexing.availability import Offline, Part, find_offline
from fashion_finder.indexing.diff import Coverage, plan_sync
from fashion_finder.indexing.mount_points import below, concerning, still_away
from fashion_finder.indexing.volumes import Volumes
from tests.pictures import draw_folder, save
from tests.summaries import counts

HOME = Path("/home/me/photos")
POINTS = [Path(point) for point in ("/", "/home", "/mnt/nas", "/home/me/photos/stick", "/boot")]


def test_a_folder_depends_on_the_mounts_in_it_and_the_one_it_is_on() -> None:
    """And so for folders that links lead to; the system's own root is always mounted."""
    here = concerning(POINTS, {"": HOME})
    assert here == {Path("/home"), Path("/home/me/photos/stick")}
    assert concerning(POINTS, {"": HOME, "link": Path("/mnt/nas/a")}) == {*here, Path("/mnt/nas")}
    assert concerning(POINTS, {"": Path("/mnt/nas")}) == {Path("/mnt/nas")}
    assert concerning(POINTS, {"": Path("/srv")}) == frozenset()
    assert concerning([], {"": HOME}) == frozenset()


@pytest.mark.parametrize(
    "point, parts",
    [
        ("/home/me/photos/stick", {"stick"}),
        ("/home/me/photos/a/b", {"a/b"}),
        ("/home/me/photos", {""}),
        ("/home", {""}),
        ("/mnt/nas", {"link"}),
        ("/mnt/nas/shoes/old", {"link/old"}),
        ("/boot", set()),
        ("/home/me/photos2", set()),
    ],
)
def test_what_lies_on_a_mount_point(point: str, parts: set[str]) -> None:
    """Relative to the indexed folder, also through a link."""
    assert below(Path(point), {"": HOME, "link": Path("/mnt/nas/shoes")}) == parts


def test_a_plain_folder_that_took_the_place_of_a_mount() -> None:
    """Once most of what was known there is found; one stray file is not enough."""
    known = ["a.jpg", *(f"stick/{number}.jpg" for number in range(4)), "stick2/a.jpg"]
    for there, away in ((0, {"stick"}), (1, {"stick"}), (2, set()), (4, set())):
        found = {"a.jpg", *(f"stick/{number}.jpg" for number in range(there))}
        assert still_away({"stick"}, known, found) == away
    assert still_away({""}, known, set()) == {""}
    assert still_away({"nothing known"}, known, set()) == frozenset()


def test_nothing_below_an_unmounted_part_is_gone() -> None:
    """Though its folder was listed, on the volume the files were seen on; what is found is found."""

    def known(relative: str) -> KnownFile:
        return KnownFile(FileStamp(relative, 1, 1), "disk", ContentId(1), None)

    inside, deeper, beside = known("stick/a.jpg"), known("stick/b/a.jpg"), known("stick2/a.jpg")
    folders = dict.fromkeys(("", "stick", "stick/b", "stick2"), "disk")
    plan = plan_sync([], [inside, deeper, beside], Coverage(folders, frozenset(), {"stick"}))
    assert (plan.kept, plan.gone) == ([inside, deeper], [beside])


def test_an_empty_part_is_offline_and_the_rest_is_not() -> None:
    """All of a folder, or what lies in one of its own folders."""
    root = Root(RootId(1), HOME, unfinished=False)
    stick = Part(root.id, "stick", HOME / "stick")
    offline = find_offline([(root, "disk")], {HOME: "disk"}, {"disk": [Path("/")]}, {stick})
    assert offline == Offline(parts=frozenset({stick}))
    assert offline.holds(Located(1, HOME / "stick" / "a.jpg", (root.id, "disk")))
    assert not offline.holds(Located(1, HOME / "stick2" / "a.jpg", (root.id, "disk")))
    whole = Part(root.id, "", HOME)
    offline = find_offline([(root, "disk")], {HOME: "disk"}, {"disk": [Path("/")]}, {whole})
    assert offline == Offline(frozenset({root.id}), frozenset({(root.id, "disk")}))


def test_a_bind_mount_comes_and_goes(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its photos stay and are offline; an exact copy that is connected is shown instead."""
    photos, away = tmp_path / "photos", tmp_path / "unmounted"
    paths = draw_folder(photos / "bound", 4)
    here = save(photos / "hat.jpg", "hat", "blue", mark=9)
    copy = photos / "copy of it.jpg"
    copy.write_bytes(paths[0].read_bytes())
    mounted = {Path("/"), photos / "bound"}
    monkeypatch.setattr(Volumes, "points", lambda volumes: frozenset(mounted))
    engine.sync([photos])
    (photos / "bound").rename(away)
    (photos / "bound").mkdir()
    mounted.discard(photos / "bound")
    for _ in range(2):
        summary = engine.sync()
        assert counts(summary) == {"found": 2, "unchanged": 2}
        assert [file.path for file in summary.skipped_files] == [photos / "bound"]
    engine._availability.offline(30.0)  # until it has looked
    matches = engine.find_similar(PictureFile(here), 20).matches
    files = {match.path: match.offline for match in matches}
    assert files == {here: False, copy: False, **dict.fromkeys(paths[1:], True)}
    shown = next(match for match in matches if match.path == copy)
    assert (shown.copies, shown.offline_copies) == ((paths[0],), (paths[0],))
    listing = engine.browse()
    listed = [listing.match_at(place) for place in range(len(listing))]
    assert {match.path: match.offline for match in listed} == files
    assert engine.facet_counts().offline == 3
    (photos / "bound").rmdir()
    away.rename(photos / "bound")  # in the plain folder, for good
    assert counts(engine.sync()) == {"found": 6, "unchanged": 6}
    paths[1].unlink()
    assert counts(engine.sync()) == {"found": 5, "unchanged": 5, "forgotten": 1}
