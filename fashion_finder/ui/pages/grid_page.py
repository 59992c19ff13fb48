"""What the results page and the browse page share: a head, filters, and a grid or a state."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.ui.filters.filter_bar import FilterBar
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.state_page import State, StatePage
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.preview.match_page import MatchPage
from fashion_finder.ui.tiles.match_grid import MatchGrid

BUSY_AFTER_MS = 180  # shorter work is not announced: flicker is noise


class GridPage(MatchPage):
    """Shows its grid, or a state that says why there is nothing to show."""

    def build_column(self, grid: MatchGrid, button: GlyphButton, busy: str) -> QVBoxLayout:
        """Lay out the head, which ends with the word for `busy` and a button, above the grid."""
        self.grid = grid
        self.answer = None
        self.filters = FilterBar()
        self.state = StatePage()
        self.contents = QStackedWidget()
        self.contents.addWidget(grid)
        self.contents.addWidget(self.state)
        self.heading = QLabel()
        self.heading.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.scope = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
        self.scope.setProperty("role", "muted")
        self.busy = QLabel(busy)  # a word: nothing in the window moves by itself
        self.busy.setProperty("role", "muted")
        policy = self.busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(policy)
        self.busy.hide()
        self._busy_timer = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self.busy.show)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(12)
        for widget in (self.heading, self.scope, self.busy, button):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignBaseline)
        head.setStretchFactor(self.scope, 1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.filters)
        column.addWidget(self.contents, 1)
        return column

    @Slot(bool)
    def show_busy(self, is_busy: bool) -> None:
        """Work for the page has begun, or ended; what the page shows stays."""
        if is_busy:
            self._busy_timer.start()
        else:
            self._busy_timer.stop()
            self.busy.hide()

    def show_grid(self, heading: str, scope: str) -> None:
        """Show the grid below a heading."""
        self._turn_to(self.grid, heading, scope)

    def show_state(self, state: State) -> None:
        """Say why there is nothing to show."""
        self._turn_to(self.state, state=state)

    def _turn_to(
        self, shown: QWidget, heading: str = "", scope: str = "", state: State | None = None
    ) -> None:
        self.show_busy(False)
        self.heading.setText(heading)
        self.scope.show_text(scope)
        focused = QApplication.focusWidget()
        was_inside = focused is not None and self.contents.isAncestorOf(focused)
        if state is not None:
            self.state.show_state(state)
        self.contents.setCurrentWidget(shown)
        if was_inside:
            choices = self.state.choices if state is not None else []
            (choices[0] if choices else shown).setFocus()
