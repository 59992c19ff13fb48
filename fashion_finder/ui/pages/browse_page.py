"""The page of all photos."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.engine.listing import Listing
from fashion_finder.ui.filters.filter_bar import FilterBar
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.kit.state_page import State, StatePage
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.preview.match_page import MatchPage
from fashion_finder.ui.tiles.browse_grid import BrowseGrid
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

BUSY_AFTER_MS = 180  # quicker lists show no sign of work: flicker is noise


class BrowsePage(MatchPage):
    """Shows a listing, or says why there is nothing to show."""

    grid: BrowseGrid

    closed = Signal()  # by the user

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = None
        self.model = BrowseModel(self)
        self.grid = BrowseGrid(self.model, loader)
        self.copies = CopiesSheet(self.model, loader, self, are_answers=False)
        self.copies.grid.search_requested.connect(self.copies.dismiss)
        self.preview = LargePreview(self.model, loader, self, are_answers=False)
        self.filters = FilterBar()
        self.state = StatePage()
        self.heading = QLabel()
        self.heading.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.scope = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
        self.scope.setProperty("role", "muted")
        self.busy = QLabel(self.tr("Loading…"))
        self.busy.setProperty("role", "muted")
        self.busy.hide()
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self.busy.show)
        self.back_button = GlyphButton(Glyph.CHEVRON_LEFT, self.tr("Close"), has_words=True)
        self.back_button.clicked.connect(self.closed)
        self.contents = QStackedWidget()
        self.contents.addWidget(self.grid)
        self.contents.addWidget(self.state)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(12)
        head.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.scope, 1, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignBaseline)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.filters)
        column.addWidget(self.contents, 1)
        self._show_heading("", "")

    def offer_way_back(self, *, to_question: bool) -> None:
        """Name the button by where it leads."""
        self.back_button.set_name(self.tr("Back to Results") if to_question else self.tr("Close"))

    def show_listing(self, listing: Listing, *, keep_place: bool) -> None:
        """Show what there is."""
        self._stop_busy()
        photos = labels.photos_label(len(listing))
        self._show_heading(
            self.tr("Matching photos") if listing.filters else self.tr("All photos"),
            self.tr("{photos}, newest first").format(photos=photos),
        )
        self.grid.show_listing(listing, keep_place=keep_place)
        self._turn_to(self.grid)

    def show_state(self, state: State, listing: Listing | None = None) -> None:
        """Say why there is nothing to see: the listing is empty, or there is none."""
        self._stop_busy()
        self._show_heading("", "")
        if listing is not None:
            self.grid.show_listing(listing, keep_place=False)
        self._turn_to(self.state, state)

    @Slot()
    def show_busy(self) -> None:
        """A listing is on its way; the one before it stays."""
        self._busy_timer.start()

    def _turn_to(self, shown: QWidget, state: State | None = None) -> None:
        """Show the grid or the state; the focus stays inside."""
        focused = QApplication.focusWidget()
        was_inside = focused is not None and self.contents.isAncestorOf(focused)
        if state is not None:
            self.state.show_state(state)
        self.contents.setCurrentWidget(shown)
        if was_inside:
            choices = self.state.choices if state is not None else []
            (choices[0] if choices else shown).setFocus()

    def _stop_busy(self) -> None:
        self._busy_timer.stop()
        self.busy.hide()

    def _show_heading(self, heading: str, scope: str) -> None:
        self.heading.setText(heading)
        self.scope.show_text(scope)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the page, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
