"""Questions and their answers: one at a time to the engine, and only the newest one counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, Signal
from PySide6.QtGui import QImage

from fashion_finder.domain import Answer, PictureData, PictureFile, Question
from fashion_finder.errors import FinderError, PictureUnreadable
from fashion_finder.ui.incoming import PICTURE_SUFFIXES, first_picture
from fashion_finder.ui.labels import file_label
from fashion_finder.ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class _Folders:
    """What was taken for pictures turned out to be folders."""

    paths: tuple[Path, ...]


class _Overtaken(FinderError):
    """A newer question came before this one was begun."""


class Questions(QObject):
    """Asks the engine off the GUI thread. Every question has a ticket, and a newer ticket wins."""

    asked = Signal(int, str)  # ticket, name of the picture
    answered = Signal(int, object)  # ticket, Answer
    failed = Signal(int, str, object)  # ticket, name of the picture, FinderError
    folders_offered = Signal(object)  # tuple[Path, ...]

    def __init__(
        self, find: Callable[[Question], Answer], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._tasks = tasks
        self._newest = 0
        self._make: Callable[[], Question] | None = None
        self._name = ""
        self._last_failed = False

    @property
    def newest(self) -> int:
        """The ticket of the latest question."""
        return self._newest

    def ask(self, question: Question) -> None:
        """Ask with a picture."""
        name = file_label(question.path) if isinstance(question, PictureFile) else question.name
        self._ask(lambda: question, name)

    def ask_pixels(self, image: QImage, name: str) -> None:
        """Ask with a picture that is encoded on the way."""
        self._ask(lambda: PictureData(encode_png(image), name), name)

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
        self._make = None
        subject = error.subject
        name = file_label(subject) if isinstance(subject, Path) else ""
        self.asked.emit(self._newest, name)
        self.failed.emit(self._newest, name, error)

    def refresh(self) -> None:
        """Ask the same again, silently, because the folders have changed."""
        if self._make is not None:
            self._start(self._make, self._name, silent=True)

    def _ask(self, make: Callable[[], Question], name: str) -> None:
        self._make = make
        self._name = name
        self._last_failed = False
        self._start(make, name, silent=False)

    def _sort_out(self, chosen: Path) -> Callable[[_Folders], None]:
        ticket = self._newest

        def go_on(folders: _Folders) -> None:
            if folders.paths:
                self.folders_offered.emit(folders.paths)
            elif ticket == self._newest:
                self.ask(PictureFile(chosen))

        return go_on

    def _start(self, make: Callable[[], Question], name: str, *, silent: bool) -> None:
        self._newest += 1
        ticket = self._newest
        if not silent:
            self.asked.emit(ticket, name)

        def work() -> Answer:
            if ticket != self._newest:
                raise _Overtaken
            return self._find(make())

        def done(answer: Answer) -> None:
            if ticket == self._newest:
                self._make = lambda: answer.question
                self._last_failed = False
                self.answered.emit(ticket, answer)

        def failed(error: FinderError) -> None:
            # A refresh that fails leaves the answer that is already shown.
            if ticket == self._newest and (not silent or self._last_failed):
                self._last_failed = True
                self.failed.emit(ticket, name, error)

        self._tasks.run(work, done, failed)


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
