"""What a sync decides, as lists in and lists out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.catalogue.records import KnownFile
from fashion_finder.domain import ContentId, FileStamp
from fashion_finder.indexing.diff import Coverage, count_moves, plan_sync
from fashion_finder.indexing.scan import FoundFile

DISK = "disk"

names = st.sampled_from(["a.jpg", "b.jpg", "x/a.jpg", "x/b.jpg", "x/y/a.jpg", "z/a.jpg"])
stamps = st.builds(
    FileStamp, names, st.integers(1, 3), st.integers(1, 3), ctime_ns=st.integers(0, 2)
)
contents = st.integers(1, 4).map(ContentId)


def by_name(stamp: FileStamp) -> str:
    """Files are unique by name."""
    return stamp.relative


@st.composite
def known_files(draw: st.DrawFn) -> list[KnownFile]:
    """A catalogue's files: some searchable, some skipped, some last seen on another volume."""
    known = []
    for stamp in draw(st.lists(stamps, unique_by=by_name)):
        content = draw(st.none() | contents)
        reason = "torn" if content is None else None
        if draw(st.booleans()):  # its change time was misleading once
            stamp = stamp._replace(ctime_ns=-stamp.ctime_ns)
        known.append(KnownFile(stamp, draw(st.sampled_from([DISK, "stick"])), content, reason))
    return known


folders = st.lists(stamps, unique_by=by_name).map(
    lambda all_: [FoundFile(stamp, DISK) for stamp in all_]
)


def everywhere() -> Coverage:
    """Every folder was listed, all on one disk."""
    return Coverage(dict.fromkeys(("", "x", "x/y", "z"), DISK))


def known(relative: str, content: int | None = 1, volume: str = DISK) -> KnownFile:
    """A file of the catalogue."""
    number = None if content is None else ContentId(content)
    return KnownFile(FileStamp(relative, 1, 1), volume, number, "torn" if content is None else None)


@given(found=folders, before=known_files(), stale=st.frozensets(contents))
def test_carrying_out_the_plan_mirrors_the_folder(
    found: list[FoundFile], before: list[KnownFile], stale: frozenset[ContentId]
) -> None:
    """Whatever was stored before, the catalogue ends up like the disk, except for what is kept."""
    plan = plan_sync(found, before, everywhere(), stale)
    after = {file.stamp.relative: file.stamp for file in before}
    for gone in plan.gone:
        del after[gone.stamp.relative]
    for seen in plan.to_read + plan.touched_again + plan.rehoused + plan.undated:
        after[seen.stamp.relative] = seen.stamp
    kept = {file.stamp.relative for file in plan.kept}
    left = {name: stamp for name, stamp in after.items() if name not in kept}
    assert left.keys() == {seen.stamp.relative for seen in found}
    for seen in found:
        *stamp, change_time = left[seen.stamp.relative]
        assert tuple(stamp) == seen.stamp[:3]
        assert seen.stamp.ctime_ns in (0, abs(change_time))
    assert not {file.volume for file in plan.kept} & {DISK}


@given(found=folders, before=known_files(), stale=st.frozensets(contents))
def test_every_picture_is_in_the_plan_exactly_once(
    found: list[FoundFile], before: list[KnownFile], stale: frozenset[ContentId]
) -> None:
    """The counts of a summary add up because those of the plan do."""
    plan = plan_sync(found, before, everywhere(), stale)
    assert plan.found == len(found)
    missing = {file.stamp.relative for file in before} - {file.stamp.relative for file in found}
    assert {file.stamp.relative for file in plan.gone + plan.kept} == missing


@given(found=folders)
def test_an_unchanged_folder_needs_nothing(found: list[FoundFile]) -> None:
    """A second run reads no file."""
    before = [KnownFile(seen.stamp, DISK, ContentId(1), None) for seen in found]
    plan = plan_sync(found, before, everywhere())
    assert (plan.to_read, plan.gone, plan.kept, plan.unchanged) == ([], [], [], len(found))


def test_a_skipped_file_is_not_tried_again_until_it_changes() -> None:
    """Its stamp decides."""
    torn = known("a.jpg", content=None)
    assert plan_sync([FoundFile(torn.stamp, DISK)], [torn], everywhere()).still_skipped == [torn]
    changed = FoundFile(FileStamp("a.jpg", 2, 1), DISK)
    assert plan_sync([changed], [torn], everywhere()).changed == [changed]


@pytest.mark.parametrize("content", [1, None])
def test_a_change_time_alone_is_looked_into(content: int | None) -> None:
    """Another program may have written other bytes of the same size and put the time back."""
    stamp = FileStamp("a.jpg", 1, 1, ctime_ns=5)
    before = known("a.jpg", content)._replace(stamp=stamp)
    misled = before._replace(stamp=stamp._replace(ctime_ns=-5))
    touched = FoundFile(stamp._replace(ctime_ns=6), DISK)
    plan = plan_sync([touched], [before], everywhere())
    assert (plan.touched, plan.touched_again, plan.to_read) == ([touched], [], [touched])
    plan = plan_sync([touched], [misled], everywhere())
    assert (plan.touched, plan.touched_again, plan.to_read) == ([], [touched], [])
    for quiet in (before, misled):
        plan = plan_sync([FoundFile(stamp, DISK)], [quiet], everywhere())
        assert (plan.to_read, plan.touched_again, plan.undated) == ([], [], [])


@pytest.mark.parametrize("content", [1, None])
def test_a_change_time_that_was_not_recorded_is_taken_over(content: int | None) -> None:
    """By an earlier version, or on a system without change times: nothing is read for it."""
    seen = FoundFile(FileStamp("a.jpg", 1, 1, ctime_ns=5), DISK)
    plan = plan_sync([seen], [known("a.jpg", content)], everywhere())
    assert (plan.to_read, plan.touched_again, plan.undated, plan.found) == ([], [], [seen], 1)
    dated = known("a.jpg", content)._replace(stamp=seen.stamp)
    plan = plan_sync([FoundFile(FileStamp("a.jpg", 1, 1), DISK)], [dated], everywhere())
    assert (plan.to_read, plan.touched_again, plan.undated, plan.found) == ([], [], [], 1)


def test_a_touched_file_shows_its_volume_to_be_the_same() -> None:
    """Else deletions on a drive that makes up change times would never be believed."""
    touched = known("a.jpg", volume="old name")
    touched = touched._replace(stamp=touched.stamp._replace(ctime_ns=5))
    gone = known("b.jpg", volume="old name")
    seen = FoundFile(touched.stamp._replace(ctime_ns=6), DISK)
    plan = plan_sync([seen], [touched, gone], everywhere())
    assert (plan.touched, plan.gone) == ([seen], [gone])


def test_a_new_volume_does_not_make_a_change_time_trusted() -> None:
    """That it was misleading once is not forgotten."""
    before = known("a.jpg", volume="old name")
    before = before._replace(stamp=before.stamp._replace(ctime_ns=-5))
    seen = FoundFile(before.stamp._replace(ctime_ns=5), DISK)
    assert plan_sync([seen], [before], everywhere()).rehoused == [FoundFile(before.stamp, DISK)]


def test_another_model_reads_again_what_has_no_vector() -> None:
    """The file is unchanged, but its vector is outdated."""
    one = known("a.jpg", content=7)
    seen = FoundFile(one.stamp, DISK)
    assert plan_sync([seen], [one], everywhere(), {ContentId(7)}).stale == [seen]


def test_an_empty_mount_point_proves_nothing() -> None:
    """The drive is unplugged: its folder is there, empty, on the disk below."""
    on_stick = known("stick/a.jpg", volume="stick")
    plan = plan_sync([], [on_stick], Coverage({"": DISK, "stick": DISK}))
    assert (plan.gone, plan.kept) == ([], [on_stick])


def test_a_vanished_mount_point_proves_nothing() -> None:
    """Systems remove the folder they mounted a drive on."""
    on_stick = known("stick/2024/a.jpg", volume="stick")
    plan = plan_sync([], [on_stick], Coverage({"": DISK}))
    assert (plan.gone, plan.kept) == ([], [on_stick])


def test_a_folder_that_cannot_be_listed_proves_nothing() -> None:
    """Permission may come back; a file beside it is really gone."""
    hidden, gone = known("x/y/a.jpg"), known("b.jpg")
    plan = plan_sync([], [hidden, gone], Coverage({"": DISK, "x": DISK}, frozenset({"x/y"})))
    assert (plan.gone, plan.kept) == ([gone], [hidden])


def test_a_scan_of_one_folder_says_nothing_of_others() -> None:
    """Only files below it can be missed."""
    inside, outside, alike = known("x/a.jpg"), known("z/a.jpg"), known("xy/a.jpg")
    plan = plan_sync([], [inside, outside, alike], Coverage({"x": DISK}))
    assert (plan.gone, plan.kept) == ([inside], [outside, alike])


def test_a_volume_with_a_new_identity_is_noted() -> None:
    """Otherwise its deletions would never be believed again."""
    one = known("a.jpg", volume="old name")
    seen = FoundFile(one.stamp, DISK)
    plan = plan_sync([seen], [one], everywhere())
    assert (plan.rehoused, plan.to_read, plan.found) == ([seen], [], 1)


def test_a_volume_shown_to_be_the_same_has_its_deletions_believed() -> None:
    """One file unchanged under the new identity proves it for the ones that are missing."""
    stays, gone = known("a.jpg", volume="old name"), known("b.jpg", volume="old name")
    plan = plan_sync([FoundFile(stays.stamp, DISK)], [stays, gone], everywhere())
    assert (plan.gone, plan.kept) == ([gone], [])
    without_proof = plan_sync([], [stays, gone], everywhere())
    assert (without_proof.gone, without_proof.kept) == ([], [stays, gone])


def test_an_offline_file_is_not_gone() -> None:
    """Its folder was listed, but the file itself could not be looked at."""
    one = known("x/a.jpg")
    plan = plan_sync([], [one], Coverage({"": DISK, "x": DISK}, frozenset({"x/a.jpg"})))
    assert (plan.gone, plan.kept) == ([], [one])


def test_a_folder_unplugged_while_it_was_listed_proves_nothing() -> None:
    """It was listed, but only in part."""
    file = known("x/a.jpg")
    plan = plan_sync([], [file], Coverage({"": DISK, "x": DISK}, frozenset({"x"})))
    assert (plan.gone, plan.kept) == ([], [file])


def test_what_lies_in_a_system_folder_is_forgotten() -> None:
    """Wherever the scan looked, and whatever volume it was on: nothing there is ever met again."""
    thumb = known("z/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", volume="other")
    plan = plan_sync([], [thumb], Coverage({"x": DISK}, frozenset({"z"})))
    assert (plan.gone, plan.kept) == ([thumb], [])


def test_what_a_link_led_to_is_forgotten_when_that_is_a_system_folder() -> None:
    """A link to one has a name of its own."""
    thumb = known("thumbs/a.jpg", volume="other")
    plan = plan_sync([], [thumb], Coverage({"": DISK}, system=frozenset({"thumbs"})))
    assert (plan.gone, plan.kept) == ([thumb], [])


def test_what_is_only_in_the_cloud_stays_what_it_is() -> None:
    """Searchable or skipped; what is new is recorded as skipped, and what comes back is read."""
    one, torn = known("a.jpg"), known("b.jpg", content=None)
    away = [FoundFile(FileStamp(name, 9, 9), DISK) for name in ("a.jpg", "b.jpg", "c.jpg")]
    plan = plan_sync([], [one, torn], everywhere(), placeholders=away)
    assert (plan.unchanged, plan.still_skipped, plan.in_cloud) == (1, [torn], [away[2]])
    assert (plan.found, plan.to_read, plan.gone, plan.kept) == (3, [], [], [])


@given(added=st.lists(contents), gone=st.lists(contents))
def test_a_move_pairs_one_added_with_one_gone(
    added: list[ContentId], gone: list[ContentId]
) -> None:
    """Moves never exceed either side, content by content."""
    leaving = [known(f"{number}.jpg", content) for number, content in enumerate(gone)]
    expected = sum(min(added.count(content), gone.count(content)) for content in set(added))
    assert count_moves(added, leaving) == expected
