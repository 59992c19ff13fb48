"""Indexes a folder and asks a question without a display, and saves what the window shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from fashion_finder.domain import Answer
from fashion_finder.errors import FinderError, Interrupted
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.sync_queue import SyncJob

LONGEST_MS = 10 * 60 * 1000  # gives up after this


class Demonstration(QObject):
    """Drives a window to painted answers, saves it as a picture, and closes it."""

    def __init__(self, window: MainWindow, folder: Path, question: Path, picture: Path) -> None:
        """Index `folder`, ask with the file `question`, and save to `picture`."""
        super().__init__(window)
        self._window = window
        self._folder = folder
        self._question = question
        self._picture = picture
        self.outcome: Answer | FinderError = Interrupted()
        window.sync_queue.finished.connect(self._ask)
        window.search.answered.connect(self._keep_answer)
        window.search.failed.connect(self._fail_at)
        window.sync_queue.failed.connect(self._fail_at)
        window.catalogue_status.failed.connect(self._fail)
        window.results.grid.pictures_painted.connect(self._save)
        QTimer.singleShot(0, self, self._start)

    @Slot()
    def _start(self) -> None:
        QTimer.singleShot(LONGEST_MS, self, partial(self._fail, Interrupted()))
        self._window.begin()
        self._window.indexing.index_one(self._folder)

    @Slot()
    def _ask(self) -> None:
        self._window.search.ask_file(self._question)

    @Slot(Answer)
    def _keep_answer(self, answer: Answer) -> None:
        self.outcome = answer
        self._window.progress.hide()
        if not answer.matches:
            self._fail(FinderError(detail="no picture was found"))

    @Slot()
    def _save(self) -> None:
        self._picture.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(self._picture)):
            self.outcome = FinderError(self._picture, "the picture cannot be written")
        self._window.close()

    @Slot(str, FinderError)
    @Slot(SyncJob, FinderError)
    def _fail_at(self, _place: str | SyncJob, error: FinderError) -> None:
        self._fail(error)

    @Slot(FinderError)
    def _fail(self, error: FinderError) -> None:
        self.outcome = error
        self._window.close()
