"""A folder is forgotten from the menu, and that can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from fashion_finder.errors import CatalogueBusy
from fashion_finder.ui.folders.remove_controller import FAILURE, GRACE_MS
from tests.ui.fakes import FakeEngine, folder_status
from tests.ui.window_page import WindowPage

PHOTOS, PULLS = Path("/photos"), Path("/pulls & fittings")


@pytest.fixture
def page(page: WindowPage, engine: FakeEngine) -> WindowPage:
    """A window over two indexed folders."""
    engine.folders = (folder_status(PHOTOS, 103), folder_status(PULLS, 7))
    page.refresh_status()
    return page


def entries(page: WindowPage) -> list[QAction]:
    """What can be forgotten."""
    return page.menus.remove_folder.actions()


def click_undo(page: WindowPage) -> None:
    """The button beside the message."""
    (key,) = page.messages
    assert [button.text() for button in page.message_bar(key).buttons] == ["Undo"]
    page.press(key)


def assert_kept(page: WindowPage, engine: FakeEngine) -> None:
    """The first folder stays when the time is up that the second, chosen later, has, too."""
    entries(page)[1].trigger()
    page.until(lambda: bool(engine.forgotten))
    assert engine.forgotten == [PULLS]


def test_a_chosen_folder_is_forgotten_after_a_while(page: WindowPage, engine: FakeEngine) -> None:
    """Then what there is is asked for again, and the menu offers what is left."""
    assert [one.text() for one in entries(page)] == ["/photos", "/pulls && fittings"]
    page.window.removing.grace_ms = 0
    with page.status_changed():
        entries(page)[1].trigger()
    assert engine.forgotten == [PULLS]
    assert not engine.is_on_gui_thread
    assert page.messages == ()
    assert page.status_line == "7 photos removed from the library"
    assert [one.text() for one in entries(page)] == ["/photos"]


def test_it_can_be_undone(page: WindowPage, engine: FakeEngine) -> None:
    """Nothing has gone by then: reading the photos again might take an hour."""
    page.window.removing.grace_ms = 20
    entries(page)[0].trigger()
    assert GRACE_MS >= 10_000
    click_undo(page)
    assert page.messages == ()
    assert_kept(page, engine)


def test_choosing_twice_is_choosing_once(page: WindowPage, engine: FakeEngine) -> None:
    """One message, one undo."""
    page.window.removing.grace_ms = 20
    entries(page)[0].trigger()
    entries(page)[0].trigger()
    click_undo(page)
    assert_kept(page, engine)


def test_indexing_a_folder_keeps_it(qtbot: QtBot, page: WindowPage, engine: FakeEngine) -> None:
    """Of two opposite wishes the later one counts."""
    page.window.removing.grace_ms = 20
    entries(page)[0].trigger()
    with qtbot.waitSignal(page.window.indexing.ended):
        page.begin_indexing(PHOTOS)
    assert page.messages == ()
    assert_kept(page, engine)


def test_a_failure_is_told(page: WindowPage, engine: FakeEngine) -> None:
    """Another program may be indexing right now."""
    engine.forget_error = CatalogueBusy(None)
    page.window.removing.grace_ms = 0
    entries(page)[0].trigger()
    page.until(lambda: FAILURE in page.messages)
    assert [one.text() for one in entries(page)] == ["/photos", "/pulls && fittings"]


def test_what_is_held_back_stays_known_when_the_window_closes(
    page: WindowPage, engine: FakeEngine
) -> None:
    """Losing nothing is the safer mistake."""
    entries(page)[0].trigger()
    page.window.close()
    assert engine.forgotten == []


def test_without_folders_there_is_nothing_to_choose(page: WindowPage, engine: FakeEngine) -> None:
    """The menu says so."""
    engine.folders = ()
    page.refresh_status()
    assert not page.menus.remove_folder.isEnabled()
