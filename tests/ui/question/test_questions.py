"""Tickets: only the newest question is answered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Answer, PictureData, PictureFile, Question
from fashion_finder.errors import FinderError, PictureUnreadable
from fashion_finder.ui.question.questions import Questions
from fashion_finder.ui.work.tasks import EngineTasks, Tasks
from tests.ui.fakes import FakeEngine, FakeHandle, answer, encoded

ONE, TWO, THREE = (PictureFile(Path(f"/q/{name}.jpg")) for name in ("one", "two", "three"))


class Heard(QObject):
    """Writes down what the questions tell."""

    def __init__(self, questions: Questions) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.errors: list[FinderError] = []
        self.asked: list[str] = []
        questions.answered.connect(self._answer)
        questions.failed.connect(self._fail)
        questions.asked.connect(self._ask)

    def _answer(self, _ticket: int, given: Answer) -> None:
        self.answers.append(given)

    def _fail(self, _ticket: int, _name: str, error: FinderError) -> None:
        self.errors.append(error)

    def _ask(self, _ticket: int, name: str) -> None:
        self.asked.append(name)


@pytest.fixture
def questions(
    qtbot: QtBot, engine: FakeEngine, executor: ThreadPoolExecutor
) -> Iterator[Questions]:
    """Questions to the fake engine."""
    tasks = Tasks(executor)
    yield Questions(EngineTasks(tasks, FakeHandle(engine)), tasks)
    engine.finding.set()
    tasks.close()


def test_a_newer_question_wins(qtbot: QtBot, engine: FakeEngine, questions: Questions) -> None:
    """The first is under way, the second is never begun, the third is answered."""
    heard = Heard(questions)
    engine.finding.clear()
    questions.ask(ONE)
    qtbot.waitUntil(lambda: engine.asked == [ONE])
    questions.ask(TWO)
    questions.ask(THREE)
    with qtbot.waitSignal(questions.answered):
        engine.finding.set()
    assert [given.question for given in heard.answers] == [THREE]
    assert engine.asked == [ONE, THREE]
    assert heard.asked == ["one.jpg", "two.jpg", "three.jpg"]


def test_a_late_failure_is_discarded_too(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """An error of an older question does not take the newer one's place."""
    heard = Heard(questions)

    def fail_first(question: Question) -> Answer:
        if question == ONE:
            raise PictureUnreadable(ONE.path)
        return answer(question)

    engine.answer_to = fail_first
    engine.finding.clear()
    questions.ask(ONE)
    qtbot.waitUntil(lambda: engine.asked == [ONE])
    questions.ask(TWO)
    with qtbot.waitSignal(questions.answered):
        engine.finding.set()
    assert heard.errors == []


def test_a_failure_names_the_picture(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """The window shows both."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(ONE.path)

    engine.answer_to = fail
    with qtbot.waitSignal(questions.failed) as told:
        questions.ask(ONE)
    assert told.args is not None
    assert told.args[1] == "one.jpg"
    assert isinstance(told.args[2], PictureUnreadable)


def test_a_bug_in_the_engine_is_raised_and_still_answered(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """Nothing waits forever, and the trace reaches the exception hook."""

    def fail(question: Question) -> Answer:
        raise ZeroDivisionError("a bug")

    engine.answer_to = fail
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(questions.failed) as told:
        questions.ask(ONE)
    assert told.args is not None
    assert told.args[2].detail == "ZeroDivisionError"
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]


def test_pixels_are_encoded_in_the_worker(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """A screenshot arrives at the engine as PNG."""
    image = QImage(20, 10, QImage.Format.Format_ARGB32)
    image.fill(QColor("teal"))
    with qtbot.waitSignal(questions.answered):
        questions.ask_pixels(image, "pasted picture")
    (question,) = engine.asked
    assert isinstance(question, PictureData)
    back = QImage.fromData(question.data)
    assert back.pixelColor(3, 3) == QColor("teal")


def test_a_refresh_is_silent_and_asks_the_same(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """Nothing says busy; the newest question is asked again."""
    heard = Heard(questions)
    with qtbot.waitSignal(questions.answered):
        questions.ask(PictureData(encoded(), "pasted picture"))
    with qtbot.waitSignal(questions.answered):
        questions.refresh()
    assert heard.asked == ["pasted picture"]
    assert engine.asked[0] == engine.asked[1]


def test_a_refresh_that_fails_keeps_the_answer(
    qtbot: QtBot, engine: FakeEngine, questions: Questions
) -> None:
    """The question's file may be gone by now; its answer is not."""
    heard = Heard(questions)
    with qtbot.waitSignal(questions.answered):
        questions.ask(ONE)

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(ONE.path)

    engine.answer_to = fail
    questions.refresh()
    qtbot.waitUntil(lambda: len(engine.asked) == 2)
    engine.answer_to = lambda question: replace(answer(question), searched=7)
    with qtbot.waitSignal(questions.answered):
        questions.ask(TWO)
    assert heard.errors == []


def test_nothing_to_refresh_asks_nothing(engine: FakeEngine, questions: Questions) -> None:
    """Before the first question there is none to repeat."""
    questions.refresh()
    assert engine.asked == []


def test_dropped_folders_are_offered_for_indexing(
    qtbot: QtBot, engine: FakeEngine, questions: Questions, tmp_path: Path
) -> None:
    """Only the disk knows that they are folders; a worker looks."""
    (tmp_path / "spring").mkdir()
    with qtbot.waitSignal(questions.folders_offered) as told:
        questions.ask_files([tmp_path / "spring"])
    assert told.args == [(tmp_path / "spring",)]
    assert engine.asked == []


def test_a_file_without_a_usual_ending_is_asked(
    qtbot: QtBot, engine: FakeEngine, questions: Questions, tmp_path: Path
) -> None:
    """The engine can tell what it is."""
    path = tmp_path / "picture"
    path.write_bytes(encoded())
    with qtbot.waitSignal(questions.answered):
        questions.ask_files([path])
    assert engine.asked == [PictureFile(path)]
