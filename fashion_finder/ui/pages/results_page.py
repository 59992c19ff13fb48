"""The results page: the question on the left, its matches on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import Answer
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
from fashion_finder.ui.question.panel import QuestionPanel
from fashion_finder.ui.tiles.grid_layout import GUTTER
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.tiles.results_model import ResultsModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

BUSY_AFTER_MS = 180  # quicker answers show no sign of work: flicker is noise
NARROWEST_QUESTION, WIDEST_QUESTION = 232, 560


class ResultsPage(MatchPage):
    """Shows an answer until the next one comes, or why there is none."""

    grid: ResultsGrid

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = None
        self.model = ResultsModel(self)
        self.grid = ResultsGrid(self.model, loader)
        self.copies = CopiesSheet(self.model, loader, self)
        self.preview = LargePreview(self.model, loader, self)
        self.question = QuestionPanel(loader)
        self.filters = FilterBar()
        self.failure = StatePage()
        self.heading = QLabel(self.tr("Most similar"))
        self.heading.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.scope = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
        self.scope.setProperty("role", "muted")
        self.far_banner = self._build_far_banner()
        self.busy = QLabel(self.tr("Searching…"))  # a word: nothing in the window moves by itself
        self.busy.setProperty("role", "muted")
        policy = self.busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(policy)
        self.busy.hide()
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self.busy.show)

        self.browse_button = GlyphButton(Glyph.TILES, self.tr("All Photos"), has_words=True)
        self.more_button = QPushButton()
        self.more_button.setProperty("role", "quiet")
        self.more_button.clicked.connect(self.toggle_more)
        self.more_button.hide()

        self.answers = QStackedWidget()
        self.answers.addWidget(self.grid)
        self.answers.addWidget(self.failure)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(12)
        head.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.scope, 100, Qt.AlignmentFlag.AlignBaseline)
        head.addStretch(1)  # while there is nothing to head
        head.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.browse_button, 0, Qt.AlignmentFlag.AlignBaseline)
        banner = QHBoxLayout()
        banner.setContentsMargins(GUTTER // 2, 0, GUTTER // 2, 0)
        banner.addWidget(self.far_banner)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(head)
        right.addWidget(self.filters)
        right.addLayout(banner)
        right.addWidget(self.answers, 1)
        right.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self.question)
        row.addLayout(right, 1)

    @Slot(str)
    def show_question(self, name: str) -> None:
        """A question is under way; the answer before it stays, dimmed."""
        self.question.show_question(name)
        self._busy_timer.start()

    @Slot(Answer)
    def show_answer(self, answer: Answer) -> None:
        """Show the question and its matches."""
        self.show_busy(False)
        self.question.show_answer(answer)
        self.scope.show_text(
            self.tr("of {photos}").format(photos=labels.photos_label(answer.searched))
        )
        self.heading.setText(
            self.tr("Most similar") if not answer.nothing_close else self.tr("Closest")
        )
        self.heading.setVisible(bool(answer.matches))
        self.scope.setVisible(bool(answer.matches))
        self._show_banner(answer)
        # The same question, asked again because the folders have changed, keeps what was opened.
        is_same = self.answer is not None and answer.question == self.answer.question
        self.answer = answer
        self.model.show(answer.matches, expanded=is_same and self.model.is_expanded)
        self._label_more()
        self.answers.setCurrentWidget(self.grid)

    @Slot()
    def toggle_more(self) -> None:
        """Show the matches beyond the first few below them, or hide them again."""
        self.model.expand(expanded=not self.model.is_expanded)
        self._label_more()
        if not self.model.is_expanded:
            self.grid.scrollToTop()

    def show_failure(self, state: State) -> None:
        """Say why there is no answer, in the place where it would be."""
        self.show_busy(False)
        self.question.show_failure()
        self.answer = None
        self.scope.clear()
        self.heading.hide()
        self.far_banner.hide()
        self.model.show(())
        self._label_more()
        self.failure.show_state(state)
        had_keyboard = self.grid.hasFocus()
        self.answers.setCurrentWidget(self.failure)
        if had_keyboard and self.failure.choices:
            self.failure.choices[0].setFocus()

    def _label_more(self) -> None:
        beyond = self.model.beyond
        self.more_button.setVisible(beyond > 0)
        self.more_button.setText(
            self.tr("Show Fewer")
            if self.model.is_expanded
            else self.tr("Show {count} More").format(count=labels.number_label(beyond))
        )

    @Slot(bool)
    def show_busy(self, is_busy: bool) -> None:
        """Work on the question on the page begins, or has ended."""
        if is_busy:
            self._busy_timer.start()
        else:
            self._busy_timer.stop()
            self.busy.hide()

    def _show_banner(self, answer: Answer) -> None:
        """Say that nothing is close, or that no photo meets the filters."""
        if answer.matches:
            self._far_title.setText(self.tr("Nothing close in your folders"))
            self._far_text.setText(self.tr("These are the closest pieces."))
        else:
            self._far_title.setText(self.tr("No photos match"))
            names = labels.plain(", ".join(answer.filters.names))
            self._far_text.setText(
                self.tr("Remove a filter to see more.")
                if not names
                else self.tr("No file or folder name contains “{words}”.").format(words=names)
            )
        self.far_banner.setVisible(answer.nothing_close)

    def _build_far_banner(self) -> QFrame:
        banner = QFrame()
        banner.setProperty("role", "bar")
        banner.setProperty("tone", "warning")
        title = self._far_title = QLabel()
        title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        text = self._far_text = QLabel()
        text.setWordWrap(True)
        column = QVBoxLayout(banner)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(2)
        column.addWidget(title)
        column.addWidget(text)
        banner.hide()
        return banner

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the question about a quarter of the width."""
        super().resizeEvent(event)
        self.browse_button.fit(self.width())
        wanted = round(self.width() * 0.26)
        least = max(NARROWEST_QUESTION, 32 * self.fontMetrics().averageCharWidth())
        self.question.setFixedWidth(max(least, min(WIDEST_QUESTION, wanted)))
