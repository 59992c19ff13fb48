"""The question beside its answers: the picture, and everything that refines it."""

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
    Part,
    Pixels,
    Refinement,
)
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.fitting import Fitting
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.question.balance_slider import BalanceSlider
from fashion_finder.ui.question.history_bar import HistoryBar
from fashion_finder.ui.question.marks_row import MarksRow
from fashion_finder.ui.question.picture import QuestionPicture
from fashion_finder.ui.question.tools import QuestionTools
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader, image_of

SHOWN_VOCABULARIES = (TYPE_VOCABULARY, COLOUR_VOCABULARY)


class QuestionPanel(QFrame):
    """Shows what was asked and how it is refined; offers to open another picture."""

    open_picture_requested = Signal()
    show_requested = Signal(object)  # Match: the question's own indexed copy
    copies_requested = Signal(object)  # Match: all files of it

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._itself: Match | None = None
        self._preview: Pixels | None = None  # the picture that is shown
        self.name_shown = ""
        self.picture = QuestionPicture()
        self.history = HistoryBar()
        self.tools = QuestionTools()
        self.balance = BalanceSlider()
        self.marks = MarksRow(loader)
        self.name = ElidedLabel()
        self.name.setFont(scaled(self.font(), 1.1, QFont.Weight.DemiBold))
        self.tags = QLabel()
        self.tags.setTextFormat(Qt.TextFormat.PlainText)
        self.tags.setProperty("role", "muted")
        self.tags.setWordWrap(True)
        self.itself = self._build_itself()
        self.open_button = QPushButton(self.tr("Open Picture…"))
        self.open_button.clicked.connect(self.open_picture_requested)
        hint = QLabel(self.tr("or drop one, or paste it"))
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setWordWrap(True)
        hint.setFont(scaled(self.font(), 0.92))

        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.history)
        column.addLayout(head)
        column.addWidget(self.picture)
        column.addWidget(self.tools)
        column.addWidget(self.balance)
        column.addWidget(self.tools.colour)
        column.addWidget(self.marks)
        column.addWidget(self.tags)
        column.addWidget(self.itself)
        column.addStretch(1)
        column.addWidget(self.open_button)
        column.addWidget(hint)
        expendable = (
            *(hint, self.tags, self.open_button, self.itself),
            *(self.balance, self.tools.colour, self.marks),
        )
        self._fitting = Fitting(self, expendable, elastic=self.picture)
        for part in (self.tags, self.itself, self.balance, self.tools.colour, self.marks):
            self._fitting.want(part, False)
        self.tools.clear_marks.setEnabled(False)
        self.tools.whole.setEnabled(False)
        self.set_askable(False)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._return_to_whole)

    def begin(self, name: str) -> None:
        """A new question is under way."""
        self._show_name(name)
        self._clear_findings()
        self._preview = None
        self.picture.dim()

    def show_answer(self, answer: Answer, name: str) -> None:
        """Show the question as the engine saw it."""
        self._show_name(name)
        if answer.preview is not self._preview:  # the same picture, refined, is there already
            self._preview = answer.preview
            self.picture.show_picture(image_of(answer.preview))
        self.picture.setAccessibleName(self.tr("Your picture: {name}").format(name=name))
        words = [
            one.word
            for one in answer.recognised
            if one.vocabulary in SHOWN_VOCABULARIES and one.probability >= LEAST_PROBABILITY
        ]
        self.tags.setText("  ·  ".join(labels.word_label(word) for word in words))
        self._fitting.want(self.tags, bool(words))
        self._show_itself(answer.itself)
        self._fitting.fit()

    def show_failure(self, name: str) -> None:
        """There is no picture to show."""
        self._show_name(name)
        self._clear_findings()
        self._preview = None
        self.picture.show_picture(None)

    def show_model(self, parts: tuple[Part, ...], colours: tuple[str, ...]) -> None:
        """Offer what the model can do, and hide the rest."""
        self.balance.show_parts(parts)
        self.tools.colour.show_words(colours if self.balance.is_wanted else ())
        self._fitting.want(self.balance, self.balance.is_wanted)
        self._fitting.want(self.tools.colour, self.tools.colour.is_wanted)
        for action in (self.tools.other_colour, self.tools.eyedropper):
            action.setVisible(self.tools.colour.is_wanted)
        self.tools.usual_balance.setVisible(self.balance.is_wanted)
        self._fitting.fit()

    def set_askable(self, is_askable: bool) -> None:
        """Whether there is a picture that can be refined."""
        for action in (self.tools.main_piece, self.tools.eyedropper, self.tools.other_colour):
            action.setEnabled(is_askable)
        self.tools.colour.setEnabled(is_askable)

    def show_refinement(
        self, refinement: Refinement, more: tuple[Match, ...], less: tuple[Match, ...]
    ) -> None:
        """Put every control where this refinement has it, telling nobody."""
        self.picture.show_region(refinement.region)
        self.tools.whole.setEnabled(refinement.region is not None)
        self.balance.show_weights(refinement.weights)
        self.tools.colour.show_colour(refinement.colour)
        self.tools.clear_marks.setEnabled(bool(more or less))
        self.marks.show_marks(more, less)
        self._fitting.want(self.marks, bool(more or less))
        self._fitting.fit()

    def _show_name(self, name: str) -> None:
        self.name_shown = name
        self.name.show_text(name)

    @Slot()
    def _return_to_whole(self) -> None:
        if self.picture.is_picking:
            self.picture.stop_picking()
        else:
            self.picture.reset_region()

    def _clear_findings(self) -> None:
        self._fitting.want(self.tags, False)
        self._fitting.want(self.itself, False)
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
        self.itself_copies.setProperty("role", "quiet")
        self.itself_copies.clicked.connect(self._ask_for_copies)
        self.show_itself_button = QPushButton(self.tr("Show in Folder"))
        self.show_itself_button.setProperty("role", "quiet")
        self.show_itself_button.clicked.connect(self._ask_to_show)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 8, 6)
        column.setSpacing(3)
        column.addWidget(text)
        column.addWidget(self.itself_path)
        for button in (self.itself_copies, self.show_itself_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        frame.hide()
        return frame

    def _show_itself(self, match: Match | None) -> None:
        self._itself = match
        self._fitting.want(self.itself, match is not None)
        if match is not None:
            self.itself_path.show_text(str(match.path))
            self.itself_copies.setText(labels.copies_label(match.file_count))
            self.itself_copies.setVisible(match.file_count > 1)

    @Slot()
    def _ask_for_copies(self) -> None:
        if self._itself is not None:
            self.copies_requested.emit(self._itself)

    @Slot()
    def _ask_to_show(self) -> None:
        if self._itself is not None:
            self.show_requested.emit(self._itself)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What does not fit is not shown."""
        super().resizeEvent(event)
        self._fitting.fit()
