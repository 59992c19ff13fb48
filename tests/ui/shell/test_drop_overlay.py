"""The highlight over the window while something is dragged across it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.window_page import drag_into, drop


@pytest.fixture
def picture_file() -> QMimeData:
    """What a file manager drags."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/q/dress.jpg")])
    return mime


def test_it_covers_the_window_at_any_size(
    qtbot: QtBot, window: MainWindow, picture_file: QMimeData
) -> None:
    """A window that is resized while something is held over it is covered still."""
    drag_into(window, picture_file)
    window.resize(window.width() + 200, window.height() + 100)
    qtbot.waitUntil(lambda: window.overlay.geometry() == window.rect())


def test_it_goes_when_the_program_of_the_drag_has_ended(
    qtbot: QtBot, window: MainWindow, picture_file: QMimeData
) -> None:
    """Nothing says that the drag has left; but while it lasts, the mouse is the other program's."""
    drag_into(window, picture_file)
    QTest.mouseMove(window.windowHandle(), window.rect().center())
    qtbot.waitUntil(lambda: not window.overlay.isVisible())


def test_it_is_in_nobodys_way(window: MainWindow, picture_file: QMimeData) -> None:
    """The drag goes on below it, and the keyboard stays where it is."""
    window.activateWindow()
    window.start.choices[0].setFocus()
    focused = QApplication.focusWidget()
    drag_into(window, picture_file)
    assert window.childAt(window.rect().center()) is not window.overlay
    assert QApplication.focusWidget() is focused
    assert window.overlay.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_it_is_gone_once_something_was_dropped(
    qtbot: QtBot, window: MainWindow, picture_file: QMimeData
) -> None:
    """Its answer is to be seen."""
    with qtbot.waitSignal(window.search.answered):
        assert drop(window, picture_file)
    assert not window.overlay.isVisible()
