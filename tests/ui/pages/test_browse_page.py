"""Everything that is indexed as a grid, and what is found in it by name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    EVERYTHING,
    ContentId,
    Filters,
    SyncPhase,
    SyncProgress,
)
from fashion_finder.engine.listing import Listing
from fashion_finder.errors import CatalogueBusy
from fashion_finder.ui.pages.browse_page import BrowsePage
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.browsing import MANY, QUESTION, open_all, shown_page
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, listing
from tests.ui.window_page import drop


def find(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Type words after Ctrl+F, and wait for what comes."""
    window.menus.find.trigger()
    field = window.browse.filters.field
    field.setText(words)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)


def shows_photos(page: BrowsePage) -> bool:
    """Whether there are pictures to see."""
    return page.contents.currentWidget() is page.grid


def test_everything_is_shown_without_a_question(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
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
    assert engine.browsed == [EVERYTHING]
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
        window.search.ask_file(QUESTION)
    window.results.browse_button.click()
    qtbot.waitUntil(lambda: shown_page(window) is window.browse)
    assert window.browse.back_button.accessibleName() == "Back to Results"
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
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """Folders change, and filters, while the user looks through everything."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    open_all(qtbot, window)
    with qtbot.waitSignal(window.search.answered):
        window.indexing.ended.emit()
    with qtbot.waitSignal(window.search.answered):
        window.browse.filters.set_filters(Filters(types=("Ties",)))
    assert shown_page(window) is window.browse
    qtbot.waitUntil(lambda: engine.browsed[-1] == Filters(types=("Ties",)))


def test_words_find_by_name_when_nothing_is_asked(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """What is a type or a colour becomes a chip, the rest is looked for in names."""
    find(qtbot, window, "red lookbook_12")
    assert shown_page(window) is window.browse
    wanted = Filters(colours=("Red",), names=("lookbook", "12"))
    assert engine.browsed[-1] == wanted
    assert window.browse.filters.colours.text() == "Red"
    assert window.browse.filters.field.text() == "lookbook 12"
    assert window.browse.heading.text() == "Matching photos"
    assert window.results.filters.filters == wanted  # a question that is asked now obeys, too
    assert window.results.filters.field.text() == "lookbook 12"


def test_an_emptied_field_shows_everything_again(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """No Enter is needed to take a name back; chips stay."""
    find(qtbot, window, "red zorbing")
    window.browse.filters.field.clear()
    qtbot.waitUntil(lambda: engine.browsed[-1] == Filters(colours=("Red",)))


def test_nothing_found_is_said(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """With the words, and one button back to everything."""
    engine.listing_of = lambda filters: listing(0 if filters.names else 40, filters)
    find(qtbot, window, "zorbing 0042")
    page = window.browse
    assert not shows_photos(page)
    assert "zorbing 0042" in page.state.accessibleDescription()
    (everything,) = page.state.choices
    everything.click()
    qtbot.waitUntil(lambda: shows_photos(page) and page.model.count == 40)
    assert page.filters.field.text() == ""


def test_a_name_among_the_answers_is_a_filter(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """With a question on the page Ctrl+F stays there."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    QTest.keySequence(window, QKeySequence(QKeySequence.StandardKey.Find))
    field = window.results.filters.field
    assert shown_page(window) is window.results and field.hasFocus()
    field.setText("zorbing")
    with qtbot.waitSignal(window.search.answered):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert engine.filtered[-1] == Filters(names=("zorbing",))


def test_the_newest_wish_wins(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """A list that is overtaken by other filters is not shown."""
    open_all(qtbot, window)
    bar = window.browse.filters
    engine.listing_of = lambda filters: listing(7 if filters.types == ("Ties",) else 9, filters)
    bar.set_filters(Filters(types=("Dresses",)))
    bar.set_filters(Filters(types=("Ties",)))
    seen: list[int] = []
    window.browse.model.modelReset.connect(lambda: seen.append(window.browse.model.count))
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    assert seen == [7]


def test_before_anything_is_indexed_the_page_says_how_to_begin(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    """And shows the first photos as soon as they are there."""
    engine.folders = ()
    engine.listing_of = lambda filters: listing(0, filters)
    window = open_window()
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    page = window.browse
    assert [one.text() for one in page.state.choices] == [
        "Index a Folder…",
        "Try the Sample Wardrobe",
    ]
    engine.listing_of = lambda filters: listing(3, filters)
    window.sync_queue.progressed.emit(
        SyncProgress(SyncPhase.READING, Path("/photos"), 50, 32, 50, 0, 60.0, 1.0)
    )
    qtbot.waitUntil(lambda: shows_photos(page) and page.model.count == 3)


def test_a_failure_is_said_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """In the place where the pictures would be."""

    def fail(filters: Filters) -> Listing:
        raise CatalogueBusy(Path("/data"))

    engine.listing_of = fail
    window.menus.browse.trigger()
    page = window.browse
    qtbot.waitUntil(lambda: not shows_photos(page))
    assert page.state.accessibleName() == CatalogueBusy.title
    engine.listing_of = lambda filters: listing(12, filters)
    assert page.state.choices[0].hasFocus()
    QTest.keyClick(page.state.choices[0], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shows_photos(page) and page.model.count == 12)
    assert page.grid.hasFocus()


def test_new_photos_leave_those_in_sight_where_they_are(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """Something was indexed meanwhile; what is chosen stays chosen."""
    engine.listing_of = lambda filters: listing(300, filters, start=1000)
    grid = open_all(qtbot, window)
    grid.setCurrentIndex(grid.model().index(120, 0))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().value() + 37)
    first = grid.in_sight()[0]
    before = grid.visualRect(window.browse.model.index_of(first.content))
    row = window.browse.model.index_of(first.content).row()
    columns = grid.viewport().width() // before.width()
    engine.listing_of = lambda filters: listing(
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
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """Though other columns put them elsewhere."""
    engine.listing_of = lambda filters: listing(MANY, filters)
    grid = open_all(qtbot, window)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    first = grid.in_sight()[0]
    window.resize(window.width() - 260, window.height() - 60)
    qtbot.waitUntil(lambda: grid.viewport().width() < 950)
    assert first in grid.in_sight()


def test_a_catalogue_begun_anew_is_listed_anew(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """What the damaged one held is shown no more."""
    open_all(qtbot, window)
    engine.listing_of = lambda filters: listing(3, filters)
    window.catalogue.rebuilt.emit()
    qtbot.waitUntil(lambda: window.browse.model.count == 3)
