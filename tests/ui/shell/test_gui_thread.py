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
from fashion_finder.indexing.availability import Offline
from tests.ui.fakes import FakeEngine, answer, encoded, matches
from tests.ui.gui_thread_guard import watched
from tests.ui.window_page import WindowPage


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
    qtbot: QtBot, engine: FakeEngine, page: WindowPage, tmp_path: Path
) -> None:
    """Dropping files, data and folders; painting the answers."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/q/question.jpg")])
    with page.painted():
        page.drop(mime)
    data = QMimeData()
    data.setData("image/png", QByteArray(encoded()))
    engine.answer_to = lambda question: answer(question, matches(5, start=60))
    QGuiApplication.clipboard().setMimeData(data)
    with page.painted():
        page.window.paste()
    folder = QMimeData()
    folder.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    with qtbot.waitSignal(page.window.search.folders_dropped):
        page.drop(folder)
    assert not engine.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_indexing_leaves_the_gui_thread_free(engine: FakeEngine, page: WindowPage) -> None:
    """Progress, the end, the refreshed answer, the list of what was skipped."""
    with page.painted():
        page.begin_question(Path("/q/question.jpg"))
    engine.reports = tuple(
        SyncProgress(SyncPhase.READING, Path("/photos"), 50, done, 50, 0, 60.0, 1.0)
        for done in range(50)
    )
    engine.answer_to = lambda question: answer(question, matches(5, start=60))
    with page.painted():
        page.begin_indexing(Path("/photos/spring"))
    page.window.show_skipped()
    page.until_idle()
    assert not engine.is_on_gui_thread


@pytest.mark.usefixtures("gui_thread_is_free")
def test_scrolling_leaves_the_gui_thread_free(engine: FakeEngine, page: WindowPage) -> None:
    """Hundreds of tiles, each fetched when it comes into view."""
    engine.answer_to = lambda question: answer(question, matches(300))
    page.ask(Path("/q/question.jpg"))
    page.results.toggle_more()
    bar = page.grid.verticalScrollBar()
    page.until(lambda: bar.maximum() > 0)
    for value in range(0, bar.maximum(), max(1, bar.maximum() // 12)):
        bar.setValue(value)
        page.grid.viewport().repaint()
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
    engine: FakeEngine, page: WindowPage, tmp_path: Path
) -> None:
    """42,386 pictures from the real stores: opened, scrolled through, found by name, resized."""
    catalogue, store = catalogue_of(42_386, tmp_path / "data", encoded("#445566", "JPEG", 12, 16))
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(tmp_path / "data", catalogue), "model", Offline
    )
    engine.listing_of = lambda filters: list_newest_first(filters, catalogue_filter.pick(filters))
    browse, fetched = page.browse, set[ContentId]()

    def thumbnail(content: ContentId) -> bytes | None:
        fetched.add(content)
        return store.get(content)

    engine.thumbnail_of = thumbnail
    try:
        with watched() as caught:
            page.menus.browse.trigger()
            page.until(lambda: browse.model.count == 42_386)
            bar = browse.grid.verticalScrollBar()
            page.until(lambda: bar.maximum() > 0)
            for value in range(0, bar.maximum(), bar.maximum() // 40):
                bar.setValue(value)
                browse.grid.viewport().repaint()
                QApplication.processEvents()
            page.window.resize(page.window.width() - 200, page.window.height())
            page.until(lambda: browse.grid.all_painted)
            browse.filters.field.setText("IMG_42385")
            browse.filters.apply_words()
            page.until(lambda: browse.model.count == 1)
            page.until(lambda: browse.grid.all_painted)
            browse.grid.setCurrentIndex(browse.model.index(0))
            QTest.keyClick(browse.grid, Qt.Key.Key_Space)
            page.until(lambda: "Size" in browse.preview.sheet.facts)
    finally:
        page.window.loader.close()
        store.close()
        catalogue.close()
    assert not caught, "the GUI thread did blocking work:\n" + "\n".join(caught)
    assert len(fetched) > 50  # those that scrolled out of sight meanwhile are not fetched
    assert not engine.is_on_gui_thread
