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
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, answer, folder_status, matches

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


def choose(qtbot: QtBot, window: MainWindow, path: str) -> None:
    """What typing a path and Enter in the system's dialog comes to."""
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    dialog = window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(path)
    dialog.reject()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_the_whole_way(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    """Index, ask, filter, look closely, copy, ask again, go back."""
    engine.folders = ()
    engine.answer_to = lambda question: answer(question, matches(12))
    window = open_window()
    window.activateWindow()
    tab_to("Index a Folder…")
    press(Qt.Key.Key_Return)
    with qtbot.waitSignal(window.indexing.ended):
        choose(qtbot, window, "/photos")
    press(Qt.Key.Key_O, CONTROL)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        choose(qtbot, window, "/elsewhere/dress.jpg")
    results = window.results
    assert focused() is results.grid

    press(Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(focused(), "dresses")
    with qtbot.waitSignal(window.search.answered):
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
    qtbot.waitUntil(results.preview.sheet.reasons.isVisible)
    press(Qt.Key.Key_Escape)

    press(Qt.Key.Key_C, CONTROL)
    copied = QApplication.clipboard().mimeData().urls()
    assert copied == [QUrl.fromLocalFile("/photos/piece 2.jpg")]
    with qtbot.waitSignal(window.search.answered):
        press(Qt.Key.Key_Return, CONTROL)
    assert results.question.name.text() == "piece 2.jpg"
    with qtbot.waitSignal(window.search.answered):
        press(Qt.Key.Key_Left, ALT)
    assert results.question.name.text() == "dress.jpg"
    press(Qt.Key.Key_B, CONTROL)
    qtbot.waitUntil(window.browse.grid.hasFocus)
    press(Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is results


def test_a_failure_has_the_keyboard_where_it_can_be_mended(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    """Without photos, Enter chooses a folder; where nothing can be chosen, nothing else is done."""
    engine.folders = ()
    window = open_window()
    window.activateWindow()
    with qtbot.waitSignal(window.search.failed):
        window.search.ask_file(Path("/elsewhere/dress.jpg"))
    assert focused() is window.results.failure.choices[0]
    press(Qt.Key.Key_Return)
    choose(qtbot, window, "/photos")
    qtbot.waitUntil(lambda: engine.synced == [(Path("/photos"),)])


def test_words_that_are_typed_meanwhile_keep_the_keyboard(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """A failure takes it from the answers only."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(Path("/q.jpg"), "it is damaged")

    window.activateWindow()
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(Path("/elsewhere/dress.jpg"))
    window.results.filters.field.setFocus()
    engine.answer_to = fail
    with qtbot.waitSignal(window.search.failed):
        window.search.ask_file(Path("/q.jpg"))
    assert focused() is window.results.filters.field


def test_a_message_is_answered_with_enter(window: MainWindow) -> None:
    """As with Space."""
    done: list[bool] = []
    window.activateWindow()
    window.messages.show_message(
        Message("one", "Forgotten", actions=(("Undo", lambda: done.append(True)),))
    )
    tab_to("Undo")
    press(Qt.Key.Key_Return)
    assert done == [True]
    assert window.messages.messages == ()


def test_news_leave_the_keyboard_on_its_button(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """The first page is told again whenever a folder was looked through."""
    window.activateWindow()
    tab_to("Browse All Photos")
    button = focused()
    engine.folders = (folder_status(Path("/photos"), 999),)
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    assert focused() is button
    engine.folders = ()
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    assert focused() is window.start.choices[0]
