"""The details of one match, and buttons for what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    LEAST_PROBABILITY,
    TYPE_VOCABULARY,
    Likeness,
    Match,
    PictureDetails,
)
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.theme import scaled


class DetailsSheet(QScrollArea):
    """Name, closeness and facts of a match; its signals say which button was clicked."""

    why_toggled = Signal(bool)
    open_requested = Signal()
    show_requested = Signal()
    search_requested = Signal()
    read_again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Details"))
        self.name = ElidedLabel()
        self.name.setFont(scaled(self.font(), 1.25, QFont.Weight.DemiBold))
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        self.reasons = QLabel()
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.reasons.setWordWrap(True)
        self.reasons.hide()
        self._facts: list[tuple[QLabel, QLabel]] = []  # title and value, from the top
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.why = QPushButton(self.tr("Why This One?"))
        self.why.setCheckable(True)
        self.why.setToolTip(self.tr("Show where the pictures match (W)"))
        self.why.toggled.connect(self.why_toggled)
        inner = QWidget()
        inner.setAutoFillBackground(False)
        column = QVBoxLayout(inner)
        column.setContentsMargins(4, 4, 8, 4)
        column.setSpacing(6)
        column.addWidget(self.name)
        column.addWidget(self.place)
        column.addSpacing(8)
        column.addLayout(self._grid)
        column.addSpacing(12)
        column.addWidget(self.why)
        column.addWidget(self.reasons)
        column.addStretch(1)
        for text, requested in (
            (self.tr("Find Similar to This"), self.search_requested),
            (self.tr("Open"), self.open_requested),
            (self.tr("Show in Folder"), self.show_requested),
            (self.tr("Read Again"), self.read_again_requested),
        ):
            button = QPushButton(text)
            button.clicked.connect(requested)
            column.addWidget(button)
        self.setWidget(inner)

    @property
    def facts(self) -> dict[str, str]:
        """The values that are shown, by title."""
        return {title.text(): value.text() for title, value in self._facts}

    def show_match(self, match: Match, rank: int, count: int) -> None:
        """Show what a match carries with it; its details follow."""
        self.name.show_text(labels.file_label(match.path))
        self.place.setText(
            self.tr("{rank} of {count}").format(
                rank=labels.number_label(rank), count=labels.number_label(count)
            )
        )
        self.reasons.hide()
        self.show_details(match, None)

    def show_details(self, match: Match, details: PictureDetails | None) -> None:
        """Show the facts; without `details`, those that the match itself carries."""
        for label in (label for fact in self._facts for label in fact):
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._facts = []
        for row, (name, text, is_elided) in enumerate(self._facts_of(match, details)):
            title = QLabel(name)
            title.setProperty("role", "muted")
            value = ElidedLabel(text) if is_elided else QLabel(text)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(not is_elided)
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)
            self._facts.append((title, value))

    def show_likenesses(self, likenesses: Sequence[Likeness]) -> None:
        """Say what the pictures have in common."""
        words = [labels.likeness_label(likeness) for likeness in likenesses]
        self.show_reasons("\n".join(f"•  {word}" for word in words) or self.tr("Similar overall."))

    def show_reasons(self, text: str) -> None:
        """Show an explanation, or why there is none."""
        self.reasons.setText(text)
        self.reasons.show()

    def _facts_of(
        self, match: Match, details: PictureDetails | None
    ) -> list[tuple[str, str, bool]]:
        """(title, value, whether to elide a long value in the middle rather than wrap it)."""
        facts: list[tuple[str, str, bool]] = []
        if match.closeness.word is not None:
            facts.append((self.tr("Similarity"), labels.closeness_label(match.closeness), False))
        if details is not None:
            titles = {TYPE_VOCABULARY: self.tr("Type"), COLOUR_VOCABULARY: self.tr("Colour")}
            for tag in details.recognised:
                if tag.vocabulary in titles and tag.probability >= LEAST_PROBABILITY:
                    facts.append((titles[tag.vocabulary], labels.word_label(tag.word), False))
            size = self.tr("{width} × {height}, {bytes}").format(
                width=details.width,
                height=details.height,
                bytes=QLocale().formattedDataSize(details.size),
            )
            facts.append((self.tr("Size"), size, False))
            if details.cut_short:
                words = self.tr("Cut short: the end of the file is missing")
                facts.append((self.tr("File"), words, False))
            changed = labels.day_label(details.modified.date())
            facts.append((self.tr("Modified"), changed, False))
        facts.append((self.tr("Folder"), labels.path_label(match.path.parent), True))
        for copy in labels.matches_by_file(match)[1:]:
            facts.append((self.tr("Copy"), labels.path_label(copy.path), True))
        return facts
