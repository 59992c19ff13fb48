"""Keeps the filter bars up to date: their words, their choices and their counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    TYPE_VOCABULARY,
    FacetCounts,
    Filters,
    Status,
)
from fashion_finder.engine.words import Vocabulary
from fashion_finder.errors import FinderError
from fashion_finder.ui.filters.filter_bar import FilterBar
from fashion_finder.ui.work.tasks import EngineTasks


class FilterController(QObject):
    """Keeps all bars the same; the search owns the filters themselves."""

    def __init__(
        self, tasks: EngineTasks, bars: Sequence[FilterBar], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bars = bars

    @Slot(Filters)
    def show_filters(self, filters: Filters) -> None:
        """Show other filters on every bar, and count again."""
        for bar in self._bars:
            bar.set_filters(filters)
        self._count()

    @Slot(Status)
    def show_status(self, status: Status) -> None:
        """Update the folders, the words and the counts on offer."""
        words = status.model.vocabularies
        vocabulary = Vocabulary(
            types=words.get(TYPE_VOCABULARY, ()),
            colours=words.get(COLOUR_VOCABULARY, ()),
            folders=tuple(folder.path for folder in status.folders),
        )
        for bar in self._bars:
            bar.set_vocabulary(vocabulary)
        if not set(self._bars[0].filters.folders) <= set(vocabulary.folders):
            self._bars[0].clear()  # of a folder that was removed since
        self._count()

    def _count(self) -> None:
        filters = self._bars[0].filters

        def show(counts: FacetCounts) -> None:
            for bar in self._bars:
                if bar.filters == filters:
                    bar.show_counts(counts)

        self._tasks.run(lambda engine: engine.facet_counts(filters), show, _ignore)


def _ignore(_error: FinderError) -> None:
    """The search under the same filters reports it."""
