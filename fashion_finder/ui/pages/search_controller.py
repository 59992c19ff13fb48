"""From a drop, a paste or a chosen file to an answer on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot

from fashion_finder.domain import Answer, Match, PictureFile
from fashion_finder.errors import CatalogueEmpty, FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_state
from fashion_finder.ui.kit.message_bar import Message, MessageArea, Tone
from fashion_finder.ui.kit.state_page import Choice
from fashion_finder.ui.pages.results_page import ResultsPage
from fashion_finder.ui.question.drop_input import (
    Advice,
    BarePixels,
    EncodedPicture,
    LocalFiles,
    Refused,
    first_picture,
    read_mime,
)
from fashion_finder.ui.question.questions import Questions
from fashion_finder.ui.work.catalogue_status import CatalogueStatus

ADVICE, SEVERAL = "advice", "several"


class AskingFlow(QObject):
    """Stands between the questions and the page that shows their answers."""

    begun = Signal()  # there is a question now: its page is wanted

    def __init__(
        self,
        questions: Questions,
        page: ResultsPage,
        messages: MessageArea,
        holdings: CatalogueStatus,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._page = page
        self._messages = messages
        self._holdings = holdings
        self._waits_for_photos = False
        self.choices_after_failure: Callable[[FinderError], tuple[Choice, ...]] = lambda _error: ()
        questions.asked.connect(self._begin)
        questions.answered.connect(self._show_answer)
        questions.failed.connect(self._show_failure)
        questions.refined.connect(page.tell_busy)

    @property
    def has_question(self) -> bool:
        """Whether anything was asked yet."""
        return self._questions.newest > 0

    def take(self, mime: QMimeData, name: str) -> None:
        """Ask with what was dropped or pasted, or say why that cannot be."""
        self._messages.dismiss(ADVICE)
        self._messages.dismiss(SEVERAL)
        found = read_mime(mime, self._holdings.folders, name)
        if isinstance(found, LocalFiles):
            self._questions.ask_files(found.paths)
            self._tell_of_several(found.paths)
        elif isinstance(found, EncodedPicture):
            self._questions.ask(found.picture)
        elif isinstance(found, BarePixels):
            self._questions.ask_pixels(found.image, found.name)
        elif isinstance(found, Refused):
            self._questions.refuse(found.error)
        else:
            self._advise(found)

    def ask_file(self, path: Path) -> None:
        """Ask with a file."""
        self._messages.dismiss(ADVICE)
        self._messages.dismiss(SEVERAL)
        self._questions.ask(PictureFile(path))

    @Slot(object)
    def ask_match(self, match: Match) -> None:
        """Make an answer the next question."""
        self.ask_file(match.path)

    @Slot()
    def refresh(self) -> None:
        """The folders have changed: look again, quietly."""
        self._questions.refresh()

    @Slot(object)
    def retry_while_empty(self, _progress: object) -> None:
        """A question asked before anything was indexed is answered as soon as it can be."""
        if self._waits_for_photos:
            self._waits_for_photos = False
            self._questions.refresh()

    def _tell_of_several(self, paths: tuple[Path, ...]) -> None:
        if len(paths) > 1:
            self._messages.show_message(
                Message(
                    SEVERAL,
                    self.tr("One picture at a time"),
                    self.tr("Of {count} files, “{name}” was asked.").format(
                        count=labels.number_label(len(paths)),
                        name=labels.file_label(first_picture(paths)),
                    ),
                )
            )

    def _advise(self, advice: Advice) -> None:
        self._messages.show_message(Message(ADVICE, advice.title, advice.text, Tone.WARNING))

    @Slot(int, str)
    def _begin(self, ticket: int, name: str) -> None:
        self._waits_for_photos = False
        self._page.begin(ticket, labels.plain(name))
        self.begun.emit()

    @Slot(int, object)
    def _show_answer(self, ticket: int, answer: Answer) -> None:
        self._page.show_answer(ticket, answer)

    @Slot(int, str, object)
    def _show_failure(self, ticket: int, name: str, error: FinderError) -> None:
        self._waits_for_photos = isinstance(error, CatalogueEmpty)
        state = failure_state(error, self.choices_after_failure(error))
        self._page.show_failure(ticket, labels.plain(name), state)
