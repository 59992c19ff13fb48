"""What is known of one answer, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
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
    Closeness,
    Likeness,
    Match,
    PictureDetails,
)
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.theme import scaled


class DetailsSheet(QScrollArea):
    """Name, closeness and facts of a match; asks for what its buttons say."""

    why_toggled = Signal(bool)
    open_requested = Signal()
    show_requested = Signal()
    search_requested = Signal()

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
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
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
        column.addLayout(self._facts)
        column.addSpacing(12)
        column.addWidget(self.why)
        column.addWidget(self.reasons)
        column.addStretch(1)
        for text, told in (
            (self.tr("Find Similar to This"), self.search_requested),
            (self.tr("Open"), self.open_requested),
            (self.tr("Show in Folder"), self.show_requested),
        ):
            button = QPushButton(text)
            button.clicked.connect(told)
            column.addWidget(button)
        self.setWidget(inner)

    @property
    def facts(self) -> dict[str, str]:
        """What is said, by what it is called."""
        found = {}
        for row in range(self._facts.rowCount()):
            name, value = (self._facts.itemAtPosition(row, column) for column in (0, 1))
            if name is not None and value is not None:
                said = (name.widget(), value.widget())
                if isinstance(said[0], QLabel) and isinstance(said[1], QLabel):
                    found[said[0].text()] = said[1].text()
        return found

    def show_match(self, match: Match, rank: int, count: int) -> None:
        """Say what an answer carries with it; its details follow."""
        self.name.show_text(labels.file_label(match.path))
        self.place.setText(
            self.tr("{rank} of {count}").format(
                rank=labels.number_label(rank), count=labels.number_label(count)
            )
        )
        self.reasons.hide()
        self._show_facts(self._facts_of(match, None))

    def show_details(self, match: Match, details: PictureDetails | None) -> None:
        """Say what the catalogue knows; None when it knows the file no more."""
        self._show_facts(self._facts_of(match, details))

    def show_likenesses(self, likenesses: Sequence[Likeness]) -> None:
        """Say in words in what the pictures are alike."""
        words = [labels.likeness_label(likeness) for likeness in likenesses]
        self.reasons.setText(
            "\n".join(f"•  {word}" for word in words) if words else self.tr("Similar overall.")
        )
        self.reasons.show()

    def show_failure(self, text: str) -> None:
        """Say why there is no explanation."""
        self.reasons.setText(text)
        self.reasons.show()

    def _facts_of(
        self, match: Match, details: PictureDetails | None
    ) -> list[tuple[str, str, bool]]:
        """(name, value, whether it gives way in the middle)."""
        facts: list[tuple[str, str, bool]] = []
        if match.closeness is not Closeness.UNJUDGED:
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
            changed = labels.day_label(details.modified.date())
            facts.append((self.tr("Modified"), changed, False))
        facts.append((self.tr("Folder"), labels.path_label(match.path.parent), True))
        for copy in labels.files_of(match)[1:]:
            facts.append((self.tr("Copy"), labels.path_label(copy.path), True))
        return facts

    def _show_facts(self, facts: Sequence[tuple[str, str, bool]]) -> None:
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, value, gives_way) in enumerate(facts):
            title = QLabel(name)
            title.setProperty("role", "muted")
            said = ElidedLabel(value) if gives_way else QLabel(value)
            said.setTextFormat(Qt.TextFormat.PlainText)
            if not gives_way:
                said.setWordWrap(True)
            self._facts.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(said, row, 1)


def heading(text: str, widget: QWidget) -> QLabel:
    """A small title over a picture."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setFont(scaled(widget.font(), 0.95, QFont.Weight.DemiBold))
    return label


def stacked(*widgets: QWidget) -> QVBoxLayout:
    """Widgets below each other, the last one as tall as can be."""
    column = QVBoxLayout()
    column.setSpacing(6)
    for widget in widgets[:-1]:
        column.addWidget(widget)
    column.addWidget(widgets[-1], 1)
    return column


def side_by_side(*layouts: QVBoxLayout) -> QHBoxLayout:
    """Columns of equal width."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for layout in layouts:
        row.addLayout(layout, 1)
    return row
