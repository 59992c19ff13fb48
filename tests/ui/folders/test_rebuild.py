"""What the window does about a damaged catalogue, and about the wish to delete everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.engine.rebuild import Rebuilt
from fashion_finder.errors import CatalogueBusy, CatalogueDamaged
from fashion_finder.ui.folders.erase_controller import ERASE
from fashion_finder.ui.folders.indexing_controller import FAILURE
from fashion_finder.ui.folders.rebuild_controller import DAMAGED, REBUILT
from fashion_finder.ui.kit.message_bar import Tone
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, FakeHandle

DAMAGE = CatalogueDamaged(Path("/data"), "page 7 is never used")


def message(window: MainWindow, key: str) -> tuple[str, str]:
    """Title and text of a message that is shown."""
    bar = window.messages.bar(key)
    assert bar is not None
    return bar.message.title, bar.message.text


def press(window: MainWindow, key: str) -> None:
    """The first button of a message."""
    bar = window.messages.bar(key)
    assert bar is not None
    bar.buttons[0].click()


@pytest.mark.usefixtures("gui_thread_is_free")
def test_damage_behind_the_open_window_is_said_and_mended(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """One button: the damaged file is kept, every folder is indexed again."""
    window.rebuilding.report_damage(DAMAGE)
    title, text = message(window, DAMAGED)
    assert title == "The catalogue is damaged"
    assert "page 7" in text
    assert "fashion-finder" not in text  # that is advice for a terminal
    with qtbot.waitSignals([window.rebuilding.begun, window.sync_queue.finished]):
        press(window, DAMAGED)
    assert engine.synced == [()]
    title, text = message(window, REBUILT)
    assert title == "The catalogue begins anew"
    assert text == "Your folders are being indexed again.\nThe damaged file is kept as /data/kept"
    assert window.messages.bar(DAMAGED) is None
    assert not engine.is_on_gui_thread


def test_a_catalogue_that_cannot_be_opened_has_the_button_on_its_page(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """Afterwards the window is as usable as ever."""
    engine.status_error = DAMAGE
    window = open_window()
    assert window.pages.currentWidget() is window.failure
    rebuild, quit_button = window.failure.choices
    assert (rebuild.text(), quit_button.text()) == ("Rebuild the Catalogue", "Quit")
    with qtbot.waitSignals([window.catalogue_status.changed, window.sync_queue.finished]):
        rebuild.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.start)
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q.jpg"))


def test_a_sync_or_a_question_that_meets_the_damage_offers_the_same(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """In a bar, and on the page of the answers, which then shows the answer."""
    engine.sync_error = DAMAGE
    with qtbot.waitSignal(window.sync_queue.failed):
        window.indexing.index_one(Path("/photos"))
    assert window.messages.bar(FAILURE) is None
    assert message(window, DAMAGED)[0] == "The catalogue is damaged"
    answer_to = engine.answer_to

    def fail(question: object) -> None:
        raise DAMAGE

    engine.answer_to = fail  # type: ignore[assignment]  # it never answers
    with qtbot.waitSignal(window.questions.failed):
        window.asking.ask_file(Path("/q.jpg"))
    (button,) = window.results.failure.choices
    engine.answer_to, engine.sync_error = answer_to, None
    with qtbot.waitSignals([window.questions.answered, window.sync_queue.finished]):
        button.click()
    assert window.results.answers.currentWidget() is window.results.grid


def test_a_rebuild_waits_for_the_sync_under_way_and_is_done_once(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Which ends early, with what it has done kept."""
    engine.syncing.clear()
    window.indexing.index_one(Path("/photos"))
    qtbot.waitUntil(lambda: len(engine.synced) == 1)
    done = []
    window.rebuilding.begun.connect(lambda: done.append(engine.syncing.is_set()))
    window.rebuilding.start()
    window.rebuilding.start()
    window.rebuilding.report_damage(DAMAGE)  # heard of once more
    assert window.messages.bar(DAMAGED) is None
    qtbot.waitUntil(lambda: done == [False])
    engine.syncing.set()
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert engine.synced == [(Path("/photos"),), ()]


@pytest.mark.parametrize("folders", [(), None])
def test_what_could_not_be_read_or_was_not_damaged_is_said(
    qtbot: QtBot,
    engine: FakeEngine,
    handle: FakeHandle,
    window: MainWindow,
    folders: tuple[Path, ...] | None,
) -> None:
    """Then nothing is indexed by itself."""
    handle.rebuilt = None if folders is None else Rebuilt(Path("/data/kept"), folders)
    with qtbot.waitSignal(window.rebuilding.begun):
        window.rebuilding.start()
    title, text = message(window, REBUILT)
    if folders is None:
        assert (title, text) == ("The catalogue is sound", "Nothing was changed.")
    else:
        assert "please index them again" in text
    assert engine.synced == []


def test_a_catalogue_in_use_elsewhere_is_not_rebuilt(
    qtbot: QtBot, handle: FakeHandle, window: MainWindow
) -> None:
    """It says so, and can be tried again."""
    handle.rebuild_error = CatalogueBusy(Path("/data"))
    for _ in range(2):
        with qtbot.waitSignal(window.rebuilding.failed):
            window.rebuilding.start()
        assert message(window, "failure")[0] == "The catalogue is in use"
        assert window.messages.bar(REBUILT) is None


@pytest.mark.usefixtures("gui_thread_is_free")
def test_everything_is_deleted_after_a_second_word_only(
    qtbot: QtBot, engine: FakeEngine, handle: FakeHandle, window: MainWindow
) -> None:
    """What stops then ends the window."""
    window.menus.erase.trigger()
    bar = window.messages.bar(ERASE)
    assert bar is not None
    assert bar.message.tone is Tone.DANGER
    assert "Your photos are not touched" in bar.message.text
    bar.close_button.click()
    window.menus.erase.trigger()
    assert handle.erasures == 0
    with qtbot.waitSignal(window.erasing.erased):
        press(window, ERASE)
    assert handle.erasures == 1
    assert window.erasing.is_done
    assert not window.isVisible()
    assert not engine.is_on_gui_thread


def test_what_cannot_be_deleted_is_said_and_all_goes_on(
    qtbot: QtBot, handle: FakeHandle, window: MainWindow
) -> None:
    """Indexing, too."""
    handle.erase_error = CatalogueBusy(Path("/data"))
    window.menus.erase.trigger()
    press(window, ERASE)
    qtbot.waitUntil(lambda: window.messages.bar(ERASE) is not None)
    assert message(window, ERASE)[0] == "The catalogue is in use"
    assert not window.erasing.is_done
    with qtbot.waitSignal(window.sync_queue.finished):
        window.indexing.index_one(Path("/photos"))
