"""Which folders are indexed: nested ones, ones out of reach, forgotten ones."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import (
    PictureFile,
)
from fashion_finder.engine import Engine, path_resolver
from fashion_finder.errors import (
    CatalogueBusy,
    FolderIsOurs,
    FolderMissing,
    FolderUnavailable,
    FolderUnknown,
)
from fashion_finder.indexing.volumes import Volumes
from tests.pictures import draw_folder, save
from tests.summaries import counts


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
    with pytest.raises(FolderUnavailable, match="Nothing indexed is lost"):
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


def test_a_drive_that_wakes_up_is_waited_for(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new folder that does not answer at once is not called missing."""
    draw_folder(tmp_path / "photos", 2)
    answers = iter([False])  # no answer so soon
    with monkeypatch.context() as patch:
        patch.setattr(path_resolver, "is_folder", lambda path: next(answers, True))
        assert engine.sync([tmp_path / "photos"]).added == 2
    woken = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(path_resolver, "is_folder", lambda path: False)
        patch.setattr(path_resolver, "SCAN_SECONDS", 0.01)
        patch.setattr(Path, "is_dir", lambda path: woken.wait(30))
        with pytest.raises(FolderUnavailable, match="does not answer"):
            engine.sync([tmp_path / "never woken"])
        woken.set()


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
    draw_folder(DataFolder(engine.data_dir).sample_wardrobe, 3)
    assert engine.sync([DataFolder(engine.data_dir).sample_wardrobe]).found == 3


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
    draw_folder(DataFolder(engine.data_dir).sample_wardrobe, 4)
    engine.sync([tmp_path / ".hidden" / "photos"])
    engine.sync([DataFolder(engine.data_dir).sample_wardrobe])
    engine.sync()
    assert engine.status().photos == 9


def test_what_is_forgotten_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    """Vectors, thumbnails and points of the search go with the last file that held them."""
    paths = draw_folder(tmp_path / "photos", 6)
    engine.sync([tmp_path / "photos"])
    contents = {path: engine.find_similar(PictureFile(path)).matches[0].content for path in paths}
    for path in paths[:2]:
        path.unlink()
    engine.sync([tmp_path / "photos"])
    assert len(engine._index.current) == 4
    assert sorted(engine._catalogue.vectors.live_contents(engine.info.stamp)) == sorted(
        contents[path] for path in paths[2:]
    )
    assert [engine._thumbnails.get(contents[path]) for path in paths[:2]] == [None, None]
    engine.forget(tmp_path / "photos")
    assert len(engine._index.current) == 0
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
