"""A folder is forgotten from the menu, and that can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from fashion_finder.errors import CatalogueBusy
from fashion_finder.ui.folders.remove_controller import FAILURE, GRACE_MS
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.fakes import FakeEngine, folder_status

PHOTOS, PULLS = Path("/photos"), Path("/pulls & fittings")


@pytest.fixture
def two_folders(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> MainWindow:
    """A window over two indexed folders."""
    engine.folders = (folder_status(PHOTOS, 103), folder_status(PULLS, 7))
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    return window


def entries(window: MainWindow) -> list[QAction]:
    """What can be forgotten."""
    return window.menus.forget.actions()


def click_undo(window: MainWindow) -> None:
    """The button beside the message."""
    (message,) = window.messages.messages
    bar = window.messages.bar(message.key)
    assert bar is not None
    assert [button.text() for button in bar.buttons] == ["Undo"]
    bar.buttons[0].click()


def assert_kept(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """The first folder stays when the time is up that the second, chosen later, has, too."""
    entries(window)[1].trigger()
    qtbot.waitUntil(lambda: bool(engine.forgotten))
    assert engine.forgotten == [PULLS]


def test_a_chosen_folder_is_forgotten_after_a_while(
    qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine
) -> None:
    """Then what there is is asked for again, and the menu offers what is left."""
    assert [one.text() for one in entries(two_folders)] == ["/photos", "/pulls && fittings"]
    two_folders.removing.grace_ms = 0
    with qtbot.waitSignal(two_folders.catalogue_status.changed):
        entries(two_folders)[1].trigger()
    assert engine.forgotten == [PULLS]
    assert not engine.is_on_gui_thread
    assert two_folders.messages.messages == ()
    assert two_folders.statusBar().currentMessage() == "7 photos forgotten"
    assert [one.text() for one in entries(two_folders)] == ["/photos"]


def test_it_can_be_undone(qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine) -> None:
    """Nothing has gone by then: reading the photos again might take an hour."""
    two_folders.removing.grace_ms = 20
    entries(two_folders)[0].trigger()
    assert GRACE_MS >= 10_000
    click_undo(two_folders)
    assert two_folders.messages.messages == ()
    assert_kept(qtbot, two_folders, engine)


def test_choosing_twice_is_choosing_once(
    qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine
) -> None:
    """One message, one undo."""
    two_folders.removing.grace_ms = 20
    entries(two_folders)[0].trigger()
    entries(two_folders)[0].trigger()
    click_undo(two_folders)
    assert_kept(qtbot, two_folders, engine)


def test_indexing_a_folder_keeps_it(
    qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine
) -> None:
    """Of two opposite wishes the later one counts."""
    entries(two_folders)[0].trigger()
    with qtbot.waitSignal(two_folders.indexing.ended):
        two_folders.indexing.index_one(PHOTOS)
    assert two_folders.messages.messages == ()
    assert engine.forgotten == []


def test_a_failure_is_told(qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine) -> None:
    """Another program may be indexing right now."""
    engine.forget_error = CatalogueBusy(None)
    two_folders.removing.grace_ms = 0
    entries(two_folders)[0].trigger()
    qtbot.waitUntil(lambda: two_folders.messages.bar(FAILURE) is not None)
    assert [one.text() for one in entries(two_folders)] == ["/photos", "/pulls && fittings"]


def test_what_is_held_back_stays_known_when_the_window_closes(
    two_folders: MainWindow, engine: FakeEngine
) -> None:
    """Losing nothing is the safer mistake."""
    entries(two_folders)[0].trigger()
    two_folders.close()
    assert engine.forgotten == []


def test_without_folders_there_is_nothing_to_choose(
    qtbot: QtBot, two_folders: MainWindow, engine: FakeEngine
) -> None:
    """The menu says so."""
    engine.folders = ()
    with qtbot.waitSignal(two_folders.catalogue_status.changed):
        two_folders.catalogue_status.refresh()
    assert not two_folders.menus.forget.isEnabled()
