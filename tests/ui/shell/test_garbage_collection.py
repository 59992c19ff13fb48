"""Circles of objects are broken up in the window's thread only."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.garbage_collection import GarbageCollection


class Circle:
    """Refers to itself, and tells which thread ended it."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.get_ident())


@pytest.fixture
def collecting(qtbot: QtBot) -> Iterator[GarbageCollection]:
    """Several times a second, for the test."""
    assert gc.isenabled()
    collection = GarbageCollection(interval_ms=50)
    yield collection
    collection.stop()
    assert gc.isenabled()


def use_memory() -> None:
    """Make very many objects that Python's collector follows, and keep them for a while."""
    kept = [[number] for number in range(200_000)]
    del kept


def test_no_worker_ends_what_the_window_left(qtbot: QtBot, collecting: GarbageCollection) -> None:
    """However much it allocates; the window's thread does soon after."""
    ended_in: list[int] = []
    Circle(ended_in)
    worker = threading.Thread(target=use_memory)
    worker.start()
    worker.join()
    assert ended_in == []

    kept = [[number] for number in range(3000)]  # more than Python's threshold
    qtbot.waitUntil(lambda: bool(ended_in), timeout=20_000)
    assert kept
    assert ended_in == [threading.get_ident()]
