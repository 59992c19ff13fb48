"""The results page: the question on the left, its matches on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from fashion_finder.domain import Answer
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.kit.state_page import State
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.pages.grid_page import GridPage
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.question.panel import QuestionPanel
from fashion_finder.ui.tiles.grid_layout import GUTTER
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.tiles.results_model import ResultsModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

NARROWEST_QUESTION, WIDEST_QUESTION = 232, 560


class ResultsPage(GridPage):
    """Shows an answer until the next one comes, or why there is none."""

    grid: ResultsGrid

    def __init__(self, loader: ThumbnailLoader) -> None:
        super().__init__()
        self.model = ResultsModel(self)
        self.copies = CopiesSheet(self.model, loader, self)
        self.preview = LargePreview(self.model, loader, self)
        self.question = QuestionPanel(loader)
        self.far_banner = self._build_far_banner()
        self.browse_button = GlyphButton(Glyph.TILES, self.tr("All Photos"), has_words=True)
        self.more_button = QPushButton()
        self.more_button.setProperty("role", "quiet")
        self.more_button.clicked.connect(self.toggle_more)
        self.more_button.hide()
        banner = QHBoxLayout()
        banner.setContentsMargins(GUTTER // 2, 0, GUTTER // 2, 0)
        banner.addWidget(self.far_banner)
        grid = ResultsGrid(self.model, loader)
        right = self.build_column(grid, self.browse_button, self.tr("Searching…"))
        right.insertLayout(right.indexOf(self.contents), banner)
        right.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self.question)
        row.addLayout(right, 1)
        self.heading.setText(self.tr("Most similar"))

    @Slot(str)
    def show_question(self, name: str) -> None:
        """Announce a question; the answer before it stays, dimmed."""
        self.question.show_question(name)
        self.show_busy(True)

    @Slot(Answer)
    def show_answer(self, answer: Answer) -> None:
        """Show the question and its matches."""
        self.question.show_answer(answer)
        self._show_banner(answer)
        # The same question, repeated because the folders have changed, keeps what was expanded.
        is_same = self.answer is not None and answer.question == self.answer.question
        self.answer = answer
        self.model.show(answer.matches, expanded=is_same and self.model.is_expanded)
        self._label_more()
        heading = self.tr("Closest") if answer.nothing_close else self.tr("Most similar")
        scope = self.tr("of {photos}").format(photos=labels.photos_label(answer.searched))
        self.show_grid(*((heading, scope) if answer.matches else ("", "")))

    @Slot()
    def toggle_more(self) -> None:
        """Show the matches beyond the first few below them, or hide them again."""
        self.model.expand(expanded=not self.model.is_expanded)
        self._label_more()
        if not self.model.is_expanded:
            self.grid.scrollToTop()

    def show_failure(self, state: State) -> None:
        """Say why there is no answer, in its place."""
        self.question.show_failure()
        self.answer = None
        self.far_banner.hide()
        self.model.show(())
        self._label_more()
        self.show_state(state)

    def _label_more(self) -> None:
        beyond = self.model.beyond
        self.more_button.setVisible(beyond > 0)
        self.more_button.setText(
            self.tr("Show Fewer")
            if self.model.is_expanded
            else self.tr("Show {count} More").format(count=labels.number_label(beyond))
        )

    def _show_banner(self, answer: Answer) -> None:
        """Say that nothing is close, or that no photo meets the filters."""
        names = labels.plain(", ".join(answer.filters.names))
        title, text = self.tr("No photos match"), self.tr("Remove a filter to see more.")
        if answer.matches:
            title = self.tr("Nothing close in your folders")
            text = self.tr("These are the closest pieces.")
        elif names:
            text = self.tr("No file or folder name contains “{words}”.").format(words=names)
        self._far_title.setText(title)
        self._far_text.setText(text)
        self.far_banner.setVisible(answer.nothing_close)

    def _build_far_banner(self) -> QFrame:
        banner = QFrame()
        banner.setProperty("role", "bar")
        banner.setProperty("tone", "warning")
        self._far_title, self._far_text = QLabel(), QLabel()
        self._far_title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self._far_text.setWordWrap(True)
        column = QVBoxLayout(banner)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(2)
        column.addWidget(self._far_title)
        column.addWidget(self._far_text)
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
