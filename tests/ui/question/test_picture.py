"""A part of the picture: a box on it, by mouse, by keyboard, or around the main piece."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import AS_IT_IS, Region
from fashion_finder.ui.question.picture import QuestionPicture
from tests.ui.fakes import FakeEngine, answer, matches
from tests.ui.refining import (
    FIRST,
    LEFT,
    NONE,
    SECOND,
    SHIFT,
    drag,
    place,
)
from tests.ui.window_page import WindowPage


def near(region: Region | None, *expected: float) -> bool:
    """Within two pixels of a small picture."""
    assert region is not None
    found = (region.left, region.top, region.right, region.bottom)
    return all(abs(one - other) < 0.03 for one, other in zip(found, expected, strict=True))


def test_a_box_is_drawn_moved_and_resized_by_mouse(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """Each time the engine is asked about the part that the box shows."""
    drag(picture, (0.2, 0.2), (0.4, 0.4), (0.6, 0.7))
    assert near(picture.region, 0.2, 0.2, 0.6, 0.7)
    drag(picture, (0.4, 0.45), (0.5, 0.45), (0.6, 0.55))
    assert near(picture.region, 0.4, 0.3, 0.8, 0.8)
    drag(picture, (0.8, 0.8), (0.9, 0.9))
    assert near(picture.region, 0.4, 0.3, 0.9, 0.9)
    page.until_settled()
    assert engine.refined[-1].region == picture.region


def test_a_click_draws_no_box(engine: FakeEngine, picture: QuestionPicture) -> None:
    """A hand that trembles a little means no part."""
    drag(picture, (0.5, 0.5), (0.505, 0.505))
    assert picture.region is None
    assert len(engine.asked) == 1


def test_the_keyboard_does_all_of_it(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """Shift and arrows resize, arrows move, Escape returns to the whole."""
    picture.setFocus()
    for _ in range(10):
        QTest.keyClick(picture, Qt.Key.Key_Left, SHIFT)
        QTest.keyClick(picture, Qt.Key.Key_Up, SHIFT)
    assert near(picture.region, 0.0, 0.0, 0.8, 0.8)
    for _ in range(5):
        QTest.keyClick(picture, Qt.Key.Key_Right)
    assert near(picture.region, 0.1, 0.0, 0.9, 0.8)
    page.until_settled()
    assert near(engine.refined[-1].region, 0.1, 0.0, 0.9, 0.8)
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert picture.region is None
    page.until_settled()
    assert engine.refined[-1] == AS_IT_IS


def test_answers_follow_while_dragging_and_the_last_one_stays(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """One question at a time: what was passed over is never asked, and the end always is."""
    shown: list[Region | None] = []
    page.search.answered.connect(lambda given: shown.append(given.refinement.region))
    engine.finding.clear()
    QTest.mousePress(picture, LEFT, NONE, place(picture, 0.1, 0.1))
    for step in range(3, 10):
        QTest.mouseMove(picture, place(picture, step / 10, step / 10))
    asked_while_held = len(engine.refined)
    engine.finding.set()
    page.until_settled()
    assert asked_while_held <= 2  # the first question, and one that is under way
    assert len(shown) == 2
    assert near(shown[0], 0.1, 0.1, 0.3, 0.3)
    assert near(shown[1], 0.1, 0.1, 0.9, 0.9)
    assert engine.pictures[-1] is not None, "the question is decoded once"


def test_an_answer_of_an_older_question_is_never_shown(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """The next picture is dropped while a refined answer to the last is under way."""
    engine.answer_to = lambda question: answer(question, matches(5, start=50))
    engine.finding.clear()
    page.search.refine(region=Region(0.0, 0.0, 0.5, 0.5))
    page.until(lambda: len(engine.asked) == 2)
    page.begin_question(SECOND)
    names: list[str] = []
    page.search.answered.connect(lambda given: names.append(given.question.path.name))
    engine.finding.set()
    page.until_settled()
    assert names == ["second.jpg"]
    assert picture.region is None
    assert engine.refined[-1] == AS_IT_IS


def test_one_click_proposes_the_main_piece(
    engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """The box goes there, and can be changed like any other."""
    page.panel.tools.main_piece.trigger()
    page.until(lambda: picture.region == engine.piece)
    page.until_settled()
    assert engine.refined[-1].region == engine.piece


@pytest.mark.usefixtures("picture")
def test_a_refinement_that_takes_its_time_shows_that_it_works(
    engine: FakeEngine, page: WindowPage
) -> None:
    """The first colour of a model takes two seconds."""
    engine.finding.clear()
    page.search.refine(colour="Red")
    page.until(page.results.busy.isVisible)
    engine.finding.set()
    page.until_settled()
    assert not page.results.busy.isVisible()


def test_where_nothing_stands_out_it_is_said(
    qtbot: QtBot, engine: FakeEngine, page: WindowPage, picture: QuestionPicture
) -> None:
    """And nothing changes."""
    engine.piece = None
    with qtbot.waitSignal(page.search.notified):
        page.panel.tools.main_piece.trigger()
    assert picture.region is None


def test_dragging_the_box_leaves_the_other_controls_alone(
    qtbot: QtBot, page: WindowPage, picture: QuestionPicture
) -> None:
    """No answer that is marked is drawn anew, and nothing comes back to the picture."""
    page.search.add_example(matches()[0], is_more=True)
    page.until_settled()
    (button,) = page.panel.examples.buttons
    with qtbot.assertNotEmitted(page.search.refinement_changed):
        drag(picture, (0.2, 0.2), (0.5, 0.5), (0.8, 0.8))
        page.until_settled()
    assert page.panel.tools.whole.isEnabled()
    page.panel.tools.whole.trigger()
    page.until_settled()
    with qtbot.waitSignal(page.search.refinement_changed):
        page.search.find_main_piece()
    assert page.panel.examples.buttons == [button]
    assert page.panel.tools.whole.isEnabled()


@pytest.mark.usefixtures("gui_thread_is_free")
def test_dragging_the_box_leaves_the_gui_thread_free(engine: FakeEngine, page: WindowPage) -> None:
    """Nothing is decoded, inferred or looked up there."""
    page.ask(FIRST)
    drag(page.panel.picture, *((step / 20, step / 20) for step in range(2, 18)))
    page.panel.tools.main_piece.trigger()
    page.until_settled()
    page.panel.history.back_action.trigger()
    assert not engine.is_on_gui_thread
