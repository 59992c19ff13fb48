"""A catalogue under a new model: nothing is lost, and no two models' vectors meet."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueOutdated, Interrupted
from fashion_finder.indexing.control import SyncControl
from fashion_finder.search.snapshot import Snapshot
from fashion_finder.settings import BATCH
from tests.pictures import draw_folder
from tests.tiny_model import metadata, write_tiny_model


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """Two models that differ in their version only."""
    one = write_tiny_model(tmp_path / "one.onnx")
    return one, write_tiny_model(tmp_path / "other.onnx", metadata(version="2"))


def draw_apart(here: Path, there: Path, few: int, others: int) -> list[Path]:
    """Different pictures in two folders; those in the first one."""
    paths = draw_folder(here, few + others)
    there.mkdir()
    for path in paths[few:]:
        path.rename(there / path.name)
    return paths[:few]


def test_a_sync_makes_the_vectors_again(tmp_path: Path, models: tuple[Path, Path]) -> None:
    """Until then the question has no answer; afterwards all files count as unchanged."""
    paths = draw_folder(tmp_path / "photos", 6)
    with Engine.open(tmp_path / "data", models[0]) as engine:
        engine.sync([tmp_path / "photos"])
        assert engine.status().outdated == 0
    with Engine.open(tmp_path / "data", models[1]) as engine:
        status = engine.status()
        assert (status.photos, status.outdated, status.folders[0].unfinished) == (6, 6, False)
        with pytest.raises(CatalogueOutdated):
            engine.find_similar(PictureFile(paths[3]))
        summary = engine.sync()
        assert (summary.found, summary.unchanged, summary.updated) == (6, 6, 0)
        answer = engine.find_similar(PictureFile(paths[3]))
        assert (answer.matches[0].path, answer.outdated) == (paths[3], 0)
        assert engine.status().outdated == 0


def test_answers_come_from_what_is_made_again_so_far(
    tmp_path: Path, models: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped move goes on where it was; the answer tells how many pictures wait."""
    count = 2 * BATCH + 6
    draw_folder(tmp_path / "photos", count)
    with Engine.open(tmp_path / "data", models[0]) as engine:
        engine.sync([tmp_path / "photos"])
    control = SyncControl()
    with Engine.open(tmp_path / "data", models[1]) as engine:
        with monkeypatch.context() as patch:
            added = engine._index.add

            def add_and_stop(*arguments: object) -> None:
                added(*arguments)  # type: ignore[arg-type]  # handed on as it came
                control.cancel()

            patch.setattr(engine._index, "add", add_and_stop)
            with pytest.raises(Interrupted):
                engine.sync(control=control)
    with Engine.open(tmp_path / "data", models[1]) as engine:
        waiting = engine.status().outdated
        assert 0 < waiting < count
        found = engine._catalogue.vectors.live_contents(engine.info.stamp)
        question = engine._catalogue.files.located([found[0]])[found[0]][0].path  # type: ignore[index,list-item]  # a plain number
        answer = engine.find_similar(PictureFile(question), count)
        shown = [one for match in answer.matches for one in (match, *match.near)]
        assert len(shown) == len(found) == count - waiting
        assert answer.outdated == waiting
        embedded: list[int] = []
        embed = engine._embedder.embed

        def embed_and_count(squares: object, *, urgent: bool = False) -> object:
            embedded.append(len(squares))  # type: ignore[arg-type]  # handed on as it came
            return embed(squares, urgent=urgent)  # type: ignore[arg-type]  # the same

        monkeypatch.setattr(engine._embedder, "embed", embed_and_count)
        engine.sync()
        assert sum(embedded) == waiting
        assert engine.status().outdated == 0


def test_pictures_out_of_reach_wait_and_are_not_forgotten(
    tmp_path: Path, models: tuple[Path, Path]
) -> None:
    """Their old vectors stay until the folder is back, and no old vector is ever compared."""
    here = draw_apart(tmp_path / "here", tmp_path / "drive", 3, 4)
    with Engine.open(tmp_path / "data", models[0]) as engine:
        engine.sync([tmp_path / "here", tmp_path / "drive"])
    shutil.move(tmp_path / "drive", tmp_path / "unplugged")
    with Engine.open(tmp_path / "data", models[1]) as engine:
        engine.sync()
        status = engine.status()
        assert (status.photos, status.outdated) == (7, 4)
        answer = engine.find_similar(PictureFile(here[0]), 7)
        assert {match.path for match in answer.matches} == set(here)
        assert answer.outdated == 4
    with Engine.open(tmp_path / "data", models[0]) as engine:  # going back costs nothing
        assert engine.status().outdated == 0
        assert len(engine.find_similar(PictureFile(here[0]), 7).matches) == 7
    shutil.move(tmp_path / "unplugged", tmp_path / "drive")
    with Engine.open(tmp_path / "data", models[1]) as engine:
        engine.sync()
        assert engine.status().outdated == 0
        assert len(engine.find_similar(PictureFile(here[0]), 7).matches) == 7
    with Engine.open(tmp_path / "data", models[0]) as engine:  # nothing of it is kept any more
        assert engine.status().outdated == 7


def test_a_snapshot_holds_vectors_of_one_model(
    tmp_path: Path, models: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another program with another model indexes beside an open one never gets in."""
    paths = draw_apart(tmp_path / "photos", tmp_path / "more", 5, 3)
    seen: list[str] = []
    nearest = Snapshot.nearest

    def watched(snapshot: Snapshot, *arguments: Any, **options: Any) -> object:
        seen.append(snapshot.model)
        return nearest(snapshot, *arguments, **options)

    monkeypatch.setattr(Snapshot, "nearest", watched)
    with Engine.open(tmp_path / "data", models[0]) as engine:
        engine.sync([tmp_path / "photos"])
        with Engine.open(tmp_path / "data", models[1]) as other:
            other.sync([tmp_path / "more"])
            assert len(other.find_similar(PictureFile(paths[0]), 9).matches) == 3
        answer = engine.find_similar(PictureFile(paths[0]), 9)
        assert len(answer.matches) == 5
        assert answer.outdated == 3
        assert seen == [other.info.stamp, engine.info.stamp]
