"""What belongs to a library and what does not: system folders, other kinds, files in the cloud."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from fashion_finder.catalogue.records import Filed
from fashion_finder.domain import FileStamp, PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import (
    FolderIsSystems,
    FolderUnavailable,
    PictureUnreadable,
)
from fashion_finder.indexing import sync as sync_module
from fashion_finder.indexing.left_out import IN_CLOUD, UNLISTED
from fashion_finder.indexing.scan import Scan
from tests.pictures import draw_folder, save
from tests.summaries import counts


def nas(photos: Path) -> list[Path]:
    """Photos on a NAS, with what that put beside them; returns the photos."""
    paths = draw_folder(photos / "a", 6)
    for number, name in enumerate(
        (
            *("a/@eaDir/IMG_1.JPG/SYNOPHOTO_THUMB_XL.jpg", "#recycle/old.jpg", "@Recycle/old.jpg"),
            *("#snapshot/GMT-2024.05.17/a/x.jpg", "$RECYCLE.BIN/S-1-5-21-1/$RABC.JPG"),
            *("x.photoslibrary/originals/0/0.jpg", ".Trash-1000/files/t.jpg"),
        )
    ):
        save(photos / name, "bag", "black", mark=number + 1)
    return paths


def index_as_before(engine: Engine, folder: Path, files: dict[str, Path]) -> None:
    """Record files as an earlier program did that knew no system folders: relative path -> photo."""
    root = engine._catalogue.roots.add(folder)
    catalogue = engine._catalogue
    filed = []
    for relative, photo in files.items():
        answer = engine.find_similar(PictureFile(photo), 1)
        assert answer.picture is not None
        filed.append(Filed(FileStamp(relative, 1, 1), "elsewhere", answer.picture.digest))
    catalogue.files.record(root.id, engine.info.stamp, (), filed)


def answers(engine: Engine, question: Path) -> set[Path]:
    """Every file that an answer names."""
    matches = engine.find_similar(PictureFile(question), 100).matches
    return {path for match in matches for path in (match.path, *match.copies)}


def test_only_the_originals_of_a_nas_are_indexed(engine: Engine, tmp_path: Path) -> None:
    """The folders that are left out are told, by the sync and afterwards."""
    photos = tmp_path / "photos"
    paths = nas(photos)
    summary = engine.sync([photos])
    assert counts(summary) == {"found": 6, "added": 6}
    assert answers(engine, paths[0]) == set(paths)
    status = engine.status()
    assert status.left_out == summary.left_out
    told = {folder.path.name: folder.reason for folder in status.left_out.system_folders}
    assert len(told) == 7
    assert told["@eaDir"] == "A system folder: thumbnails of a Synology NAS"
    assert status.skipped == status.unlisted == ()


@pytest.mark.parametrize("below", ["", "a", "b"])
def test_what_was_indexed_there_leaves_at_the_next_look(
    engine: Engine, tmp_path: Path, below: str
) -> None:
    """Also at a look into another sub-folder, and if it was on a volume of its own."""
    photos = tmp_path / "photos"
    paths = nas(photos)
    save(photos / "b" / "c.jpg", "hat", "green", mark=8)
    engine.sync([photos])
    index_as_before(engine, photos, {"a/@eaDir/x/T.jpg": paths[0], "#snapshot/1/x.jpg": paths[1]})
    assert engine.status().photos == 9
    assert engine.sync([photos / below]).forgotten == 2
    assert engine.status().photos == 7
    assert not [
        path for path in answers(engine, paths[0]) if {"@eaDir", "#snapshot"} & {*path.parts}
    ]


def test_what_was_indexed_there_leaves_even_if_it_is_offline(
    engine: Engine, tmp_path: Path
) -> None:
    """No look will ever meet it again."""
    photos = tmp_path / "photos"
    paths = nas(photos)
    engine.sync([photos])
    index_as_before(engine, photos, {"a/@eaDir/x/T.jpg": paths[0]})
    question = save(tmp_path / "q.jpg", "dress", "red")
    photos.rename(tmp_path / "unplugged")
    with pytest.raises(FolderUnavailable):
        engine.sync([photos])
    assert engine.status().photos == 6
    assert answers(engine, question) == set(paths)


@pytest.mark.parametrize(
    "name", ["a/@eaDir", "#snapshot/GMT-2024.05.17/a", "x.photoslibrary/originals", "link"]
)
def test_a_system_folder_is_refused_even_if_asked_for(
    engine: Engine, tmp_path: Path, name: str
) -> None:
    """By its name, from within, or through a link; it says what the folder is."""
    photos = tmp_path / "photos"
    nas(photos)
    (photos / "link").symlink_to(photos / "a" / "@eaDir" / "IMG_1.JPG")
    with pytest.raises(FolderIsSystems, match=r"A system folder: .*Choose the folder"):
        engine.sync([photos / name])
    assert engine.status().folders == ()


def test_a_system_folder_that_was_added_before_is_emptied(engine: Engine, tmp_path: Path) -> None:
    """By a look at any folder; it says why, each time, and can be removed."""
    photos = tmp_path / "photos"
    paths = nas(photos)
    engine.sync([photos])
    thumbs = photos / "a" / "@eaDir"
    index_as_before(engine, thumbs, {"x/T.jpg": paths[0]})
    assert engine.sync([photos / "a"]).forgotten == 1
    assert [file.path for file in engine.sync().skipped_files] == [thumbs]
    with pytest.raises(FolderIsSystems):
        engine.sync([thumbs])
    assert engine.status().photos == 6
    assert engine.forget(thumbs) == 0


def test_kinds_that_are_not_read_are_counted(engine: Engine, tmp_path: Path) -> None:
    """Alone and beside photos; a look into one folder counts anew only there."""
    photos = tmp_path / "photos"
    for name in ("a/1.NEF", "a/2.cr3", "b/3.ARW", "b/4.psd", "5.MP4", "6.xmp"):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(b"any content")
    summary = engine.sync([photos])
    kinds = {"RAW": 3, "PSD": 1, "video": 1}
    assert (summary.found, summary.left_out.kinds) == (0, kinds)
    assert list(kinds) == list(engine.status().left_out.kinds)
    draw_folder(photos / "a", 2)
    (photos / "a" / "1.NEF").unlink()
    (photos / "b" / "4.psd").unlink()
    summary = engine.sync([photos / "a"])
    assert (summary.added, summary.left_out.kinds) == (2, {"RAW": 1})
    assert engine.status().left_out.kinds == {"RAW": 2, "PSD": 1, "video": 1}
    engine.forget(photos)
    assert engine.status().left_out.kinds == {}


def test_a_folder_that_cannot_be_opened_is_told_afterwards(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a look can open it."""
    photos = tmp_path / "photos"
    draw_folder(photos / "open", 2)
    draw_folder(photos / "shut", 2)
    real = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        engine.sync([photos])
    (told,) = engine.status().unlisted
    assert (told.path, told.reason) == (photos / "shut", UNLISTED)
    engine.sync([photos])
    assert engine.status().unlisted == ()


@pytest.mark.parametrize("name", ["q.dng", "q.NEF", "q.jxl", "q.jp2", "q.psd", "q.pdf", "q.mov"])
def test_a_question_of_such_a_kind_is_told_so(engine: Engine, tmp_path: Path, name: str) -> None:
    """Whatever is in it: never that it is damaged, and no small preview answers for it."""
    draw_folder(tmp_path / "photos", 2)
    engine.sync([tmp_path / "photos"])
    question = tmp_path / name
    question.write_bytes(b"any content")
    with pytest.raises(PictureUnreadable) as caught:
        engine.find_similar(PictureFile(question))
    assert "damaged" not in str(caught.value)
    assert caught.value.detail


# ---------------------------------------------------------------- the cloud


def evict(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the disk say that files of these names are only in the cloud; without names, none is."""

    class Disk(Scan):
        def _sort_special(self, file, entry, status, found):  # type: ignore[no-untyped-def]
            self.is_placeholder = lambda _: entry.name in names
            super()._sort_special(file, entry, status, found)

    monkeypatch.setattr(sync_module, "Scan", partial(Disk, is_placeholder=lambda _: False))


def test_what_is_only_in_the_cloud_is_listed_and_not_read(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is here it is read, although its times are the same."""
    photos = tmp_path / "photos"
    paths = draw_folder(photos, 4)
    evict(monkeypatch, paths[0].name)
    assert counts(engine.sync([photos])) == {"found": 4, "added": 3, "skipped": 1}
    (told,) = engine.status().skipped
    assert (told.path, told.reason) == (paths[0], IN_CLOUD)
    assert counts(engine.sync([photos])) == {"found": 4, "unchanged": 3, "skipped": 1}
    evict(monkeypatch)
    assert engine.sync([photos]).updated == 1
    assert engine.status().skipped == ()
    assert engine.status().photos == 4


def test_what_is_indexed_stays_searchable_while_it_is_away(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed in the cloud or not; once it is here again, it is read if it has changed."""
    photos = tmp_path / "photos"
    paths = draw_folder(photos, 4)
    engine.sync([photos])
    evict(monkeypatch, paths[0].name, paths[1].name)
    save(paths[1], "hat", "mustard", mark=9)
    assert counts(engine.sync([photos])) == {"found": 4, "unchanged": 4}
    assert engine.status().photos == 4
    assert paths[0] in answers(engine, paths[2])
    evict(monkeypatch)
    assert counts(engine.sync([photos])) == {"found": 4, "unchanged": 3, "updated": 1}
