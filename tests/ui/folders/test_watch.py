"""The open window follows what changes in its folders, behind what the user does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Status, SyncPhase, SyncProgress, SyncSummary
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueReadOnly,
    CatalogueUnwritable,
    FolderUnavailable,
)
from fashion_finder.indexing.coalescing import Pace
from fashion_finder.indexing.watch import Watcher
from fashion_finder.ui.folders.indexing_controller import FAILURE, MANY, UNFINISHED
from fashion_finder.ui.folders.watch_controller import MakeWatcher, WatchController
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.sync_queue import SyncJob
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import MODEL, FakeEngine, folder_status
from tests.ui.gui_thread_guard import watched

PHOTOS, SPRING, SUMMER = Path("/photos"), Path("/photos/spring"), Path("/photos/summer")
UNCHANGED = SyncSummary(found=103, unchanged=103)


class FakeWatcher:
    """Remembers what it is told; the test says what changes."""

    def __init__(self, changed: Callable[[tuple[Path, ...]], None]) -> None:
        self.changed = changed
        self.followed: list[Path] = []
        self.suspected: list[Path] = []
        self.is_paused = False
        self.is_running = False

    def follow(self, folders: Iterable[Path]) -> None:
        self.followed = list(folders)

    def suspect(self, folders: Iterable[Path]) -> None:
        self.suspected += folders

    def start(self) -> None:
        self.is_running = True

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False

    def stop(self) -> None:
        self.is_running = False


def watch(
    window: MainWindow, make: MakeWatcher = FakeWatcher, *, is_on: bool = True, retry_ms: int = 20
) -> WatchController:
    """Let a window watch, as the program does."""
    return WatchController(
        make,
        window.sync_queue,
        window.catalogue_status,
        window.menus.watch_folders,
        window.statusBar(),
        is_on=is_on,
        retry_ms=retry_ms,
    )


def fake(flow: WatchController) -> FakeWatcher:
    """The watcher of a window."""
    assert isinstance(flow._watcher, FakeWatcher)
    return flow._watcher


@pytest.fixture
def flow(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> Iterator[tuple[MainWindow, WatchController]]:
    """A window that watches one indexed folder; a sync finds nothing new."""
    engine.summary = UNCHANGED
    window = open_window(begin=False)
    flow = watch(window)
    window.begin()
    qtbot.waitUntil(lambda: window.is_settled)
    yield window, flow
    flow.stop()


def test_what_changed_while_no_window_was_open_is_looked_for(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """Once; not what was left unfinished, is out of reach, or is made anew by itself anyway."""
    engine.folders = (
        folder_status(PHOTOS),
        folder_status(SPRING, unfinished=True),
        replace(folder_status(SUMMER), available=False),
    )
    window = open_window(begin=False)
    flow = watch(window)
    window.begin()
    qtbot.waitUntil(lambda: window.is_settled)
    assert fake(flow).is_running
    assert fake(flow).followed == [PHOTOS, SPRING, SUMMER]
    assert fake(flow).suspected == [PHOTOS]
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    assert fake(flow).suspected == [PHOTOS]


def test_a_change_is_synced_and_told_in_the_status_bar_only(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """No panel, no message; the counts and the answer follow."""
    window, watching = flow
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q.jpg"))
    engine.summary = SyncSummary(found=105, added=3, forgotten=1, unchanged=102)
    with (
        qtbot.waitSignal(window.questions.answered),
        qtbot.waitSignal(window.catalogue_status.changed),
    ):
        fake(watching).changed((PHOTOS,))
    assert (engine.synced, engine.known_only) == ([(PHOTOS,)], [True])
    assert watching.label.text() == "“photos”: 3 new  ·  1 gone"
    assert watching.label.isVisible()
    assert not window.progress.isVisible()
    assert window.messages.messages == ()


def test_a_look_that_finds_nothing_disturbs_nothing(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """The answer is not asked for again, and the status bar keeps what it told before."""
    window, watching = flow
    engine.summary = SyncSummary(found=105, added=2)
    with qtbot.waitSignal(window.indexing.ended):
        fake(watching).changed((PHOTOS,))
    engine.summary = UNCHANGED
    with (
        qtbot.assertNotEmitted(window.indexing.ended),
        qtbot.waitSignal(window.indexing.looked),
    ):
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "“photos”: 2 new"


def test_meanwhile_it_says_where_it_looks(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """And what changes again is looked for afterwards, once."""
    window, watching = flow
    engine.syncing.clear()
    fake(watching).changed((PHOTOS, SPRING))
    qtbot.waitUntil(lambda: watching.label.text() == "Looking through 2 folders…")
    fake(watching).changed((PHOTOS,))
    fake(watching).changed((PHOTOS,))
    assert window.messages.messages == ()
    engine.syncing.set()
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert engine.synced == [(PHOTOS, SPRING), (PHOTOS,)]


def test_much_work_is_shown_and_can_be_stopped(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """What was stopped is left alone until the user goes on with it."""
    window, watching = flow
    engine.reports = (
        SyncProgress(SyncPhase.READING, PHOTOS, MANY, 1, MANY, 0, 60.0, 5.0),
        SyncProgress(SyncPhase.READING, PHOTOS, MANY, 0, MANY, 0, 60.0, 5.0),
    )
    engine.syncing.clear()
    fake(watching).changed((PHOTOS,))
    qtbot.waitUntil(window.progress.isVisible)
    with qtbot.waitSignal(window.sync_queue.cancelled):
        window.progress.cancel_button.click()
    fake(watching).changed((PHOTOS,))
    bar = window.messages.bar(UNFINISHED)
    assert bar is not None
    engine.syncing.set()
    with qtbot.waitSignal(window.sync_queue.finished):
        bar.buttons[0].click()
    assert engine.synced == [(PHOTOS,), (PHOTOS,)]
    with qtbot.waitSignal(window.sync_queue.finished):
        fake(watching).changed((PHOTOS,))
    assert len(engine.synced) == 3


def test_much_work_ends_as_quietly_as_it_began(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """Nobody has to close the panel that nobody opened; little work is not shown at all."""
    window, watching = flow
    shown = []
    window.sync_queue.progressed.connect(lambda: shown.append(window.progress.isVisible()))
    for total in (MANY - 1, MANY):
        engine.reports = (SyncProgress(SyncPhase.READING, PHOTOS, 500, 0, total, 0, 60.0, 5.0),)
        with qtbot.waitSignal(window.sync_queue.finished):
            fake(watching).changed((PHOTOS,))
    assert shown == [False, True]
    assert not window.progress.isVisible()


def test_it_can_be_turned_off_and_on(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """In the menu; a sync of its own stops, and is made up for."""
    window, watching = flow
    fake(watching).suspected.clear()
    engine.syncing.clear()
    fake(watching).changed((PHOTOS,))
    qtbot.waitUntil(lambda: engine.synced == [(PHOTOS,)])
    with qtbot.waitSignal(window.sync_queue.cancelled):
        window.menus.watch_folders.trigger()
    assert fake(watching).is_paused
    assert not watching.is_on
    assert watching.label.text() == "Folders are not kept up to date"
    assert window.messages.messages == ()
    window.menus.watch_folders.trigger()
    assert not fake(watching).is_paused
    assert fake(watching).suspected == [PHOTOS]
    assert watching.label.text() == ""


def test_what_was_turned_off_stays_off(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """At the next start, until it is turned on: then all is looked through."""
    window = open_window(begin=False)
    flow = watch(window, is_on=False)
    window.begin()
    qtbot.waitUntil(lambda: window.is_settled)
    assert fake(flow).is_paused
    assert fake(flow).suspected == []
    assert not window.menus.watch_folders.isChecked()
    window.menus.watch_folders.trigger()
    assert fake(flow).suspected == [PHOTOS]


def test_the_users_own_sync_goes_on_when_it_is_turned_off(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """And a quiet one that waits its turn does not begin."""
    window, watching = flow
    engine.syncing.clear()
    window.indexing.index_one(SPRING)
    fake(watching).changed((PHOTOS,))
    qtbot.waitUntil(lambda: bool(window.sync_queue._waiting))
    window.menus.watch_folders.trigger()
    with qtbot.waitSignal(window.sync_queue.cancelled):
        engine.syncing.set()
    assert window.progress.close_button.isVisible()  # the panel tells what came of the first
    window.menus.watch_folders.trigger()
    assert fake(watching).suspected[-1:] == [PHOTOS]


def test_another_program_that_indexes_is_waited_for(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """Without a message: the folders are looked through again when some time has passed."""
    window, watching = flow
    fake(watching).suspected.clear()
    engine.sync_error = CatalogueBusy(Path("/data"))
    with qtbot.waitSignal(window.sync_queue.failed):
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "Waiting for another Fashion Finder that is indexing"
    assert window.messages.messages == ()
    qtbot.waitUntil(lambda: fake(watching).suspected == [PHOTOS])
    engine.sync_error = None
    with qtbot.waitSignal(window.sync_queue.finished):
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == ""


def test_only_failures_that_somebody_can_mend_are_told(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """A drive that was unplugged is no news; a full disk is."""
    window, watching = flow
    engine.sync_error = FolderUnavailable(PHOTOS)
    with qtbot.waitSignal(window.sync_queue.failed):
        fake(watching).changed((PHOTOS,))
    assert window.messages.bar(FAILURE) is None
    engine.sync_error = CatalogueUnwritable(Path("/data"), "disk is full")
    with qtbot.waitSignal(window.sync_queue.failed):
        fake(watching).changed((PHOTOS,))
    assert window.messages.bar(FAILURE) is not None


def test_a_data_folder_that_can_only_be_read_is_no_failure(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """The status bar says why nothing is followed; whoever indexes by hand is told."""
    window, watching = flow
    engine.sync_error = CatalogueReadOnly(Path("/data"))
    with qtbot.waitSignal(window.sync_queue.failed):
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "The data folder can only be read"
    assert window.messages.messages == ()
    with qtbot.waitSignal(window.sync_queue.failed):
        window.indexing.index_one(PHOTOS)
    assert window.messages.bar(FAILURE) is not None


def test_a_folder_is_followed_while_it_is_indexed_first(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[MainWindow, WatchController]
) -> None:
    """What is copied into it after its files were listed is not missed."""
    window, watching = flow
    engine.syncing.clear()
    window.indexing.index_one(SPRING)
    qtbot.waitUntil(lambda: engine.synced == [(SPRING,)])
    assert fake(watching).followed == [PHOTOS, SPRING]
    fake(watching).changed((SPRING,))
    engine.syncing.set()
    qtbot.waitUntil(lambda: engine.synced == [(SPRING,), (SPRING,)])
    assert engine.known_only == [False, True]


@pytest.mark.skipif(sys.platform != "linux", reason="events differ between systems")
def test_what_is_indexed_before_the_window_knows_what_there_is_is_followed(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """A folder under way is unfinished by itself: nobody has stopped its sync."""
    engine.folders = ()
    engine.summary = UNCHANGED
    window = open_window(begin=False)
    flow = watch(window)
    window.sync_queue.add(SyncJob((SPRING,)))
    engine.folders = (folder_status(SPRING, unfinished=True),)
    assert window.sync_queue.is_running
    flow._follow(Status(engine.folders, 0, (), MODEL))
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    with qtbot.waitSignal(window.sync_queue.started):
        fake(flow).changed((SPRING,))
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    flow.stop()


def test_a_photo_that_is_copied_into_a_folder_is_indexed(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, tmp_path: Path
) -> None:
    """With the real watcher, and nothing of it on the GUI thread."""
    pace = Pace(quiet=0.05, most=1.0, rescan=1000.0, look=0.05)
    engine.folders = (folder_status(tmp_path),)
    engine.summary = UNCHANGED
    window = open_window(begin=False)
    flow = watch(window, lambda changed: Watcher(changed, paces=(pace, pace)))
    try:
        with watched() as caught:
            with qtbot.waitSignal(window.sync_queue.finished):  # the look at the start
                window.begin()
            engine.summary = SyncSummary(found=104, added=1)
            watcher = flow._watcher
            assert isinstance(watcher, Watcher)
            qtbot.waitUntil(lambda: watcher._followed.keys() == {tmp_path})
            window.menus.watch_folders.trigger()
            window.menus.watch_folders.trigger()
        assert not caught, "\n".join(caught)
        with qtbot.waitSignal(window.sync_queue.finished):
            (tmp_path / "new.jpg").write_bytes(b"\xff\xd8")
        assert set(engine.synced) == {(tmp_path,)}
        assert flow.label.text() == f"“{tmp_path.name}”: 1 new"
        assert not engine.is_on_gui_thread
    finally:
        flow.stop()
