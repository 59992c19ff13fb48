"""One answer large: opened and closed by keys, with its details and the reasons for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import PictureFile
from fashion_finder.errors import PictureMissing
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.preview.picture_pane import heat_image
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.fakes import FakeEngine, answer, matches

QUESTION = Path("/elsewhere/dress.jpg")


@pytest.fixture
def preview(qtbot: QtBot, window: MainWindow) -> LargePreview:
    """Opened with Space on the second of five answers."""
    grid = window.results.grid
    window.activateWindow()
    with qtbot.waitSignal(grid.pictures_painted):
        window.asking.ask_file(QUESTION)
    grid.setFocus()
    grid.go_to(matches()[1])
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert window.results.preview.isVisible()
    return window.results.preview


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def heats(preview: LargePreview) -> list[bool]:
    """Whether there is a map over the question, and over the answer."""
    return [pane._heat is not None for pane in (preview.question, preview.answer)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_a_key_closes_the_preview(window: MainWindow, preview: LargePreview, key: Qt.Key) -> None:
    """And the keyboard is back on the tile."""
    press(key)
    assert not preview.isVisible()
    assert QApplication.focusWidget() is window.results.grid
    assert window.results.grid.current_match() == matches()[1]


def test_arrows_move_between_the_answers(window: MainWindow, preview: LargePreview) -> None:
    """To the ends and no further; the grid follows."""
    seen = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, *[Qt.Key.Key_Right] * 5):
        press(key)
        assert preview.match is not None
        seen.append(preview.match.content)
    assert seen == [1, 1, 2, 3, 4, 5, 5]
    assert not preview.on_button.isEnabled()
    assert window.results.grid.current_match() == preview.match


def test_the_preview_is_sharp_and_covers_the_page(
    qtbot: QtBot, window: MainWindow, preview: LargePreview
) -> None:
    """Whatever the window's size; nothing is decoded on the GUI thread."""
    window.resize(1500, 1000)
    qtbot.waitUntil(lambda: preview.geometry() == window.results.rect())

    def is_sharp() -> bool:
        picture = preview.answer.picture
        return picture is not None and picture.height() >= preview.answer.height()

    qtbot.waitUntil(is_sharp)


def test_a_picture_alone_has_all_the_room(qtbot: QtBot, preview: LargePreview) -> None:
    """The question beside it takes its half only while it is shown."""
    room = preview.width() - preview.sheet.width()
    qtbot.waitUntil(lambda: preview.answer.width() > 0.8 * room)
    press(Qt.Key.Key_W)
    qtbot.waitUntil(lambda: 0.35 * room < preview.answer.width() < 0.55 * room)
    assert abs(preview.answer.width() - preview.question.width()) < 0.1 * room


def test_the_details_of_the_answer_are_told(
    qtbot: QtBot, window: MainWindow, preview: LargePreview, engine: FakeEngine
) -> None:
    """What was recognised with some certainty, and the facts of the file."""
    qtbot.waitUntil(lambda: "Type" in preview.sheet.facts)
    assert preview.sheet.facts == {
        "Closeness": "Very close",
        "Type": "Dresses",
        "Size": "1200 × 1600, 337.58 KiB",
        "Changed": "5/17/24",
        "Folder": "/photos",
    }
    assert preview.sheet.name.text() == "piece 2.jpg"
    assert preview.sheet.place.text() == "2 of 5"
    assert not engine.is_on_gui_thread
    assert window.results.preview.accessibleName() == "Large preview: piece 2.jpg"


def test_the_reasons_are_shown_and_said(qtbot: QtBot, preview: LargePreview) -> None:
    """A map over both pictures, and words; the next answer gets its own."""
    press(Qt.Key.Key_W)
    qtbot.waitUntil(preview.question.isVisible)
    assert heats(preview) == [True, True]
    assert preview.sheet.reasons.text().splitlines() == [
        "•  Same type",
        "•  Similar cut and pattern",
    ]
    press(Qt.Key.Key_Right)
    assert heats(preview) == [False, False]
    qtbot.waitUntil(lambda: heats(preview) == [True, True])
    press(Qt.Key.Key_W)
    assert not heats(preview)[1]
    assert not preview.question.isVisible()


def test_reasons_that_cannot_be_found_are_explained(
    qtbot: QtBot, preview: LargePreview, engine: FakeEngine
) -> None:
    """In the place where they would be."""
    engine.explain_error = PictureMissing(Path("/photos/piece 2.jpg"))
    press(Qt.Key.Key_W)
    qtbot.waitUntil(preview.sheet.reasons.isVisible)
    assert "There is no such picture" in preview.sheet.reasons.text()


def test_what_comes_late_is_not_shown(qtbot: QtBot, preview: LargePreview) -> None:
    """Reasons of an answer that was left do not appear over the next."""
    press(Qt.Key.Key_W)
    press(Qt.Key.Key_W)
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Type" in preview.sheet.facts)
    assert preview.match is not None and preview.match.content == 3
    preview.show_agreement(
        matches()[0].content, FakeEngine().explain(answer(PictureFile(QUESTION)), matches()[0])
    )
    assert not heats(preview)[1]


def test_the_answer_becomes_the_next_question(
    qtbot: QtBot, window: MainWindow, preview: LargePreview
) -> None:
    """And the preview makes room for its answers."""
    with qtbot.waitSignal(window.questions.asked):
        preview.sheet.search_requested.emit()
    assert not preview.isVisible()


def test_the_preview_closes_when_its_picture_is_no_answer_any_more(
    qtbot: QtBot, window: MainWindow, preview: LargePreview, engine: FakeEngine
) -> None:
    """While it is still one, it stays."""
    engine.answer_to = lambda question: answer(question, matches()[:2])
    with qtbot.waitSignal(window.questions.answered):
        window.asking.refresh()
    assert preview.isVisible()
    engine.answer_to = lambda question: answer(question, matches(5, start=50))
    with qtbot.waitSignal(window.questions.answered):
        window.asking.refresh()
    assert not preview.isVisible()


def test_warm_places_are_lit_and_cold_ones_veiled() -> None:
    """On any cloth, and without hiding it."""
    heat = FakeEngine().explain(answer(PictureFile(QUESTION)), matches()[0]).match_heat
    assert heat is not None
    layer = heat_image(heat)
    warm, cold = layer.pixelColor(15, 20), layer.pixelColor(0, 0)
    assert warm.red() > 200 and warm.alphaF() < 0.6
    assert cold.lightness() == 0 and 0.4 < cold.alphaF() < 0.8
