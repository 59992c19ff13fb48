"""A tile says how many files show its photo, and a click shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import ContentId, Match
from fashion_finder.errors import PictureMissing
from fashion_finder.ui.kit import labels
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.match_model import CAPTION_ROLE
from tests.ui.fakes import FakeEngine, answer, matches

QUESTION = Path("/elsewhere/dress.jpg")
FILES = ["piece 2.jpg", "same bytes.jpg", "web.webp", "web again.webp"]


def with_copies() -> tuple[Match, ...]:
    """Five answers; the second is there in four files of two contents."""
    first, second, *others = matches()
    near = replace(
        second,
        content=ContentId(70),
        path=Path("/photos/web/web.webp"),
        copies=(Path("/photos/web/web again.webp"),),
    )
    copies = (Path("/photos/old/same bytes.jpg"),)
    return (first, replace(second, copies=copies, near=(near,)), *others)


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> MainWindow:
    """The window with an answer that holds copies, the keyboard on them."""
    engine.answer_to = lambda question: answer(question, with_copies())
    window.activateWindow()
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    window.results.grid.setFocus()
    window.results.grid.go_to(with_copies()[1])
    return window


@pytest.fixture
def sheet(page: MainWindow) -> CopiesSheet:
    """Opened with its key."""
    QTest.keyClick(page.results.grid, Qt.Key.Key_C)
    assert page.results.copies.isVisible()
    return page.results.copies


def badge(window: MainWindow, match: Match) -> QPoint:
    """The middle of the number of copies on a tile."""
    grid = window.results.grid
    cell = grid.visualRect(window.results.model.index_for(match))
    delegate = grid.itemDelegate()
    return QPoint(delegate.badge_area(cell, match, grid.font()).center())  # type: ignore[attr-defined]


def names(sheet: CopiesSheet) -> list[str]:
    """The files that are shown."""
    return [match.path.name for match in sheet.model.matches]


def test_a_click_on_the_number_shows_every_file(qtbot: QtBot, page: MainWindow) -> None:
    """Exact and near copies alike; the click does nothing else."""
    grid, sheet = page.results.grid, page.results.copies
    opened: list[Match] = []
    grid.open_requested.connect(opened.append)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=badge(page, with_copies()[1]))
    assert sheet.isVisible()
    assert names(sheet) == FILES
    assert sheet.heading.text() == "4 copies of piece 2.jpg"
    assert opened == []
    qtbot.waitUntil(lambda: sheet.grid.all_painted)


def test_a_press_that_slips_off_the_number_shows_nothing(page: MainWindow) -> None:
    """And a press elsewhere chooses the tile, as ever."""
    grid = page.results.grid
    place = badge(page, with_copies()[1])
    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=place - QPoint(0, 80))
    assert not page.results.copies.isVisible()
    first = grid.visualRect(page.results.model.index_for(with_copies()[0])).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert grid.current_match() == with_copies()[0]


def test_a_tile_of_one_file_has_no_number(page: MainWindow) -> None:
    """Nor does its key or its menu offer any."""
    grid, first = page.results.grid, with_copies()[0]
    grid.go_to(first)
    QTest.keyClick(grid, Qt.Key.Key_C)
    assert not page.results.copies.isVisible()
    texts = [action.text() for action in grid.menu_for((first,)).actions()]
    assert not any("Copies" in text for text in texts)
    texts = [action.text() for action in grid.menu_for((with_copies()[1],)).actions()]
    assert any("Copies" in text for text in texts)


@pytest.mark.parametrize("by", ["Escape", "the button"])
def test_it_closes(page: MainWindow, sheet: CopiesSheet, by: str) -> None:
    """And the keyboard is back on the tile."""
    if by == "Escape":
        QTest.keyClick(sheet.grid, Qt.Key.Key_Escape)
    else:
        sheet.close_button.click()
    assert not sheet.isVisible()
    assert QApplication.focusWidget() is page.results.grid
    assert page.results.grid.current_match() == with_copies()[1]


def test_each_file_is_told_apart(qtbot: QtBot, sheet: CopiesSheet) -> None:
    """By its size, and by its folder, which is there at once."""
    qtbot.waitUntil(lambda: "1200" in str(sheet.model.index(0).data(CAPTION_ROLE)))
    captions = [str(sheet.model.index(row).data(CAPTION_ROLE)) for row in range(4)]
    assert [caption.rsplit("·", 1)[1].strip() for caption in captions] == [
        *("photos", "old", "web", "web")
    ]
    sheet.show_details({})
    assert sheet.model.index(1).data(CAPTION_ROLE) == "old"


def test_a_file_that_is_gone_does_not_hide_the_others(
    qtbot: QtBot, page: MainWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The details of the others are shown."""
    details = engine.details

    def some(match: Match) -> object:
        if match.path.name == "web.webp":
            raise PictureMissing(match.path)
        return details(match)

    monkeypatch.setattr(engine, "details", some)
    QTest.keyClick(page.results.grid, Qt.Key.Key_C)
    sheet = page.results.copies
    qtbot.waitUntil(lambda: "1200" in str(sheet.model.index(0).data(CAPTION_ROLE)))
    assert sheet.model.index(2).data(CAPTION_ROLE) == "web"


def test_a_single_file_is_opened_copied_and_dragged(
    sheet: CopiesSheet, page: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very file, though it shares its bytes with another."""
    grid = sheet.grid
    opened: list[Path] = []
    grid.open_requested.connect(lambda match: opened.append(match.path))
    grid.go_to(sheet.model.matches[1])
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened == [Path("/photos/old/same bytes.jpg")]
    page.menus.copy_files.trigger()
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.fileName() for url in urls] == ["same bytes.jpg"]
    dragged: list[QMimeData] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, action: dragged.append(drag.mimeData()))
    monkeypatch.setattr(QDrag, "setPixmap", lambda drag, pixmap: QPixmap(pixmap))
    grid.startDrag(Qt.DropAction.CopyAction)
    assert [url.fileName() for url in dragged[0].urls()] == ["same bytes.jpg"]


def test_space_shows_a_copy_large_among_the_copies(sheet: CopiesSheet, page: MainWindow) -> None:
    """The arrows go from file to file; closing returns to them."""
    preview = page.results.preview
    QTest.keyClick(sheet.grid, Qt.Key.Key_Space)
    on_top = page.results.childAt(page.results.rect().center())
    assert on_top is not None and preview.isAncestorOf(on_top)
    seen = []
    for _ in range(5):
        assert preview.match is not None
        seen.append(preview.match.path.name)
        QTest.keyClick(preview, Qt.Key.Key_Right)
    assert seen == [*FILES, FILES[-1]]
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert QApplication.focusWidget() is sheet.grid


def test_answers_are_looked_at_again_after_the_copies(sheet: CopiesSheet, page: MainWindow) -> None:
    """The arrows of the large preview move among what it was opened on."""
    preview = page.results.preview
    QTest.keyClick(sheet.grid, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Right):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
    assert not sheet.isVisible()
    assert preview.match == with_copies()[2]


def test_it_covers_the_page_at_any_size(qtbot: QtBot, sheet: CopiesSheet, page: MainWindow) -> None:
    """What lies below it cannot be clicked by mistake."""
    page.resize(page.width() + 160, page.height() + 90)
    qtbot.waitUntil(lambda: sheet.geometry() == page.results.rect())


def test_it_closes_when_its_photo_has_one_file_left(
    qtbot: QtBot, sheet: CopiesSheet, page: MainWindow, engine: FakeEngine
) -> None:
    """There is nothing to compare any more."""
    fewer = list(with_copies())
    fewer[1] = replace(fewer[1], near=(), copies=())
    engine.answer_to = lambda question: answer(question, tuple(fewer))
    with qtbot.waitSignal(page.results.model.modelReset):
        page.search.refresh()
    assert not sheet.isVisible()


def test_another_answer_closes_it_and_the_same_one_keeps_it(
    qtbot: QtBot, sheet: CopiesSheet, page: MainWindow, engine: FakeEngine
) -> None:
    """With the files that there are now."""
    fewer = list(with_copies())
    fewer[1] = replace(fewer[1], near=())
    engine.answer_to = lambda question: answer(question, tuple(fewer))
    with qtbot.waitSignal(page.results.model.modelReset):
        page.search.refresh()
    assert names(sheet) == FILES[:2]
    engine.answer_to = lambda question: answer(question, matches(5, start=20))
    with qtbot.waitSignal(page.results.model.modelReset):
        page.search.ask_file(QUESTION)
    assert not sheet.isVisible()


def test_the_question_s_own_copies_are_shown_too(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """From the panel that says where the picture lies."""
    own = with_copies()[1]
    engine.answer_to = lambda question: replace(answer(question, matches(5, 10)), itself=own)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    button = window.results.question.itself_copies
    assert button.text() == "4 copies"
    button.click()
    assert names(window.results.copies) == FILES


def test_a_screen_reader_is_told_of_copies() -> None:
    """With the name of the tile; and the tool tip has every path."""
    assert [file.path.name for file in labels.matches_by_file(with_copies()[1])] == FILES
    assert labels.copies_label(with_copies()[1].file_count) == "4 copies"


@pytest.mark.usefixtures("gui_thread_is_free")
def test_showing_copies_blocks_nothing(qtbot: QtBot, sheet: CopiesSheet) -> None:
    """Their details are looked up in a worker."""
    qtbot.waitUntil(lambda: "1200" in str(sheet.model.index(0).data(CAPTION_ROLE)))
