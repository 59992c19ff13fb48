"""The question beside its answers: its picture, and the controls that refine it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    LEAST_PROBABILITY,
    TYPE_VOCABULARY,
    Answer,
    Match,
    Pixels,
    Refinement,
    Region,
    Status,
    colour_part,
)
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.fitting import Fitting
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.question.balance_sliders import BalanceSliders
from fashion_finder.ui.question.examples_row import ExamplesRow
from fashion_finder.ui.question.history_bar import HistoryBar
from fashion_finder.ui.question.picture import QuestionPicture
from fashion_finder.ui.question.tools import QuestionTools
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader, image_of

SHOWN_VOCABULARIES = (TYPE_VOCABULARY, COLOUR_VOCABULARY)


class QuestionPanel(QFrame):
    """Shows the question and how it is refined; offers to open another picture."""

    open_picture_requested = Signal()
    show_requested = Signal(Match)  # of the question itself, which is indexed
    copies_requested = Signal(Match)  # of the same

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._itself: Match | None = None  # the question, when it is indexed
        self._preview: Pixels | None = None  # the picture that is shown
        self.picture = QuestionPicture()
        self.history = HistoryBar()
        self.tools = QuestionTools()
        self.balance = BalanceSliders(self.tools.presets)
        self.examples = ExamplesRow(loader)
        self.name = ElidedLabel()
        self.name.setFont(scaled(self.font(), 1.1, QFont.Weight.DemiBold))
        self.tags = QLabel()
        self.tags.setTextFormat(Qt.TextFormat.PlainText)
        self.tags.setProperty("role", "muted")
        self.tags.setWordWrap(True)
        self.itself = self._build_itself()
        self.open_button = QPushButton(self.tr("Open Picture…"))
        self.open_button.clicked.connect(self.open_picture_requested)
        self.hint = QLabel(self.tr("or drop or paste one"))
        self.hint.setProperty("role", "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setFont(scaled(self.font(), 0.92))
        self._lay_out()
        controls = (self.balance, self.tools.colour, self.examples)
        hidden_first_to_last = (self.hint, self.tags, self.open_button, self.itself, *controls)
        self._fitting = Fitting(self, hidden_first_to_last, elastic=self.picture)
        for optional in (self.tags, self.itself, *controls):
            self._fitting.set_wanted(optional, False)
        self.tools.clear_marks.setEnabled(False)
        self._enable_whole(None)
        self._enable_refining(False)
        self.picture.region_changed.connect(self._enable_whole)
        self.picture.colour_picked.connect(self.tools.colour.choose)
        self.tools.colour.eyedropper_requested.connect(self.picture.start_picking)
        self.tools.eyedropper.triggered.connect(self.picture.start_picking)
        self.tools.whole.triggered.connect(self.picture.reset_region)
        self.tools.reset_balance.triggered.connect(self.balance.reset)
        self.tools.clear_marks.triggered.connect(self.examples.cleared)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.picture.cancel)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.history)
        column.addLayout(head)
        for widget in (
            *(self.picture, self.tools, self.balance, self.tools.colour),
            *(self.examples, self.tags, self.itself),
        ):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.open_button)
        column.addWidget(self.hint)

    def show_question(self, name: str) -> None:
        """Name a question that waits for its answer, and dim the picture before it."""
        self.name.show_text(name)
        self.picture.setAccessibleName(self.tr("Your picture: {name}").format(name=name))
        self._forget_answer()
        self.picture.dim()

    def show_answer(self, answer: Answer) -> None:
        """Show the question as the engine saw it."""
        if answer.preview is not self._preview:  # a refinement keeps the picture
            self._preview = answer.preview
            self.picture.show_picture(image_of(answer.preview))
        self._enable_refining(answer.picture is not None)
        words = [
            tag.word
            for tag in answer.recognised
            if tag.vocabulary in SHOWN_VOCABULARIES and tag.probability >= LEAST_PROBABILITY
        ]
        self.tags.setText("  ·  ".join(labels.word_label(word) for word in words))
        self._fitting.set_wanted(self.tags, bool(words))
        self._show_itself(answer.itself)
        self._fitting.fit()

    def show_failure(self) -> None:
        """Show that there is no picture."""
        self._forget_answer()
        self.picture.show_picture(None)
        self._enable_refining(False)

    @Slot(Status)
    def show_status(self, status: Status) -> None:
        """Offer what the model in use can do, and hide the rest."""
        self.balance.show_parts(status.model.parts)
        has_balance = self.balance.has_balance
        has_colour = colour_part(status.model.parts) is not None
        colours = status.model.vocabularies.get(COLOUR_VOCABULARY, ()) if has_colour else ()
        self.tools.colour.show_words(colours)
        has_colours = self.tools.colour.has_colours
        self._fitting.set_wanted(self.balance, has_balance)
        self._fitting.set_wanted(self.tools.colour, has_colours)
        for action in (self.tools.other_colour, self.tools.eyedropper):
            action.setVisible(has_colours)
        self.tools.reset_balance.setVisible(has_balance)
        self._fitting.fit()

    @Slot(Refinement, tuple, tuple)
    def show_refinement(
        self, refinement: Refinement, more: tuple[Match, ...], less: tuple[Match, ...]
    ) -> None:
        """Set all controls to this refinement; each ignores what it shows already."""
        self.picture.show_region(refinement.region)
        self._enable_whole(refinement.region)
        self.balance.show_weights(refinement.weights)
        self.tools.colour.show_colour(refinement.colour)
        self.examples.show_examples(more, less)
        self.tools.clear_marks.setEnabled(bool(more or less))
        self._fitting.set_wanted(self.examples, bool(more or less))
        self._fitting.fit()

    def _enable_refining(self, is_enabled: bool) -> None:
        """Enable what needs a picture."""
        for action in (self.tools.main_piece, self.tools.eyedropper, self.tools.other_colour):
            action.setEnabled(is_enabled)
        self.tools.colour.setEnabled(is_enabled)

    @Slot(object)
    def _enable_whole(self, region: Region | None) -> None:
        self.tools.whole.setEnabled(region is not None)

    def _forget_answer(self) -> None:
        self._preview = None
        self._fitting.set_wanted(self.tags, False)
        self._fitting.set_wanted(self.itself, False)
        self._fitting.fit()

    def _build_itself(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "bar")
        text = QLabel(self.tr("This picture is in your folders"))
        text.setWordWrap(True)
        text.setFont(scaled(self.font(), 0.95))
        self.itself_path = ElidedLabel()
        self.itself_path.setFont(scaled(self.font(), 0.92))
        self.itself_copies = QPushButton()
        self.itself_copies.setAccessibleName(self.tr("Show copies of this picture"))
        self.itself_copies.clicked.connect(lambda: self.copies_requested.emit(self._itself))
        self.show_itself_button = QPushButton(self.tr("Show in Folder"))
        self.show_itself_button.clicked.connect(lambda: self.show_requested.emit(self._itself))
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 8, 6)
        column.setSpacing(3)
        column.addWidget(text)
        column.addWidget(self.itself_path)
        for button in (self.itself_copies, self.show_itself_button):
            button.setProperty("role", "quiet")
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        frame.hide()
        return frame

    def _show_itself(self, match: Match | None) -> None:
        self._itself = match
        self._fitting.set_wanted(self.itself, match is not None)
        if match is not None:
            self.itself_path.show_text(str(match.path))
            self.itself_copies.setText(labels.copies_label(match.file_count))
            self.itself_copies.setVisible(match.file_count > 1)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what does not fit."""
        super().resizeEvent(event)
        self._fitting.fit()
