"""From the first start to a copied answer, and back, without a mouse."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Answer, Question
from fashion_finder.errors import PictureUnreadable
from fashion_finder.ui.kit.message_bar import Message
from tests.ui.conftest import OpenPage
from tests.ui.fakes import FakeEngine, answer, folder_status, matches
from tests.ui.window_page import WindowPage

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
PLENTY = 60  # Tab comes round before


def focused() -> QWidget:
    """Who has the keyboard; the window before anybody does."""
    widget = QApplication.focusWidget() or QApplication.activeWindow()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(focused(), key, modifier)


def tab_to(text: str) -> None:
    """Go on with Tab until a button says this."""
    for _ in range(PLENTY):
        widget = focused()
        if isinstance(widget, QPushButton) and widget.text() == text:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {text!r}")


def choose(page: WindowPage, path: str) -> None:
    """What typing a path and Enter in the system's dialog comes to."""
    page.until(lambda: bool(page.window.findChildren(QFileDialog)))
    dialog = page.window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(path)
    dialog.reject()
    dialog.deleteLater()
    page.until(lambda: not page.window.findChildren(QFileDialog))
    page.window.activateWindow()
    page.until(page.window.isActiveWindow)


def test_the_whole_way(qtbot: QtBot, open_page: OpenPage, engine: FakeEngine) -> None:
    """Index, ask, filter, look closely, copy, ask again, go back."""
    engine.folders = ()
    engine.answer_to = lambda question: answer(question, matches(12))
    page = open_page()
    page.window.activateWindow()
    tab_to("Index a Folder…")
    press(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.window.indexing.ended):
        choose(page, "/photos")
    press(Qt.Key.Key_O, CONTROL)
    with page.painted():
        choose(page, "/elsewhere/dress.jpg")
    results = page.results
    assert focused() is results.grid

    press(Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(focused(), "dresses")
    with page.answered():
        press(Qt.Key.Key_Return)
    assert results.filters.filters.types == ("Dresses",)

    tab_to("Show 7 More")
    press(Qt.Key.Key_Return)
    assert results.model.is_expanded
    for _ in range(PLENTY):
        if focused() is results.grid:
            break
        press(Qt.Key.Key_Tab)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right):
        press(key)
    press(Qt.Key.Key_Space)
    assert results.preview.match == matches(12)[1]
    press(Qt.Key.Key_W)
    page.until(results.preview.sheet.reasons.isVisible)
    press(Qt.Key.Key_Escape)

    press(Qt.Key.Key_C, CONTROL)
    copied = QApplication.clipboard().mimeData().urls()
    assert copied == [QUrl.fromLocalFile("/photos/piece 2.jpg")]
    with page.answered():
        press(Qt.Key.Key_Return, CONTROL)
    assert results.question.name.text() == "piece 2.jpg"
    with page.answered():
        press(Qt.Key.Key_Left, ALT)
    assert results.question.name.text() == "dress.jpg"
    press(Qt.Key.Key_B, CONTROL)
    page.until(page.browse.grid.hasFocus)
    press(Qt.Key.Key_Escape)
    assert page.shown == "results"


def test_a_failure_has_the_keyboard_where_it_can_be_mended(
    open_page: OpenPage, engine: FakeEngine
) -> None:
    """Without photos, Enter chooses a folder; where nothing can be chosen, nothing else is done."""
    engine.folders = ()
    page = open_page()
    page.window.activateWindow()
    with page.question_failed():
        page.begin_question(Path("/elsewhere/dress.jpg"))
    assert focused() is page.results.state.choices[0]
    press(Qt.Key.Key_Return)
    choose(page, "/photos")
    page.until(lambda: engine.synced == [(Path("/photos"),)])


def test_words_that_are_typed_meanwhile_keep_the_keyboard(
    page: WindowPage, engine: FakeEngine
) -> None:
    """A failure takes the keyboard from the answers only."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(Path("/q.jpg"), "it is damaged")

    page.window.activateWindow()
    with page.painted():
        page.begin_question(Path("/elsewhere/dress.jpg"))
    page.results.filters.field.setFocus()
    engine.answer_to = fail
    with page.question_failed():
        page.begin_question()
    assert focused() is page.results.filters.field


def test_a_message_is_answered_with_enter(page: WindowPage) -> None:
    """As with Space."""
    done: list[bool] = []
    page.window.activateWindow()
    page.window.messages.show_message(
        Message("one", "Forgotten", actions=(("Undo", lambda: done.append(True)),))
    )
    tab_to("Undo")
    press(Qt.Key.Key_Return)
    assert done == [True]
    assert page.messages == ()


def test_news_leave_the_keyboard_on_its_button(page: WindowPage, engine: FakeEngine) -> None:
    """The first page is told again whenever a folder was looked through."""
    page.window.activateWindow()
    tab_to("Browse All Photos")
    button = focused()
    engine.folders = (folder_status(Path("/photos"), 999),)
    page.refresh_status()
    assert focused() is button
    engine.folders = ()
    page.refresh_status()
    assert focused() is page.start.choices[0]
