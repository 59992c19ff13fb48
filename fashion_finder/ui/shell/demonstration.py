"""The sample wardrobe's example question, asked and painted without anybody watching."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fashion_finder.domain import Answer
from fashion_finder.errors import FinderError, Interrupted
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.work.sync_queue import SyncJob


class Demonstration(QObject):
    """Drives a window from the first start to painted answers, then saves it as a picture."""

    ended = Signal()

    def __init__(
        self,
        window: MainWindow,
        picture: Path,
        longest_ms: int,
        wardrobe: tuple[Path, Path] | None = None,
    ) -> None:
        """Save to `picture`; `wardrobe` is a folder and a question to use in place of the sample."""
        super().__init__(window)
        self._wardrobe = wardrobe
        self._window = window
        self._picture = picture
        self.answer: Answer | None = None
        self.error: FinderError | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(longest_ms)
        self._limit.timeout.connect(self._give_up)
        window.search.answered.connect(self._keep_answer)
        window.search.failed.connect(self._fail_question)
        window.sync_queue.failed.connect(self._fail_sync)
        window.catalogue_status.failed.connect(self._fail)
        window.results.grid.pictures_painted.connect(self._save)

    @Slot()
    def start(self) -> None:
        """Begin with an empty or an old data folder alike."""
        self._limit.start()
        self._window.begin()
        if self._wardrobe is None:
            self._window.indexing.try_sample()
        else:
            self._window.indexing.ended.connect(self._ask)
            self._window.indexing.index_one(self._wardrobe[0])

    @Slot()
    def _ask(self) -> None:
        if self._wardrobe is not None:
            self._window.search.ask_file(self._wardrobe[1])

    @Slot(Answer)
    def _keep_answer(self, answer: Answer) -> None:
        self.answer = answer
        self._window.progress.hide()
        if not answer.matches:
            self._fail(FinderError(detail="the sample wardrobe answers nothing"))

    @Slot()
    def _save(self) -> None:
        self._picture.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(self._picture)):
            self.error = FinderError(self._picture, "the picture cannot be written")
        self.ended.emit()

    @Slot(str, FinderError)
    def _fail_question(self, _name: str, error: FinderError) -> None:
        self._fail(error)

    @Slot(SyncJob, FinderError)
    def _fail_sync(self, _job: SyncJob, error: FinderError) -> None:
        self._fail(error)

    @Slot(FinderError)
    def _fail(self, error: FinderError) -> None:
        self.error = error
        self.ended.emit()

    @Slot()
    def _give_up(self) -> None:
        self._fail(Interrupted())
