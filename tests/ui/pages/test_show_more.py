"""Five answers at first, the rest on demand, the less similar ones behind a divider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from fashion_finder.domain import Closeness, Match
from fashion_finder.ui.tiles.match_model import DIVIDER_ROLE
from fashion_finder.ui.tiles.results_model import Divider, ResultsModel
from tests.ui.fakes import FakeEngine, answer, matches
from tests.ui.window_page import WindowPage

QUESTION = Path("/elsewhere/dress.jpg")
FALLING = [Closeness.SAME_PIECE, Closeness.VERY_SIMILAR, Closeness.SIMILAR, Closeness.DISSIMILAR]


def graded(*counts: int) -> tuple[Match, ...]:
    """Matches in falling closeness: so many of the same piece, very similar, similar, and not."""
    words = [word for word, count in zip(FALLING, counts, strict=False) for _ in range(count)]
    return tuple(
        replace(one, closeness=word) for one, word in zip(matches(len(words)), words, strict=True)
    )


def ask(page: WindowPage, engine: FakeEngine, found: tuple[Match, ...]) -> None:
    """Ask, and wait until the answer is painted."""
    engine.answer_to = lambda question: answer(question, found)
    with page.painted():
        page.begin_question(QUESTION)


def tiles(page: WindowPage) -> dict[str, QRect]:
    """Where each match that is shown lies, by its file's name."""
    grid, model = page.grid, page.results.model
    return {m.path.name: grid.visualRect(model.index_of(m.content)) for m in model.matches}


def divider(page: WindowPage) -> QRect | None:
    """Where the divider lies."""
    grid, model = page.grid, page.results.model
    for row in range(model.rowCount()):
        if model.index(row).data(DIVIDER_ROLE) is not None:
            return grid.visualRect(model.index(row))
    return None


@pytest.mark.parametrize("size", [(900, 600), (1180, 780), (2600, 1400)])
@pytest.mark.parametrize("counts", [(12, 18), (3, 1, 26), (0, 0, 30), (0, 7, 3)])
def test_more_answers_come_without_a_jump(
    page: WindowPage, engine: FakeEngine, size: tuple[int, int], counts: tuple[int, ...]
) -> None:
    """The first five stay where and as large as they are; the others follow below them."""
    page.window.resize(*size)
    found = graded(*counts)
    ask(page, engine, found)
    before = tiles(page)
    assert list(before) == [one.path.name for one in found[:5]]
    assert page.results.more_button.text() == f"Show {len(found) - 5} More"

    QTest.mouseClick(page.results.more_button, Qt.MouseButton.LeftButton)
    after = tiles(page)
    assert list(after) == [one.path.name for one in found]
    assert {name: after[name] for name in before} == before
    lowest = max(rect.top() for rect in before.values())
    assert all(rect.top() >= lowest for name, rect in after.items() if name not in before)
    room = page.grid.viewport().width()
    assert max(rect.right() for rect in after.values()) < room

    QTest.mouseClick(page.results.more_button, Qt.MouseButton.LeftButton)
    assert tiles(page) == before


def test_five_answers_offer_no_more(page: WindowPage, engine: FakeEngine) -> None:
    """There is nothing behind them."""
    ask(page, engine, matches(5))
    assert not page.results.more_button.isVisible()


def test_what_was_opened_stays_open_when_the_folders_change(
    page: WindowPage, engine: FakeEngine
) -> None:
    """The same question asked again is the same page; another question starts with five."""
    ask(page, engine, matches(20))
    page.results.toggle_more()
    engine.answer_to = lambda question: answer(question, matches(21))
    with page.answered():
        page.search.refresh()
    assert len(page.answers) == 21
    with page.answered():
        page.begin_question(Path("/elsewhere/another.jpg"))
    assert len(page.answers) == 5
    assert page.results.more_button.text() == "Show 16 More"


def test_the_divider_stands_alone_between_similar_and_not(
    page: WindowPage, engine: FakeEngine
) -> None:
    """Similar ones above it, the others below, and all five fit without scrolling."""
    ask(page, engine, graded(1, 1, 1, 2))
    line = divider(page)
    assert line is not None
    places = list(tiles(page).values())
    assert all(rect.bottom() < line.top() for rect in places[:3])
    assert all(rect.top() > line.bottom() for rect in places[3:])
    assert page.grid.viewport().rect().contains(places[-1])
    assert line.width() > page.grid.viewport().width() * 0.9


def test_nothing_close_is_said_instead_of_dividing(page: WindowPage, engine: FakeEngine) -> None:
    """When not even the best is similar, "less similar" would flatter the others."""
    ask(page, engine, graded(0, 0, 0, 8))
    assert divider(page) is None
    assert page.results.far_banner.isVisible()


def test_the_keyboard_steps_over_the_divider(page: WindowPage, engine: FakeEngine) -> None:
    """Down from a similar one leads to one that is not, and up again."""
    ask(page, engine, graded(2, 0, 0, 3))
    grid = page.grid
    grid.go_to(page.answers[0])
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current_match() in page.answers[2:]
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.current_match() in page.answers[:2]
    grid.selectAll()
    assert grid.chosen_matches() == page.answers


@given(counts=st.tuples(*[st.integers(0, 4)] * 4))
def test_a_divider_parts_similar_from_not(counts: tuple[int, int, int, int]) -> None:
    """At most one, right before the first that is not similar, and no match is lost."""
    found = graded(*counts)
    rows = ResultsModel().laid_out(found)
    assert tuple(row for row in rows if isinstance(row, Match)) == found
    similar, others = sum(counts[:3]), counts[3]
    assert rows.count(Divider()) == int(similar > 0 and others > 0)
    if Divider() in rows:
        assert rows.index(Divider()) == similar


def test_a_picture_is_found_where_it_is_shown() -> None:
    """Rows and matches differ by the divider."""
    model = ResultsModel()
    model.show(graded(2, 1, 0, 4))
    assert model.match_at(model.index(3)) is None
    assert [model.index_of(one.content).row() for one in model.matches] == [0, 1, 2, 4, 5]
    assert not model.index_of(matches(7)[6].content).isValid()
