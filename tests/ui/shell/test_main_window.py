"""The window as a person meets it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragLeaveEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fashion_finder.domain import (
    Answer,
    Closeness,
    ContentId,
    Match,
    PictureData,
    PictureFile,
    Question,
    Recognised,
)
from fashion_finder.errors import (
    CatalogueNewer,
    FinderError,
    ModelMissing,
    PictureMissing,
    PictureRefused,
    PictureUnreadable,
)
from fashion_finder.ui.pages import search_controller
from fashion_finder.ui.question.drop_input import Incoming, Offer, understand
from fashion_finder.ui.shell.help import AboutDialog, LicencesDialog
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.tasks import Tasks
from tests.ui.conftest import OpenPage
from tests.ui.fakes import FakeEngine, answer, encoded, folder_status, matches
from tests.ui.window_page import WindowPage, drag_into

QUESTION = Path("/q/question.jpg")


def file_mime(*paths: str) -> QMimeData:
    """What a file manager offers."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def ask(page: WindowPage) -> None:
    """Ask and wait until the answer is painted."""
    with page.painted():
        page.begin_question(QUESTION)


def test_the_first_start_explains_itself(engine: FakeEngine, open_page: OpenPage) -> None:
    """Two buttons: index a folder, or try the sample wardrobe."""
    engine.folders = ()
    page = open_page()
    assert page.shown == "start"
    texts = [button.text() for button in page.start.choices]
    assert texts == ["Index a Folder…", "Try the Sample Wardrobe"]


def test_with_photos_the_window_waits_for_a_picture(page: WindowPage) -> None:
    """Nothing to set up again."""
    assert page.shown == "start"
    assert page.start.accessibleName() == "Drop a picture here"
    assert page.contents == "103 photos in 1 folder"


def test_folders_out_of_reach_are_mentioned(engine: FakeEngine, open_page: OpenPage) -> None:
    """An unplugged drive is not an empty one."""
    engine.folders = (replace(folder_status(Path("/usb")), available=False),)
    assert "1 folder offline" in open_page().contents


@pytest.mark.parametrize("error", [CatalogueNewer(Path("/data/c")), ModelMissing(Path("/m.onnx"))])
def test_an_engine_that_does_not_open_says_why(
    engine: FakeEngine, open_page: OpenPage, error: FinderError
) -> None:
    """Title, file, what to do; no empty window and no box."""
    engine.status_error = error
    page = open_page()
    assert page.shown == "failure"
    assert page.failure.accessibleName() == error.title
    assert str(error.subject) in page.failure.accessibleDescription()


def test_a_dropped_picture_fills_the_grid(engine: FakeEngine, page: WindowPage) -> None:
    """The best match is drawn first."""
    with page.painted():
        assert page.drop(file_mime(str(QUESTION)))
    assert engine.asked == [PictureFile(QUESTION)]
    assert page.shown == "results"
    assert page.answers == matches()
    assert page.question_name == "question.jpg"
    assert page.results.scope.text() == "of 103 photos"


def test_the_whole_window_says_that_it_takes_a_drop(window: MainWindow) -> None:
    """While something is dragged over it, and not after it left."""
    mime = file_mime(str(QUESTION))
    assert drag_into(window, mime)
    assert window.overlay.isVisible()
    assert window.overlay.size() == window.size()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.overlay.isVisible()


def test_what_cannot_be_asked_is_not_welcomed(page: WindowPage) -> None:
    """A colour from a palette, say."""
    mime = QMimeData()
    mime.setColorData(QColor("red"))
    assert not page.drop(mime)


def test_pasted_data_is_asked_as_it_is(engine: FakeEngine, page: WindowPage) -> None:
    """The bytes are not touched."""
    data = encoded(kind="JPEG")
    mime = QMimeData()
    mime.setData("image/jpeg", QByteArray(data))
    QGuiApplication.clipboard().setMimeData(mime)
    with page.answered():
        page.menus.paste.trigger()
    assert engine.asked == [PictureData(data, "pasted picture")]


def test_pasted_pixels_are_asked(engine: FakeEngine, page: WindowPage) -> None:
    """A screenshot."""
    image = QImage(9, 9, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(image)
    with page.answered():
        page.menus.paste.trigger()
    (question,) = engine.asked
    assert isinstance(question, PictureData)
    assert QImage.fromData(question.data).pixelColor(4, 4) == QColor("teal")


def test_of_several_files_the_first_picture_is_asked(engine: FakeEngine, page: WindowPage) -> None:
    """And the window says so."""
    with page.answered():
        page.drop(file_mime("/q/notes.txt", "/q/a.jpg", "/q/b.jpg"))
    assert engine.asked == [PictureFile(Path("/q/a.jpg"))]
    (message,) = page.window.messages.messages
    assert message.text == "Searching with “a.jpg”. Drop one picture at a time."


def test_a_link_is_answered_with_what_to_do(engine: FakeEngine, page: WindowPage) -> None:
    """And asked for nowhere. The next question takes the advice away."""
    mime = QMimeData()
    mime.setUrls([QUrl("https://shop.example/dress")])
    page.drop(mime)
    page.until(lambda: len(page.messages) == 1)
    (message,) = page.window.messages.messages
    assert "Copy Image" in message.text
    assert engine.asked == []
    page.begin_question(QUESTION)
    assert page.messages == ()


def test_a_file_of_another_computer_is_refused_in_place(
    engine: FakeEngine, page: WindowPage
) -> None:
    """The file is not opened."""
    mime = QMimeData()
    mime.setUrls([QUrl("file://evil.example/share/dress.jpg")])
    page.drop(mime)
    page.until(lambda: page.results.state.accessibleName() == PictureRefused.title)
    assert engine.asked == []


def test_a_drop_is_answered_while_everything_else_waits(
    engine: FakeEngine, page: WindowPage
) -> None:
    """A search that takes long, or an engine that is still opening, does not delay the advice."""
    engine.finding.clear()
    page.begin_question(QUESTION)
    mime = QMimeData()
    mime.setHtml("<a " * 20_000)
    page.drop(mime)
    page.until(lambda: page.messages == ("advice",))
    assert page.search.is_waiting
    engine.finding.set()
    page.until_settled()


def test_what_is_asked_after_a_drop_wins(page: WindowPage) -> None:
    """However long it takes to understand what was dropped."""
    page.drop(file_mime("/q/dropped.jpg"))
    page.ask(Path("/q/later.jpg"))
    page.until_settled()
    assert page.question_name == "later.jpg"


def test_a_page_is_parsed_beside_the_window(
    page: WindowPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may be anything: it is never looked into on the GUI thread. The later drop wins."""
    threads: list[threading.Thread] = []

    def watched(offer: Offer, indexed: Iterable[Path], name: str) -> Incoming:
        threads.append(threading.current_thread())
        return understand(offer, indexed, name)

    monkeypatch.setattr(search_controller, "understand", watched)
    hostile = QMimeData()
    hostile.setHtml("<a " * 20_000)
    page.drop(hostile)
    with page.answered():
        page.drop(file_mime("/q/a.jpg"))
    assert len(threads) == 2
    assert threading.main_thread() not in threads
    assert page.messages == ()


def test_the_question_shows_itself_apart(engine: FakeEngine, page: WindowPage) -> None:
    """An indexed picture is named beside its five answers, with what was recognised."""
    own = Match(ContentId(7), Path("/photos/own.jpg"), 1.0, Closeness.SAME_PIECE, (Path("/c.jpg"),))
    words = (
        Recognised("type", "Tshirts", 0.9),
        Recognised("colour_name", "Off White", 0.8),
        Recognised("gender", "Men", 0.9),
    )
    engine.answer_to = lambda question: replace(answer(question), itself=own, recognised=words)
    ask(page)
    panel = page.results.question
    assert panel.itself.isVisible()
    assert panel.itself_path.text() == "/photos/own.jpg"
    assert panel.itself_copies.text() == "2 copies"
    assert panel.tags.text() == "T-shirts  ·  Off-white"
    engine.answer_to = answer
    page.ask(Path("/q/other.jpg"))
    assert not panel.itself.isVisible()


def test_the_window_says_when_nothing_is_close(engine: FakeEngine, page: WindowPage) -> None:
    """Honest: the nearest are shown, but not called similar."""
    far = tuple(replace(match, closeness=Closeness.DISSIMILAR) for match in matches())
    engine.answer_to = lambda question: answer(question, far)
    ask(page)
    assert page.results.far_banner.isVisible()
    assert page.results.heading.text() == "Closest"
    engine.answer_to = answer
    ask(page)
    assert not page.results.far_banner.isVisible()


def test_a_failure_is_shown_where_the_answer_would_be(engine: FakeEngine, page: WindowPage) -> None:
    """Title, file, advice; then the next question works."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(QUESTION, "truncated")

    engine.answer_to = fail
    with page.question_failed():
        page.begin_question(QUESTION)
    failure = page.results.state
    assert not page.has_answer
    assert failure.accessibleName() == "This picture cannot be read"
    assert str(QUESTION) in failure.accessibleDescription()
    assert QApplication.activeModalWidget() is None
    engine.answer_to = answer
    ask(page)
    assert page.has_answer


def test_a_result_whose_file_has_gone_is_reported(page: WindowPage) -> None:
    """In a bar, when it is opened; the answers stay."""
    ask(page)
    page.grid.open_requested.emit(matches()[0])
    page.until(lambda: "failure" in page.messages)
    assert page.message("failure")[0] == PictureMissing.title
    assert page.has_answer


def test_a_result_can_be_the_next_question(engine: FakeEngine, page: WindowPage) -> None:
    """Search With This Picture."""
    ask(page)
    with page.answered():
        page.grid.search_requested.emit(matches()[2])
    assert engine.asked[-1] == PictureFile(matches()[2].path)


def test_work_is_shown_only_when_it_takes_time(engine: FakeEngine, page: WindowPage) -> None:
    """A quick answer does not flicker; a slow one shows that something is done."""
    engine.finding.clear()
    page.begin_question(QUESTION)
    assert not page.results.busy.isVisible()
    page.until(page.results.busy.isVisible)
    with page.answered():
        engine.finding.set()
    assert not page.results.busy.isVisible()


def test_everything_is_reached_by_keyboard(page: WindowPage) -> None:
    """Tab passes the buttons and the grid, and comes round."""
    ask(page)
    page.window.activateWindow()
    page.grid.setFocus()
    start = QApplication.focusWidget()
    seen = []
    for _ in range(30):
        widget = QApplication.focusWidget()
        assert widget is not None
        seen.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break
    assert page.grid in seen
    assert page.results.question.open_button in seen
    assert QApplication.focusWidget() is start


def test_every_control_has_a_name(engine: FakeEngine, page: WindowPage) -> None:
    """A screen reader can say what each one is."""
    ask(page)
    page.offer_folders(Path("/photos/x"))
    for button in page.window.findChildren(type(page.results.question.open_button)):
        assert button.text() or button.accessibleName()
    for widget in (page.grid, page.progress.bar):
        assert widget.accessibleName()


def test_shortcuts_are_the_usual_ones_and_unique(page: WindowPage) -> None:
    """Open, paste, copy, quit, update; none twice."""
    menus = page.menus
    assert menus.open_picture.shortcut() == QKeySequence(QKeySequence.StandardKey.Open)
    assert menus.paste.shortcut() == QKeySequence(QKeySequence.StandardKey.Paste)
    actions = page.menus.findChildren(QAction)
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("size", [(900, 600), (1280, 800), (1920, 1080), (3840, 2160)])
def test_five_answers_are_seen_without_scrolling(page: WindowPage, size: tuple[int, int]) -> None:
    """From small to 4K."""
    page.window.resize(*size)
    ask(page)
    grid = page.grid
    room = grid.viewport().rect()
    assert all(room.contains(grid.visualRect(page.results.model.index(i))) for i in range(5))
    assert not grid.verticalScrollBar().isVisible()


def test_a_divider_gives_way_where_it_would_push_answers_out_of_sight(
    engine: FakeEngine, page: WindowPage
) -> None:
    """One close answer and four weaker ones, from a small window to a large one and back."""
    one, *others = matches(5)
    weaker = [replace(match, closeness=Closeness.DISSIMILAR) for match in others]
    engine.answer_to = lambda question: answer(question, (one, *weaker))
    page.window.resize(900, 600)
    ask(page)
    grid, model = page.grid, page.results.model
    row = model.divider_row
    assert row is not None

    def in_sight() -> bool:
        room = grid.viewport().rect()
        places = [grid.visualRect(model.index_for(match)) for match in model.matches]
        return len(places) == 5 and all(room.contains(place) for place in places)

    page.window.resize(1280, 900)
    page.until(in_sight)
    assert not grid.isRowHidden(row)
    grid.setFixedHeight(300)  # as with large letters and several messages above it
    page.until(in_sight)
    assert grid.isRowHidden(row)
    assert not grid.verticalScrollBar().isVisible()
    grid.setFixedHeight(700)
    page.until(in_sight)
    assert not grid.isRowHidden(row)


def test_about_and_licences_open(page: WindowPage) -> None:
    """Versions come from a worker."""
    page.menus.about.trigger()
    about = page.window.findChild(AboutDialog)
    assert isinstance(about, AboutDialog)
    about.accept()
    page.menus.licences.trigger()
    page.until(lambda: page.window.findChild(LicencesDialog) is not None)
    dialog = page.window.findChild(LicencesDialog)
    assert isinstance(dialog, LicencesDialog)
    texts = [dialog.list.topLevelItem(i) for i in range(dialog.list.topLevelItemCount())]
    assert "Qt" in [item.text(0) for item in texts if item is not None]
    numpy = next(item for item in texts if item is not None and item.text(0) == "numpy")
    assert numpy.toolTip(1) == numpy.text(1)  # a column may be narrower than its words
    dialog.list.setCurrentItem(numpy)
    assert "Redistribution and use" in dialog.text.toPlainText()
    dialog.accept()


def test_work_after_closing_is_not_told(executor: object, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that comes when the window is gone goes nowhere."""
    from concurrent.futures import ThreadPoolExecutor

    assert isinstance(executor, ThreadPoolExecutor)
    tasks = Tasks(executor)
    gate = threading.Event()
    told: list[bool] = []
    tasks.run(gate.wait, told.append, lambda error: told.append(False))
    tasks.close()
    gate.set()
    executor.shutdown(wait=True)
    QApplication.processEvents()
    assert told == []
    with caplog.at_level(logging.ERROR):
        assert not caplog.records
