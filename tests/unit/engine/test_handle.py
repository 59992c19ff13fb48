"""One engine for several threads: borrowed, reopened behind their backs, and never closed in use."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.engine import Engine
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged, CatalogueEmpty
from tests.pictures import draw_folder
from tests.timeouts import until


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is yet to be made."""
    return tmp_path / "data"


@pytest.fixture
def handle(data: Path, tiny_model_path: Path) -> Iterator[EngineHandle]:
    """A handle that has opened nothing."""
    handle = EngineHandle(data, tiny_model_path)
    yield handle
    handle.close()


def in_thread(work: Callable[[], object]) -> queue.Queue[object]:
    """Start it; what it returns comes out of the queue."""
    results: queue.Queue[object] = queue.Queue()
    threading.Thread(target=lambda: results.put(work()), daemon=True).start()
    return results


def folders(handle: EngineHandle) -> int:
    """Use the engine."""
    with handle.borrow() as engine:
        return len(engine.status().folders)


def test_an_early_borrower_waits(handle: EngineHandle) -> None:
    """Until it is opened."""
    early = in_thread(lambda: folders(handle))
    assert handle.peek() is None
    handle.open()
    assert early.get(timeout=20) == 0


def test_a_borrowed_engine_is_not_closed(handle: EngineHandle) -> None:
    """Reopening waits for its user; others wait for the new engine."""
    handle.open()
    steps: queue.Queue[str] = queue.Queue()

    def reopen() -> str:
        with handle.reopen():
            steps.put("reopening")
        return "done"

    with handle.borrow() as first:
        reopening = in_thread(reopen)
        until(lambda: handle.peek() is None)
        waiting = in_thread(lambda: folders(handle))
        assert len(first.status().folders) == 0
        assert steps.empty()
    assert reopening.get(timeout=20) == "done"
    assert waiting.get(timeout=20) == 0
    assert handle.peek() not in {None, first}


def test_a_failure_to_open_is_told_to_every_borrower(handle: EngineHandle, data: Path) -> None:
    """Until reopening has mended it."""
    data.mkdir()
    (data / CATALOGUE_NAME).write_bytes(b"no database" * 1000)
    handle.open()
    for _ in range(2):
        with pytest.raises(CatalogueDamaged):
            folders(handle)
    with handle.reopen():
        (data / CATALOGUE_NAME).unlink()
    assert folders(handle) == 0


def test_after_retiring_there_is_nothing(handle: EngineHandle) -> None:
    """Unless that has failed: then all goes on."""
    handle.open()
    with pytest.raises(CatalogueBusy), handle.retire():
        raise CatalogueBusy
    assert folders(handle) == 0
    with handle.retire():
        pass
    with pytest.raises(CatalogueEmpty):
        folders(handle)


def test_a_damaged_catalogue_is_rebuilt_behind_an_open_window(
    data: Path, tmp_path: Path, tiny_model_path: Path
) -> None:
    """The damage is heard of without asking; the folders are indexed again, the file is kept."""
    photos = draw_folder(tmp_path / "photos", 24)
    found: queue.Queue[CatalogueDamaged] = queue.Queue()
    handle = EngineHandle(data, tiny_model_path, found.put)
    handle.open()
    with handle.borrow() as engine:
        engine.sync([photos[0].parent])
    assert handle.rebuild() is None
    handle.close()
    path = data / CATALOGUE_NAME
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'contents_by_size'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:  # nobody meets this at the start
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    handle = EngineHandle(data, tiny_model_path, found.put)
    handle.open()
    assert found.get(timeout=60).subject == data
    with pytest.raises(CatalogueDamaged):
        folders(handle)
    rebuilt = handle.rebuild()
    assert rebuilt is not None
    assert rebuilt.folders == (photos[0].parent,)
    assert rebuilt.kept.exists()
    with handle.borrow() as engine:
        assert engine.sync().added == 24
    assert found.empty()
    handle.close()


def test_everything_can_be_deleted_under_an_open_window(
    handle: EngineHandle, data: Path, tiny_model_path: Path
) -> None:
    """Beside another process that has it open, nothing is, and the window goes on."""
    handle.open()
    with Engine.open(data, tiny_model_path), pytest.raises(CatalogueBusy):
        handle.erase()
    assert folders(handle) == 0
    handle.erase()
    assert not data.exists()
    with pytest.raises(CatalogueEmpty):
        folders(handle)
    handle.close()
    assert not data.exists()
