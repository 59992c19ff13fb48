"""Everything that is indexed as a grid, and what is found in it by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    EVERYTHING,
    ContentId,
    Filters,
    PictureFile,
    Pixels,
    SyncPhase,
    SyncProgress,
)
from fashion_finder.engine.listing import Listing
from fashion_finder.errors import CatalogueBusy
from fashion_finder.ui.browse_grid import BrowseGrid
from fashion_finder.ui.browse_model import BrowseModel
from fashion_finder.ui.main_window import MainWindow
from fashion_finder.ui.match_grid import MOST_TOGETHER
from fashion_finder.ui.match_roles import CAPTION_ROLE
from tests.ui.conftest import OpenWindow, drop
from tests.ui.fakes import FakeFinder, listing

MANY = 42_386
QUESTION = Path("/elsewhere/dress.jpg")


def open_all(qtbot: QtBot, window: MainWindow) -> BrowseGrid:
    """Browse, and wait until the tiles are there."""
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    grid = window.browse.grid
    qtbot.waitUntil(lambda: grid.all_painted)
    return grid


def find(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Type words after Ctrl+F, and wait for what comes."""
    window.menus.find.trigger()
    field = window.browse.filters.field
    field.setText(words)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)


def shown_page(window: MainWindow) -> QWidget:
    """The page that is seen."""
    page = window.pages.currentWidget()
    assert page is not None
    return page


# ---------------------------------------------------------------- opening and leaving


def test_everything_is_shown_without_a_question(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """From the first page, by its button; newest first, and how many there are."""
    assert shown_page(window) is window.start
    (button,) = [one for one in window.start.choices if one.text() == "Browse All Photos"]
    button.click()
    qtbot.waitUntil(lambda: window.browse.grid.all_painted and window.browse.model.count == 103)
    assert shown_page(window) is window.browse
    assert window.browse.heading.text() == "All photos"
    assert window.browse.scope.text() == "103 photos, newest first"
    assert [one.path.name for one in window.browse.grid.in_sight()][:2] == [
        "piece 1.jpg",
        "piece 2.jpg",
    ]
    assert finder.browsed == [EVERYTHING]
    assert window.browse.grid.hasFocus()


def test_escape_leads_back_to_the_first_page_or_to_the_question(
    qtbot: QtBot, window: MainWindow
) -> None:
    """Wherever the keyboard is; the button says which."""
    open_all(qtbot, window)
    assert window.browse.back_button.accessibleName() == "Close"
    QTest.keyClick(window.browse.filters.field, Qt.Key.Key_Escape)
    assert shown_page(window) is window.start
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.asking.ask_file(QUESTION)
    window.results.browse_button.click()
    qtbot.waitUntil(lambda: shown_page(window) is window.browse)
    assert window.browse.back_button.accessibleName() == "Back to the Question"
    QTest.keyClick(window.browse.grid, Qt.Key.Key_Escape)
    assert shown_page(window) is window.results
    assert window.results.grid.hasFocus()


def test_a_dropped_picture_is_answered_from_there(qtbot: QtBot, window: MainWindow) -> None:
    """The page of answers comes forward."""
    open_all(qtbot, window)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/q/question.jpg")])
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        drop(window, mime)
    assert shown_page(window) is window.results


def test_a_refreshed_question_does_not_turn_the_page(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """Folders change, and filters, while the user looks through everything."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.asking.ask_file(QUESTION)
    open_all(qtbot, window)
    with qtbot.waitSignal(window.questions.answered):
        window.indexing.ended.emit()
    with qtbot.waitSignal(window.questions.answered):
        window.browse.filters.set_filters(Filters(types=("Ties",)))
    assert shown_page(window) is window.browse
    qtbot.waitUntil(lambda: finder.browsed[-1] == Filters(types=("Ties",)))


# ---------------------------------------------------------------- finding


def test_words_find_by_name_when_nothing_is_asked(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """What is a type or a colour becomes a chip, the rest is looked for in names."""
    find(qtbot, window, "red lookbook_12")
    assert shown_page(window) is window.browse
    wanted = Filters(colours=("Red",), names=("lookbook", "12"))
    assert finder.browsed[-1] == wanted
    assert window.browse.filters.colours.text() == "Red"
    assert window.browse.filters.field.text() == "lookbook 12"
    assert window.browse.heading.text() == "Found"
    assert window.results.filters.filters == wanted  # a question that is asked now obeys, too
    assert window.results.filters.field.text() == "lookbook 12"


def test_an_emptied_field_shows_everything_again(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """No Enter is needed to take a name back; chips stay."""
    find(qtbot, window, "red zorbing")
    window.browse.filters.field.clear()
    qtbot.waitUntil(lambda: finder.browsed[-1] == Filters(colours=("Red",)))


def test_nothing_found_is_said(qtbot: QtBot, window: MainWindow, finder: FakeFinder) -> None:
    """With the words, and one button back to everything."""
    finder.listing_of = lambda filters: listing(0 if filters.names else 40, filters)
    find(qtbot, window, "zorbing 0042")
    page = window.browse
    assert not page.listing_is_shown
    assert "zorbing 0042" in page.state.accessibleDescription()
    (everything,) = page.state.choices
    everything.click()
    qtbot.waitUntil(lambda: page.listing_is_shown and page.model.count == 40)
    assert page.filters.field.text() == ""


def test_a_name_among_the_answers_is_a_filter(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """With a question on the page Ctrl+F stays there."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.asking.ask_file(QUESTION)
    QTest.keySequence(window, QKeySequence(QKeySequence.StandardKey.Find))
    field = window.results.filters.field
    assert shown_page(window) is window.results and field.hasFocus()
    field.setText("zorbing")
    with qtbot.waitSignal(window.questions.answered):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert finder.filters == Filters(names=("zorbing",))


def test_the_newest_wish_wins(qtbot: QtBot, window: MainWindow, finder: FakeFinder) -> None:
    """A list that is overtaken by other filters is not shown."""
    open_all(qtbot, window)
    bar = window.browse.filters
    finder.listing_of = lambda filters: listing(7 if filters.types == ("Ties",) else 9, filters)
    bar.set_filters(Filters(types=("Dresses",)))
    bar.set_filters(Filters(types=("Ties",)))
    seen: list[int] = []
    window.browse.model.modelReset.connect(lambda: seen.append(window.browse.model.count))
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    assert seen == [7]


# ---------------------------------------------------------------- nothing, failures, changes


def test_before_anything_is_indexed_the_page_says_how_to_begin(
    qtbot: QtBot, open_window: OpenWindow, finder: FakeFinder
) -> None:
    """And shows the first photos as soon as they are there."""
    finder.folders = ()
    finder.listing_of = lambda filters: listing(0, filters)
    window = open_window()
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    page = window.browse
    assert [one.text() for one in page.state.choices] == [
        "Index a Folder…",
        "Try the Sample Wardrobe",
    ]
    finder.listing_of = lambda filters: listing(3, filters)
    window.sync_queue.progressed.emit(
        SyncProgress(SyncPhase.READING, Path("/photos"), 50, 32, 50, 0, 60.0, 1.0)
    )
    qtbot.waitUntil(lambda: page.listing_is_shown and page.model.count == 3)


def test_a_failure_is_said_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """In the place where the pictures would be."""

    def fail(filters: Filters) -> Listing:
        raise CatalogueBusy(Path("/data"))

    finder.listing_of = fail
    window.menus.browse.trigger()
    page = window.browse
    qtbot.waitUntil(lambda: not page.listing_is_shown)
    assert page.state.accessibleName() == CatalogueBusy.title
    finder.listing_of = lambda filters: listing(12, filters)
    assert page.state.choices[0].hasFocus()
    QTest.keyClick(page.state.choices[0], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.listing_is_shown and page.model.count == 12)
    assert page.grid.hasFocus()


def test_new_photos_leave_those_in_sight_where_they_are(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """Something was indexed meanwhile; what is chosen stays chosen."""
    finder.listing_of = lambda filters: listing(300, filters, start=1000)
    grid = open_all(qtbot, window)
    grid.setCurrentIndex(grid.model().index(120, 0))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().value() + 37)
    first = grid.in_sight()[0]
    before = grid.visualRect(window.browse.model.index_of(first.content))
    row = window.browse.model.index_of(first.content).row()
    columns = grid.viewport().width() // before.width()
    finder.listing_of = lambda filters: listing(
        300 + 3 * columns, filters, start=1000 - 3 * columns
    )
    window.indexing.ended.emit()
    qtbot.waitUntil(lambda: window.browse.model.count > 300)
    index = window.browse.model.index_of(first.content)
    assert index.row() == row + 3 * columns
    assert grid.visualRect(index) == before
    current = grid.current_match()
    assert current is not None and current.content == ContentId(1120)


def test_another_width_keeps_the_pictures_in_sight(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """Though other columns put them elsewhere."""
    finder.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    first = grid.in_sight()[0]
    window.resize(window.width() - 260, window.height() - 60)
    qtbot.waitUntil(lambda: grid.viewport().width() < 950)
    assert first in grid.in_sight()


# ---------------------------------------------------------------- what can be done with a tile


@pytest.fixture
def tiles(qtbot: QtBot, window: MainWindow) -> BrowseGrid:
    """The grid of a window that shows everything, the third tile chosen."""
    grid = open_all(qtbot, window)
    grid.setCurrentIndex(grid.model().index(2, 0))
    return grid


def test_a_tile_becomes_the_next_question(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder, tiles: BrowseGrid
) -> None:
    """By Ctrl+Enter, as an answer does."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        QTest.keyClick(tiles, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert finder.asked == [PictureFile(Path("/photos/piece 3.jpg"))]
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


def test_marks_are_for_answers_only(tiles: BrowseGrid) -> None:
    """There is no question that could move."""
    (match,) = tiles.chosen_matches()
    entries = [one.text().split("\t")[0] for one in tiles.menu_for((match,)).actions()]
    assert "&Open" in entries and "Find &Similar to This" in entries
    assert "&More Like This" not in entries and "L&ess Like This" not in entries


def test_several_tiles_leave_as_exactly_their_files(
    qtbot: QtBot, window: MainWindow, tiles: BrowseGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the clipboard and in a drag, those of the page that is seen."""
    QTest.keyClick(tiles, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    window.menus.copy_files.trigger()
    wanted = ["/photos/piece 3.jpg", "/photos/piece 4.jpg"]
    copied = QApplication.clipboard().mimeData()
    assert [one.toLocalFile() for one in copied.urls()] == wanted
    carried: list[list[str]] = []

    def let_go(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        carried.append([one.toLocalFile() for one in drag.mimeData().urls()])
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", let_go)
    tiles.startDrag(Qt.DropAction.CopyAction)
    assert carried == [wanted]


def test_copies_open_over_the_page_and_close_with_it(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """By C, or a click on their number; Escape leads back to the tiles, not off the page."""
    finder.listing_of = lambda filters: listing(30, filters, files_each=3)
    grid = open_all(qtbot, window)
    copies = window.browse.copies
    grid.setCurrentIndex(grid.model().index(1, 0))
    QTest.keyClick(grid, Qt.Key.Key_C)
    assert copies.isVisible()
    assert [one.path.name for one in copies.model.matches] == [
        "piece 4.jpg",
        "piece 5.jpg",
        "piece 6.jpg",
    ]
    window.menus.copy_paths.trigger()
    assert QApplication.clipboard().text() == "/photos/piece 4.jpg"
    entries = [one.text() for one in copies.grid.menu_for(copies.model.matches[:1]).actions()]
    assert not any("Less Like" in one.replace("&", "") for one in entries)
    QTest.keyClick(copies.grid, Qt.Key.Key_Escape)
    assert not copies.isVisible() and shown_page(window) is window.browse and grid.hasFocus()
    QTest.keyClick(grid, Qt.Key.Key_C)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.asking.ask_file(QUESTION)
    window.results.browse_button.click()
    assert not copies.isVisible()


def test_a_catalogue_begun_anew_is_listed_anew(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """What the damaged one held is shown no more."""
    open_all(qtbot, window)
    finder.listing_of = lambda filters: listing(3, filters)
    window.rebuilding.begun.emit()
    qtbot.waitUntil(lambda: window.browse.model.count == 3)


def test_too_many_at_once_are_refused_with_a_word(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder
) -> None:
    """Rather than the window standing still, or a part of them leaving."""
    finder.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    QApplication.clipboard().setText("before")
    grid.selectAll()
    window.menus.copy_files.trigger()
    assert QApplication.clipboard().text() == "before"
    said = window.statusBar().currentMessage()
    assert "42,386" in said and f"{MOST_TOGETHER:,}" in said


def test_a_tile_says_its_day_and_its_copies(window: MainWindow) -> None:
    """Drawn, and told to a screen reader."""
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
    qtbot: QtBot, window: MainWindow, finder: FakeFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tens of thousands of calls would hold the window up at every change of its size."""
    asked: list[int] = []
    whole: Callable[..., object] = BrowseModel.data

    def data(self: BrowseModel, index: QModelIndex, role: int = 0) -> object:
        asked.append(index.row())
        return whole(self, index, role)

    monkeypatch.setattr(BrowseModel, "data", data)
    finder.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    grid.scrollToBottom()
    qtbot.waitUntil(lambda: grid.in_sight()[-1].content == MANY and grid.all_painted)
    assert len(set(asked)) < 200
    assert "rowCount" not in vars(BrowseModel) and "index" not in vars(BrowseModel)


def test_photos_are_read_only_where_scrolling_rests(
    qtbot: QtBot, window: MainWindow, finder: FakeFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a sharp screen thumbnails will do for what is scrolled past."""
    read: list[Path] = []

    def load(path: Path, side: int) -> Pixels:
        read.append(path)
        return finder.load_preview(path, side)

    monkeypatch.setattr(window.loader, "_load_preview", load)
    monkeypatch.setattr("fashion_finder.ui.thumbnail_loader.THUMBNAIL_SIDE", 64)
    finder.listing_of = lambda filters: listing(2000, filters)
    grid = open_all(qtbot, window)
    qtbot.waitUntil(lambda: not window.loader.is_loading)
    read.clear()
    bar = grid.verticalScrollBar()
    for step in range(1, 21):
        bar.setValue(bar.maximum() * step // 40)
        grid.viewport().repaint()
        QApplication.processEvents()
    assert not read
    in_sight = {one.path for one in grid.in_sight()}
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
