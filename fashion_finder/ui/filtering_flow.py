"""From chips and words to answers that obey them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import FacetCounts, Filters, Status
from fashion_finder.errors import FinderError
from fashion_finder.search.words import Vocabulary
from fashion_finder.ui.filter_bar import FilterBar
from fashion_finder.ui.tasks import Tasks


class FilteringFlow(QObject):
    """Keeps the counts of the chips right, and tells when the answer has to be asked for again."""

    changed = Signal()  # what may answer has changed

    def __init__(
        self,
        use: Callable[[Filters], None],
        count: Callable[[Filters], FacetCounts],
        tasks: Tasks,
        bar: FilterBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._use = use
        self._count = count
        self._tasks = tasks
        self._bar = bar
        bar.changed.connect(self._take_filters)

    @Slot(object)
    def show_holdings(self, status: Status) -> None:
        """Other folders, other words and other counts."""
        words = status.model.vocabularies
        self._bar.set_vocabulary(
            Vocabulary(
                types=words.get("type", ()),
                colours=words.get("colour_name", ()),
                folders=tuple(folder.path for folder in status.folders),
            )
        )
        known = {folder.path for folder in status.folders}
        gone = [path for path in self._bar.filters.folders if path not in known]
        if gone:  # a folder that was dropped can no longer be asked for
            self._bar.clear()
        self._recount()

    @Slot(object)
    def _take_filters(self, filters: Filters) -> None:
        self._use(filters)
        self.changed.emit()
        self._recount()

    def _recount(self) -> None:
        filters = self._bar.filters

        def done(counts: FacetCounts) -> None:
            if filters == self._bar.filters:
                self._bar.show_counts(counts)

        def failed(_error: FinderError) -> None:
            """The question that goes with the same filters says what is wrong."""

        self._tasks.run(partial(self._count, filters), done, failed)
