"""Folders into the catalogue: the real engine on real files."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fashion_finder.domain import (
    PictureFile,
    PreparedPicture,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.engine import Engine
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueUnwritable,
    DecoderUnavailable,
    FolderIsOurs,
    FolderMissing,
    FolderUnavailable,
    FolderUnknown,
    Interrupted,
    PictureDenied,
    PictureError,
    PictureUnreachable,
)
from fashion_finder.indexing import sync as sync_module
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.paths import sample_dir
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import BATCH
from tests.pictures import draw_folder, save


def counts(summary: SyncSummary) -> dict[str, int]:
    """The counts that are not zero."""
    names = ("found", "added", "updated", "unchanged", "moved", "forgotten", "skipped")
    return {name: getattr(summary, name) for name in names if getattr(summary, name)}


def tree_of(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Everything about the files below a folder that writing could change."""
    state = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        state[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_ctime_ns, content)
    return state


def test_a_folder_is_indexed_and_every_picture_finds_itself(engine: Engine, tmp_path: Path) -> None:
    """Files in sub-folders, in more than one batch."""
    paths = draw_folder(tmp_path / "photos" / "deep", BATCH + 8)
    assert counts(engine.sync([tmp_path / "photos"])) == {"found": 40, "added": 40}
    for path in paths:
        assert engine.find_similar(PictureFile(path)).matches[0].path == path
    status = engine.status()
    assert (status.photos, len(status.folders)) == (40, 1)
    assert status.folders[0].available
    assert not status.folders[0].unfinished


def test_a_second_run_opens_no_picture(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing changed, so nothing is read: not even a decode process is asked."""
    draw_folder(tmp_path / "photos", 10)
    (tmp_path / "photos" / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    first = engine.sync([tmp_path / "photos"])
    assert counts(first) == {"found": 11, "added": 10, "skipped": 1}

    def refuse(*arguments: object) -> None:
        raise AssertionError("a picture was read")

    monkeypatch.setattr(DecodePool, "read_all", refuse)
    second = engine.sync([tmp_path / "photos"])
    assert counts(second) == {"found": 11, "unchanged": 10, "skipped": 1}
    assert second.skipped_files == first.skipped_files
    assert counts(engine.sync()) == counts(second)


def test_nothing_below_an_indexed_folder_is_touched(engine: Engine, tmp_path: Path) -> None:
    """No byte, mode, mtime or ctime changes, whatever the program does."""
    photos = tmp_path / "photos"
    paths = draw_folder(photos / "deep", 6)
    (photos / "torn.jpg").write_bytes(b"torn")
    before = tree_of(photos)
    engine.sync([photos])
    engine.find_similar(PictureFile(paths[0]))
    engine.thumbnail(engine.find_similar(PictureFile(paths[0])).matches[0].content)
    engine.sync([photos])
    engine.forget(photos)
    assert tree_of(photos) == before


def test_changes_are_followed(engine: Engine, tmp_path: Path) -> None:
    """New, changed, renamed, copied, touched and deleted files, each counted as what it is."""
    photos = tmp_path / "photos"
    paths = draw_folder(photos, 8)
    engine.sync([photos])
    save(photos / "new.jpg", "hat", "green", mark=9)
    save(paths[0], "bag", "black", mark=7)
    paths[1].rename(photos / "renamed.jpg")
    shutil.copy(paths[2], photos / "copy.jpg")
    os.utime(paths[3], ns=(1, 1))
    paths[4].unlink()
    assert counts(engine.sync([photos])) == {
        "found": 9,
        "added": 2,
        "updated": 1,
        "moved": 1,
        "unchanged": 5,
        "forgotten": 1,
    }
    answer = engine.find_similar(PictureFile(photos / "copy.jpg"))
    assert answer.matches[0].path == photos / "copy.jpg"
    assert answer.matches[0].copies == (paths[2],)
    found = {match.path for match in engine.find_similar(PictureFile(paths[0]), 20).matches}
    assert paths[4] not in found
    assert photos / "renamed.jpg" in found
    assert engine.status().photos == 9


def test_renaming_a_folder_embeds_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are recognised at their new place, also in another indexed folder."""
    draw_folder(tmp_path / "a" / "old", 6)
    draw_folder(tmp_path / "b", 1)
    engine.sync([tmp_path / "a", tmp_path / "b"])

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the model was used")

    with monkeypatch.context() as patch:
        patch.setattr(type(engine._embedder), "embed", refuse)
        (tmp_path / "a" / "old").rename(tmp_path / "a" / "new")
        assert counts(engine.sync([tmp_path / "a"])) == {"found": 6, "moved": 6}
        (tmp_path / "a" / "new").rename(tmp_path / "b" / "new")
        assert counts(engine.sync()) == {"found": 7, "moved": 6, "unchanged": 1}
    assert engine.status().photos == 7


def test_pictures_that_cannot_be_read_are_listed(engine: Engine, tmp_path: Path) -> None:
    """With the reason; a repaired file is read again."""
    photos = tmp_path / "photos"
    draw_folder(photos, 3)
    (photos / "empty.jpg").write_bytes(b"")
    (photos / "text.jpg").write_text("not a picture")
    os.mkfifo(photos / "pipe.jpg")
    summary = engine.sync([photos])
    assert counts(summary) == {"found": 6, "added": 3, "skipped": 3}
    skipped = {one.path.name: one.reason for one in engine.status().skipped}
    assert set(skipped) == {"empty.jpg", "text.jpg", "pipe.jpg"}
    assert "empty" in skipped["empty.jpg"]
    assert {one.path for one in summary.skipped_files} == {photos / name for name in skipped}
    save(photos / "text.jpg", "hat", "red")
    assert counts(engine.sync([photos])) == {"found": 6, "updated": 1, "unchanged": 3, "skipped": 2}


def test_copies_in_one_run_are_embedded_once(engine: Engine, tmp_path: Path) -> None:
    """Copies share one content."""
    original = save(tmp_path / "photos" / "a.jpg", "dress", "red")
    for number in range(5):
        shutil.copy(original, original.with_name(f"copy-{number}.jpg"))
    assert counts(engine.sync([tmp_path / "photos"])) == {"found": 6, "added": 6}
    answer = engine.find_similar(PictureFile(original))
    assert len(answer.matches) == 1
    assert len(answer.matches[0].copies) == 5


# ---------------------------------------------------------------- folders that overlap or go away


def test_a_folder_inside_an_indexed_one_is_not_indexed_twice(
    engine: Engine, tmp_path: Path
) -> None:
    """Only that part is brought up to date."""
    draw_folder(tmp_path / "photos" / "x", 3)
    draw_folder(tmp_path / "photos" / "y", 3)
    engine.sync([tmp_path / "photos"])
    save(tmp_path / "photos" / "x" / "new.jpg", "hat", "red", mark=3)
    save(tmp_path / "photos" / "y" / "new.jpg", "hat", "red", mark=4)
    summary = engine.sync([tmp_path / "photos" / "x"])
    assert counts(summary) == {"found": 4, "added": 1, "unchanged": 3}
    assert [folder.path for folder in engine.status().folders] == [tmp_path / "photos"]


def test_a_folder_around_an_indexed_one_takes_it_over(engine: Engine, tmp_path: Path) -> None:
    """Nothing is read again, and there is one folder."""
    draw_folder(tmp_path / "photos" / "x", 3)
    draw_folder(tmp_path / "photos", 5)
    engine.sync([tmp_path / "photos" / "x"])
    assert counts(engine.sync([tmp_path / "photos"])) == {"found": 8, "added": 5, "unchanged": 3}
    status = engine.status()
    assert [folder.path for folder in status.folders] == [tmp_path / "photos"]
    assert status.photos == 8


def test_an_unreachable_folder_loses_nothing(engine: Engine, tmp_path: Path) -> None:
    """Its drive is gone: naming it is an error, updating all passes it over, answers stay."""
    here, there = tmp_path / "here", tmp_path / "there"
    draw_folder(here, 2)
    gone = draw_folder(there, 3)[2].read_bytes()
    engine.sync([here, there])
    there.rename(tmp_path / "unplugged")
    with pytest.raises(FolderUnavailable, match="Nothing indexed was forgotten"):
        engine.sync([there])
    with pytest.raises(FolderMissing):
        engine.sync([tmp_path / "never was"])
    assert counts(engine.sync()) == {"found": 2, "unchanged": 2}
    status = engine.status()
    assert status.photos == 5
    assert [folder.available for folder in status.folders] == [True, False]
    (tmp_path / "question.jpg").write_bytes(gone)
    answer = engine.find_similar(PictureFile(tmp_path / "question.jpg"))
    assert answer.matches[0].path.parent == there
    assert engine.thumbnail(answer.matches[0].content) is not None


def test_forgetting_a_folder_spares_the_others(engine: Engine, tmp_path: Path) -> None:
    """Photos that another folder also holds stay searchable."""
    one, other = tmp_path / "one", tmp_path / "other"
    paths = draw_folder(one, 4)
    other.mkdir()
    shutil.copy(paths[0], other / "shared.jpg")
    engine.sync([one, other])
    assert engine.forget(one) == 4
    answer = engine.find_similar(PictureFile(paths[0]), 10)
    assert [match.path for match in answer.matches] == [other / "shared.jpg"]
    with pytest.raises(FolderUnknown):
        engine.forget(one)


def test_a_change_in_a_forgotten_folder_does_not_bring_it_back(
    engine: Engine, tmp_path: Path
) -> None:
    """Whoever watches folders may be late to hear that one was forgotten."""
    folder, other = tmp_path / "photos", tmp_path / "other"
    draw_folder(folder, 2)
    draw_folder(other, 1)
    engine.sync([folder, other])
    engine.forget(folder)
    save(other / "new.jpg", "hat", "red", mark=9)
    assert engine.sync([folder], known_only=True).found == 0
    assert engine.sync([folder, other], known_only=True).added == 1
    assert [one.path for one in engine.status().folders] == [other]


def test_the_programs_own_folder_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Itself and what is in it, but for the sample wardrobe; around it, it is left out."""
    with pytest.raises(FolderIsOurs):
        engine.sync([engine.data_dir])
    with pytest.raises(FolderIsOurs):
        engine.sync([engine.data_dir / "index"])
    save(engine.data_dir / "cover.jpg", "hat", "red")
    draw_folder(tmp_path / "more", 2)
    assert counts(engine.sync([tmp_path])) == {"found": 2, "added": 2}
    draw_folder(sample_dir(engine.data_dir), 3)
    assert engine.sync([sample_dir(engine.data_dir)]).found == 3


def test_folders_that_meet_hold_each_photo_once(engine: Engine, tmp_path: Path) -> None:
    """One folder named twice, one inside another, a link from one indexed folder to another."""
    draw_folder(tmp_path / "photos" / "x", 3)
    draw_folder(tmp_path / "photos", 5)
    draw_folder(tmp_path / "other", 4)
    (tmp_path / "photos" / "link").symlink_to(tmp_path / "other")
    photos = tmp_path / "photos"
    summary = engine.sync([photos / "x", photos, photos, tmp_path / "other"])
    again = engine.sync()
    assert (again.found, again.added, engine.status().photos) == (12, 0, 12)
    assert summary.found == summary.added
    assert [folder.path for folder in engine.status().folders] == [photos, tmp_path / "other"]


def test_hidden_folders_and_the_sample_stay_when_asked_for_by_name(
    engine: Engine, tmp_path: Path
) -> None:
    """A folder around them does not take them over only to lose them at the next sync."""
    engine.sync([draw_folder(tmp_path, 2)[0].parent])
    draw_folder(tmp_path / ".hidden" / "photos", 3)
    draw_folder(sample_dir(engine.data_dir), 4)
    engine.sync([tmp_path / ".hidden" / "photos"])
    engine.sync([sample_dir(engine.data_dir)])
    engine.sync()
    assert engine.status().photos == 9


def test_what_cannot_be_looked_at_is_reported_and_kept(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sub-folder that fails, a folder that is away: named, with what was known of them kept."""
    draw_folder(tmp_path / "photos" / "denied", 3)
    draw_folder(tmp_path / "away", 2)
    engine.sync([tmp_path / "photos", tmp_path / "away"])
    (tmp_path / "away").rename(tmp_path / "gone")
    real = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "denied":
            raise PermissionError(13, "Permission denied")
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        summary = engine.sync()
    assert counts(summary) == {}
    assert {one.path for one in summary.skipped_files} == {
        tmp_path / "photos" / "denied",
        tmp_path / "away",
    }
    assert engine.status().photos == 5


# ---------------------------------------------------------------- failures that pass


class FailingReader:
    """Reads like the real pool, but for the files it was told of."""

    def __init__(self, errors: dict[str, PictureError]) -> None:
        self._errors = errors
        self._pool = DecodePool(1)

    def read_all(self, tasks: Iterator[ReadTask]) -> Iterator[ReadOutcome]:
        """See PictureReader."""
        for task in tasks:
            assert isinstance(task.source, Path)
            error = self._errors.get(task.source.name)
            if error is not None:
                yield ReadOutcome(task.key, error=error)
            else:
                yield from self._pool.read_all(iter([task]))

    def read(self, task: ReadTask) -> PreparedPicture:
        """See PictureReader."""
        return self._pool.read(task)

    def close(self) -> None:
        """See PictureReader."""
        self._pool.close()


@pytest.mark.parametrize("kind", [PictureDenied, PictureUnreachable])
def test_a_failure_that_passes_is_tried_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[PictureError]
) -> None:
    """A new photo is read when it can be; a known one keeps its place, although its file changed."""
    photos = tmp_path / "photos"
    known, *_ = draw_folder(photos, 4)
    engine.sync([photos])
    os.utime(known, ns=(5, 5))
    save(photos / "new.jpg", "hat", "red", mark=3)
    reader = FailingReader({"new.jpg": kind(None), known.name: kind(None)})
    with monkeypatch.context() as patch:
        patch.setattr(sync_module, "DecodePool", lambda workers, in_background: reader)
        summary = engine.sync([photos])
    assert counts(summary) == {"found": 5, "unchanged": 3, "skipped": 2}
    assert engine.status().photos == 4
    assert engine.find_similar(PictureFile(known)).matches[0].path == known
    assert counts(engine.sync([photos])) == {"found": 5, "updated": 1, "unchanged": 4}
    assert engine.status().photos == 5
    assert engine.status().skipped == ()


def test_a_decoder_that_cannot_start_condemns_no_picture(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sync ends with what is wrong; the next one reads everything."""
    draw_folder(tmp_path / "photos", 3)

    def fail(process: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(SpawnProcess, "start", fail)
        with pytest.raises(DecoderUnavailable):
            engine.sync([tmp_path / "photos"])
    assert engine.status().skipped == ()
    assert counts(engine.sync([tmp_path / "photos"])) == {"found": 3, "added": 3}


def test_a_thumbnail_store_that_fails_costs_no_photo(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a cache: what is committed is searchable at once."""
    paths = draw_folder(tmp_path / "photos", 3)

    def fail(*arguments: object) -> None:
        raise CatalogueUnwritable(None, "database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(type(engine._thumbnails), "put", fail)
        assert counts(engine.sync([tmp_path / "photos"])) == {"found": 3, "added": 3}
        match = engine.find_similar(PictureFile(paths[1])).matches[0]
        assert match.path == paths[1]
        assert engine.thumbnail(match.content) is not None


def test_what_is_forgotten_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    """Vectors, thumbnails and points of the search go with the last file that held them."""
    paths = draw_folder(tmp_path / "photos", 6)
    engine.sync([tmp_path / "photos"])
    contents = {path: engine.find_similar(PictureFile(path)).matches[0].content for path in paths}
    for path in paths[:2]:
        path.unlink()
    engine.sync([tmp_path / "photos"])
    assert len(engine._index.shelf.current) == 4
    assert sorted(engine._catalogue.live_contents(engine.info.stamp)) == sorted(
        contents[path] for path in paths[2:]
    )
    assert [engine._thumbnails.get(contents[path]) for path in paths[:2]] == [None, None]
    engine.forget(tmp_path / "photos")
    assert len(engine._index.shelf.current) == 0
    assert engine._thumbnails.get(contents[paths[3]]) is None


def test_a_volumes_new_name_is_kept(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart gave the drive another identity, deletions are still believed."""
    paths = draw_folder(tmp_path / "photos", 4)
    engine.sync([tmp_path / "photos"])
    with monkeypatch.context() as patch:
        patch.setattr(Volumes, "identity", lambda volumes, device: "another name")
        assert counts(engine.sync()) == {"found": 4, "unchanged": 4}
        for path in paths[:3]:
            path.unlink()
        assert counts(engine.sync()) == {"found": 1, "unchanged": 1, "forgotten": 3}
    paths[3].unlink()
    save(tmp_path / "photos" / "new.jpg", "hat", "blue", mark=2)
    assert counts(engine.sync()) == {"found": 1, "added": 1}  # no proof: perhaps another drive


def test_forgetting_does_not_wait_for_a_sync(engine: Engine, tmp_path: Path) -> None:
    """It says what is in the way."""
    draw_folder(tmp_path / "photos", 3)
    engine.sync([tmp_path / "photos"])
    with engine._syncing, pytest.raises(CatalogueBusy):
        engine.forget(tmp_path / "photos")
    with engine._catalogue.sync_lock(), pytest.raises(CatalogueBusy):
        engine.forget(tmp_path / "photos")
    assert engine.status().photos == 3


# ---------------------------------------------------------------- stopping and going on


def test_a_cancelled_sync_keeps_what_it_did_and_goes_on_later(
    engine: Engine, tmp_path: Path
) -> None:
    """Nothing is lost, nothing is doubled; the folder is marked as unfinished meanwhile."""
    draw_folder(tmp_path / "photos", 3 * BATCH)
    control = SyncControl()

    def cancel_midway(progress: SyncProgress) -> None:
        if progress.phase is SyncPhase.READING and progress.done > 0:
            control.cancel()

    with pytest.raises(Interrupted) as stopped:
        engine.sync([tmp_path / "photos"], progress=cancel_midway, control=control)
    assert stopped.value.summary is not None
    done = stopped.value.summary.added
    status = engine.status()
    assert 0 < done == status.photos < 3 * BATCH
    assert status.folders[0].unfinished
    again = engine.sync([tmp_path / "photos"])
    assert (again.added, again.unchanged) == (3 * BATCH - done, done)
    assert not engine.status().folders[0].unfinished


def test_a_paused_sync_waits_and_searches_go_on(engine: Engine, tmp_path: Path) -> None:
    """All that was read before the pause is committed, and found meanwhile."""
    paths = draw_folder(tmp_path / "photos", 2 * BATCH)
    control = SyncControl()
    paused = threading.Event()
    summaries: list[SyncSummary] = []
    read: list[int] = []

    def pause_midway(progress: SyncProgress) -> None:
        if progress.paused:
            read.append(progress.done)
            paused.set()
        elif progress.done >= BATCH + 1 and not paused.is_set():
            control.pause()

    def run() -> None:
        summaries.append(engine.sync([tmp_path / "photos"], progress=pause_midway, control=control))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        if paused.wait(30):
            answer = engine.find_similar(PictureFile(paths[0]))
            assert answer.searched == read[0] > BATCH
            assert len(answer.matches) == 5
    finally:
        control.resume()
        thread.join(60)
    assert counts(summaries[0]) == {"found": 2 * BATCH, "added": 2 * BATCH}


def test_a_cancel_while_the_graph_is_built_costs_only_the_graph(
    engine: Engine, tmp_path: Path
) -> None:
    """Everything is committed by then: the sync is done, and everything is found."""
    paths = draw_folder(tmp_path / "photos", 6)
    control = SyncControl()
    linked: list[int] = []

    def stop_when_linking(progress: SyncProgress) -> None:
        if progress.phase is SyncPhase.FINISHING and engine.status().photos == 6:
            linked.append(progress.done)
            control.cancel()

    assert counts(engine.sync([tmp_path / "photos"], progress=stop_when_linking, control=control))
    assert linked
    assert engine._index.shelf.current.graphs == ()
    assert engine.find_similar(PictureFile(paths[4])).matches[0].path == paths[4]
    assert counts(engine.sync()) == {"found": 6, "unchanged": 6}
    assert engine._index.shelf.current.graphs


# ---------------------------------------------------------------- any history

steps = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "rename", "copy", "break", "sync"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=steps)
def test_whatever_happened_the_catalogue_mirrors_the_folder(
    engine: Engine, tmp_path: Path, history: list[tuple[str, int, int]]
) -> None:
    """Any mixture of changes and syncs ends with exactly the files on disk, and counts that add up."""
    photos = tmp_path / "photos"
    shutil.rmtree(photos, ignore_errors=True)
    photos.mkdir()
    for kind, first, second in [*history, ("sync", 0, 0)]:
        source, target = photos / f"{first}.jpg", photos / f"{second}.jpg"
        if kind == "write":
            save(source, "dress", "red", mark=second + 1)
        elif kind == "break":
            source.write_bytes(b"torn" * (second + 1))
        elif kind == "delete":
            source.unlink(missing_ok=True)
        elif kind == "rename" and source.exists():
            source.replace(target)
        elif kind == "copy" and source.exists() and source != target:
            shutil.copy(source, target)
        elif kind == "sync":
            summary = engine.sync([photos])
            total = summary.added + summary.updated + summary.unchanged + summary.moved
            assert summary.found == total + summary.skipped
            assert summary.found == len(list(photos.iterdir()))
            assert engine.status().photos == total
    engine.forget(photos)
    assert engine.status().photos == 0
