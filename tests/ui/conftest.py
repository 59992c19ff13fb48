"""The window under test: real widgets offscreen, a fake engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.ui.kit.theme import Theme
from fashion_finder.ui.question.picture import QuestionPicture
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.shell.preferences import Preferences
from fashion_finder.ui.work.tasks import Tasks
from tests.ui.fakes import FakeEngine, FakeHandle, copy_sample
from tests.ui.gui_thread_guard import watched
from tests.ui.refining import FIRST
from tests.ui.window_page import WindowPage

PATIENCE_MS = 60_000  # nothing waits longer than it must, and a busy machine may need long
BUTTON, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

HERE = Path(__file__).parent
# What the offscreen platform says of menus and of windows with a smallest size.
HARMLESS = r"This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt warnings fail a test, but for those that only the offscreen platform gives."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(HARMLESS))


class PatientBot(QtBot):
    """Waits as long as a busy machine needs, where a test does not say how long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **rest: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **rest)

    def waitSignals(self, signals: list[Any], *, timeout: int = PATIENCE_MS, **rest: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **rest)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """In place of pytest-qt's own."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    """Without a screen, Qt keeps what was copied beyond the end of Python, and destroys it there."""
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The light theme, whatever the desktop says."""
    QLocale.setDefault(QLocale(QLocale.Language.English))
    return Theme(qapp, forced=Qt.ColorScheme.Light)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine whose answers the test decides."""
    return FakeEngine()


@pytest.fixture
def handle(engine: FakeEngine) -> FakeHandle:
    """What the window borrows the engine from."""
    return FakeHandle(engine)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    """One worker thread."""
    with ThreadPoolExecutor(1) as one:
        yield one


OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(
    qtbot: QtBot, theme: Theme, engine: FakeEngine, handle: FakeHandle
) -> Iterator[OpenWindow]:
    """Opens windows on the fake engine, and closes them as the program does."""
    closers: list[Callable[[], object]] = []

    def open_one(preferences: Preferences | None = None, *, begin: bool = True) -> MainWindow:
        queries, syncs = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        tasks = Tasks(queries), Tasks(syncs)
        window = MainWindow(handle, *tasks, preferences or Preferences(), copy_sample)
        closers.extend((window.close, window.loader.close, tasks[0].close, tasks[1].close))
        closers.extend((engine.finding.set, syncs.shutdown, queries.shutdown))
        closers.append(window.deleteLater)
        with qtbot.waitExposed(window):
            window.show()
        if begin:
            window.begin()
            qtbot.waitUntil(lambda: window.is_settled)
        return window

    yield open_one
    for close in closers:
        close()
    qtbot.waitUntil(lambda: True)


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """A window over one indexed folder."""
    return open_window()


OpenPage = Callable[..., WindowPage]


@pytest.fixture
def open_page(qtbot: QtBot, open_window: OpenWindow) -> OpenPage:
    """Opens windows, as a person meets them."""
    return lambda **options: WindowPage(qtbot, open_window(**options))


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> WindowPage:
    """The same window, as a person meets it."""
    return WindowPage(qtbot, window)


@pytest.fixture
def gui_thread_is_free(tmp_path: Path, window: MainWindow) -> Iterator[None]:
    """Fails the test when the GUI thread opens, reads, connects or starts anything.

    Begins after the other fixtures, which may.
    """
    with watched() as caught:
        yield
    assert not caught, "the GUI thread did blocking work:\n" + "\n".join(caught)


@pytest.fixture
def picture(page: WindowPage) -> QuestionPicture:
    """The question's picture, after its first answer."""
    page.ask(FIRST)
    return page.panel.picture
