"""The page that speaks while there are no pictures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fashion_finder.ui.kit.state_page import Choice, State, StatePage


def nothing() -> None:
    """A choice without consequences."""


INDEX, SAMPLE = Choice("Index", nothing, is_primary=True), Choice("Sample", nothing)


@pytest.fixture
def page(qtbot: QtBot) -> StatePage:
    """With two things to choose from, the keyboard on the second."""
    page = StatePage()
    qtbot.addWidget(page)
    page.show_state(State("Nothing here", "Choose.", choices=(INDEX, SAMPLE)))
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.choices[1].setFocus()
    qtbot.waitUntil(page.choices[1].hasFocus)
    return page


def test_other_words_with_the_same_choices_leave_the_keyboard_alone(page: StatePage) -> None:
    """Nobody loses their place while photos are being counted."""
    button = page.choices[1]
    page.show_state(State("Still nothing", "Choose.", choices=(INDEX, SAMPLE)))
    assert page.choices[1] is button
    assert button.hasFocus()


def test_other_choices_take_over_the_keyboard(page: StatePage) -> None:
    """The buttons it was on are gone, and it must be somewhere."""
    page.show_state(State("Now", "Choose.", choices=(Choice("Browse", nothing), INDEX)))
    assert [button.text() for button in page.choices] == ["Browse", "Index"]
    assert QApplication.focusWidget() is page.choices[0]


def test_a_choice_is_made_by_its_button_or_with_enter(qtbot: QtBot) -> None:
    """Each does its own."""
    done: list[str] = []
    page = StatePage()
    qtbot.addWidget(page)
    choices = (Choice("A", lambda: done.append("A")), Choice("B", lambda: done.append("B")))
    page.show_state(State("Title", "Text", choices=choices))
    page.choices[1].click()
    page.choices[0].click()
    QTest.keyClick(page.choices[1], Qt.Key.Key_Return)
    assert done == ["B", "A", "B"]


def test_what_a_state_does_not_say_is_not_shown(qtbot: QtBot) -> None:
    """No empty lines for a reason or a file that there is none of."""
    page = StatePage()
    qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    page.show_state(State("Title", "Text", subject="/a.jpg", reason="Why", footnote="And"))
    assert {"/a.jpg", "Why", "And"} <= visible_texts(page)
    page.show_state(State("Title", "Text"))
    assert visible_texts(page) == {"Title", "Text"}
    assert page.accessibleName() == "Title"
    assert page.accessibleDescription() == "Text"


def visible_texts(page: StatePage) -> set[str]:
    """The words on a page, and empty lines."""
    return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}
