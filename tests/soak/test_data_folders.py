"""Data folders on file systems that cannot do all that SQLite wants, really mounted.

Needs Linux, FUSE and bindfs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import PictureFile, SyncProgress
from fashion_finder.engine import Engine
from tests.catalogue_rows import integrity_problems
from tests.pictures import draw_folder

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("bindfs") is None or not Path("/dev/fuse").exists(),
    reason="mounts a file system without shared memory: needs Linux, FUSE and bindfs",
)


@pytest.fixture
def unmapped(tmp_path: Path) -> Iterator[Path]:
    """A folder in which no memory can be shared, as on NFS and sshfs."""
    below, point = tmp_path / "below", tmp_path / "point"
    below.mkdir()
    point.mkdir()
    subprocess.run(["bindfs", "-o", "direct_io", below, point], check=True)
    yield point
    subprocess.run(["fusermount", "-u", point], check=True)


def test_searching_goes_on_while_photos_are_indexed(
    unmapped: Path, tmp_path: Path, tiny_model_path: Path
) -> None:
    """And another process sees what was indexed."""
    paths = draw_folder(tmp_path / "photos", 3)
    draw_folder(tmp_path / "more", 200)
    data = unmapped / "data"
    answers = 0
    with Engine.open(data, tiny_model_path) as engine:
        assert engine.lacks_wal
        engine.sync([tmp_path / "photos"])

        def ask(_: SyncProgress) -> None:
            nonlocal answers
            answers += bool(engine.find_similar(PictureFile(paths[0])).matches)

        assert engine.sync([tmp_path / "more"], progress=ask).added == 200
        assert answers > 3
        done = subprocess.run(
            [
                *(sys.executable, "-m", "fashion_finder", "index", tmp_path / "more", "--json"),
                *("--data-dir", data, "--model", tiny_model_path),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        assert json.loads(done.stdout)["unchanged"] == 200
        assert done.stderr.count(b"has no shared memory") == 1
        assert engine.find_similar(PictureFile(paths[0])).matches[0].path == paths[0]
    assert integrity_problems(data) == []


def test_a_data_folder_moves_there_and_back(
    unmapped: Path, tmp_path: Path, tiny_model_path: Path
) -> None:
    """Nothing is lost, and it has a write-ahead log where it can."""
    draw_folder(tmp_path / "photos", 3)
    here, there = tmp_path / "data", unmapped / "data"
    with Engine.open(here, tiny_model_path) as engine:
        engine.sync([tmp_path / "photos"])
    shutil.move(here, there)
    with Engine.open(there, tiny_model_path) as engine:
        assert engine.lacks_wal
        assert engine.sync().unchanged == 3
    assert DataFolder(there).catalogue.read_bytes()[18] == 1
    shutil.move(there, here)
    with Engine.open(here, tiny_model_path) as engine:
        assert not engine.lacks_wal
        assert engine.sync().unchanged == 3
