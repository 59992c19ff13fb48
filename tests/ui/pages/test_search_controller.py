"""The search on a fake engine: what is asked, what is shown, and in which thread."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QUrl
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Answer, Filters, PictureData, PictureFile, Question, Region
from fashion_finder.errors import FinderError, PictureUnreadable
from fashion_finder.ui.kit.message_bar import MessageArea
from fashion_finder.ui.pages.search_controller import SearchController
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from tests.ui.fakes import FakeEngine, FakeHandle, answer, encoded

ONE, TWO, THREE = (PictureFile(Path(f"/q/{name}.jpg")) for name in ("one", "two", "three"))
LEFT_HALF = Region(0.0, 0.0, 0.5, 1.0)


class Heard(QObject):
    """Writes down what the search tells."""

    def __init__(self, search: SearchController) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.errors: list[FinderError] = []
        self.asked: list[str] = []
        search.answered.connect(self.answers.append)
        search.failed.connect(self._fail)
        search.asked.connect(self.asked.append)

    def _fail(self, _name: str, error: FinderError) -> None:
        self.errors.append(error)


@pytest.fixture
def search(
    qtbot: QtBot, engine: FakeEngine, executor: ThreadPoolExecutor
) -> Iterator[SearchController]:
    """A search on the fake engine, without a window."""
    tasks = Tasks(executor)
    engine_tasks = EngineTasks(tasks, FakeHandle(engine))
    messages = MessageArea()
    qtbot.addWidget(messages)
    yield SearchController(engine_tasks, tasks, messages, CatalogueStatus(engine_tasks))
    engine.finding.set()
    tasks.close()


def files(*paths: Path) -> QMimeData:
    """What a file manager offers."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_a_newer_question_wins(qtbot: QtBot, engine: FakeEngine, search: SearchController) -> None:
    """The first is under way, the second is never begun, the third is answered."""
    heard = Heard(search)
    engine.finding.clear()
    search.ask(ONE)
    qtbot.waitUntil(lambda: engine.asked == [ONE])
    search.ask(TWO)
    search.ask(THREE)
    with qtbot.waitSignal(search.answered):
        engine.finding.set()
    assert [answer.question for answer in heard.answers] == [THREE]
    assert engine.asked == [ONE, THREE]
    assert heard.asked == ["one.jpg", "two.jpg", "three.jpg"]


def test_a_late_failure_is_discarded_too(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """An error of an older question does not take the newer one's place."""
    heard = Heard(search)

    def fail_first(question: Question) -> Answer:
        if question == ONE:
            raise PictureUnreadable(ONE.path)
        return answer(question)

    engine.answer_to = fail_first
    engine.finding.clear()
    search.ask(ONE)
    qtbot.waitUntil(lambda: engine.asked == [ONE])
    search.ask(TWO)
    with qtbot.waitSignal(search.answered):
        engine.finding.set()
    assert heard.errors == []


def test_a_failure_names_the_picture(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """The window shows both."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(ONE.path)

    engine.answer_to = fail
    with qtbot.waitSignal(search.failed) as told:
        search.ask(ONE)
    assert told.args is not None
    assert told.args[0] == "one.jpg"
    assert isinstance(told.args[1], PictureUnreadable)


def test_a_bug_in_the_engine_is_raised_and_still_answered(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """Nothing waits forever, and the trace reaches the exception hook."""

    def fail(question: Question) -> Answer:
        raise ZeroDivisionError("a bug")

    engine.answer_to = fail
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(search.failed) as told:
        search.ask(ONE)
    assert told.args is not None
    assert told.args[1].detail == "ZeroDivisionError"
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]


def test_pixels_are_encoded_in_the_worker(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """A screenshot arrives at the engine as PNG."""
    image = QImage(20, 10, QImage.Format.Format_ARGB32)
    image.fill(QColor("teal"))
    mime = QMimeData()
    mime.setImageData(image)
    with qtbot.waitSignal(search.answered):
        search.ask_dropped(mime, "pasted picture")
    (question,) = engine.asked
    assert isinstance(question, PictureData)
    assert not engine.is_on_gui_thread
    back = QImage.fromData(question.data)
    assert back.pixelColor(3, 3) == QColor("teal")


def test_a_refresh_is_silent_and_asks_the_same(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """Nothing says busy; the newest question is asked again."""
    heard = Heard(search)
    with qtbot.waitSignal(search.answered):
        search.ask(PictureData(encoded(), "pasted picture"))
    with qtbot.waitSignal(search.answered):
        search.refresh()
    assert heard.asked == ["pasted picture"]
    assert engine.asked[0] == engine.asked[1]


def test_a_refresh_that_fails_keeps_the_answer(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """The question's file may be gone by now; its answer is not."""
    heard = Heard(search)
    with qtbot.waitSignal(search.answered):
        search.ask(ONE)

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(ONE.path)

    engine.answer_to = fail
    search.refresh()
    qtbot.waitUntil(lambda: len(engine.asked) == 2)
    engine.answer_to = lambda question: replace(answer(question), searched=7)
    with qtbot.waitSignal(search.answered):
        search.ask(TWO)
    assert heard.errors == []


def test_nothing_to_refresh_asks_nothing(engine: FakeEngine, search: SearchController) -> None:
    """Before the first question there is none to repeat."""
    search.refresh()
    assert engine.asked == []


def test_dropped_folders_are_offered_for_indexing(
    qtbot: QtBot, engine: FakeEngine, search: SearchController, tmp_path: Path
) -> None:
    """Only the disk knows that they are folders; a worker looks."""
    (tmp_path / "spring").mkdir()
    with qtbot.waitSignal(search.folders_dropped) as told:
        search.ask_dropped(files(tmp_path / "spring"), "")
    assert told.args == [(tmp_path / "spring",)]
    assert engine.asked == []


def test_a_file_without_a_usual_ending_is_asked(
    qtbot: QtBot, engine: FakeEngine, search: SearchController, tmp_path: Path
) -> None:
    """The engine can tell what it is."""
    path = tmp_path / "picture"
    path.write_bytes(encoded())
    with qtbot.waitSignal(search.answered):
        search.ask_dropped(files(path), "")
    assert engine.asked == [PictureFile(path)]


def test_folders_are_not_offered_in_place_of_a_newer_question(
    qtbot: QtBot, engine: FakeEngine, search: SearchController, tmp_path: Path
) -> None:
    """A file that turns out to be a picture too late is not asked any more."""
    path = tmp_path / "picture"
    path.write_bytes(encoded())
    search.ask_dropped(files(path), "")
    with qtbot.waitSignal(search.answered):
        search.ask(ONE)
    assert engine.asked == [ONE]


def test_an_answer_is_asked_for_under_the_filters_that_hold(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """And asked for again when they change, without a word of being busy."""
    ties = Filters(types=("Ties",))
    with qtbot.waitSignal(search.filters_changed) as told:
        search.set_filters(ties)
    assert told.args == [ties]
    with qtbot.waitSignal(search.answered) as answered:
        search.ask(ONE)
    assert answered.args is not None
    assert answered.args[0].filters == ties
    with qtbot.waitSignal(search.answered), qtbot.assertNotEmitted(search.busy_changed):
        search.set_filters(Filters())
    assert engine.filtered == [ties, Filters()]


def test_a_main_piece_that_is_found_too_late_is_not_shown(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """It is another picture's."""
    with qtbot.waitSignal(search.answered):
        search.ask(ONE)
    search.find_main_piece()
    search.ask(TWO)
    qtbot.waitUntil(lambda: not search.is_waiting)
    assert engine.asked == [ONE, TWO]
    assert engine.refined[-1].region is None


def test_a_control_is_not_told_what_it_shows(
    qtbot: QtBot, engine: FakeEngine, search: SearchController
) -> None:
    """A box that is dragged goes to the engine, and not back to the picture."""
    with qtbot.waitSignal(search.answered):
        search.ask(ONE)
    with qtbot.waitSignal(search.answered), qtbot.assertNotEmitted(search.refinement_changed):
        search.refine(region=LEFT_HALF)
    assert engine.refined[-1].region == LEFT_HALF
