"""Questions and their answers: one at a time to the engine, and only the newest one counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, Signal
from PySide6.QtGui import QImage

from fashion_finder import settings
from fashion_finder.domain import (
    AS_IT_IS,
    EVERYTHING,
    Answer,
    Filters,
    PictureData,
    PictureFile,
    PreparedPicture,
    Question,
    Refinement,
)
from fashion_finder.engine import Engine
from fashion_finder.errors import FinderError, PictureUnreadable
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.ui.kit.labels import file_label
from fashion_finder.ui.question.drop_input import first_picture
from fashion_finder.ui.work.tasks import EngineTasks, Tasks


@dataclass(frozen=True, slots=True)
class _Folders:
    """What was taken for pictures turned out to be folders."""

    paths: tuple[Path, ...]


class _Overtaken(FinderError):
    """A newer question came before this one was begun."""


class Manner(Enum):
    """Why the engine is asked."""

    NEW = "a new question"
    REFINED = "the same, wanted differently"
    REFRESHED = "the same, because the folders have changed"


@dataclass(frozen=True, slots=True, eq=False)
class _Current:
    """The question on the page; its picture is there once it was read."""

    make: Callable[[], Question]
    name: str
    refinement: Refinement
    picture: PreparedPicture | None = None


class Questions(QObject):
    """Asks the engine off the GUI thread. Every question has a ticket, and a newer ticket wins.

    Refining the question on the page never queues up: while one answer is computed the latest wish
    waits, those before it are forgotten, and every answer shown is newer than the one before.
    """

    asked = Signal(int, str)  # ticket, name of the picture
    answered = Signal(int, object)  # ticket, Answer
    failed = Signal(int, str, object)  # ticket, name of the picture, FinderError
    refined = Signal(bool)  # True: an answer to the same question, refined, is under way
    folders_offered = Signal(object)  # tuple[Path, ...]

    def __init__(
        self, engine_tasks: EngineTasks, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine_tasks = engine_tasks
        self._tasks = tasks
        self._filters = EVERYTHING
        self._newest = 0
        self._under_way = 0  # the ticket of the answer that is waited for; 0 for none
        self._current: _Current | None = None
        self._waiting: Manner | None = None  # asked for while another answer is under way
        self._last_failed = False
        self.first_refinement = AS_IT_IS  # what a new question begins with

    @property
    def refinement(self) -> Refinement:
        """How the question on the page is refined."""
        return self._current.refinement if self._current is not None else self.first_refinement

    @property
    def newest(self) -> int:
        """The ticket of the latest question."""
        return self._newest

    @property
    def is_waiting(self) -> bool:
        """Whether an answer to the newest question is still to come."""
        return self._under_way == self._newest > 0 or self._waiting is not None

    def ask(
        self,
        question: Question,
        refinement: Refinement | None = None,
        picture: PreparedPicture | None = None,
    ) -> None:
        """Ask with a picture, perhaps refined already, perhaps read already."""
        name = file_label(question.path) if isinstance(question, PictureFile) else question.name
        first = self.first_refinement if refinement is None else refinement
        self._ask(_Current(lambda: question, name, first, picture))

    def ask_pixels(self, image: QImage, name: str) -> None:
        """Ask with a picture that is encoded on the way."""
        self._ask(
            _Current(lambda: PictureData(encode_png(image), name), name, self.first_refinement)
        )

    def ask_files(self, paths: Sequence[Path]) -> None:
        """Ask with the first picture among files; folders are offered for indexing instead."""
        chosen = first_picture(paths)
        if chosen.suffix.lower() in PICTURE_SUFFIXES:
            self.ask(PictureFile(chosen))
            return
        everything = tuple(paths)
        self._tasks.run(lambda: _folders_among(everything), self._sort_out(chosen), _ignore)

    def refuse(self, error: FinderError) -> None:
        """Answer a question that must not even be looked at."""
        self._newest += 1
        self._current = self._waiting = None
        subject = error.subject
        name = file_label(subject) if isinstance(subject, Path) else ""
        self.asked.emit(self._newest, name)
        self.failed.emit(self._newest, name, error)

    def set_filters(self, filters: Filters) -> None:
        """Only pictures that meet these answer from the next question on."""
        self._filters = filters

    def refine(self, refinement: Refinement) -> None:
        """Ask the same picture in another way."""
        if self._current is not None and self._current.refinement != refinement:
            self._current = replace(self._current, refinement=refinement)
            self._go_on(Manner.REFINED)

    def refresh(self) -> None:
        """Ask the same again, silently, because the folders have changed."""
        if self._current is not None:
            self._go_on(Manner.REFRESHED)

    def _ask(self, current: _Current) -> None:
        self._current = current
        self._waiting = None
        self._last_failed = False
        self._start(current, Manner.NEW)

    def _go_on(self, manner: Manner) -> None:
        if self._under_way == self._newest:
            if self._waiting is not Manner.REFINED:  # what the user wants outranks a refresh
                self._waiting = manner
        elif self._current is not None:
            self._start(self._current, manner)

    def _sort_out(self, chosen: Path) -> Callable[[_Folders], None]:
        ticket = self._newest

        def go_on(folders: _Folders) -> None:
            if folders.paths:
                self.folders_offered.emit(folders.paths)
            elif ticket == self._newest:
                self.ask(PictureFile(chosen))

        return go_on

    def _start(self, current: _Current, manner: Manner) -> None:
        self._newest += 1
        self._under_way = ticket = self._newest
        if manner is Manner.NEW:
            self.asked.emit(ticket, current.name)
        elif manner is Manner.REFINED:
            self.refined.emit(True)

        filters = self._filters

        def work(engine: Engine) -> Answer:
            if ticket != self._newest:
                raise _Overtaken
            return engine.find_similar(
                current.make(),
                settings.MOST_ANSWERS,
                filters=filters,
                apart=True,
                refinement=current.refinement,
                picture=current.picture,
            )

        def done(answer: Answer) -> None:
            if ticket != self._newest or self._current is None:
                return
            self._under_way = 0
            self._last_failed = False
            self._current = replace(
                self._current, make=lambda: answer.question, picture=answer.picture
            )
            self.answered.emit(ticket, answer)
            self._start_waiting(ticket)

        def failed(error: FinderError) -> None:
            if ticket != self._newest:
                return
            self._under_way = 0
            # A refresh that fails leaves the answer that is already shown.
            if manner is not Manner.REFRESHED or self._last_failed:
                self._last_failed = True
                self.failed.emit(ticket, current.name, error)
            self._start_waiting(ticket)

        self._engine_tasks.run(work, done, failed)

    def _start_waiting(self, ticket: int) -> None:
        """Go on with what was wanted meanwhile, unless whoever was told has asked anew."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and ticket == self._newest and self._current is not None:
            self._start(self._current, waiting)


def encode_png(image: QImage) -> bytes:
    """A picture as PNG bytes, quickly rather than small. Raises PictureUnreadable."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    # Qt hands quality 0..100 to zlib upside down: 80 is a fast, light compression.
    if not image.save(buffer, "PNG", 80):  # type: ignore[call-overload]
        raise PictureUnreadable
    return bytes(data.data())


def _folders_among(paths: Sequence[Path]) -> _Folders:
    return _Folders(tuple(path for path in paths if _is_folder(path)))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _ignore(_error: FinderError) -> None:
    """Nothing to tell: looking for folders raises nothing the world can cause."""
