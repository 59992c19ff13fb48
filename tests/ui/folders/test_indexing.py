"""Indexing behind the window: progress, pause, cancel, queue, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    PictureFile,
    SkippedFile,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.errors import CatalogueUnwritable, FolderUnavailable
from fashion_finder.ui.folders.indexing_controller import FAILURE, OFFER, QUEUED, UNFINISHED
from fashion_finder.ui.folders.skipped_dialog import SkippedDialog
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import SAMPLE, FakeEngine, answer, folder_status, matches

SPRING, SUMMER = Path("/photos/spring"), Path("/photos/summer")


def reading(done: int = 1204, *, paused: bool = False, skipped: int = 0) -> SyncProgress:
    """A report in the middle of a sync."""
    return SyncProgress(
        SyncPhase.READING, SPRING, 9850, done, 9850, skipped, 67.3, 128.0, paused=paused
    )


def hold(engine: FakeEngine, *reports: SyncProgress) -> None:
    """The next sync sends these reports and then stands until it is let go or cancelled."""
    engine.reports = reports
    engine.syncing.clear()


def test_progress_is_shown_in_full(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    """Folder, count, rate, time left, skipped files."""
    hold(engine, reading(skipped=12))
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    panel = window.progress
    assert panel.isVisible()
    assert panel.title.text() == "Indexing “spring”"
    assert panel.numbers.text() == "1,204 of 9,850  ·  67 pictures/s  ·  about 2 minutes left"
    assert panel.bar.value() == 1204
    assert panel.skipped_button.text() == "12 files skipped"


def test_scanning_shows_what_was_found(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Before the total is known the bar is empty; it does not move to and fro."""
    hold(engine, SyncProgress(SyncPhase.SCANNING, SPRING, 321, 0, 0, 0, 0.0, None))
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    assert window.progress.numbers.text() == "321 pictures found"
    assert (window.progress.bar.maximum(), window.progress.bar.value()) == (1, 0)


def test_searching_goes_on_meanwhile(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    """A question is answered while a sync stands in the middle."""
    hold(engine, reading())
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q.jpg"))
    assert window.sync_queue.is_running


def test_a_finished_sync_says_what_came_of_it(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Until it is closed."""
    engine.summary = SyncSummary(found=110, added=103, moved=4, skipped=3, seconds=2)
    with qtbot.waitSignals([window.indexing.ended, window.catalogue_status.changed]):
        window.indexing.index_one(SPRING)
    panel = window.progress
    assert panel.numbers.text() == "110 photos  ·  103 new  ·  4 moved"
    assert panel.skipped_button.text() == "3 files skipped"
    assert not panel.pause_button.isVisible()
    assert window.catalogue_label.text() == "206 photos in 2 folders"
    panel.close_button.click()
    assert not panel.isVisible()


def test_the_answer_follows_the_folders(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """When a sync ends the current question is asked again, and the new piece appears."""
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q.jpg"))
    engine.answer_to = lambda question: answer(question, matches(5, start=50))
    with qtbot.waitSignal(window.results.model.modelReset):
        window.indexing.index_one(SPRING)
    assert window.results.model.matches == matches(5, start=50)


def test_an_unchanged_answer_does_not_jump(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """The same matches are not drawn anew."""
    with qtbot.waitSignal(window.questions.answered):
        window.asking.ask_file(Path("/q.jpg"))
    with (
        qtbot.assertNotEmitted(window.results.model.modelReset),
        qtbot.waitSignal(window.questions.answered),
    ):
        window.indexing.index_one(SPRING)
    assert len(engine.asked) == 2


def test_pause_and_resume(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    """The button tells which of the two it does."""
    hold(engine, reading())
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    control = window.sync_queue._control
    assert control is not None
    button = window.progress.pause_button
    states = []
    for _ in range(2):
        button.click()
        states.append((control.is_paused, button.text()))
    assert states == [(True, "Resume"), (False, "Pause")]


def test_cancel_keeps_what_was_read_and_offers_to_go_on(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """One button continues."""
    hold(engine, reading())
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    with qtbot.waitSignal(window.sync_queue.cancelled):
        window.progress.cancel_button.click()
    bar = window.messages.bar(UNFINISHED)
    assert bar is not None
    engine.syncing.set()
    with qtbot.waitSignal(window.sync_queue.finished):
        bar.buttons[0].click()
    assert engine.synced == [(SPRING,), (SPRING,)]
    assert window.messages.bar(UNFINISHED) is None


def test_a_second_folder_waits_its_turn(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """And is not asked for twice."""
    hold(engine, reading())
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    window.indexing.index_one(SUMMER)
    window.indexing.index_one(SUMMER)
    assert window.messages.bar(QUEUED) is not None
    engine.syncing.set()
    qtbot.waitUntil(lambda: engine.synced == [(SPRING,), (SUMMER,)])
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert engine.synced == [(SPRING,), (SUMMER,)]


@pytest.mark.parametrize("error", [CatalogueUnwritable(Path("/data")), FolderUnavailable(SPRING)])
def test_a_failed_sync_says_what_to_do(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, error: CatalogueUnwritable
) -> None:
    """In a bar, with the place and the advice."""
    engine.sync_error = error
    with qtbot.waitSignal(window.sync_queue.failed):
        window.indexing.index_one(SPRING)
    (message,) = [one for one in window.messages.messages if one.key == FAILURE]
    assert message.title == error.title
    assert str(error.subject) in message.text
    assert error.advice in message.text
    assert not window.progress.isVisible()


def test_closing_during_indexing_cancels(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """The window goes at once; the sync stops at its next checkpoint; nothing queued begins."""
    window = open_window()
    hold(engine, reading())
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(SPRING)
    window.indexing.index_one(SUMMER)
    control = window.sync_queue._control
    assert control is not None
    window.close()
    assert control.is_cancelled
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    assert engine.synced == [(SPRING,)]


def test_the_next_start_offers_to_go_on(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """With one button."""
    engine.folders = (folder_status(SPRING, unfinished=True), folder_status(SUMMER))
    window = open_window()
    bar = window.messages.bar(UNFINISHED)
    assert bar is not None
    assert "spring" in bar.message.text
    with qtbot.waitSignal(window.sync_queue.finished):
        bar.buttons[0].click()
    assert engine.synced == [(SPRING,)]


def test_a_new_model_makes_what_is_in_reach_searchable_by_itself(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """Once, and without asking; a folder that is away waits."""
    old = replace(folder_status(SPRING), outdated=7)
    away = replace(folder_status(SUMMER), outdated=7, available=False)
    engine.folders = (old, away)
    window = open_window()
    qtbot.waitUntil(lambda: engine.synced == [(SPRING,)])
    qtbot.waitUntil(lambda: not window.sync_queue.is_running)
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    assert window.messages.bar(UNFINISHED) is None
    assert engine.synced == [(SPRING,)]


def test_a_dropped_folder_is_indexed_when_the_user_agrees(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """Never without asking."""
    window.indexing.offer([SPRING])
    assert engine.synced == []
    bar = window.messages.bar(OFFER)
    assert bar is not None
    with qtbot.waitSignal(window.sync_queue.finished):
        bar.buttons[0].click()
    assert engine.synced == [(SPRING,)]


def test_recent_folders_are_updated_from_the_menu(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """The newest stands first."""
    with qtbot.waitSignals([window.indexing.ended, window.catalogue_status.changed]):
        window.indexing.index_one(SPRING)
    entries = window.menus.recent.actions()
    assert [entry.text() for entry in entries] == ["/photos/spring", "/photos"]
    with qtbot.waitSignal(window.sync_queue.finished):
        entries[0].trigger()
    assert engine.synced == [(SPRING,), (SPRING,)]
    with qtbot.waitSignal(window.sync_queue.finished):
        window.menus.update_folders.trigger()
    assert engine.synced[-1] == ()


def test_skipped_files_are_listed_with_their_reasons(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """And can be copied."""
    engine.skipped = (
        SkippedFile(SPRING / "a.jpg", "This picture cannot be read"),
        SkippedFile(SPRING / "<b>.jpg", "This picture is too large"),
    )
    window.menus.show_skipped.trigger()
    qtbot.waitUntil(lambda: window.findChild(SkippedDialog) is not None)
    dialog = window.findChild(SkippedDialog)
    assert isinstance(dialog, SkippedDialog)
    assert dialog.list.topLevelItemCount() == 2
    dialog.copy()
    assert QGuiApplication.clipboard().text() == (
        "/photos/spring/a.jpg\tThis picture cannot be read\n"
        "/photos/spring/<b>.jpg\tThis picture is too large"
    )
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_sample_wardrobe_ends_in_an_answer(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """One click from the first start: drawn, indexed, asked."""
    engine.folders = ()
    window = open_window()
    (index, sample) = window.start.choices
    assert index.text() == "Index a Folder…"
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        sample.click()
    assert engine.synced == [(SAMPLE[0],)]
    assert engine.asked == [PictureFile(SAMPLE[1])]


def test_a_question_before_the_first_photo_is_answered_later(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """Told that nothing is indexed yet, then answered without being asked again."""
    engine.folders = ()
    window = open_window()
    hold(engine)
    window.indexing.index_one(SPRING)
    with qtbot.waitSignal(window.questions.failed):
        window.asking.ask_file(Path("/q.jpg"))
    assert window.results.answers.currentWidget() is window.results.failure
    engine.folders = (folder_status(SPRING),)  # the first photos are there
    with qtbot.waitSignal(window.questions.answered):
        window.sync_queue.progressed.emit(reading(32))
    assert window.sync_queue.is_running
    assert window.results.answers.currentWidget() is window.results.grid


def test_a_question_waits_for_the_engine_to_open(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    """It is shown as asked at once, and answered when it can be."""
    engine.finding.clear()
    window = open_window(begin=False)
    window.begin(Path("/q/first.jpg"))
    assert window.pages.currentWidget() is window.results
    assert window.results.question.name.text() == "first.jpg"
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        engine.finding.set()
