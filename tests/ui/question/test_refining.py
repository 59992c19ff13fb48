"""Refining a question by mouse and keyboard, on the real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import AS_IT_IS, Part, Refinement, Region
from fashion_finder.ui.question.balance import STEPS
from fashion_finder.ui.question.picture import QuestionPicture
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.fakes import FakeEngine, matches
from tests.ui.refining import (
    LEFT,
    NONE,
    SECOND,
    THIRD,
    ask,
    drag,
    latest,
    picks,
    place,
    settle,
)


def test_the_slider_weighs_and_is_remembered_for_the_session(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """The next question is asked with it; a double click returns to the middle."""
    slider = window.results.question.balance.slider
    assert slider.isVisible()
    slider.setValue(-STEPS)
    settle(qtbot, window)
    assert dict(engine.refined[-1].weights)["style"] == pytest.approx(0.98)
    ask(qtbot, window, SECOND)
    assert dict(engine.refined[-1].weights)["style"] == pytest.approx(0.98)
    QTest.mouseDClick(slider, LEFT, NONE, slider.rect().center())
    settle(qtbot, window)
    assert engine.refined[-1] == AS_IT_IS
    del picture


def test_a_click_on_a_label_returns_to_the_middle(
    qtbot: QtBot, window: MainWindow, picture: QuestionPicture
) -> None:
    """Either of the two."""
    balance = window.results.question.balance
    for label in (balance.cut_label, balance.colour_label):
        balance.slider.setValue(40)
        QTest.mouseClick(label, LEFT)
        assert balance.slider.value() == 0
    settle(qtbot, window)
    del picture


def test_a_colour_is_picked_by_name_with_the_keyboard(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """Arrow keys and Enter; colours that are none, such as Multi, are not offered."""
    button = window.results.question.tools.colour
    button.open_popup()
    popup = button.popup
    assert popup is not None
    offered = [popup.swatches.item(at).text() for at in range(popup.swatches.count())]
    assert offered[:2] == ["Red", "Green"]
    assert "Multi" not in offered
    assert "Turquoise blue" in offered  # as people say it
    QTest.keyClick(popup.swatches, Qt.Key.Key_Right)
    QTest.keyClick(popup.swatches, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert engine.refined[-1].colour == "Green"
    assert button.text() == "Green"
    button.choose("Navy Blue")
    settle(qtbot, window)
    assert engine.refined[-1].colour == "Navy Blue"
    assert button.accessibleName() == "Colour: Navy blue"
    button.choose(None)
    settle(qtbot, window)
    assert engine.refined[-1] == AS_IT_IS
    del picture


def test_a_colour_is_taken_from_the_picture(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """The eyedropper takes the colour under the mouse, once; Enter takes it by keyboard."""
    tools = window.results.question.tools
    tools.eyedropper.trigger()
    assert picks(picture)
    QTest.mouseClick(picture, LEFT, NONE, place(picture, 0.5, 0.5))
    settle(qtbot, window)
    assert engine.refined[-1].colour == (120, 60, 90)
    assert tools.colour.text() == QColor(120, 60, 90).name()
    assert not picks(picture)
    assert picture.region is None
    tools.colour.choose(None)
    tools.eyedropper.trigger()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not picks(picture)
    tools.eyedropper.trigger()
    QTest.keyClick(picture, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert engine.refined[-1].colour == (120, 60, 90)


def test_marked_answers_move_the_question_and_can_be_taken_back(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """One mark per answer; shown beside the question; taken back one by one or all at once."""
    one, two, three = matches(3)
    search, examples = window.search, window.results.question.examples
    for match in (one, two):
        search.add_more_like(match)
    search.add_less_like(three)
    search.add_less_like(two)
    settle(qtbot, window)
    assert latest(engine).more_like == (one.content,)
    assert engine.refined[-1].less_like == (three.content, two.content)
    assert examples.isVisible()
    assert examples.buttons[0].accessibleName() == "More like piece 1.jpg"
    QTest.mouseClick(examples.buttons[0], LEFT)
    settle(qtbot, window)
    assert latest(engine).more_like == ()
    examples.clear_button.click()
    settle(qtbot, window)
    assert engine.refined[-1] == AS_IT_IS
    assert examples.isHidden()
    del picture


def test_plus_and_minus_mark_the_answer_the_keyboard_is_on(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """Without a mouse: an answer, then + or -."""
    grid = window.results.grid
    best, second = window.results.model.matches[:2]
    grid.setFocus()
    grid.go_to(best)
    QTest.keyClick(grid, Qt.Key.Key_Plus)
    settle(qtbot, window)
    assert latest(engine).more_like == (best.content,)
    grid.go_to(second)
    QTest.keyClick(grid, Qt.Key.Key_Minus)
    settle(qtbot, window)
    assert latest(engine).less_like == (second.content,)
    del picture


def test_back_and_forward_restore_what_was_refined(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, picture: QuestionPicture
) -> None:
    """Box, slider and colour are as they were left, and nothing is decoded again."""
    half = Region(0.0, 0.0, 0.5, 1.0)
    window.search.set_region(half)
    window.results.question.balance.slider.setValue(50)
    window.search.set_colour("Red")
    settle(qtbot, window)
    left = engine.refined[-1]
    ask(qtbot, window, SECOND)
    assert latest(engine).region is None
    history = window.results.question.history
    history.back_action.trigger()
    settle(qtbot, window)
    assert engine.refined[-1] == left == Refinement(half, left.weights, "Red")
    assert engine.pictures[-1] is not None
    assert picture.region == half
    assert window.results.question.tools.colour.text() == "Red"
    assert window.results.question.balance.slider.value() == 50
    assert history.back_menu.isEmpty()
    history.forward_action.trigger()
    settle(qtbot, window)
    assert window.results.question.name.text() == "second.jpg"
    assert window.results.question.tools.colour.text() != "Red"


def test_the_history_is_listed_with_thumbnails(
    qtbot: QtBot, window: MainWindow, picture: QuestionPicture
) -> None:
    """The nearest first; choosing one goes all the way; a new question cuts off what lay ahead."""
    ask(qtbot, window, SECOND)
    ask(qtbot, window, THIRD)
    history = window.results.question.history
    listed = history.back_menu.actions()
    assert [one.text() for one in listed] == ["second.jpg", "first.jpg"]
    assert not any(one.icon().isNull() for one in listed)
    listed[1].trigger()
    settle(qtbot, window)
    assert window.results.question.name.text() == "first.jpg"
    assert [one.text() for one in history.forward_menu.actions()] == ["second.jpg", "third.jpg"]
    ask(qtbot, window, THIRD)
    assert history.forward_menu.actions() == []
    del picture


def test_every_control_has_a_name_and_is_reached_by_keyboard(
    window: MainWindow, picture: QuestionPicture
) -> None:
    """Screen readers are told what each is; Tab gets to all of them."""
    panel = window.results.question
    window.search.add_more_like(matches(1)[0])
    QApplication.processEvents()
    wanted = {
        *(
            panel.balance.slider,
            panel.tools.colour,
            panel.examples.clear_button,
            panel.examples.buttons[0],
        ),
        *(button for button in panel.tools.buttons if button.isEnabled()),
        picture,
    }
    reached = set()
    picture.setFocus()
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused is not None:
            reached.add(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert wanted <= reached
    for widget in wanted:
        told = QAccessible.queryAccessibleInterface(widget)
        assert told.text(QAccessible.Text.Name), widget
        assert told.role() is not QAccessible.Role.Client, widget


def test_a_model_without_parts_hides_what_it_cannot_do(
    qtbot: QtBot, window: MainWindow, picture: QuestionPicture
) -> None:
    """No slider, no colours; the box stays."""
    status = window.catalogue_status.latest
    assert status is not None
    plain = replace(status.model, parts=(Part("all", 0, 8, 1.0),), vocabularies={})
    window.results.question.show_status(replace(status, model=plain))
    panel = window.results.question
    assert not panel.balance.isVisible()
    assert not panel.tools.colour.isVisible()
    drag(picture, (0.2, 0.2), (0.8, 0.8))
    assert picture.region is not None
    settle(qtbot, window)
