"""The tiles of All Photos: what can be done with one, and how they are laid out and painted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    ContentId,
    PictureFile,
    Pixels,
)
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.browse_grid import BrowseGrid
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.tiles.match_grid import MOST_TOGETHER
from fashion_finder.ui.tiles.match_model import CAPTION_ROLE
from tests.ui.browsing import MANY, QUESTION, open_all, shown_page
from tests.ui.fakes import FakeEngine, listing, pixels


@pytest.fixture
def tiles(qtbot: QtBot, window: MainWindow) -> BrowseGrid:
    """The grid of a window that shows everything, the third tile chosen."""
    grid = open_all(qtbot, window)
    grid.setCurrentIndex(grid.model().index(2, 0))
    return grid


def test_a_tile_becomes_the_next_question(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tiles: BrowseGrid
) -> None:
    """By Ctrl+Enter, as an answer does."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        QTest.keyClick(tiles, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert engine.asked == [PictureFile(Path("/photos/piece 3.jpg"))]
    assert shown_page(window) is window.results


def test_space_shows_a_tile_large_and_arrows_go_on(
    qtbot: QtBot, window: MainWindow, tiles: BrowseGrid
) -> None:
    """Through everything; nothing can be explained where nothing was asked."""
    QTest.keyClick(tiles, Qt.Key.Key_Space)
    preview = window.browse.preview
    assert preview.isVisible() and preview.match is not None
    qtbot.waitUntil(lambda: "Size" in preview.sheet.facts)
    assert preview.sheet.place.text() == "3 of 103"
    assert not preview.sheet.why.isVisible()
    QTest.keyClick(preview, Qt.Key.Key_W)
    assert not preview.sheet.why.isChecked()
    QTest.keyClick(preview, Qt.Key.Key_Right)
    assert preview.match.path.name == "piece 4.jpg"
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert not preview.isVisible() and shown_page(window) is window.browse
    current = tiles.current_match()
    assert current is not None and current.path.name == "piece 4.jpg"


def test_marks_are_for_answers_only(qtbot: QtBot, tiles: BrowseGrid) -> None:
    """Without a question there is nothing to refine."""
    (match,) = tiles.chosen_matches()
    entries = [action.text().split("\t")[0] for action in tiles.menu_for((match,)).actions()]
    assert "&Open" in entries and "Find &Similar to This" in entries
    assert "&More Like This" not in entries and "L&ess Like This" not in entries
    for signal, key in (
        (tiles.more_requested, Qt.Key.Key_Plus),
        (tiles.less_requested, Qt.Key.Key_Minus),
    ):
        with qtbot.assertNotEmitted(signal):
            QTest.keyClick(tiles, key)


def test_several_tiles_leave_as_exactly_their_files(
    qtbot: QtBot, window: MainWindow, tiles: BrowseGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the clipboard and in a drag, those of the page that is seen."""
    QTest.keyClick(tiles, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    window.menus.copy_files.trigger()
    wanted = ["/photos/piece 3.jpg", "/photos/piece 4.jpg"]
    copied = QApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in copied.urls()] == wanted
    carried: list[list[str]] = []

    def let_go(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        carried.append([url.toLocalFile() for url in drag.mimeData().urls()])
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", let_go)
    tiles.startDrag(Qt.DropAction.CopyAction)
    assert carried == [wanted]


def test_copies_open_over_the_page_and_close_with_it(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """By C, or a click on their number; Escape leads back to the tiles, not off the page."""
    engine.listing_of = lambda filters: listing(30, filters, files_each=3)
    grid = open_all(qtbot, window)
    copies = window.browse.copies
    grid.setCurrentIndex(grid.model().index(1, 0))
    QTest.keyClick(grid, Qt.Key.Key_C)
    assert copies.isVisible()
    assert [file.path.name for file in copies.model.matches] == [
        "piece 4.jpg",
        "piece 5.jpg",
        "piece 6.jpg",
    ]
    window.menus.copy_paths.trigger()
    assert QApplication.clipboard().text() == "/photos/piece 4.jpg"
    entries = [
        action.text().replace("&", "")
        for action in copies.grid.menu_for(copies.model.matches[:1]).actions()
    ]
    assert not any("Less Like" in entry for entry in entries)
    QTest.keyClick(copies.grid, Qt.Key.Key_Escape)
    assert not copies.isVisible() and shown_page(window) is window.browse and grid.hasFocus()
    QTest.keyClick(grid, Qt.Key.Key_C)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    window.results.browse_button.click()
    assert not copies.isVisible()


def test_too_many_at_once_are_refused_with_a_word(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """The window neither freezes nor copies only some of them."""
    engine.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    QApplication.clipboard().setText("before")
    grid.selectAll()
    window.menus.copy_files.trigger()
    assert QApplication.clipboard().text() == "before"
    said = window.statusBar().currentMessage()
    assert "42,386" in said and f"{MOST_TOGETHER:,}" in said


def test_as_many_as_are_allowed_at_once_leave_together(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """The limit that is named is the limit."""
    engine.listing_of = lambda filters: listing(MOST_TOGETHER, filters)
    grid = open_all(qtbot, window)
    grid.selectAll()
    window.menus.copy_files.trigger()
    assert len(QApplication.clipboard().mimeData().urls()) == MOST_TOGETHER


@pytest.mark.parametrize("keep_place", [True, False])
def test_a_new_listing_begins_at_its_top_unless_the_place_is_kept(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, keep_place: bool
) -> None:
    """What was found is seen from its first; photos that came meanwhile move nothing."""
    engine.listing_of = lambda filters: listing(500, filters)
    grid = open_all(qtbot, window)
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    seen = grid.in_sight()
    grid.show_listing(listing(499), keep_place=keep_place)
    assert (grid.in_sight() == seen) is keep_place
    assert (bar.value() == 0) is not keep_place


@pytest.mark.parametrize("width", [-260, 260])
def test_pictures_in_sight_stay_in_sight_at_another_width(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, width: int
) -> None:
    """There are other columns then, and the upper left picture is still there."""
    engine.listing_of = lambda filters: listing(2000, filters)
    window.resize(1200, 800)
    grid = open_all(qtbot, window)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    first = grid.in_sight()[0]
    window.resize(window.width() + width, window.height())
    QApplication.processEvents()
    assert first in grid.in_sight()


@pytest.mark.usefixtures("theme")
def test_a_tile_says_its_day_and_its_copies() -> None:
    """The tile shows them, and a screen reader says them."""
    model = BrowseModel()
    model.show(listing(3))
    index = model.index(1)
    assert index.data(CAPTION_ROLE) == "5/16/24"
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "2 of 3: piece 2.jpg, 5/16/24"
    assert index.data() == "piece 2.jpg"
    assert not model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert model.match_at(QModelIndex()) is None and not model.index_of(ContentId(9)).isValid()


def test_a_view_asks_python_for_no_row_to_lay_itself_out(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tens of thousands of calls would hold the window up at every change of its size."""
    asked: list[int] = []
    whole: Callable[..., object] = BrowseModel.data

    def data(self: BrowseModel, index: QModelIndex, role: int = 0) -> object:
        asked.append(index.row())
        return whole(self, index, role)

    monkeypatch.setattr(BrowseModel, "data", data)
    engine.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    grid.scrollToBottom()
    qtbot.waitUntil(lambda: grid.in_sight()[-1].content == MANY and grid.all_painted)
    assert len(set(asked)) < 200
    assert "rowCount" not in vars(BrowseModel) and "index" not in vars(BrowseModel)


def test_photos_are_read_only_where_scrolling_rests(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a sharp screen thumbnails will do for what is scrolled past."""
    read: list[Path] = []

    def load(path: Path, side: int, *, may_fetch: bool = False) -> Pixels:
        assert not may_fetch
        read.append(path)
        return pixels(side * 3 // 4, side)

    monkeypatch.setattr(engine, "load_preview", load)
    monkeypatch.setattr("fashion_finder.ui.work.thumbnail_loader.THUMBNAIL_SIDE", 64)
    engine.listing_of = lambda filters: listing(2000, filters)
    grid = open_all(qtbot, window)
    qtbot.waitUntil(lambda: not window.loader.is_loading)
    read.clear()
    grid._rest.setInterval(3_600_000)  # no step takes so long, on the slowest machine
    bar = grid.verticalScrollBar()
    for step in range(1, 21):
        bar.setValue(bar.maximum() * step // 40)
        grid.viewport().repaint()
        QApplication.processEvents()
    assert not read
    grid._rest.setInterval(1)
    in_sight = {match.path for match in grid.in_sight()}
    qtbot.waitUntil(lambda: in_sight <= set(read))
    assert set(read) == in_sight


def test_a_click_chooses_the_tile_under_it(window: MainWindow, tiles: BrowseGrid) -> None:
    """Also far down the list."""
    bar = tiles.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = tiles.in_sight()[-1]
    middle = tiles.visualRect(window.browse.model.index_of(last.content)).center()
    QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle))
    assert tiles.current_match() == last
