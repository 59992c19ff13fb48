"""From a tile to a closer look at it: its details, its copies, why it is an answer."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject, Slot

from fashion_finder.domain import Match, PictureDetails
from fashion_finder.engine import Engine
from fashion_finder.errors import FinderError
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.preview.match_page import MatchPage
from fashion_finder.ui.work.tasks import EngineTasks


class PreviewController(QObject):
    """Fetches what the preview and the copies ask for; they drop what arrives too late."""

    def __init__(self, tasks: EngineTasks, page: MatchPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._page = page
        self.preview: LargePreview = page.preview
        page.grid.preview_requested.connect(self.preview.show_match)
        self.copies = page.copies
        page.grid.copies_requested.connect(self.copies.show_group)
        self.copies.grid.preview_requested.connect(self._preview_copy)
        self.copies.shown.connect(self._measure)
        self.copies.closed.connect(self._return_focus)
        self.preview.shown.connect(self._look_up)
        self.preview.why_requested.connect(self._ask_why)
        self.preview.closed.connect(self._return_focus)

    @Slot(Match)
    def _look_up(self, match: Match) -> None:
        self._page.grid.go_to(match)
        show = partial(self.preview.show_details, match.content)
        self._tasks.run(lambda engine: engine.details(match), show, lambda _error: show(None))

    @Slot(Match)
    def _ask_why(self, match: Match) -> None:
        answer = self._page.answer
        if answer is None:
            return
        show = partial(self.preview.show_agreement, match.content)

        def failed(error: FinderError) -> None:
            self.preview.show_agreement_failure(match.content, f"{error.title}. {error.advice}")

        self._tasks.run(lambda engine: engine.explain(answer, match), show, failed)

    @Slot(Match)
    def _preview_copy(self, match: Match) -> None:
        self.preview.show_among(self.copies.model, match)

    @Slot(tuple)
    def _measure(self, files: tuple[Match, ...]) -> None:
        def work(engine: Engine) -> dict[Match, PictureDetails]:
            found = {}
            for match in files:
                with suppress(FinderError):  # no longer indexed
                    found[match] = engine.details(match)
            return found

        # Without details, the names alone are still of use.
        self._tasks.run(work, self.copies.show_details, lambda _error: None)

    @Slot()
    def _return_focus(self) -> None:
        self._page.front_grid.setFocus()
