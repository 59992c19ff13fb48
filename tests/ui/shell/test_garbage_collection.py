"""Circles of objects are broken up in the window's thread only."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

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


@pytest.fixture
def generations() -> Iterator[list[int]]:
    """The generations that are collected, in their order; due after few objects."""
    thresholds = gc.get_threshold()
    collected: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            collected.append(info["generation"])

    gc.set_threshold(50, 2, 2)
    gc.callbacks.append(note)
    yield collected
    gc.callbacks.remove(note)
    gc.set_threshold(*thresholds)


def use_memory(count: int = 200_000) -> int:
    """Make very many objects that Python's collector follows, and keep them for a while."""
    return len([[number] for number in range(count)])


@pytest.mark.usefixtures("collecting")
def test_no_worker_ends_what_the_window_left(qtbot: QtBot) -> None:
    """However much it allocates; the window's thread does soon after."""
    ended_in: list[int] = []
    Circle(ended_in)
    with ThreadPoolExecutor(1) as worker:
        worker.submit(use_memory).result()
    assert ended_in == []

    kept = [[number] for number in range(3000)]  # more than Python's threshold
    qtbot.waitUntil(lambda: bool(ended_in), timeout=20_000)
    assert kept
    assert ended_in == [threading.get_ident()]


@pytest.mark.usefixtures("collecting")
def test_what_was_kept_for_long_is_ended_as_well(qtbot: QtBot, generations: list[int]) -> None:
    """A window may stay open for weeks: the oldest objects get their turn, and a rare one."""
    ended_in: list[int] = []
    circle = Circle(ended_in)
    gc.collect()  # it has grown old
    generations.clear()
    del circle
    kept: list[list[list[int]]] = []

    def has_ended() -> bool:
        kept.append([[number] for number in range(100)])
        return bool(ended_in)

    qtbot.waitUntil(has_ended)
    assert ended_in == [threading.get_ident()]
    assert generations.count(0) > generations.count(1) > generations.count(2) > 0
