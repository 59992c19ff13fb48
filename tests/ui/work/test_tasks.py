"""Work goes out with the engine it needs, and its outcome comes back to the window's thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pytestqt.qtbot import QtBot

from fashion_finder.engine import Engine
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import CatalogueBusy, FinderError
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from tests.ui.fakes import FakeEngine


class LateHandle(EngineHandle):
    """Opens what the test says, when the test says so."""

    def __init__(self, outcome: Engine | FinderError) -> None:
        super().__init__(Path("/data"))
        self._outcome = outcome

    def _open_engine(self) -> Engine:
        if isinstance(self._outcome, FinderError):
            raise self._outcome
        return self._outcome


def test_work_waits_for_the_engine(qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    """Borrowed in the worker, told here."""
    engine = FakeEngine()
    threads: list[threading.Thread] = []
    told: list[object] = []
    handle = LateHandle(engine)

    def work(borrowed: Engine) -> bool:
        threads.append(threading.current_thread())
        return borrowed is engine

    def done(is_engine: bool) -> None:
        threads.append(threading.current_thread())
        told.append(is_engine)

    EngineTasks(Tasks(executor), handle).run(work, done, told.append)
    assert handle.peek() is None
    handle.open()
    qtbot.waitUntil(lambda: told == [True])
    assert threads[0] is not threads[1] is threading.main_thread()


def test_without_an_engine_the_work_fails_with_the_reason(
    qtbot: QtBot, executor: ThreadPoolExecutor
) -> None:
    """And is not begun."""
    reason = CatalogueBusy(None)
    told: list[FinderError] = []
    begun: list[Engine | None] = []
    handle = LateHandle(reason)
    handle.open()
    EngineTasks(Tasks(executor), handle).run(begun.append, begun.append, told.append)
    qtbot.waitUntil(lambda: told == [reason])
    assert begun == []
