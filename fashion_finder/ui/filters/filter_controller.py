"""From chips and words to answers that obey them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    EVERYTHING,
    TYPE_VOCABULARY,
    FacetCounts,
    Filters,
    Status,
)
from fashion_finder.engine.words import Vocabulary
from fashion_finder.errors import FinderError
from fashion_finder.ui.filters.filter_bar import FilterBar
from fashion_finder.ui.work.tasks import EngineTasks


class FilteringFlow(QObject):
    """Keeps the bars alike and their counts right, and tells when to ask again."""

    changed = Signal()  # what may answer has changed

    def __init__(
        self,
        use: Callable[[Filters], None],
        tasks: EngineTasks,
        bars: Sequence[FilterBar],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._use = use
        self._tasks = tasks
        self._bars = bars
        self._filters = EVERYTHING
        for bar in bars:
            bar.changed.connect(self._take_filters)

    @Slot(object)
    def show_holdings(self, status: Status) -> None:
        """Other folders, other words and other counts."""
        words = status.model.vocabularies
        vocabulary = Vocabulary(
            types=words.get(TYPE_VOCABULARY, ()),
            colours=words.get(COLOUR_VOCABULARY, ()),
            folders=tuple(folder.path for folder in status.folders),
        )
        for bar in self._bars:
            bar.set_vocabulary(vocabulary)
        known = {folder.path for folder in status.folders}
        gone = [path for path in self._filters.folders if path not in known]
        if gone:  # a folder that was dropped can no longer be asked for
            self._bars[0].clear()
        self._recount()

    @Slot(object)
    def _take_filters(self, filters: Filters) -> None:
        if filters == self._filters:  # told by the other bar before
            return
        self._filters = filters
        for bar in self._bars:
            bar.set_filters(filters)
        self._use(filters)
        self.changed.emit()
        self._recount()

    def _recount(self) -> None:
        filters = self._filters

        def done(counts: FacetCounts) -> None:
            if filters == self._filters:
                for bar in self._bars:
                    bar.show_counts(counts)

        def failed(_error: FinderError) -> None:
            """The question that goes with the same filters says what is wrong."""

        self._tasks.run(lambda engine: engine.facet_counts(filters), done, failed)
