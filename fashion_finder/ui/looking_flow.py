"""From a picture on a page to a closer look at it: details, and why it is an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from fashion_finder.domain import Agreement, Answer, Match, PictureDetails
from fashion_finder.errors import FinderError
from fashion_finder.ui.browse_page import BrowsePage
from fashion_finder.ui.large_preview import LargePreview
from fashion_finder.ui.results_page import ResultsPage
from fashion_finder.ui.tasks import Tasks


class LookingFlow(QObject):
    """Brings what the preview asks for; what comes late, of another answer, is not shown."""

    def __init__(
        self,
        details: Callable[[Match], PictureDetails],
        explain: Callable[[Answer, Match], Agreement],
        tasks: Tasks,
        page: ResultsPage | BrowsePage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._details = details
        self._explain = explain
        self._tasks = tasks
        self._page = page
        self.preview: LargePreview = page.preview
        page.grid.preview_requested.connect(self.preview.show_match)
        self.preview.shown.connect(self._look_up)
        self.preview.why_requested.connect(self._ask_why)
        self.preview.closed.connect(self._return)

    @Slot(object)
    def _look_up(self, match: Match) -> None:
        self._page.grid.go_to(match)

        def done(details: PictureDetails) -> None:
            self.preview.show_details(match.content, details)

        def failed(_error: FinderError) -> None:
            self.preview.show_details(match.content, None)

        self._tasks.run(partial(self._details, match), done, failed)

    @Slot(object)
    def _ask_why(self, match: Match) -> None:
        answer = self._page.answer
        if answer is None:
            return

        def done(agreement: Agreement) -> None:
            self.preview.show_agreement(match.content, agreement)

        def failed(error: FinderError) -> None:
            self.preview.show_agreement_failure(match.content, f"{error.title}. {error.advice}")

        self._tasks.run(partial(self._explain, answer, match), done, failed)

    @Slot()
    def _return(self) -> None:
        self._page.grid.setFocus()
