"""One strange file costs one file: bugs of ours that it brings to light, and disks that fail it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.catalogue.files import FileTable
from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.catalogue.vectors import VectorTable
from fashion_finder.domain import (
    ContentId,
    PictureFile,
    Pixels,
    PreparedPicture,
    RootId,
    SkippedFile,
    storable,
)
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.engine import Engine, facade
from fashion_finder.errors import (
    CatalogueUnwritable,
    PictureError,
    PictureTookTooLong,
    PictureUnanswered,
    PictureUnreadable,
)
from fashion_finder.images.formats import kind_of_name
from fashion_finder.indexing import scan as scan_module
from fashion_finder.indexing.pipeline import NEVER
from fashion_finder.ports import Embedded, ReadOutcome, ReadTask
from fashion_finder.settings import decode_workers
from tests.pictures import draw_folder, save
from tests.summaries import counts
from tests.unit.engine.test_interruption import FailingReader

BUG = "This picture cannot be read (a bug in this program; see the log)"
NOWADAYS = 1_700_000_000 * 10**9


def name_of(skipped: Sequence[SkippedFile]) -> list[str]:
    """The names of skipped files, for the bug."""
    assert {file.reason for file in skipped} <= {BUG}
    return [file.path.name for file in skipped]


# ---------------------------------------------------------------- bugs


@pytest.fixture
def photos(engine: Engine, tmp_path: Path) -> Path:
    """An indexed folder of six; two are new since, one has changed and one was deleted."""
    folder = tmp_path / "photos"
    paths = draw_folder(folder, 6)
    engine.sync([folder])
    save(folder / "new.jpg", "hat", "mustard", mark=40)
    save(folder / "strange.jpg", "bag", "mustard", mark=41)
    save(paths[1], "bag", "mustard", mark=42)
    paths[0].unlink()
    return folder


EXPECTED = {"found": 7, "added": 1, "updated": 1, "unchanged": 4, "forgotten": 1, "skipped": 1}


def check(engine: Engine, photos: Path, name: str = "strange.jpg") -> None:
    """The strange file is skipped for a bug; all else was done, and it is read once the bug is gone."""
    summary = engine.sync([photos])
    assert counts(summary) == EXPECTED
    assert name_of(summary.skipped_files) == [name]
    assert name_of(engine.status().skipped) == [name]
    assert engine.status().photos == 6


def check_mended(engine: Engine, photos: Path, how: str = "updated") -> None:
    """It is tried again although nothing has changed."""
    assert counts(engine.sync([photos])) == {"found": 7, how: 1, "unchanged": 6}
    assert engine.status().skipped == ()


def bug(*_arguments: object, **_options: object) -> None:
    """What no code of ours should raise."""
    raise OverflowError("Python int too large to convert to SQLite INTEGER")


def test_a_bug_while_a_file_is_recorded(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of its batch is recorded; the trace is in the log."""
    record = FileTable.record

    def recorded(
        table: FileTable,
        root: RootId,
        model: str,
        contents: Sequence[NewContent],
        files: Sequence[Filed],
    ) -> dict[bytes, ContentId]:
        if any(file.stamp.relative == "strange.jpg" and file.digest for file in files):
            bug()
        return record(table, root, model, contents, files)

    with monkeypatch.context() as patch:
        patch.setattr(FileTable, "record", recorded)
        check(engine, photos)
    assert any(one.exc_info and one.levelno == logging.ERROR for one in caplog.records)
    check_mended(engine, photos)


def test_a_file_that_cannot_be_recorded_at_all(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even as skipped: it is told all the same, and tried again."""
    record = FileTable.record

    def recorded(
        table: FileTable, root: RootId, model: str, contents: object, files: Sequence[Filed]
    ) -> dict[bytes, ContentId]:
        if any(file.stamp.relative == "strange.jpg" for file in files):
            bug()
        return record(table, root, model, contents, files)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(FileTable, "record", recorded)
        summary = engine.sync([photos])
    assert counts(summary) == EXPECTED
    assert name_of(summary.skipped_files) == ["strange.jpg"]
    assert engine.status().photos == 6
    check_mended(engine, photos, "added")


def test_a_catalogue_that_always_fails_is_no_files_fault(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug ends the sync, and nothing is lost."""
    with monkeypatch.context() as patch:
        patch.setattr(FileTable, "record", bug)
        with pytest.raises(OverflowError):
            engine.sync([photos])
    assert engine.status().skipped == ()
    assert engine.sync([photos]).skipped == 0
    assert engine.status().photos == 7


def test_what_the_world_does_to_the_catalogue_ends_the_sync(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is not tried with each file, and memory that ran out is not either."""
    for failure in (CatalogueUnwritable(), MemoryError()):
        calls = 0

        def record(*_: object, failure: BaseException = failure) -> None:
            nonlocal calls
            calls += 1
            raise failure

        with monkeypatch.context() as patch:
            patch.setattr(FileTable, "record", record)
            with pytest.raises(type(failure)):
                engine.sync([photos])
        assert calls == 1


@pytest.mark.parametrize("method", ["has_vector", "digests_of_size"])
def test_a_bug_while_a_file_is_looked_up(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Before it is read, which only costs a decoding, or after."""
    size = (photos / "strange.jpg").stat().st_size
    real: Callable[..., object] = getattr(VectorTable, method)
    digest = engine._question_reader.read(ReadTask(0, photos / "strange.jpg")).digest

    def look(table: VectorTable, key: object, model: str) -> object:
        if key in (size, digest):
            bug()
        return real(table, key, model)

    with monkeypatch.context() as patch:
        patch.setattr(VectorTable, method, look)
        if method == "digests_of_size":
            done = {"found": 7, "added": 2, "updated": 1, "unchanged": 4, "forgotten": 1}
            assert counts(engine.sync([photos])) == done
            return
        check(engine, photos)
    check_mended(engine, photos)


def test_a_bug_while_a_picture_is_embedded(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one of its micro-batch is embedded alone; a copy shares the strange one's lot."""
    copy = photos / "strange again.jpg"
    copy.write_bytes((photos / "strange.jpg").read_bytes())
    square = engine._question_reader.read(ReadTask(0, copy)).square
    embed = OnnxEmbedder.embed

    def embedded(model: OnnxEmbedder, squares: Pixels, *, urgent: bool = False) -> Embedded:
        if any(np.array_equal(one, square) for one in squares):
            bug()
        return embed(model, squares, urgent=urgent)

    with monkeypatch.context() as patch:
        patch.setattr(OnnxEmbedder, "embed", embedded)
        summary = engine.sync([photos])
    assert counts(summary) == {**EXPECTED, "found": 8, "skipped": 2}
    assert sorted(name_of(engine.status().skipped)) == ["strange again.jpg", "strange.jpg"]
    assert counts(engine.sync([photos])) == {"found": 8, "updated": 2, "unchanged": 6}


def test_a_model_that_always_fails_is_no_pictures_fault(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No picture is condemned for it."""
    with monkeypatch.context() as patch:
        patch.setattr(OnnxEmbedder, "embed", bug)
        with pytest.raises(OverflowError):
            engine.sync([photos])
    assert engine.status().skipped == ()
    assert engine.sync([photos]).skipped == 0


def test_a_bug_while_a_file_is_scanned(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and a known one stays; the walk goes on."""
    (known, *_) = sorted(photos.glob("*.jpg"))

    def kind_of(name: str) -> str | None:
        if name in ("strange.jpg", known.name):
            bug()
        return kind_of_name(name)

    with monkeypatch.context() as patch:
        patch.setattr(scan_module, "kind_of_name", kind_of)
        summary = engine.sync([photos])
    assert (summary.added, summary.forgotten) == (1, 1)
    assert {file.path for file in summary.skipped_files} == {photos / "strange.jpg", known}
    assert engine.status().photos == 6


def test_a_bug_of_the_thumbnail_store_costs_no_photo(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are made again when someone looks at them."""
    monkeypatch.setattr(ThumbnailStore, "put", bug)
    assert engine.sync([photos]).added == 2


# ---------------------------------------------------------------- what is known stays


@given(st.integers(-(2**80), 2**80))
def test_no_file_has_the_time_of_one_to_be_read_again(number: int) -> None:
    """Whatever its own may be."""
    assert storable(number) != NEVER


def sync_with(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch, reader: object
) -> dict[str, int]:
    """What a sync does that reads with this."""
    with monkeypatch.context() as patch:
        patch.setattr(facade, "DecodePool", lambda workers, in_background: reader)
        return counts(engine.sync([photos]))


def test_a_known_photo_that_takes_too_long_stays_and_is_not_tried_for_ever(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found as before; a new one is refused; neither costs the next sync its time."""
    photos = tmp_path / "photos"
    known, *_ = draw_folder(photos, 3)
    engine.sync([photos])
    os.utime(known, ns=(5, 5))
    save(photos / "new.jpg", "hat", "mustard", mark=40)
    reader = FailingReader({name: PictureTookTooLong(None) for name in (known.name, "new.jpg")})
    found = sync_with(engine, photos, monkeypatch, reader)
    assert found == {"found": 4, "unchanged": 2, "skipped": 2}
    assert engine.find_similar(PictureFile(known)).matches[0].path == known
    assert [file.path.name for file in engine.status().skipped] == ["new.jpg"]
    reader = FailingReader({})
    monkeypatch.setattr(reader, "read_all", bug)
    found = sync_with(engine, photos, monkeypatch, reader)
    assert found == {"found": 4, "unchanged": 3, "skipped": 1}


def test_a_known_photo_that_was_read_and_is_none_any_more_leaves(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it always did."""
    photos = tmp_path / "photos"
    known, *_ = draw_folder(photos, 3)
    engine.sync([photos])
    known.write_bytes(b"no picture")
    assert counts(engine.sync([photos])) == {"found": 3, "unchanged": 2, "skipped": 1}
    assert engine.status().photos == 2


class SilentReader(FailingReader):
    """Of a share that answers nothing; counts what it was asked for."""

    def __init__(self, error: PictureError) -> None:
        super().__init__({})
        self.asked = 0
        self._error = error

    def read_all(self, tasks: Iterator[ReadTask]) -> Iterator[ReadOutcome | None]:
        """See PictureReader."""
        for task in tasks:
            self.asked += 1
            yield ReadOutcome(task.key, error=self._error)

    def read(self, task: ReadTask) -> PreparedPicture:
        """See PictureReader."""
        raise self._error


def test_a_share_that_answers_nothing_is_left_alone_for_the_rest_of_the_sync(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each picture would cost a minute. All are told, and tried at the next sync."""
    photos = tmp_path / "photos"
    count = 4 * decode_workers() + 5
    draw_folder(photos, count)
    reader = SilentReader(PictureUnanswered(None))
    found = sync_with(engine, photos, monkeypatch, reader)
    assert found == {"found": count, "skipped": count}
    assert reader.asked == 2 * decode_workers()
    reader = SilentReader(PictureUnreadable(None))  # bad pictures are no reason to stop
    sync_with(engine, photos, monkeypatch, reader)
    assert reader.asked == count
