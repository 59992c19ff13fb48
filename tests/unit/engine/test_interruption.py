"""What fails or is stopped during a sync costs nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from fashion_finder.domain import (
    PictureFile,
    PreparedPicture,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.engine import Engine, facade
from fashion_finder.errors import (
    CatalogueUnwritable,
    DecoderUnavailable,
    Interrupted,
    PictureDenied,
    PictureError,
    PictureUnreachable,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import BATCH
from tests.pictures import draw_folder, save
from tests.summaries import counts


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


class FailingReader:
    """Reads like the real pool, but for the files it was told of."""

    def __init__(self, errors: dict[str, PictureError]) -> None:
        self._errors = errors
        self._pool = DecodePool(1)

    def read_all(self, tasks: Iterator[ReadTask]) -> Iterator[ReadOutcome | None]:
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
        patch.setattr(facade, "DecodePool", lambda workers, in_background: reader)
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
    assert engine._index.current.graphs == ()
    assert engine.find_similar(PictureFile(paths[4])).matches[0].path == paths[4]
    assert counts(engine.sync()) == {"found": 6, "unchanged": 6}
    assert engine._index.current.graphs


def test_what_a_killed_sync_forgot_is_dropped_at_the_next_start(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    """Contents that no file holds any more would take up room in answers."""
    paths = draw_folder(tmp_path / "photos", 4)
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([tmp_path / "photos"])
        gone = engine.find_similar(PictureFile(paths[0])).matches[0].content
        (root,) = engine._catalogue.roots.all()
        engine._catalogue.roots.mark(root.id, unfinished=True)
        engine._catalogue.files.forget(root.id, [paths[0].name])  # and here it is killed
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        assert gone not in engine._catalogue.vectors.live_contents(engine.info.stamp)
        assert engine._thumbnails.get(gone) is None
        assert engine.find_similar(PictureFile(paths[1])).searched == 3
