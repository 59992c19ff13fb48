"""Folders into the catalogue: the real engine on real files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fashion_finder.domain import (
    PictureFile,
)
from fashion_finder.engine import Engine
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.settings import BATCH
from tests.pictures import draw_folder, save
from tests.summaries import counts


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


def test_another_spelling_of_a_name_is_a_move(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In case or in Unicode form: the name shown is the one the file has now, once."""
    photos = tmp_path / "photos"
    first, second = draw_folder(photos, 2)
    named = [photos / "Dress.JPG", photos / "caf\u00e9.jpg"]
    again = [photos / "dress.jpg", photos / "cafe\u0301.jpg"]
    for old, new in zip((first, second), named, strict=True):
        old.rename(new)
    engine.sync([photos])
    for old, new in zip(named, again, strict=True):
        old.rename(new)

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the model was used")

    monkeypatch.setattr(type(engine._embedder), "embed", refuse)
    assert counts(engine.sync([photos])) == {"found": 2, "moved": 2}
    monkeypatch.undo()
    shown = {path.name for path in photos.iterdir()}  # as the file system spells them
    found = engine.find_similar(PictureFile(next(photos.iterdir()))).matches
    assert {match.path.name for match in found} <= shown
    assert engine.status().photos == 2


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
