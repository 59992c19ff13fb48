"""From a drop, a paste or a control of the question to an answer for the page."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal, Slot

from fashion_finder import settings
from fashion_finder.domain import (
    Answer,
    Filters,
    Match,
    PictureFile,
    Question,
    Refinement,
    Region,
)
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueEmpty, FinderError, PictureRefused
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.message_bar import Message, MessageArea, Tone
from fashion_finder.ui.question.drop_input import (
    Advice,
    Incoming,
    LocalFiles,
    first_picture,
    folders_among,
    take,
    understand,
)
from fashion_finder.ui.question.search_session import (
    AskReason,
    RawPicture,
    Request,
    Search,
    SearchSession,
    without_example,
)
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.tasks import EngineTasks, Tasks

ADVICE, SEVERAL = "advice", "several"


class SearchController(QObject):
    """Runs the requests of the session, and reports to the window what has changed."""

    asked = Signal(str)  # name of the picture: its question takes the page
    answered = Signal(Answer)
    failed = Signal(str, FinderError)  # name of the picture
    busy_changed = Signal(bool)  # work on the question that is on the page already
    refinement_changed = Signal(Refinement, tuple, tuple)  # with its examples, more and less like
    history_changed = Signal(tuple, tuple)  # searches behind and ahead, the nearest first
    filters_changed = Signal(Filters)
    folders_dropped = Signal(tuple)  # of Path
    notified = Signal(str)  # a short message for the status bar

    def __init__(
        self,
        engine_tasks: EngineTasks,
        tasks: Tasks,
        messages: MessageArea,
        status: CatalogueStatus,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine_tasks = engine_tasks
        self._tasks = tasks
        self._messages = messages
        self._status = status
        self._session = SearchSession()
        # A thread of their own: a drop need not wait for the engine, or for a disk that hangs.
        self._drops = Tasks(ThreadPoolExecutor(1, thread_name_prefix="drops"), self)
        self._latest_drop = 0

    @property
    def has_question(self) -> bool:
        """Whether anything was asked yet."""
        return self._session.question_number > 0

    @property
    def is_waiting(self) -> bool:
        """Whether an answer to the question on the page is still to come."""
        return self._session.is_waiting

    @property
    def filters(self) -> Filters:
        """Which photos may answer."""
        return self._session.filters

    # ------------------------------------------------------------ questions

    def ask_dropped(self, mime: QMimeData, name: str) -> None:
        """Ask with what was dropped or pasted, or say why not; `name` is for a nameless picture."""
        self._dismiss_messages()
        self._latest_drop += 1
        drop, number = self._latest_drop, self._session.question_number

        def ask(found: Incoming) -> None:
            # What was dropped or asked later wins.
            if drop == self._latest_drop and self._session.is_current(number):
                self._ask_incoming(found)

        offer, folders = take(mime), tuple(self._status.folders)
        self._drops.run(partial(understand, offer, folders, name), ask, _ignore)

    def _ask_incoming(self, found: Incoming) -> None:
        if isinstance(found, LocalFiles):
            self._ask_files(found.paths)
        elif isinstance(found, PictureRefused):
            name = labels.file_label(found.subject) if isinstance(found.subject, Path) else ""
            self._session.refuse(found)
            self._show_question(name)
            self.failed.emit(name, found)
        elif isinstance(found, Advice):
            self._messages.show_message(Message(ADVICE, found.title, found.text, Tone.WARNING))
        else:
            self.ask(found)

    @Slot(Path)
    def ask_file(self, path: Path) -> None:
        """Ask with a file."""
        self._dismiss_messages()
        self.ask(PictureFile(path))

    @Slot(Match)
    def ask_match(self, match: Match) -> None:
        """Make a match the next question."""
        self.ask_file(match.path)

    def ask(self, question: Question | RawPicture) -> None:
        """Ask with a picture."""
        if isinstance(question, PictureFile):
            name = labels.file_label(question.path)
        else:
            name = labels.plain(question.name)
        self._session.ask(question, name)
        self._show_question(name)

    @Slot(int)
    def go(self, steps: int) -> None:
        """Repeat a search of the history as it was left; negative steps go back."""
        search = self._session.go(steps)
        if search is not None:
            self._show_question(search.name)

    @Slot()
    def refresh(self) -> None:
        """Repeat the search quietly, because the folders have changed."""
        self._session.refresh()
        self._run_next()

    @Slot()
    def retry_while_empty(self) -> None:
        """Answer a question that was asked before anything was indexed, as soon as possible."""
        if isinstance(self._session.error, CatalogueEmpty) and not self.is_waiting:
            self.refresh()

    @Slot(Filters)
    def set_filters(self, filters: Filters) -> None:
        """Search only photos that meet these."""
        if self._session.set_filters(filters):
            self.filters_changed.emit(filters)
            self._run_next()

    # ------------------------------------------------------------ refinements

    def refine(self, **changes: Any) -> None:
        """Change fields of the refinement, by a control that shows them already."""
        if self._session.refine(replace(self._session.refinement, **changes)):
            self._run_next()

    def add_example(self, match: Match, *, is_more: bool) -> None:
        """Move the question towards a match, or away from it."""
        self._session.add_example(match, is_more=is_more)
        self._show_refinement()

    @Slot(Match)
    def remove_example(self, match: Match) -> None:
        """Remove the mark of a match."""
        self._change(without_example(self._session.refinement, match.content))

    @Slot()
    def clear_examples(self) -> None:
        """Remove all marks."""
        self._change(replace(self._session.refinement, more_like=(), less_like=()))

    @Slot()
    def find_main_piece(self) -> None:
        """Put the box around the main piece of the picture."""
        search, number = self._session.search, self._session.question_number
        if search is None or search.picture is None:
            return
        picture = search.picture

        def show(region: Region | None) -> None:
            if region is None:
                notify(self.tr("No main piece found in this picture"))
            elif self._session.is_current(number):
                self.busy_changed.emit(False)
                self._change(replace(self._session.refinement, region=region))

        def notify(text: str) -> None:
            if self._session.is_current(number):
                self.busy_changed.emit(False)
                self.notified.emit(text)

        self.busy_changed.emit(True)
        self._engine_tasks.run(
            lambda engine: engine.main_piece(picture),
            show,
            lambda error: notify(labels.plain(error.title)),
        )

    def _change(self, refinement: Refinement) -> None:
        """Refine the question, and let the controls show how."""
        self._session.refine(refinement)
        self._show_refinement()

    def _show_refinement(self) -> None:
        self.refinement_changed.emit(self._session.refinement, *self._session.examples)
        self._run_next()

    # ------------------------------------------------------------ asking

    def _ask_files(self, paths: Sequence[Path]) -> None:
        """Ask with the first picture among files; folders are offered for indexing instead."""
        chosen, number = first_picture(paths), self._session.question_number

        def ask_one() -> None:
            self.ask(PictureFile(chosen))
            if len(paths) > 1:
                text = self.tr("Searching with “{name}”. Drop one picture at a time.")
                text = text.format(name=labels.file_label(chosen))
                title = self.tr("One picture at a time")
                self._messages.show_message(Message(SEVERAL, title, text))

        def offer_or_ask(folders: tuple[Path, ...]) -> None:
            if folders:
                self.folders_dropped.emit(folders)
            elif self._session.is_current(number):
                ask_one()

        if chosen.suffix.lower() in PICTURE_SUFFIXES:
            ask_one()
        else:  # only the disk knows whether it is a folder
            self._tasks.run(partial(folders_among, paths), offer_or_ask, _ignore)

    def _show_question(self, name: str) -> None:
        self.asked.emit(name)
        self._show_history()
        self._show_refinement()

    def _show_history(self) -> None:
        history = self._session.history
        self.history_changed.emit(history.behind, history.ahead)

    def _run_next(self) -> None:
        request = self._session.next_request()
        if request is not None:
            if request.reason is AskReason.REFINED:
                self.busy_changed.emit(True)
            self._engine_tasks.run(
                partial(_find, request.search),
                partial(self._show_answer, request),
                partial(self._show_failure, request),
            )

    def _show_answer(self, request: Request, answer: Answer) -> None:
        if self._session.answer(request, answer):
            self.answered.emit(answer)
            self._show_history()
        self._run_next()

    def _show_failure(self, request: Request, error: FinderError) -> None:
        if self._session.fail(request, error):
            self.failed.emit(request.search.name, error)
        self._run_next()

    def _dismiss_messages(self) -> None:
        self._messages.dismiss(ADVICE)
        self._messages.dismiss(SEVERAL)


def _find(search: Search, engine: Engine) -> Answer:
    """Run a search, in a worker. Raises FinderError."""
    question = search.question
    if isinstance(question, RawPicture):
        question = question.encode()
    return engine.find_similar(
        question,
        settings.MOST_ANSWERS,
        filters=search.filters,
        apart=True,
        refinement=search.refinement,
        picture=search.picture,
    )


def _ignore(_error: FinderError) -> None:
    """Neither looking for folders nor understanding a drop raises a FinderError."""
