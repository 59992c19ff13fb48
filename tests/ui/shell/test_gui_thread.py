"""Nothing that may block runs on the GUI thread."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, FileStamp, SyncPhase, SyncProgress
from fashion_finder.engine.catalogue_filter import CatalogueFilter
from fashion_finder.engine.listing import list_newest_first
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.fakes import FakeEngine, answer, encoded, matches
from tests.ui.gui_thread_guard import watched
from tests.ui.window_page import drop


def test_the_guard_sees_files_folders_and_databases(tmp_path: Path) -> None:
    """A guard that sees nothing guards nothing."""
    with watched() as caught:
        (tmp_path / "a").write_text("x")
        os.listdir(tmp_path)  # noqa: PTH208 - what product code must not do
        (tmp_path / "a").exists()
        sqlite3.connect(":memory:").close()
    events = [work.split()[0] for work in caught]
    assert {"open", "os.listdir", "os.stat", "sqlite3.connect"} <= set(events)


@pytest.mark.usefixtures("gui_thread_is_free")
def test_searching_leaves_the_gui_thread_free(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, tmp_path: Path
) -> None:
    """Dropping files, data and folders; painting the answers."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/q/question.jpg")])
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        drop(window, mime)
    data = QMimeData()
    data.setData("image/png", QByteArray(encoded()))
    engine.answer_to = lambda question: answer(question, matches(5, start=60))
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.paste()
    folder = QMimeData()
    folder.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    with qtbot.waitSignal(window.search.folders_dropped):
        drop(window, folder)
    assert not engine.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_indexing_leaves_the_gui_thread_free(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Progress, the end, the refreshed answer, the list of what was skipped."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(Path("/q/question.jpg"))
    engine.reports = tuple(
        SyncProgress(SyncPhase.READING, Path("/photos"), 50, done, 50, 0, 60.0, 1.0)
        for done in range(50)
    )
    engine.answer_to = lambda question: answer(question, matches(5, start=60))
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.indexing.index_one(Path("/photos/spring"))
    window.show_skipped()
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert not engine.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_scrolling_leaves_the_gui_thread_free(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Hundreds of tiles, each fetched when it comes into view."""
    engine.answer_to = lambda question: answer(question, matches(300))
    with qtbot.waitSignal(window.search.answered):
        window.search.ask_file(Path("/q/question.jpg"))
    window.results.toggle_more()
    bar = window.results.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for value in range(0, bar.maximum(), max(1, bar.maximum() // 12)):
        bar.setValue(value)
        window.results.grid.viewport().repaint()
    assert not engine.is_on_gui_thread


def catalogue_of(count: int, data: Path, jpeg: bytes) -> tuple[Catalogue, ThumbnailStore]:
    """So many pictures with thumbnails, in the program's own stores."""
    data.mkdir()
    catalogue = Catalogue(data)
    root = catalogue.roots.add(Path("/photos"))
    store = ThumbnailStore(data, catalogue.uuid, 1 << 30)
    vector = np.ones(2, np.float32)
    for start in range(0, count, 4096):
        numbers = range(start, min(start + 4096, count))
        digests = [number.to_bytes(8, "big") for number in numbers]
        ids = catalogue.files.record(
            root.id,
            "model",
            [NewContent(digest, 1, 1, 1, vector, ()) for digest in digests],
            [
                Filed(FileStamp(f"shoot {number % 97}/IMG_{number:05}.jpg", 1, number), "", digest)
                for number, digest in zip(numbers, digests, strict=True)
            ],
        )
        store.put({ids[digest]: jpeg for digest in digests})
    return catalogue, store


def test_browsing_everything_leaves_the_gui_thread_free(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, tmp_path: Path
) -> None:
    """42,386 pictures from the real stores: opened, scrolled through, found by name, resized."""
    catalogue, store = catalogue_of(42_386, tmp_path / "data", encoded("#445566", "JPEG", 12, 16))
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(tmp_path / "data", catalogue), "model", frozenset
    )
    engine.listing_of = lambda filters: list_newest_first(filters, catalogue_filter.pick(filters))
    page, fetched = window.browse, set[ContentId]()

    def thumbnail(content: ContentId) -> bytes | None:
        fetched.add(content)
        return store.get(content)

    engine.thumbnail_of = thumbnail
    try:
        with watched() as caught:
            window.menus.browse.trigger()
            qtbot.waitUntil(lambda: page.model.count == 42_386, timeout=20_000)
            bar = page.grid.verticalScrollBar()
            qtbot.waitUntil(lambda: bar.maximum() > 0)
            for value in range(0, bar.maximum(), bar.maximum() // 40):
                bar.setValue(value)
                page.grid.viewport().repaint()
                QApplication.processEvents()
            window.resize(window.width() - 200, window.height())
            qtbot.waitUntil(lambda: page.grid.all_painted)
            page.filters.field.setText("IMG_42385")
            page.filters.apply_words()
            qtbot.waitUntil(lambda: page.model.count == 1, timeout=20_000)
            qtbot.waitUntil(lambda: page.grid.all_painted)
            page.grid.setCurrentIndex(page.model.index(0))
            QTest.keyClick(page.grid, Qt.Key.Key_Space)
            qtbot.waitUntil(lambda: "Size" in page.preview.sheet.facts)
    finally:
        window.loader.close()
        store.close()
        catalogue.close()
    assert not caught, "the GUI thread did blocking work:\n" + "\n".join(caught)
    assert len(fetched) > 50  # those that scrolled out of sight meanwhile are not fetched
    assert not engine.is_on_gui_thread
