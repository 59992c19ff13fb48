"""The grid of answers: its model, its pictures."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.ui.kit.theme import Theme
from fashion_finder.ui.pages.results_page import ResultsPage
from fashion_finder.ui.tiles.match_delegate import MatchDelegate
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.tiles.results_model import ResultsModel
from fashion_finder.ui.work.thumbnail_loader import SHARP_SIDES, ThumbnailLoader, sharp_side
from tests.ui.fakes import FakeEngine, FakeHandle, matches
from tests.ui.window_page import NO_KEYS


def test_the_same_answer_does_not_disturb(qtbot: QtBot) -> None:
    """After a sync that changed nothing the grid does not jump."""
    model = ResultsModel()
    model.show(matches())
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(matches())


@pytest.mark.usefixtures("theme")
def test_a_match_is_told_to_screen_readers_with_rank_and_closeness() -> None:
    """A screen reader says what the tile shows."""
    model = ResultsModel()
    model.show(matches())
    text = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "1 of 5: piece 1.jpg, Same piece"
    model.show(unjudged())
    text = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "1 of 5: piece 1.jpg"


def unjudged() -> tuple[Match, ...]:
    """Answers to a question that no bound was measured for."""
    return tuple(replace(match, closeness=Closeness.UNJUDGED) for match in matches())


def test_where_nobody_can_say_how_close_no_line_is_drawn() -> None:
    """Nor is anything called less similar."""
    model = ResultsModel()
    model.show(unjudged())
    assert model.rowCount() == 5
    assert [model.match_at(model.index(row)) for row in range(5)] == list(unjudged())


@pytest.fixture
def loader(handle: FakeHandle) -> ThumbnailLoader:
    """Pictures from the fake engine."""
    return ThumbnailLoader(handle)


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme, loader: ThumbnailLoader) -> ResultsGrid:
    """An empty grid on the screen."""
    grid = ResultsGrid(ResultsModel(), loader)
    qtbot.addWidget(grid, before_close_func=lambda _grid: loader.close())
    grid.resize(700, 480)
    with qtbot.waitExposed(grid):
        grid.show()
    return grid


def model_of(grid: ResultsGrid) -> ResultsModel:
    """The grid's own model."""
    model = grid.model()
    assert isinstance(model, ResultsModel)
    return model


def test_the_best_match_is_drawn_first(qtbot: QtBot, grid: ResultsGrid) -> None:
    """Left to right, then down."""
    with qtbot.waitSignal(grid.pictures_painted):
        model_of(grid).show(matches())
    rects = [grid.visualRect(grid.model().index(row, 0)) for row in range(5)]
    assert [(r.y(), r.x()) for r in rects] == sorted((r.y(), r.x()) for r in rects)
    assert all(grid.viewport().rect().contains(rect) for rect in rects)
    assert not grid.verticalScrollBar().isVisible()


def test_each_tile_shows_its_own_picture(qtbot: QtBot, grid: ResultsGrid) -> None:
    """The colour in the middle of each tile is that of its thumbnail."""
    with qtbot.waitSignal(grid.pictures_painted):
        model_of(grid).show(matches())
    image = grid.viewport().grab().toImage()
    for row, match in enumerate(matches()):
        middle = grid.visualRect(grid.model().index(row, 0)).center() - QPoint(0, 30)
        wanted = QColor.fromHsv(match.content * 47 % 360, 90, 200)
        seen = image.pixelColor(middle)
        assert abs(seen.red() - wanted.red()) < 12
        assert abs(seen.green() - wanted.green()) < 12
        assert abs(seen.blue() - wanted.blue()) < 12


@pytest.mark.usefixtures("theme")
def test_a_picture_that_cannot_be_shown_has_a_sign(
    qtbot: QtBot, engine: FakeEngine, loader: ThumbnailLoader
) -> None:
    """A thumbnail may be lost; the tile says so and the others are shown."""
    asked: list[ContentId] = []
    engine.thumbnail_of = asked.append
    with qtbot.waitSignal(loader.loaded):
        assert loader.picture(matches()[0], 100) is None
    assert loader.is_missing(matches()[0])
    assert loader.picture(matches()[0], 100) is None
    loader.close()
    assert len(asked) == 1


def test_a_large_tile_gets_a_sharper_picture(qtbot: QtBot, loader: ThumbnailLoader) -> None:
    """The thumbnail comes first and is then replaced."""
    match = matches()[0]
    with qtbot.waitSignal(loader.loaded):
        assert loader.picture(match, 700) is None
    small = loader.picture(match, 700)
    assert small is not None and small.height() == 256
    with qtbot.waitSignal(loader.loaded):
        loader.picture(match, 700)
    sharp = loader.picture(match, 700)
    assert sharp is not None and sharp.height() == 768
    loader.close()


@given(side=st.integers(1, 5000))
def test_sharper_pictures_come_in_few_sizes(side: int) -> None:
    """Resizing a window must not load anew at every step."""
    step = sharp_side(side)
    assert step in (0, *SHARP_SIDES)
    assert step == 0 or step >= min(side, SHARP_SIDES[-1])


def test_many_pictures_do_not_fill_the_memory(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, loader: ThumbnailLoader
) -> None:
    """The oldest give way."""
    monkeypatch.setattr("fashion_finder.ui.work.thumbnail_loader.CACHE_BYTES", 3 * 192 * 256 * 4)
    for match in matches(8):
        with qtbot.waitSignal(loader.loaded):
            loader.picture(match, 100)
    kept = [match.content for match in matches(8) if (match.content, 0) in loader._pixmaps]
    assert kept == [6, 7, 8]
    loader.close()


def test_enter_and_double_click_open_the_file(qtbot: QtBot, grid: ResultsGrid) -> None:
    """By keyboard and by mouse."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(1, 0))
    with qtbot.waitSignal(grid.open_requested) as opened:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened.args == [matches()[1]]
    middle = grid.visualRect(grid.model().index(2, 0)).center()
    with qtbot.waitSignal(grid.open_requested) as opened:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened.args == [matches()[2]]


def test_arrows_move_between_the_tiles(qtbot: QtBot, grid: ResultsGrid) -> None:
    """Right to the next, down to the one below."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(0, 0))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.currentIndex().row() == 1
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 4


def context_menu(grid: ResultsGrid, reason: QContextMenuEvent.Reason, row: int) -> QMenu:
    """Ask for the menu of a row and return it."""
    where = grid.visualRect(grid.model().index(row, 0)).center()
    event = QContextMenuEvent(reason, where, grid.viewport().mapToGlobal(where))
    QApplication.sendEvent(grid.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, words: str) -> QAction:
    """An entry by its words, without the key it tells of."""
    entries = {action.text().split("\t")[0].replace("&", ""): action for action in menu.actions()}
    return entries[words]


@pytest.mark.parametrize(
    "words, signal, carries",
    [
        ("Large Preview", "preview_requested", "one"),
        ("Open", "open_requested", "one"),
        ("Show in Folder", "show_requested", "one"),
        ("Copy File", "copy_files_requested", "all"),
        ("Copy Image", "copy_picture_requested", "one"),
        ("Copy Path", "copy_paths_requested", "all"),
        ("Find Similar to This", "search_requested", "one"),
        ("More Like This", "more_requested", "one"),
        ("Less Like This", "less_requested", "one"),
        ("Read Again", "read_again_requested", "all"),
    ],
)
def test_the_context_menu_offers_what_can_be_done(
    qtbot: QtBot, grid: ResultsGrid, words: str, signal: str, carries: str
) -> None:
    """Each entry tells of the match under the mouse."""
    model_of(grid).show(matches())
    menu = context_menu(grid, QContextMenuEvent.Reason.Mouse, 3)
    with qtbot.waitSignal(getattr(grid, signal)) as told:
        entry(menu, words).trigger()
    under_mouse = matches()[3]
    assert told.args == [under_mouse if carries == "one" else (under_mouse,)]
    menu.close()


def test_the_menu_of_several_carries_them_all(qtbot: QtBot, grid: ResultsGrid) -> None:
    """What only makes sense for one is not offered."""
    model_of(grid).show(matches())
    grid.selectAll()
    menu = context_menu(grid, QContextMenuEvent.Reason.Mouse, 3)
    with qtbot.waitSignal(grid.copy_files_requested) as told:
        entry(menu, "Copy Files").trigger()
    assert told.args == [matches()]
    with qtbot.waitSignal(grid.read_again_requested) as told:
        entry(menu, "Read Again").trigger()
    assert told.args == [matches()]
    assert len([action for action in menu.actions() if not action.isSeparator()]) == 3
    menu.close()


def test_the_menu_of_a_tile_that_was_not_chosen_is_its_own(qtbot: QtBot, grid: ResultsGrid) -> None:
    """What is chosen elsewhere is left alone: nobody copies what they did not point at."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(0, 0))
    menu = context_menu(grid, QContextMenuEvent.Reason.Mouse, 3)
    with qtbot.waitSignal(grid.copy_files_requested) as requested:
        entry(menu, "Copy File").trigger()
    assert requested.args == [(matches()[3],)]
    menu.close()


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize("what", ["files", "paths", "picture"])
def test_a_grid_that_is_not_seen_copies_nothing(
    qtbot: QtBot, loader: ThumbnailLoader, what: str
) -> None:
    """The menu's keys are meant for the page in front."""
    page = ResultsPage(loader)
    qtbot.addWidget(page, before_close_func=lambda _page: loader.close())
    with qtbot.waitExposed(page):
        page.show()
    page.model.show(matches())
    page.grid.setCurrentIndex(page.model.index(2))
    requested = getattr(page.grid, f"copy_{what}_requested")
    with qtbot.waitSignal(requested):
        getattr(page, f"copy_{what}")()
    page.grid.hide()
    with qtbot.assertNotEmitted(requested):
        getattr(page, f"copy_{what}")()


def test_another_answer_is_seen_from_its_top(grid: ResultsGrid) -> None:
    """However far the earlier one was scrolled."""
    model_of(grid).show(matches(60), expanded=True)
    QApplication.processEvents()
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    model_of(grid).show(matches(60, start=100), expanded=True)
    assert bar.value() == 0


def test_answers_that_are_taken_away_leave_the_others_as_they_were(
    qtbot: QtBot, grid: ResultsGrid
) -> None:
    """All in sight again, without a bar to scroll."""
    model = model_of(grid)
    model.show(matches(60))
    before = [grid.visualRect(model.index(row)) for row in range(5)]
    model.expand()
    qtbot.waitUntil(grid.verticalScrollBar().isVisible)
    model.expand(expanded=False)
    qtbot.waitUntil(lambda: not grid.verticalScrollBar().isVisible())
    assert [grid.visualRect(model.index(row)) for row in range(5)] == before


@pytest.mark.parametrize("count", [1, 2])
def test_few_answers_are_no_larger_than_five(grid: ResultsGrid, count: int) -> None:
    """One photo that fills the window would look like a preview of it."""
    model_of(grid).show(matches())
    usual = grid.visualRect(grid.model().index(0, 0)).size()
    model_of(grid).show(matches(count))
    assert grid.visualRect(grid.model().index(0, 0)).size() == usual


def test_an_answer_is_painted_only_once_its_pictures_are_there(
    qtbot: QtBot,
    theme: Theme,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Grey placeholders do not count."""
    may_load = threading.Event()

    read = engine.thumbnail

    def thumbnail(content: ContentId) -> bytes | None:
        assert may_load.wait(20)
        return read(content)

    monkeypatch.setattr(engine, "thumbnail", thumbnail)
    loader = ThumbnailLoader(FakeHandle(engine))
    grid = ResultsGrid(ResultsModel(), loader)
    qtbot.addWidget(grid, before_close_func=lambda _grid: loader.close())
    grid.resize(700, 480)
    with qtbot.waitExposed(grid):
        grid.show()
    with qtbot.assertNotEmitted(grid.pictures_painted):
        model_of(grid).show(matches())
        grid.viewport().repaint()
        QApplication.processEvents()
    assert not grid.all_painted
    with qtbot.waitSignal(grid.pictures_painted):
        may_load.set()


def test_the_mouse_becomes_a_hand_over_a_number_of_copies(grid: ResultsGrid) -> None:
    """It can be clicked; the rest of the tile keeps the arrow."""
    match = replace(matches()[0], copies=(Path("/old/a.jpg"), Path("/old/b.jpg")))
    model_of(grid).show((match, *matches()[1:]))
    delegate = grid.itemDelegate()
    assert isinstance(delegate, MatchDelegate)
    tile = grid.visualRect(grid.model().index(0, 0))
    number = delegate.badge_area(tile, match, grid.font()).center()
    cursors = []
    for place in (number, tile.center() - QPoint(0, 60), number):
        QTest.mouseMove(grid.viewport(), place)
        cursors.append(grid.viewport().cursor().shape())
    hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
    assert cursors == [hand, arrow, hand]


@pytest.mark.parametrize(
    "key, modifier, signal",
    [
        (Qt.Key.Key_Space, NO_KEYS, "preview_requested"),
        (Qt.Key.Key_Return, NO_KEYS, "open_requested"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "search_requested"),
        (Qt.Key.Key_Plus, NO_KEYS, "more_requested"),
        (Qt.Key.Key_Minus, NO_KEYS, "less_requested"),
    ],
)
def test_the_current_tile_is_worked_by_keys(
    qtbot: QtBot, grid: ResultsGrid, key: Qt.Key, modifier: Qt.KeyboardModifier, signal: str
) -> None:
    """No menu is needed."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(2, 0))
    with qtbot.waitSignal(getattr(grid, signal)) as told:
        QTest.keyClick(grid, key, modifier)
    assert told.args == [matches()[2]]


def test_the_menu_key_opens_the_menu_of_the_current_tile(qtbot: QtBot, grid: ResultsGrid) -> None:
    """Whatever the mouse points at."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(4, 0))
    menu = context_menu(grid, QContextMenuEvent.Reason.Keyboard, 0)
    with qtbot.waitSignal(grid.search_requested) as told:
        entry(menu, "Find Similar to This").trigger()
    assert told.args == [matches()[4]]
    menu.close()


def test_the_chosen_tile_stays_chosen_when_the_answer_changes(grid: ResultsGrid) -> None:
    """A refreshed answer may hold it in another place."""
    model_of(grid).show(matches())
    grid.setCurrentIndex(grid.model().index(1, 0))
    chosen = matches()[1]
    newcomer = replace(matches()[0], content=ContentId(99), path=Path("/photos/new.jpg"))
    model_of(grid).show((newcomer, *matches()[:4]))
    assert grid.current_match() == chosen


def test_closeness_shows_without_colour(qtbot: QtBot, grid: ResultsGrid) -> None:
    """In grey the filled bars of the meter still differ from the empty ones."""
    far = tuple(replace(match, closeness=Closeness.DISSIMILAR) for match in matches())
    grid.grab()
    with qtbot.waitSignal(grid.pictures_painted):
        model_of(grid).show(matches())
    close_grey = _meter(grid)
    with qtbot.waitSignal(grid.pictures_painted):
        model_of(grid).show(far)
    assert sum(_meter(grid)) > sum(close_grey) * 1.2  # emptier bars are lighter


def test_each_step_of_closeness_fills_one_bar_more(qtbot: QtBot, grid: ResultsGrid) -> None:
    """From none, where nothing is close, to all three."""
    accent = grid.palette().color(QPalette.ColorRole.Accent)
    filled: list[int] = []
    for closeness in (
        Closeness.DISSIMILAR,
        Closeness.SIMILAR,
        Closeness.VERY_SIMILAR,
        Closeness.SAME_PIECE,
    ):
        match = replace(matches()[0], closeness=closeness)
        with qtbot.waitSignal(grid.pictures_painted):
            model_of(grid).show((match,))
        tile = grid.visualRect(model_of(grid).index_for(match))
        foot = grid.viewport().grab(tile.adjusted(12, tile.height() - 45, -12, -15)).toImage()
        filled.append(
            sum(
                foot.pixelColor(x, y) == accent
                for x in range(foot.width())
                for y in range(foot.height())
            )
        )
    bar = filled[1]
    assert bar > 0
    assert filled == [0, bar, 2 * bar, 3 * bar]


def test_an_unjudged_answer_has_no_meter(qtbot: QtBot, grid: ResultsGrid) -> None:
    """Bars would be a judgement, full or empty."""
    grid.grab()
    with qtbot.waitSignal(grid.pictures_painted):
        model_of(grid).show(unjudged())
    assert len(set(_meter(grid))) == 1


def _meter(grid: ResultsGrid) -> list[int]:
    """Brightness of the first tile's second line of caption, where the bars are."""
    delegate = grid.itemDelegate()
    assert isinstance(delegate, MatchDelegate)
    rect = grid.visualRect(grid.model().index(0, 0))
    image = grid.viewport().grab().toImage()
    top = rect.bottom() - 7 - 12 - 14
    return [
        image.pixelColor(x, y).lightness()
        for y in range(top, top + 11)
        for x in range(rect.left() + 19, rect.left() + 19 + 21)
    ]


def test_long_names_and_copies_fit_small_tiles(qtbot: QtBot, grid: ResultsGrid) -> None:
    """Painting anything at any size neither fails nor warns."""
    odd = Match(
        ContentId(1),
        Path("/p/" + "very long name " * 12 + ".jpg"),
        0.9,
        Closeness.VERY_SIMILAR,
        tuple(Path(f"/c/{i}.jpg") for i in range(1200)),
    )
    model_of(grid).show((odd,))
    for size in ((120, 100), (300, 200), (2000, 1200)):
        grid.resize(*size)
        assert not grid.grab().isNull()
    qtbot.waitUntil(lambda: grid.all_painted)
