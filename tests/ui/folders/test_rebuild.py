"""What the window does about a damaged catalogue, and about the wish to delete everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.engine import Rebuilt
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged
from fashion_finder.ui.folders.catalogue_controller import DAMAGED, ERASE, REBUILT
from fashion_finder.ui.folders.indexing_controller import FAILURE
from fashion_finder.ui.kit.message_bar import Tone
from tests.ui.conftest import OpenPage
from tests.ui.fakes import FakeEngine, FakeHandle
from tests.ui.window_page import WindowPage

DAMAGE = CatalogueDamaged(Path("/data"), "page 7 is never used")


@pytest.mark.usefixtures("gui_thread_is_free")
def test_damage_behind_the_open_window_is_said_and_mended(
    qtbot: QtBot, engine: FakeEngine, page: WindowPage
) -> None:
    """One button: the damaged file is kept, every folder is indexed again."""
    page.window.catalogue.report_damage(DAMAGE)
    title, text = page.message(DAMAGED)
    assert title == "The catalogue is damaged"
    assert "page 7" in text
    assert "fashion-finder" not in text  # that is advice for a terminal
    with qtbot.waitSignals([page.window.catalogue.rebuilt, page.window.sync_queue.finished]):
        page.press(DAMAGED)
    assert engine.synced == [()]
    title, text = page.message(REBUILT)
    assert title == "The catalogue was reset"
    assert text == "Your folders are being indexed again.\nThe damaged file was kept as /data/kept"
    assert DAMAGED not in page.messages
    assert not engine.is_on_gui_thread


def test_a_catalogue_that_cannot_be_opened_has_the_button_on_its_page(
    qtbot: QtBot, engine: FakeEngine, open_page: OpenPage
) -> None:
    """Afterwards the window is as usable as ever."""
    engine.status_error = DAMAGE
    page = open_page()
    assert page.shown == "failure"
    rebuild, quit_button = page.failure.choices
    assert (rebuild.text(), quit_button.text()) == ("Rebuild the Catalogue", "Quit")
    with qtbot.waitSignals([page.window.catalogue_status.changed, page.window.sync_queue.finished]):
        rebuild.click()
    page.until(lambda: page.shown == "start")
    page.ask()


def test_a_sync_or_a_question_that_meets_the_damage_offers_the_same(
    qtbot: QtBot, engine: FakeEngine, page: WindowPage
) -> None:
    """In a bar, and on the page of the answers, which then shows the answer."""
    engine.sync_error = DAMAGE
    with page.indexing_failed():
        page.begin_indexing(Path("/photos"))
    assert FAILURE not in page.messages
    assert page.message(DAMAGED)[0] == "The catalogue is damaged"
    answer_to = engine.answer_to

    def fail(question: object) -> None:
        raise DAMAGE

    engine.answer_to = fail  # type: ignore[assignment]  # it never answers
    with page.question_failed():
        page.begin_question()
    (button,) = page.results.state.choices
    engine.answer_to, engine.sync_error = answer_to, None
    with qtbot.waitSignals([page.window.search.answered, page.window.sync_queue.finished]):
        button.click()
    assert page.has_answer


def test_a_rebuild_waits_for_the_sync_under_way_and_is_done_once(
    engine: FakeEngine, page: WindowPage
) -> None:
    """Which ends early, with what it has done kept."""
    engine.syncing.clear()
    page.begin_indexing(Path("/photos"))
    page.until(lambda: len(engine.synced) == 1)
    done = []
    page.window.catalogue.rebuilt.connect(lambda: done.append(engine.syncing.is_set()))
    page.window.catalogue.rebuild()
    page.window.catalogue.rebuild()
    page.window.catalogue.report_damage(DAMAGE)  # heard of once more
    assert DAMAGED not in page.messages
    page.until(lambda: done == [False])
    engine.syncing.set()
    page.until_idle()
    assert engine.synced == [(Path("/photos"),), ()]


@pytest.mark.parametrize("folders", [(), None])
def test_what_could_not_be_read_or_was_not_damaged_is_said(
    engine: FakeEngine,
    handle: FakeHandle,
    page: WindowPage,
    folders: tuple[Path, ...] | None,
) -> None:
    """Then nothing is indexed by itself."""
    handle.rebuilt = None if folders is None else Rebuilt(Path("/data/kept"), folders)
    with page.rebuilt():
        page.window.catalogue.rebuild()
    title, text = page.message(REBUILT)
    if folders is None:
        assert (title, text) == ("The catalogue is fine", "Nothing was changed.")
    else:
        assert "Please index your folders again" in text
    assert engine.synced == []


def test_a_catalogue_in_use_elsewhere_is_not_rebuilt(
    qtbot: QtBot, handle: FakeHandle, page: WindowPage
) -> None:
    """It says so, and can be tried again."""
    handle.rebuild_error = CatalogueBusy(Path("/data"))
    for _ in range(2):
        with qtbot.waitSignal(page.window.catalogue.failed):
            page.window.catalogue.rebuild()
        assert page.message("failure")[0] == "The catalogue is in use"
        assert REBUILT not in page.messages


@pytest.mark.usefixtures("gui_thread_is_free")
def test_everything_is_deleted_after_a_second_word_only(
    qtbot: QtBot, engine: FakeEngine, handle: FakeHandle, page: WindowPage
) -> None:
    """What stops then ends the window."""
    page.menus.erase.trigger()
    bar = page.message_bar(ERASE)
    assert bar.message.tone is Tone.DANGER
    assert "Your photos are not touched" in bar.message.text
    bar.close_button.click()
    page.menus.erase.trigger()
    assert handle.erasures == 0
    with qtbot.waitSignal(page.window.catalogue.erased):
        page.press(ERASE)
    assert handle.erasures == 1
    assert page.window.catalogue.is_erased
    assert not page.window.isVisible()
    assert not engine.is_on_gui_thread


def test_what_cannot_be_deleted_is_said_and_all_goes_on(
    handle: FakeHandle, page: WindowPage
) -> None:
    """Indexing, too."""
    handle.erase_error = CatalogueBusy(Path("/data"))
    page.menus.erase.trigger()
    page.press(ERASE)
    page.until(lambda: ERASE in page.messages)
    assert page.message(ERASE)[0] == "The catalogue is in use"
    assert not page.window.catalogue.is_erased
    with page.indexed():
        page.begin_indexing(Path("/photos"))
