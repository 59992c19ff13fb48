"""Refining a question by mouse and keyboard, on the real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fashion_finder.domain import AS_IT_IS, Part, Refinement, Region
from fashion_finder.ui.question.balance import TOP, USUAL, preset
from fashion_finder.ui.question.picture import QuestionPicture
from tests.ui.fakes import MODEL, FakeEngine, matches
from tests.ui.refining import (
    LEFT,
    NONE,
    SECOND,
    THIRD,
    drag,
    latest,
    picks,
    place,
)
from tests.ui.window_page import WindowPage


@pytest.mark.usefixtures("picture")
def test_the_sliders_weigh_and_are_remembered_for_the_session(
    engine: FakeEngine, page: WindowPage
) -> None:
    """The next question is asked with them; a double click returns to the usual position."""
    slider = page.panel.balance.sliders["style"]
    assert slider.isVisible()
    slider.setValue(TOP)
    page.until_settled()
    own = {part.name: part.weight for part in MODEL.parts}
    expected = {**own, "style": pytest.approx(4 * own["style"])}
    assert dict(engine.refined[-1].weights) == expected
    page.ask(SECOND)
    assert dict(engine.refined[-1].weights) == expected
    QTest.mouseDClick(slider, LEFT, NONE, slider.rect().center())
    page.until_settled()
    assert engine.refined[-1] == AS_IT_IS


@pytest.mark.usefixtures("picture")
def test_a_preset_moves_all_sliders_and_a_reset_moves_them_back(
    engine: FakeEngine, page: WindowPage
) -> None:
    """By the menu, by its key, and undone by the reset or the history; one search each."""
    balance, tools = page.panel.balance, page.panel.tools
    tools.presets["cut"].trigger()
    page.until_settled()
    assert balance.positions == preset("cut", MODEL.parts)
    before = len(engine.refined)
    QTest.keyClick(page.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page.until_settled()
    assert balance.positions == preset("colour", MODEL.parts)
    assert len(engine.refined) == before + 1
    tools.reset_balance.trigger()
    page.until_settled()
    assert engine.refined[-1] == AS_IT_IS
    assert set(balance.positions.values()) == {USUAL}


@pytest.mark.usefixtures("picture")
def test_only_presets_that_the_model_can_serve_are_offered(page: WindowPage) -> None:
    """Two parts know no print; three do."""
    tools = page.panel.tools
    assert [name for name, action in tools.presets.items() if action.isVisible()] == [
        "cut",
        "colour",
    ]
    status = page.window.catalogue_status.latest
    assert status is not None
    parts = (Part("cut", 0, 4, 0.5), Part("colour", 4, 6, 0.3), Part("pattern", 6, 8, 0.2))
    page.panel.show_status(replace(status, model=replace(status.model, parts=parts)))
    assert all(action.isVisible() for action in tools.presets.values())
    assert list(page.panel.balance.sliders) == ["cut", "colour", "pattern"]


@pytest.mark.usefixtures("picture")
@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_a_slider_returns_by_key(page: WindowPage, key: Qt.Key) -> None:
    """As by a double click; arrow keys move it."""
    slider = page.panel.balance.sliders["colour"]
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == USUAL + 5
    QTest.keyClick(slider, key)
    assert slider.value() == USUAL
    page.until_settled()


@pytest.mark.usefixtures("picture")
def test_a_colour_is_picked_by_name_with_the_keyboard(engine: FakeEngine, page: WindowPage) -> None:
    """Arrow keys and Enter; colours that are none, such as Multi, are not offered."""
    button = page.panel.tools.colour
    button.open_popup()
    popup = button.popup
    assert popup is not None
    offered = [popup.swatches.item(at).text() for at in range(popup.swatches.count())]
    assert offered[:2] == ["Red", "Green"]
    assert "Multi" not in offered
    assert "Turquoise blue" in offered  # as people say it
    QTest.keyClick(popup.swatches, Qt.Key.Key_Right)
    QTest.keyClick(popup.swatches, Qt.Key.Key_Return)
    page.until_settled()
    assert engine.refined[-1].colour == "Green"
    assert button.text() == "Green"
    button.choose("Navy Blue")
    page.until_settled()
    assert engine.refined[-1].colour == "Navy Blue"
    assert button.accessibleName() == "Colour: Navy blue"
    button.choose(None)
    page.until_settled()
    assert engine.refined[-1] == AS_IT_IS


def test_a_colour_is_taken_from_the_picture(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """The eyedropper takes the colour under the mouse, once; Enter takes it by keyboard."""
    tools = page.panel.tools
    tools.eyedropper.trigger()
    assert picks(picture)
    QTest.mouseClick(picture, LEFT, NONE, place(picture, 0.5, 0.5))
    page.until_settled()
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
    page.until_settled()
    assert engine.refined[-1].colour == (120, 60, 90)


@pytest.mark.usefixtures("picture")
def test_marked_answers_move_the_question_and_can_be_taken_back(
    engine: FakeEngine, page: WindowPage
) -> None:
    """One mark per answer; shown beside the question; taken back one by one or all at once."""
    one, two, three = matches(3)
    search, examples = page.search, page.panel.examples
    for match in (one, two):
        search.add_example(match, is_more=True)
    search.add_example(three, is_more=False)
    search.add_example(two, is_more=False)
    page.until_settled()
    assert latest(engine).more_like == (one.content,)
    assert engine.refined[-1].less_like == (three.content, two.content)
    assert examples.isVisible()
    assert examples.buttons[0].accessibleName() == "More like piece 1.jpg"
    QTest.mouseClick(examples.buttons[0], LEFT)
    page.until_settled()
    assert latest(engine).more_like == ()
    examples.clear_button.click()
    page.until_settled()
    assert engine.refined[-1] == AS_IT_IS
    assert examples.isHidden()


@pytest.mark.usefixtures("picture")
def test_plus_and_minus_mark_the_answer_the_keyboard_is_on(
    engine: FakeEngine, page: WindowPage
) -> None:
    """Without a mouse: an answer, then + or -."""
    grid = page.grid
    best, second = page.answers[:2]
    grid.setFocus()
    grid.go_to(best)
    QTest.keyClick(grid, Qt.Key.Key_Plus)
    page.until_settled()
    assert latest(engine).more_like == (best.content,)
    grid.go_to(second)
    QTest.keyClick(grid, Qt.Key.Key_Minus)
    page.until_settled()
    assert latest(engine).less_like == (second.content,)


def test_back_and_forward_restore_what_was_refined(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """Box, slider and colour are as they were left, and nothing is decoded again."""
    half = Region(0.0, 0.0, 0.5, 1.0)
    page.search.refine(region=half)
    page.panel.balance.sliders["style"].setValue(80)
    page.search.refine(colour="Red")
    page.until_settled()
    left = engine.refined[-1]
    page.ask(SECOND)
    assert latest(engine).region is None
    history = page.panel.history
    history.back_action.trigger()
    page.until_settled()
    assert engine.refined[-1] == left == Refinement(half, left.weights, "Red")
    assert engine.pictures[-1] is not None
    assert picture.region == half
    assert page.panel.tools.colour.text() == "Red"
    assert page.panel.balance.positions == {"style": 80, "colour": USUAL}
    assert history.back_menu.isEmpty()
    history.forward_action.trigger()
    page.until_settled()
    assert page.panel.name.text() == "second.jpg"
    assert page.panel.tools.colour.text() != "Red"


@pytest.mark.usefixtures("picture")
def test_the_history_is_listed_with_thumbnails(page: WindowPage) -> None:
    """The nearest first; choosing one goes all the way; a new question cuts off what lay ahead."""
    page.ask(SECOND)
    page.ask(THIRD)
    history = page.panel.history
    listed = history.back_menu.actions()
    assert [one.text() for one in listed] == ["second.jpg", "first.jpg"]
    assert not any(one.icon().isNull() for one in listed)
    listed[1].trigger()
    page.until_settled()
    assert page.panel.name.text() == "first.jpg"
    assert [one.text() for one in history.forward_menu.actions()] == ["second.jpg", "third.jpg"]
    page.ask(THIRD)
    assert history.forward_menu.actions() == []


def test_every_control_has_a_name_and_is_reached_by_keyboard(
    page: WindowPage, picture: QuestionPicture
) -> None:
    """Screen readers are told what each is; Tab gets to all of them."""
    panel = page.panel
    page.search.add_example(matches(1)[0], is_more=True)
    QApplication.processEvents()
    wanted = {
        *(
            *panel.balance.sliders.values(),
            panel.balance.presets,
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
    page: WindowPage, picture: QuestionPicture
) -> None:
    """No slider, no colours; the box stays."""
    status = page.window.catalogue_status.latest
    assert status is not None
    plain = replace(status.model, parts=(Part("all", 0, 8, 1.0),), vocabularies={})
    page.panel.show_status(replace(status, model=plain))
    panel = page.panel
    assert not panel.balance.isVisible()
    assert not panel.tools.colour.isVisible()
    drag(picture, (0.2, 0.2), (0.8, 0.8))
    assert picture.region is not None
    page.until_settled()
