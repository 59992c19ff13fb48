"""Opens the page of all photos, and lists those that meet the filters."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import EVERYTHING, Filters
from fashion_finder.engine.listing import Listing
from fashion_finder.errors import FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_state
from fashion_finder.ui.kit.state_page import Choice, State
from fashion_finder.ui.pages.browse_page import BrowsePage
from fashion_finder.ui.work.tasks import EngineTasks


class BrowseController(QObject):
    """Keeps the page of all photos up to date while it is open."""

    turned = Signal()  # the page was opened or closed

    def __init__(
        self,
        tasks: EngineTasks,
        page: BrowsePage,
        filters: Callable[[], Filters],
        empty_state: Callable[[], State],
        parent: QObject | None = None,
    ) -> None:
        """`filters` returns those of the search; `empty_state` says how to begin indexing."""
        super().__init__(parent)
        self._tasks = tasks
        self._page = page
        self._filters = filters
        self._empty_state = empty_state
        self._newest = 0  # counts the requests for a listing; only the newest is shown
        self._shown: Listing | None = None
        self.is_open = False
        self.is_waiting = False  # for a listing
        page.closed.connect(self.close)

    @Slot()
    def open(self) -> None:
        """Show all photos that meet the filters."""
        self.is_open = True
        self.turned.emit()
        self._page.grid.setFocus()
        self._list()

    @Slot()
    def open_to_find(self) -> None:
        """Open the page with the focus in its search field."""
        if not self.is_open:
            self.open()
        self._page.filters.focus_field()

    @Slot()
    def close(self) -> None:
        """Go back to where the page was opened from."""
        if self.is_open:
            self.is_open = self.is_waiting = False
            self._newest += 1
            self._page.preview.dismiss()
            self._page.copies.dismiss()
            self.turned.emit()

    @Slot()
    def refresh(self) -> None:
        """List again, because the folders or the filters have changed."""
        if self.is_open:
            self._list()

    @Slot()
    def refresh_while_empty(self) -> None:
        """Show the first photos as soon as they are indexed."""
        if self.is_open and self._shown is not None and not len(self._shown):
            self._list()

    def _list(self) -> None:
        self._newest += 1
        number, filters = self._newest, self._filters()
        self.is_waiting = True
        self._page.show_busy(True)

        def show(listing: Listing) -> None:
            if number == self._newest:
                self.is_waiting = False
                before, self._shown = self._shown, listing
                if len(listing):
                    is_same = before is not None and before.filters == listing.filters
                    self._page.show_listing(listing, keep_place=is_same)
                else:
                    self._page.grid.show_listing(listing, keep_place=False)
                    self._page.show_state(self._state_of_nothing(listing.filters))

        def show_failure(error: FinderError) -> None:
            if number == self._newest:
                self.is_waiting = False
                self._shown = None
                again = Choice(self.tr("Try Again"), self.refresh, is_primary=True)
                self._page.show_state(failure_state(error, (again,)))

        self._tasks.run(lambda engine: engine.browse(filters), show, show_failure)

    def _state_of_nothing(self, filters: Filters) -> State:
        if filters == EVERYTHING:
            return self._empty_state()
        return State(
            title=self.tr("Nothing found"),
            subject=labels.plain(" ".join(filters.names)),
            text=self.tr("No file or folder name contains this.")
            if filters.names
            else self.tr("No photos match. Remove a filter."),
            choices=(Choice(self.tr("Clear Filters"), self._page.filters.clear, True),),
        )
