"""Reading again on request: what a change of the decoder, or of nothing at all, may call for."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import FolderMissing, PictureMissing, PictureUnknown
from tests.catalogue_rows import integrity_problems
from tests.pictures import draw_folder, save
from tests.summaries import counts


def misread(data: Path, relative: str) -> None:
    """Leave what an earlier decoder might have made of a photo."""
    with Engine.open(data) as engine, engine._catalogue.connections.atomic() as connection:
        content, vector = connection.execute(
            "SELECT vectors.content, vector FROM vectors JOIN items USING (content)"
            " WHERE relative = CAST(? AS BLOB)",
            (relative,),
        ).fetchone()
        other = (-np.frombuffer(vector, np.float32)).tobytes()
        connection.execute("UPDATE vectors SET vector = ? WHERE content = ?", (other, content))
    shutil.rmtree(DataFolder(data).index, ignore_errors=True)


@pytest.fixture
def data(tmp_path: Path, tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, opened with the tiny model."""
    open_engine = Engine.open
    monkeypatch.setattr(Engine, "open", lambda data_dir: open_engine(data_dir, tiny_model_path))
    return tmp_path / "data"


@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_photo_that_was_misread_is_embedded_anew(
    data: Path, tmp_path: Path, whole_folder: bool
) -> None:
    """Though its bytes are known; exact copies elsewhere follow it, and nothing doubles."""
    paths = draw_folder(tmp_path / "photos", 6)
    copy = tmp_path / "other" / "copy.jpg"
    copy.parent.mkdir()
    copy.write_bytes(paths[2].read_bytes())
    with Engine.open(data) as engine:
        engine.sync([tmp_path / "photos", tmp_path / "other"])
    misread(data, paths[2].name)
    with Engine.open(data) as engine:
        assert engine.find_similar(PictureFile(paths[2])).matches[0].path != paths[2]
        assert counts(engine.sync()) == {"found": 7, "unchanged": 7}
        summary = engine.read_again([tmp_path / "photos" if whole_folder else paths[2]])
        others = {"unchanged": 5} if whole_folder else {}
        found = 6 if whole_folder else 1
        assert counts(summary) == {"found": found, "updated": 1, **others}
        matches = engine.find_similar(PictureFile(paths[2]), 20).matches
        assert matches[0].similarity > 0.999
        assert (matches[0].path, matches[0].copies) == (paths[2], (copy,))
        assert len(matches) == 6
        assert engine.thumbnail(matches[0].content)
        assert counts(engine.sync()) == {"found": 7, "unchanged": 7}
    assert integrity_problems(data) == []
    with Engine.open(data) as engine:
        assert len(engine.find_similar(PictureFile(paths[2]), 20).matches) == 6


def test_what_reads_the_same_keeps_its_identity(engine: Engine, tmp_path: Path) -> None:
    """So that marks and history stay valid, and no graph is due."""
    paths = draw_folder(tmp_path / "photos", 4)
    engine.sync([tmp_path / "photos"])
    before = [match.content for match in engine.find_similar(PictureFile(paths[0])).matches]
    assert counts(engine.read_again([tmp_path / "photos"])) == {"found": 4, "unchanged": 4}
    after = [match.content for match in engine.find_similar(PictureFile(paths[0])).matches]
    assert before == after


def test_a_file_skipped_for_good_is_tried_again(engine: Engine, tmp_path: Path) -> None:
    """As after an update that can read it."""
    paths = draw_folder(tmp_path / "photos", 3)
    engine.sync([tmp_path / "photos"])
    with engine._catalogue.connections.atomic() as connection:
        connection.execute(
            "UPDATE items SET content = NULL, reason = 'damaged' WHERE relative = CAST(? AS BLOB)",
            (paths[1].name,),
        )
    assert counts(engine.sync()) == {"found": 3, "unchanged": 2, "skipped": 1}
    assert counts(engine.read_again([paths[1]])) == {"found": 1, "updated": 1}
    assert engine.status().skipped == ()


def test_a_folder_inside_an_indexed_one(engine: Engine, tmp_path: Path) -> None:
    """Only it is read; what was deleted from it is noticed by the way."""
    draw_folder(tmp_path / "photos", 2)
    inner = draw_folder(tmp_path / "photos" / "inner", 3)
    engine.sync([tmp_path / "photos"])
    inner[0].unlink()
    summary = engine.read_again([inner[0].parent])
    assert counts(summary) == {"found": 2, "unchanged": 2, "forgotten": 1}
    assert engine.status().photos == 4


def test_what_cannot_be_read_again(engine: Engine, tmp_path: Path) -> None:
    """A file that is away or was never seen; of several, the others are read."""
    paths = draw_folder(tmp_path / "photos", 3)
    engine.sync([tmp_path / "photos"])
    stranger = save(tmp_path / "elsewhere" / "hat.jpg", "hat", "red")
    with pytest.raises(PictureUnknown):
        engine.read_again([stranger])
    paths[0].unlink()
    with pytest.raises(PictureMissing):
        engine.read_again([paths[0]])
    assert counts(engine.read_again([paths[0], paths[1]])) == {"found": 1, "unchanged": 1}
    assert engine.status().photos == 3  # one file says nothing about others
    with pytest.raises(PictureMissing):
        engine.read_again([tmp_path / "nothing"])
    with pytest.raises(FolderMissing):
        engine.sync([tmp_path / "nothing"])
