"""One engine for several threads: lent, exchanged behind their backs, and never closed in use."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.engine import Engine
from fashion_finder.engine.handle import EngineSlot
from fashion_finder.engine.lazy_engine import OpeningFinder
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged, CatalogueEmpty
from fashion_finder.indexing.control import SyncControl
from tests.pictures import draw_folder


@pytest.fixture
def opened(tmp_path: Path, tiny_model_path: Path) -> list[Engine]:
    """The engines that a slot has opened."""
    return []


@pytest.fixture
def slot(tmp_path: Path, tiny_model_path: Path, opened: list[Engine]) -> EngineSlot:
    """A slot over an empty data folder."""

    def open_one() -> Engine:
        opened.append(Engine.open(tmp_path / "data", tiny_model_path))
        return opened[-1]

    return EngineSlot(open_one)


def in_thread(work: Callable[[], object]) -> queue.Queue[object]:
    """Start it; what it returns comes out of the queue."""
    results: queue.Queue[object] = queue.Queue()
    threading.Thread(target=lambda: results.put(work()), daemon=True).start()
    return results


def folders(slot: EngineSlot) -> int:
    """Use the engine."""
    with slot.lent() as engine:
        return len(engine.status().folders)


def test_who_comes_early_waits(slot: EngineSlot) -> None:
    """Until it is opened."""
    early = in_thread(lambda: folders(slot))
    assert slot.glance() is None
    slot.open()
    assert early.get(timeout=20) == 0
    slot.close()


def test_a_lent_engine_is_not_closed(slot: EngineSlot, opened: list[Engine]) -> None:
    """An exchange waits for its user; others wait for the new engine."""
    slot.open()
    steps: queue.Queue[str] = queue.Queue()

    def exchange() -> str:
        with slot.exchanged():
            steps.put("exchanging")
        return "done"

    with slot.lent() as engine:
        exchanging = in_thread(exchange)
        while slot.glance() is not None:
            pass
        waiting = in_thread(lambda: folders(slot))
        assert len(engine.status().folders) == 0
        assert steps.empty()
    assert exchanging.get(timeout=20) == "done"
    assert waiting.get(timeout=20) == 0
    assert len(opened) == 2
    slot.close()


def test_a_failure_to_open_is_told_to_everybody(tmp_path: Path, tiny_model_path: Path) -> None:
    """Until an exchange has mended it."""
    path = tmp_path / "data" / CATALOGUE_NAME
    slot = EngineSlot(lambda: Engine.open(tmp_path / "data", tiny_model_path))
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    slot.open()
    for _ in range(2):
        with pytest.raises(CatalogueDamaged):
            folders(slot)
    with slot.exchanged():
        path.unlink()
    assert folders(slot) == 0
    slot.close()


def test_after_it_was_emptied_there_is_nothing(slot: EngineSlot, opened: list[Engine]) -> None:
    """Unless that has failed: then all goes on."""
    slot.open()
    with pytest.raises(CatalogueBusy), slot.emptied():
        raise CatalogueBusy
    assert folders(slot) == 0
    with slot.emptied():
        pass
    with pytest.raises(CatalogueEmpty):
        folders(slot)
    slot.close()
    assert len(opened) == 2


def test_a_damaged_catalogue_is_rebuilt_behind_an_open_window(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    """The damage is heard of without asking; the folders are indexed again, the file is kept."""
    data, photos = tmp_path / "data", draw_folder(tmp_path / "photos", 24)
    found: queue.Queue[CatalogueDamaged] = queue.Queue()
    finder = OpeningFinder(data, tiny_model_path, found.put)
    finder.open()
    finder.sync([photos[0].parent], lambda progress: None, SyncControl())
    assert finder.rebuild() is None
    finder.close()
    path = data / CATALOGUE_NAME
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'contents_by_size'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:  # nobody meets this at the start
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    finder = OpeningFinder(data, tiny_model_path, found.put)
    finder.open()
    assert found.get(timeout=60).subject == data
    with pytest.raises(CatalogueDamaged):
        finder.status()
    rebuilt = finder.rebuild()
    assert rebuilt is not None
    assert rebuilt.folders == (photos[0].parent,)
    assert rebuilt.kept.exists()
    assert finder.sync((), lambda progress: None, SyncControl()).added == 24
    assert found.empty()
    finder.close()


def test_everything_can_be_deleted_under_an_open_window(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    """Beside another process that has it open, nothing is, and the window goes on."""
    data = tmp_path / "data"
    finder = OpeningFinder(data, tiny_model_path, lambda error: None)
    finder.open()
    with Engine.open(data, tiny_model_path), pytest.raises(CatalogueBusy):
        finder.erase()
    assert finder.status().photos == 0
    finder.erase()
    assert not data.exists()
    with pytest.raises(CatalogueEmpty):
        finder.status()
    finder.close()
    assert not data.exists()
