"""Nothing that may block runs on the GUI thread."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import SyncPhase, SyncProgress
from fashion_finder.ui.main_window import MainWindow
from tests.ui.conftest import drop
from tests.ui.fakes import FakeFinder, answer, encoded, matches
from tests.ui.gui_thread_guard import watched


def test_the_guard_sees_files_folders_and_databases(tmp_path: Path) -> None:
    """A guard that sees nothing guards nothing."""
    with watched() as caught:
        (tmp_path / "a").write_text("x")
        os.listdir(tmp_path)  # noqa: PTH208 - what product code must not do
        (tmp_path / "a").exists()
        sqlite3.connect(":memory:").close()
    events = [one.split()[0] for one in caught]
    assert {"open", "os.listdir", "os.stat", "sqlite3.connect"} <= set(events)


@pytest.mark.usefixtures("gui_thread_is_free")
def test_searching_leaves_the_gui_thread_free(
    qtbot: QtBot, finder: FakeFinder, window: MainWindow, tmp_path: Path
) -> None:
    """Dropping files, data and folders; painting the answers."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/q/question.jpg")])
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        drop(window, mime)
    data = QMimeData()
    data.setData("image/png", QByteArray(encoded()))
    finder.answer_to = lambda question: answer(question, matches(5, start=60))
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.paste()
    folder = QMimeData()
    folder.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    with qtbot.waitSignal(window.questions.folders_offered):
        drop(window, folder)
    assert not finder.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_indexing_leaves_the_gui_thread_free(
    qtbot: QtBot, finder: FakeFinder, window: MainWindow
) -> None:
    """Progress, the end, the refreshed answer, the list of what was skipped."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.asking.ask_file(Path("/q/question.jpg"))
    finder.reports = tuple(
        SyncProgress(SyncPhase.READING, Path("/photos"), 50, done, 50, 0, 60.0, 1.0)
        for done in range(50)
    )
    finder.answer_to = lambda question: answer(question, matches(5, start=60))
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.indexing.index_one(Path("/photos/spring"))
    window.show_skipped()
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert not finder.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_scrolling_leaves_the_gui_thread_free(
    qtbot: QtBot, finder: FakeFinder, window: MainWindow
) -> None:
    """Hundreds of tiles, each fetched when it comes into view."""
    finder.answer_to = lambda question: answer(question, matches(300))
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q/question.jpg"))
    window.results.toggle_more()
    bar = window.results.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for value in range(0, bar.maximum(), max(1, bar.maximum() // 12)):
        bar.setValue(value)
        window.results.grid.viewport().repaint()
    assert not finder.is_on_gui_thread
