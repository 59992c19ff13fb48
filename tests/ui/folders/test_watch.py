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
from fashion_finder.indexing.watch import Pace, Watcher
from fashion_finder.ui.folders.indexing_controller import FAILURE, MANY, UNFINISHED
from fashion_finder.ui.folders.watch_controller import MakeWatcher, WatchController
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.sync_queue import SyncJob
from tests.ui.conftest import OpenPage
from tests.ui.fakes import MODEL, FakeEngine, answer, folder_status, matches
from tests.ui.gui_thread_guard import watched
from tests.ui.window_page import WindowPage

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
def flow(engine: FakeEngine, open_page: OpenPage) -> Iterator[tuple[WindowPage, WatchController]]:
    """A window that watches one indexed folder; a sync finds nothing new."""
    engine.summary = UNCHANGED
    page = open_page(begin=False)
    flow = watch(page.window)
    page.window.begin()
    page.until(lambda: page.window.is_settled)
    yield page, flow
    flow.stop()


def test_what_changed_while_no_window_was_open_is_looked_for(
    engine: FakeEngine, open_page: OpenPage
) -> None:
    """Once; not what was left unfinished, is out of reach, or is made anew by itself anyway."""
    engine.folders = (
        folder_status(PHOTOS),
        folder_status(SPRING, unfinished=True),
        replace(folder_status(SUMMER), available=False),
    )
    page = open_page(begin=False)
    flow = watch(page.window)
    page.window.begin()
    page.until(lambda: page.window.is_settled)
    assert fake(flow).is_running
    assert fake(flow).followed == [PHOTOS, SPRING, SUMMER]
    assert fake(flow).suspected == [PHOTOS]
    page.refresh_status()
    assert fake(flow).suspected == [PHOTOS]


def test_a_change_is_synced_and_told_in_the_status_bar_only(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """No panel, no message; the counts and the answer follow."""
    page, watching = flow
    page.ask()
    engine.summary = SyncSummary(found=105, added=3, forgotten=1, unchanged=102)
    with (
        page.answered(),
        page.status_changed(),
    ):
        fake(watching).changed((PHOTOS,))
    assert (engine.synced, engine.known_only) == ([(PHOTOS,)], [True])
    assert watching.label.text() == "“photos”: 3 new  ·  1 removed"
    assert watching.label.isVisible()
    assert not page.progress.isVisible()
    assert page.messages == ()


def test_a_look_that_finds_nothing_disturbs_nothing(
    qtbot: QtBot, engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """The answer is not asked for again, and the status bar keeps what it told before."""
    page, watching = flow
    engine.summary = SyncSummary(found=105, added=2)
    with qtbot.waitSignal(page.window.indexing.ended):
        fake(watching).changed((PHOTOS,))
    engine.summary = UNCHANGED
    with (
        qtbot.assertNotEmitted(page.window.indexing.ended),
        qtbot.waitSignal(page.window.indexing.checked),
    ):
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "“photos”: 2 new"


def test_a_drive_that_is_back_before_anything_was_told_loses_its_badges(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """The status never said offline, so that only the answer on the page can show it."""
    page, watching = flow
    away = tuple(replace(match, offline=True) for match in matches())
    engine.answer_to = lambda question: answer(question, away)
    page.ask()
    engine.answer_to = lambda question: answer(question, matches())
    engine.summary = UNCHANGED
    with page.answered():
        fake(watching).changed((PHOTOS,))
    assert not any(match.offline for match in page.answers)


def test_meanwhile_it_says_where_it_looks(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """And what changes again is looked for afterwards, once."""
    page, watching = flow
    engine.syncing.clear()
    fake(watching).changed((PHOTOS, SPRING))
    page.until(lambda: watching.label.text() == "Scanning 2 folders…")
    fake(watching).changed((PHOTOS,))
    fake(watching).changed((PHOTOS,))
    assert page.messages == ()
    engine.syncing.set()
    page.until_idle()
    assert engine.synced == [(PHOTOS, SPRING), (PHOTOS,)]


def test_stopping_to_read_a_file_again_leaves_no_folder_alone(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """Nor is the file watched: only folders are."""
    page, watching = flow
    engine.syncing.clear()
    page.window.indexing.read_again((PHOTOS / "a.jpg",))
    with page.cancelled():
        page.progress.cancel_button.click()
    engine.syncing.set()
    assert fake(watching).followed == [PHOTOS]
    with page.indexed():
        fake(watching).changed((PHOTOS,))
    assert engine.synced == [(PHOTOS,)]


def test_much_work_is_shown_and_can_be_stopped(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """What was stopped is left alone until the user goes on with it."""
    page, watching = flow
    engine.reports = (
        SyncProgress(SyncPhase.READING, PHOTOS, MANY, 1, MANY, 0, 60.0, 5.0),
        SyncProgress(SyncPhase.READING, PHOTOS, MANY, 0, MANY, 0, 60.0, 5.0),
    )
    engine.syncing.clear()
    fake(watching).changed((PHOTOS,))
    page.until(page.progress.isVisible)
    with page.cancelled():
        page.progress.cancel_button.click()
    fake(watching).changed((PHOTOS,))
    engine.syncing.set()
    with page.indexed():
        page.press(UNFINISHED)
    assert engine.synced == [(PHOTOS,), (PHOTOS,)]
    with page.indexed():
        fake(watching).changed((PHOTOS,))
    assert len(engine.synced) == 3


def test_much_work_ends_as_quietly_as_it_began(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """Nobody has to close the panel that nobody opened; little work is not shown at all."""
    page, watching = flow
    shown = []
    page.window.sync_queue.progressed.connect(lambda: shown.append(page.progress.isVisible()))
    for total in (MANY - 1, MANY):
        engine.reports = (SyncProgress(SyncPhase.READING, PHOTOS, 500, 0, total, 0, 60.0, 5.0),)
        with page.indexed():
            fake(watching).changed((PHOTOS,))
    assert shown == [False, True]
    assert not page.progress.isVisible()


def test_it_can_be_turned_off_and_on(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """In the menu; a sync of its own stops, and is made up for."""
    page, watching = flow
    fake(watching).suspected.clear()
    engine.syncing.clear()
    fake(watching).changed((PHOTOS,))
    page.until(lambda: engine.synced == [(PHOTOS,)])
    with page.cancelled():
        page.menus.watch_folders.trigger()
    assert fake(watching).is_paused
    assert not watching.is_on
    assert watching.label.text() == "Folders are not kept up to date"
    assert page.messages == ()
    page.menus.watch_folders.trigger()
    assert not fake(watching).is_paused
    assert fake(watching).suspected == [PHOTOS]
    assert watching.label.text() == ""


def test_what_was_turned_off_stays_off(engine: FakeEngine, open_page: OpenPage) -> None:
    """At the next start, until it is turned on: then all is looked through."""
    page = open_page(begin=False)
    flow = watch(page.window, is_on=False)
    page.window.begin()
    page.until(lambda: page.window.is_settled)
    assert fake(flow).is_paused
    assert fake(flow).suspected == []
    assert not page.menus.watch_folders.isChecked()
    page.menus.watch_folders.trigger()
    assert fake(flow).suspected == [PHOTOS]


def test_the_users_own_sync_goes_on_when_it_is_turned_off(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """And a quiet one that waits its turn does not begin."""
    page, watching = flow
    engine.syncing.clear()
    page.begin_indexing(SPRING)
    fake(watching).changed((PHOTOS,))
    page.until(lambda: bool(page.window.sync_queue._waiting))
    page.menus.watch_folders.trigger()
    with page.cancelled():
        engine.syncing.set()
    assert page.progress.close_button.isVisible()  # the panel tells what came of the first
    page.menus.watch_folders.trigger()
    assert fake(watching).suspected[-1:] == [PHOTOS]


def test_another_program_that_indexes_is_waited_for(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """Without a message: the folders are looked through again when some time has passed."""
    page, watching = flow
    fake(watching).suspected.clear()
    engine.sync_error = CatalogueBusy(Path("/data"))
    with page.indexing_failed():
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "Waiting for another Fashion Finder to finish indexing"
    assert page.messages == ()
    page.until(lambda: fake(watching).suspected == [PHOTOS])
    engine.sync_error = None
    with page.indexed():
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == ""


def test_only_failures_that_somebody_can_mend_are_told(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """A drive that was unplugged is no news; a full disk is."""
    page, watching = flow
    engine.sync_error = FolderUnavailable(PHOTOS)
    with page.indexing_failed():
        fake(watching).changed((PHOTOS,))
    assert FAILURE not in page.messages
    engine.sync_error = CatalogueUnwritable(Path("/data"), "disk is full")
    with page.indexing_failed():
        fake(watching).changed((PHOTOS,))
    assert FAILURE in page.messages


def test_a_data_folder_that_can_only_be_read_is_no_failure(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """The status bar says why nothing is followed; whoever indexes by hand is told."""
    page, watching = flow
    engine.sync_error = CatalogueReadOnly(Path("/data"))
    with page.indexing_failed():
        fake(watching).changed((PHOTOS,))
    assert watching.label.text() == "The data folder is read-only"
    assert page.messages == ()
    with page.indexing_failed():
        page.begin_indexing(PHOTOS)
    assert FAILURE in page.messages


def test_a_folder_is_followed_while_it_is_indexed_first(
    engine: FakeEngine, flow: tuple[WindowPage, WatchController]
) -> None:
    """What is copied into it after its files were listed is not missed."""
    page, watching = flow
    engine.syncing.clear()
    page.begin_indexing(SPRING)
    page.until(lambda: engine.synced == [(SPRING,)])
    assert fake(watching).followed == [PHOTOS, SPRING]
    fake(watching).changed((SPRING,))
    engine.syncing.set()
    page.until(lambda: engine.synced == [(SPRING,), (SPRING,)])
    assert engine.known_only == [False, True]


@pytest.mark.skipif(sys.platform != "linux", reason="events differ between systems")
def test_what_is_indexed_before_the_window_knows_what_there_is_is_followed(
    qtbot: QtBot, engine: FakeEngine, open_page: OpenPage
) -> None:
    """A folder under way is unfinished by itself: nobody has stopped its sync."""
    engine.folders = ()
    engine.summary = UNCHANGED
    page = open_page(begin=False)
    flow = watch(page.window)
    page.window.sync_queue.add(SyncJob((SPRING,)))
    engine.folders = (folder_status(SPRING, unfinished=True),)
    assert page.is_indexing
    flow._follow(Status(engine.folders, 0, (), MODEL))
    page.until_idle()
    with qtbot.waitSignal(page.window.sync_queue.started):
        fake(flow).changed((SPRING,))
    page.until_idle()
    flow.stop()


def test_a_photo_that_is_copied_into_a_folder_is_indexed(
    engine: FakeEngine, open_page: OpenPage, tmp_path: Path
) -> None:
    """With the real watcher, and nothing of it on the GUI thread."""
    pace = Pace(quiet=0.05, most=1.0, rescan=1000.0, look=0.05)
    engine.folders = (folder_status(tmp_path),)
    engine.summary = UNCHANGED
    page = open_page(begin=False)
    flow = watch(page.window, lambda changed: Watcher(changed, paces=(pace, pace)))
    try:
        with watched() as caught:
            with page.indexed():  # the look at the start
                page.window.begin()
            engine.summary = SyncSummary(found=104, added=1)
            watcher = flow._watcher
            assert isinstance(watcher, Watcher)
            page.until(lambda: watcher._followed.keys() == {tmp_path})
            page.menus.watch_folders.trigger()
            page.menus.watch_folders.trigger()
        assert not caught, "\n".join(caught)
        with page.indexed():
            (tmp_path / "new.jpg").write_bytes(b"\xff\xd8")
        assert set(engine.synced) == {(tmp_path,)}
        assert flow.label.text() == f"“{tmp_path.name}”: 1 new"
        assert not engine.is_on_gui_thread
    finally:
        flow.stop()
