"""Indexing behind the window: progress, pause, cancel, queue, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    LeftOut,
    NotRead,
    PictureFile,
    SkippedFile,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.errors import CatalogueUnwritable, FolderUnavailable
from fashion_finder.ui.folders.indexing_controller import FAILURE, OFFER, QUEUED, UNFINISHED
from fashion_finder.ui.folders.skipped_dialog import SkippedDialog
from tests.ui.conftest import OpenPage
from tests.ui.fakes import SAMPLE, FakeEngine, answer, folder_status, matches, thumbnail
from tests.ui.window_page import WindowPage

SPRING, SUMMER = Path("/photos/spring"), Path("/photos/summer")
RAWS = NotRead(SPRING, "RAW", 200), NotRead(SUMMER, "RAW", 14)
LEFT_OUT = LeftOut(
    (*RAWS, NotRead(SUMMER, "video", 2)),
    (
        SkippedFile(SPRING / "@eaDir", "A system folder: thumbnails of a Synology NAS"),
        SkippedFile(SUMMER / "@eaDir", "A system folder: thumbnails of a Synology NAS"),
        SkippedFile(SUMMER / "#recycle", "A system folder: deleted files of a NAS"),
    ),
)


def reading(done: int = 1204, *, paused: bool = False, skipped: int = 0) -> SyncProgress:
    """A report in the middle of a sync."""
    return SyncProgress(
        SyncPhase.READING, SPRING, 9850, done, 9850, skipped, 67.3, 128.0, paused=paused
    )


def hold(engine: FakeEngine, *reports: SyncProgress) -> None:
    """The next sync sends these reports and then stands until it is let go or cancelled."""
    engine.reports = reports
    engine.syncing.clear()


def test_progress_is_shown_in_full(engine: FakeEngine, page: WindowPage) -> None:
    """Folder, count, rate, time left, skipped files."""
    hold(engine, reading(skipped=12))
    with page.progressed():
        page.begin_indexing(SPRING)
    panel = page.progress
    assert panel.isVisible()
    assert panel.title.text() == "Indexing “spring”"
    assert panel.numbers.text() == "1,204 of 9,850  ·  67 pictures/s  ·  about 2 minutes left"
    assert panel.bar.value() == 1204
    assert panel.skipped_button.text() == "12 files skipped"


def test_scanning_shows_what_was_found(engine: FakeEngine, page: WindowPage) -> None:
    """Before the total is known the bar is empty; it does not move to and fro."""
    hold(engine, SyncProgress(SyncPhase.SCANNING, SPRING, 321, 0, 0, 0, 0.0, None))
    with page.progressed():
        page.begin_indexing(SPRING)
    assert page.progress.numbers.text() == "321 pictures found"
    assert (page.progress.bar.maximum(), page.progress.bar.value()) == (1, 0)


def test_searching_goes_on_meanwhile(engine: FakeEngine, page: WindowPage) -> None:
    """A question is answered while a sync stands in the middle."""
    hold(engine, reading())
    with page.progressed():
        page.begin_indexing(SPRING)
    page.ask()
    assert page.is_indexing


def test_a_finished_sync_says_what_came_of_it(engine: FakeEngine, page: WindowPage) -> None:
    """Until it is closed."""
    engine.summary = SyncSummary(found=110, added=103, moved=4, skipped=3, seconds=2)
    with page.indexing_ended():
        page.begin_indexing(SPRING)
    panel = page.progress
    assert panel.numbers.text() == "110 photos  ·  103 new  ·  4 moved"
    assert panel.skipped_button.text() == "3 files skipped"
    assert not panel.pause_button.isVisible()
    assert page.contents == "206 photos in 2 folders"
    panel.close_button.click()
    assert not panel.isVisible()


def test_the_answer_follows_the_folders(qtbot: QtBot, engine: FakeEngine, page: WindowPage) -> None:
    """When a sync ends the current question is asked again, and the new piece appears."""
    page.ask()
    engine.answer_to = lambda question: answer(question, matches(5, start=50))
    with qtbot.waitSignal(page.results.model.modelReset):
        page.begin_indexing(SPRING)
    assert page.answers == matches(5, start=50)


def test_an_unchanged_answer_does_not_jump(
    qtbot: QtBot, engine: FakeEngine, page: WindowPage
) -> None:
    """The same matches are not drawn anew."""
    page.ask()
    with (
        qtbot.assertNotEmitted(page.results.model.modelReset),
        page.answered(),
    ):
        page.begin_indexing(SPRING)
    assert len(engine.asked) == 2


def test_a_missing_picture_is_tried_again_after_a_sync(
    engine: FakeEngine, page: WindowPage
) -> None:
    """Its drive may be back, or its file mended."""
    engine.thumbnail_of = lambda content: None
    page.ask()
    page.until(lambda: all(map(page.window.loader.is_missing, page.answers)))
    engine.thumbnail_of = thumbnail
    with page.indexing_ended():
        page.begin_indexing(SPRING)
    page.grid.viewport().update()
    page.until(lambda: page.grid.all_painted)


def test_pause_and_resume(engine: FakeEngine, page: WindowPage) -> None:
    """The button tells which of the two it does."""
    hold(engine, reading())
    with page.progressed():
        page.begin_indexing(SPRING)
    control = page.window.sync_queue._control
    assert control is not None
    button = page.progress.pause_button
    states = []
    for _ in range(2):
        button.click()
        states.append((control.is_paused, button.text()))
    assert states == [(True, "Resume"), (False, "Pause")]


def test_cancel_keeps_what_was_read_and_offers_to_go_on(
    engine: FakeEngine, page: WindowPage
) -> None:
    """One button continues."""
    hold(engine, reading())
    with page.progressed():
        page.begin_indexing(SPRING)
    with page.cancelled():
        page.progress.cancel_button.click()
    engine.syncing.set()
    with page.indexed():
        page.press(UNFINISHED)
    assert engine.synced == [(SPRING,), (SPRING,)]
    assert UNFINISHED not in page.messages


def test_a_second_folder_waits_its_turn(engine: FakeEngine, page: WindowPage) -> None:
    """And is not asked for twice."""
    hold(engine, reading())
    with page.progressed():
        page.begin_indexing(SPRING)
    page.begin_indexing(SUMMER)
    page.begin_indexing(SUMMER)
    assert QUEUED in page.messages
    engine.syncing.set()
    page.until(lambda: engine.synced == [(SPRING,), (SUMMER,)])
    page.until_idle()
    assert engine.synced == [(SPRING,), (SUMMER,)]


@pytest.mark.parametrize("error", [CatalogueUnwritable(Path("/data")), FolderUnavailable(SPRING)])
def test_a_failed_sync_says_what_to_do(
    engine: FakeEngine, page: WindowPage, error: CatalogueUnwritable
) -> None:
    """In a bar, with the place and the advice."""
    engine.sync_error = error
    with page.indexing_failed():
        page.begin_indexing(SPRING)
    (message,) = [one for one in page.window.messages.messages if one.key == FAILURE]
    assert message.title == error.title
    assert str(error.subject) in message.text
    assert error.advice in message.text
    assert not page.progress.isVisible()


def test_closing_during_indexing_cancels(engine: FakeEngine, open_page: OpenPage) -> None:
    """The window goes at once; the sync stops at its next checkpoint; nothing queued begins."""
    page = open_page()
    hold(engine, reading())
    with page.progressed():
        page.begin_indexing(SPRING)
    page.begin_indexing(SUMMER)
    control = page.window.sync_queue._control
    assert control is not None
    page.window.close()
    assert control.is_cancelled
    page.until_idle()
    assert engine.synced == [(SPRING,)]


def test_the_next_start_offers_to_go_on(engine: FakeEngine, open_page: OpenPage) -> None:
    """With one button, for the folders that are connected."""
    offline = replace(folder_status(SUMMER, unfinished=True), available=False)
    engine.folders = (folder_status(SPRING, unfinished=True), offline)
    page = open_page()
    _, text = page.message(UNFINISHED)
    assert "spring" in text and "summer" not in text
    with page.indexed():
        page.press(UNFINISHED)
    assert engine.synced == [(SPRING,)]


def test_an_offer_that_was_closed_is_not_made_again(
    engine: FakeEngine, open_page: OpenPage
) -> None:
    """The user has decided; the menu can still do it."""
    engine.folders = (folder_status(SPRING, unfinished=True),)
    page = open_page()
    page.message_bar(UNFINISHED).close_button.click()
    page.refresh_status()
    assert UNFINISHED not in page.messages


def test_a_new_model_makes_what_is_in_reach_searchable_by_itself(
    engine: FakeEngine, open_page: OpenPage
) -> None:
    """Once, and without asking; a folder that is away waits."""
    old = replace(folder_status(SPRING), outdated=7)
    away = replace(folder_status(SUMMER), outdated=7, available=False)
    engine.folders = (old, away)
    page = open_page()
    page.until(lambda: engine.synced == [(SPRING,)])
    page.until_idle()
    page.refresh_status()
    assert UNFINISHED not in page.messages
    assert engine.synced == [(SPRING,)]


def test_a_dropped_folder_is_indexed_when_the_user_agrees(
    engine: FakeEngine, page: WindowPage
) -> None:
    """Never without asking."""
    page.offer_folders(SPRING)
    assert engine.synced == []
    with page.indexed():
        page.press(OFFER)
    assert engine.synced == [(SPRING,)]


def test_recent_folders_are_updated_from_the_menu(engine: FakeEngine, page: WindowPage) -> None:
    """The newest stands first."""
    with page.indexing_ended():
        page.begin_indexing(SPRING)
    entries = page.menus.recent.actions()
    assert [entry.text() for entry in entries] == ["/photos/spring", "/photos"]
    with page.indexed():
        entries[0].trigger()
    assert engine.synced == [(SPRING,), (SPRING,)]
    with page.indexed():
        page.menus.update_folders.trigger()
    assert engine.synced[-1] == ()


@pytest.mark.parametrize("way", ["the menu", "the progress panel"])
def test_skipped_files_are_listed_with_their_reasons(
    engine: FakeEngine, page: WindowPage, way: str
) -> None:
    """And can be copied."""
    engine.skipped = (
        SkippedFile(SPRING / "a.jpg", "This picture cannot be read"),
        SkippedFile(SPRING / "<b>.jpg", "This picture is too large"),
    )
    if way == "the menu":
        page.menus.show_skipped.trigger()
    else:
        engine.summary = SyncSummary(found=2, skipped=2)
        with page.indexing_ended():
            page.begin_indexing(SPRING)
        page.progress.skipped_button.click()
    page.until(lambda: page.window.findChild(SkippedDialog) is not None)
    dialog = page.window.findChild(SkippedDialog)
    assert isinstance(dialog, SkippedDialog)
    assert dialog.list.topLevelItemCount() == 2
    dialog.copy()
    assert QGuiApplication.clipboard().text() == (
        "/photos/spring/a.jpg\tThis picture cannot be read\n"
        "/photos/spring/<b>.jpg\tThis picture is too large"
    )
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("chosen", [(0, 1), (1,)])
def test_skipped_files_can_be_read_again(
    engine: FakeEngine, page: WindowPage, chosen: tuple[int, ...]
) -> None:
    """All that are listed, or those that are selected."""
    paths = (SPRING / "a.jpg", SPRING / "b.jpg")
    engine.skipped = tuple(SkippedFile(path, "This picture cannot be read") for path in paths)
    page.menus.show_skipped.trigger()
    page.until(lambda: page.window.findChild(SkippedDialog) is not None)
    dialog = page.window.findChild(SkippedDialog)
    assert isinstance(dialog, SkippedDialog)
    if len(chosen) == 1:
        dialog.list.setCurrentIndex(dialog.list.model().index(chosen[0], 0))
    (button,) = (
        button for button in dialog.findChildren(QPushButton) if button.text() == "Read Again"
    )
    with page.indexed():
        button.click()
    assert engine.read_anew == [tuple(paths[row] for row in chosen)]


def test_a_folder_can_be_read_again(engine: FakeEngine, page: WindowPage) -> None:
    """From the menu; it can be stopped and continued like any indexing."""
    hold(engine)
    page.menus.read_again.actions()[0].trigger()
    page.until(page.progress.isVisible)
    assert page.progress.title.text() == "Reading “photos” again"
    with page.indexing_ended():
        page.progress.cancel_button.click()
    engine.syncing.set()
    with page.indexed():
        page.press(UNFINISHED)
    assert engine.read_anew == [(Path("/photos"),)] * 2
    assert engine.synced == []


@pytest.mark.parametrize("place", ["tile", "preview"])
def test_a_match_can_be_read_again(engine: FakeEngine, page: WindowPage, place: str) -> None:
    """From its menu, or from the large preview."""
    with page.painted():
        page.begin_question()
    match = page.results.model.matches[1]
    with page.indexed():
        if place == "tile":
            menu = page.results.grid.menu_for((match,))
            (action,) = (one for one in menu.actions() if one.text() == "Read &Again")
            action.trigger()
        else:
            page.results.preview.show_match(match)
            page.results.preview.sheet.read_again_requested.emit()
    assert engine.read_anew == [(match.path,)]


def test_what_was_left_out_is_listed_by_kind(engine: FakeEngine, page: WindowPage) -> None:
    """After files and folders that could not be read; it may be thousands."""
    engine.skipped = (SkippedFile(SPRING / "torn.jpg", "This picture cannot be read"),)
    engine.unlisted = (SkippedFile(SPRING / "shut", "It can't be opened right now"),)
    engine.left_out = LEFT_OUT
    page.menus.show_skipped.trigger()
    page.until(lambda: page.window.findChild(SkippedDialog) is not None)
    dialog = page.window.findChild(SkippedDialog)
    assert isinstance(dialog, SkippedDialog)
    rows = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    assert [tuple(row.text(column) for column in range(3)) for row in rows if row] == [
        ("shut", "It can't be opened right now", "/photos/spring"),
        ("torn.jpg", "This picture cannot be read", "/photos/spring"),
        ("214 RAW files", "Not read: index their JPEGs", "/photos"),
        ("2 videos", "Not read", "/photos/summer"),
        ("@eaDir  (2 folders)", "A system folder: thumbnails of a Synology NAS", "/photos"),
        ("#recycle", "A system folder: deleted files of a NAS", "/photos/summer"),
    ]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("left_out", [LEFT_OUT, LeftOut(RAWS)])
def test_a_sync_says_what_it_left_out(
    engine: FakeEngine, page: WindowPage, left_out: LeftOut
) -> None:
    """And the button leads there although no file was skipped."""
    engine.summary = SyncSummary(found=9, added=9, left_out=left_out)
    with page.indexing_ended():
        page.begin_indexing(SPRING)
    told = (
        "9 photos  ·  9 new  ·  216 files not read  ·  3 system folders left out"
        if left_out is LEFT_OUT
        else "9 photos  ·  9 new  ·  214 RAW files not read"
    )
    assert page.progress.numbers.text() == told
    assert page.progress.skipped_button.isVisible()
    assert page.progress.skipped_button.text() == "What Was Left Out"


def test_a_folder_of_raw_files_alone_says_so(engine: FakeEngine, open_page: OpenPage) -> None:
    """In place of the invitation to index a folder, which has been done; it says what to do."""
    engine.folders = (folder_status(SPRING, 0),)
    engine.left_out = LEFT_OUT
    page = open_page()
    assert page.start.accessibleName() == "No photos to search yet"
    assert page.start.accessibleDescription() == (
        "214 RAW files are not read: index their JPEGs.\n2 videos are not read."
        "\n3 system folders left out."
    )
    page.start.choices[1].click()
    page.until(lambda: page.window.findChild(SkippedDialog) is not None)
    dialog = page.window.findChild(SkippedDialog)
    assert isinstance(dialog, SkippedDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_sample_wardrobe_ends_in_an_answer(engine: FakeEngine, open_page: OpenPage) -> None:
    """One click from the first start: copied, indexed, asked."""
    engine.folders = ()
    page = open_page()
    (index, sample) = page.start.choices
    assert index.text() == "Index a Folder…"
    with page.painted():
        sample.click()
    assert engine.synced == [(SAMPLE[0],)]
    assert engine.asked == [PictureFile(SAMPLE[1])]


def test_a_question_before_the_first_photo_is_answered_later(
    engine: FakeEngine, open_page: OpenPage
) -> None:
    """Told that nothing is indexed yet, then answered without being asked again."""
    engine.folders = ()
    page = open_page()
    hold(engine)
    page.begin_indexing(SPRING)
    with page.question_failed():
        page.begin_question()
    assert not page.has_answer
    engine.folders = (folder_status(SPRING),)  # the first photos are there
    with page.answered():
        page.report_progress(reading(32))
    assert page.is_indexing
    assert page.has_answer


def test_a_question_waits_for_the_engine_to_open(engine: FakeEngine, open_page: OpenPage) -> None:
    """It is shown as asked at once, and answered when it can be."""
    engine.finding.clear()
    page = open_page(begin=False)
    page.window.begin(Path("/q/first.jpg"))
    assert page.shown == "results"
    assert page.question_name == "first.jpg"
    with page.painted():
        engine.finding.set()
