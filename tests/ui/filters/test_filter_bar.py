"""Chips and words say what may answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import EVERYTHING, Filters, PictureFile
from fashion_finder.engine.words import Vocabulary
from fashion_finder.ui.filters.filter_bar import Chip, FilterBar
from tests.ui.fakes import FakeEngine, answer, matches
from tests.ui.window_page import WindowPage

QUESTION = Path("/elsewhere/dress.jpg")


@pytest.fixture
def bar(page: WindowPage) -> FilterBar:
    """The bar of a page.window that shows an answer, with its counts."""
    with page.painted():
        page.begin_question(QUESTION)
    page.until(lambda: bool(offers(page.results.filters.types)))
    return page.results.filters


def offers(chip: Chip) -> dict[str, QAction]:
    """What a chip offers, by its words."""
    return {action.text(): action for action in chip.choices.actions()}


def checked(chip: Chip) -> list[str]:
    """What is chosen in the list of a chip."""
    return [words for words, action in offers(chip).items() if action.isChecked()]


def test_chips_offer_what_there_is_with_counts(bar: FilterBar) -> None:
    """Nothing that would leave nothing."""
    assert list(offers(bar.types)) == ["Dresses  (70)", "Ties  (33)"]
    assert list(offers(bar.colours)) == ["Red  (60)", "Navy blue  (43)"]
    assert list(offers(bar.folders)) == ["photos  (103)"]
    years = [str(year) for year in range(2024, 2018, -1)]
    assert list(offers(bar.dates)) == ["Any time", "Last 30 days", "Last 365 days", *years]


def test_years_to_come_do_not_crowd_out_the_others(bar: FilterBar) -> None:
    """One photo of a camera whose clock is far ahead; alone, its year is offered."""
    counts = FakeEngine().counts
    today = date.today()  # noqa: DTZ011 - the user's own day
    bar.show_counts(replace(counts, oldest=date(today.year - 1, 1, 1), newest=date(2262, 4, 11)))
    assert list(offers(bar.dates))[3:] == [str(today.year), str(today.year - 1)]
    bar.show_counts(replace(counts, oldest=date(2262, 4, 11), newest=date(2262, 4, 11)))
    assert list(offers(bar.dates))[3:] == ["2262"]


@pytest.mark.usefixtures("gui_thread_is_free")
def test_what_is_chosen_filters_the_answer(
    page: WindowPage, bar: FilterBar, engine: FakeEngine
) -> None:
    """The same question is asked again; chips of several kinds combine."""
    with page.answered():
        offers(bar.types)["Ties  (33)"].trigger()
    with page.answered():
        offers(bar.dates)["2021"].trigger()
    wanted = Filters(types=("Ties",), since=date(2021, 1, 1), until=date(2021, 12, 31))
    assert engine.filtered[-1] == wanted
    assert len(engine.asked) == 3
    assert [chip.text() for chip in bar.chips] == ["Ties", "Colour", "Folder", "2021"]
    page.until(lambda: engine.counted[-1] == wanted)
    assert not engine.is_on_gui_thread


def test_a_second_choice_of_one_kind_is_added_and_taken_away(
    qtbot: QtBot, bar: FilterBar, engine: FakeEngine
) -> None:
    """Within a kind any of what is chosen may answer."""
    ties, dresses = (offers(bar.types)[words] for words in ("Ties  (33)", "Dresses  (70)"))
    ties.trigger()
    dresses.trigger()  # before the counts have come back
    qtbot.waitUntil(lambda: checked(bar.types) == ["Ties  (33)", "Dresses  (70)"])
    assert bar.filters == Filters(types=("Ties", "Dresses"))
    qtbot.waitUntil(lambda: engine.filtered[-1] == bar.filters)
    assert bar.types.text() == "Ties + 1 more"
    assert bar.types.accessibleName() == "Type: Ties, Dresses"
    offers(bar.types)["Ties  (33)"].trigger()
    assert bar.filters == Filters(types=("Dresses",))


def test_chips_show_the_words_that_people_say(bar: FilterBar) -> None:
    """To eyes and screen readers; the filters keep the model's words."""
    wanted = Filters(types=("Sports Shoes", "Tshirts"), colours=("Off White",))
    bar.set_filters(wanted)
    assert bar.filters == wanted
    assert [chip.text() for chip in bar.chips][:2] == ["Trainers + 1 more", "Off-white"]
    assert bar.types.accessibleName() == "Type: Trainers, T-shirts"
    bar.set_vocabulary(Vocabulary(("Track Pants",), (), ()))
    bar.field.setText("joggers")
    bar.apply_words()
    assert bar.filters.types == ("Track Pants",)
    assert bar.types.text() == "Joggers"


def test_counts_of_older_filters_are_not_shown(
    qtbot: QtBot, bar: FilterBar, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would offer what other filters leave."""
    shown: list[int] = []
    monkeypatch.setattr(bar, "show_counts", lambda counts: shown.append(counts.total))
    monkeypatch.setattr(
        engine, "facet_counts", lambda filters: replace(engine.counts, total=len(filters.types))
    )
    bar.set_filters(Filters(types=("Ties",)))
    bar.set_filters(Filters(types=("Ties", "Dresses")))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [2]


def test_words_become_chips(page: WindowPage, bar: FilterBar) -> None:
    """What is no type, colour or folder stays, and is looked for in the names of files."""
    bar.field.setText("red dress zorbing")
    with page.answered():
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.filters == Filters(types=("Dresses",), colours=("Red",), names=("zorbing",))
    assert [chip.text() for chip in bar.chips][:2] == ["Dresses", "Red"]
    assert bar.field.text() == "zorbing"
    assert "zorbing" in bar.field.toolTip()


def test_all_filters_are_cleared_at_once(
    page: WindowPage, bar: FilterBar, engine: FakeEngine
) -> None:
    """By one button, which is there only then."""
    assert not bar.clear_button.isVisible()
    bar.set_filters(Filters(colours=("Red",)))
    with page.answered():
        QTest.mouseClick(bar.clear_button, Qt.MouseButton.LeftButton)
    assert engine.filtered[-1] == EVERYTHING
    assert bar.colours.text() == "Colour"


def test_filters_that_leave_nothing_are_told(
    page: WindowPage, bar: FilterBar, engine: FakeEngine
) -> None:
    """Not as if something were there that is not similar."""
    engine.answer_to = lambda question: answer(question, ())
    with page.answered():
        bar.set_filters(Filters(types=("Scarves",)))
    assert page.results.far_banner.isVisible()
    assert page.results._far_title.text() == "No photos match"
    with page.answered():
        bar.set_filters(Filters(names=("zorbing",)))
    assert page.results._far_text.text() == "No file or folder name contains “zorbing”."
    late = replace(answer(PictureFile(QUESTION), ()), filters=Filters(names=("scarf",)))
    page.results.show_answer(late)  # what is said belongs to the answer, not to the chips
    assert page.results._far_text.text() == "No file or folder name contains “scarf”."
    engine.answer_to = lambda question: answer(question, matches())
    with page.answered():
        bar.clear()
    assert not page.results.far_banner.isVisible()


def test_a_folder_that_was_dropped_filters_no_more(
    page: WindowPage, bar: FilterBar, engine: FakeEngine
) -> None:
    """Otherwise every question would fail."""
    bar.set_filters(Filters(folders=(Path("/photos/gone"),)))
    page.window.catalogue_status.refresh()
    page.until(lambda: engine.filtered[-1] == EVERYTHING)
