"""One match enlarged over the page, with its details; the arrow keys step to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fashion_finder.domain import Agreement, ContentId, Match, PictureDetails
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.kit.overlay import Overlay
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.preview.details_sheet import DetailsSheet
from fashion_finder.ui.preview.picture_pane import PicturePane
from fashion_finder.ui.tiles.match_model import MatchModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader, image_of

SHEET_WIDTH = 300
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
CLOSING = (Qt.Key.Key_Escape, Qt.Key.Key_Space)


class LargePreview(Overlay):
    """A picture beside its details; its signals ask for both and for what the user wants."""

    shown = Signal(Match)  # its details are needed
    why_requested = Signal(Match)  # an explanation is needed
    open_requested = Signal(Match)
    show_requested = Signal(Match)
    search_requested = Signal(Match)
    read_again_requested = Signal(tuple)  # tuple[Match]
    closed = Signal()

    def __init__(
        self,
        model: MatchModel,
        loader: ThumbnailLoader,
        parent: QWidget,
        *,
        are_answers: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self._model = self._answers = model
        self._loader = loader
        self._match: Match | None = None
        self.sheet = DetailsSheet()
        self.sheet.setFixedWidth(SHEET_WIDTH)
        self.sheet.why.setVisible(are_answers)  # without a question there are no reasons
        self.answer = PicturePane()
        self.question = PicturePane()
        self._titles = (QLabel(self.tr("Your picture")), QLabel(self.tr("This match")))
        self._pictures = QGridLayout()
        self._pictures.setHorizontalSpacing(12)
        self._pictures.setVerticalSpacing(6)
        self._pictures.setRowStretch(1, 1)
        self._pictures.setColumnStretch(1, 1)
        for column, pane in enumerate((self.question, self.answer)):
            title = self._titles[column]
            title.setProperty("role", "muted")
            title.setFont(scaled(self.font(), 0.95, QFont.Weight.DemiBold))
            self._pictures.addWidget(title, 0, column)
            self._pictures.addWidget(pane, 1, column)
        self.close_button = GlyphButton(Glyph.CLOSE, self.tr("Close (Escape)"))
        self.back_button = GlyphButton(Glyph.CHEVRON_LEFT, self.tr("Previous picture"))
        self.on_button = GlyphButton(Glyph.CHEVRON_RIGHT, self.tr("Next picture"))
        head = QHBoxLayout()
        head.addWidget(self.back_button)
        head.addWidget(self.on_button)
        head.addStretch(1)
        head.addWidget(self.close_button)
        side = QVBoxLayout()
        side.addLayout(head)
        side.addWidget(self.sheet, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 16, 16)
        row.setSpacing(20)
        row.addLayout(self._pictures, 1)
        row.addLayout(side)
        self._compare(False)
        self.close_button.clicked.connect(self.dismiss)
        self.back_button.clicked.connect(self._step_back)
        self.on_button.clicked.connect(self._step_on)
        loader.loaded.connect(self._show_loaded)
        model.modelReset.connect(self._follow_answer)
        self.sheet.why_toggled.connect(self._toggle_why)
        self.sheet.open_requested.connect(self._request_open)
        self.sheet.show_requested.connect(self._request_show)
        self.sheet.search_requested.connect(self._request_search)
        self.sheet.read_again_requested.connect(self._request_reading)

    @property
    def match(self) -> Match | None:
        """The match that is shown; None while closed."""
        return self._match

    @Slot(Match)
    def show_match(self, match: Match) -> None:
        """Open on a match of the page, or go to another one."""
        if self._match is None:
            self._model = self._answers
        self._show(match)

    def show_among(self, model: MatchModel, match: Match) -> None:
        """Open on a match of another grid, in which the arrows then move."""
        self._model = model
        self._show(match)

    def _show(self, match: Match) -> None:
        is_new = self._match is None or match != self._match
        self._match = match
        place, count = self._model.place_of(match) or 0, self._model.count
        self.back_button.setEnabled(place > 0)
        self.on_button.setEnabled(place + 1 < count)
        name = labels.file_label(match.path)
        self.setAccessibleName(self.tr("Large preview: {name}").format(name=name))
        self.answer.setAccessibleName(name)
        if is_new:
            self.answer.show_heat(None)
            self.question.show_heat(None)
            self.sheet.show_match(match, place + 1, count)
        self.lift()
        self.setFocus()
        self._draw()
        self.shown.emit(match)
        if self.sheet.why.isChecked() and is_new:
            self.why_requested.emit(match)

    def show_details(self, content: ContentId, details: PictureDetails | None) -> None:
        """Show details, unless another match is shown by now."""
        if self._match is not None and content == self._match.content:
            self.sheet.show_details(self._match, details)

    def show_agreement(self, content: ContentId, agreement: Agreement) -> None:
        """Say and show why a match was found, unless another one is shown by now."""
        if self._match is None or content != self._match.content:
            return
        self.sheet.show_likenesses(agreement.likenesses)
        if agreement.match_heat is not None:
            self.question.show_picture(QPixmap.fromImage(image_of(agreement.asked)))
            self.question.show_heat(agreement.asked_heat)
            self.answer.show_heat(agreement.match_heat)
            self._compare(True)
            self._draw()

    def show_agreement_failure(self, content: ContentId, text: str) -> None:
        """Say why there is no explanation."""
        if self._match is not None and content == self._match.content:
            self.sheet.show_reasons(text)

    @Slot()
    def dismiss(self) -> None:
        """Close, and give the page back."""
        if self._match is None:
            return
        self._match = None
        self.sheet.why.setChecked(False)
        self.hide()
        self.closed.emit()

    def _compare(self, side_by_side: bool) -> None:
        self.question.setVisible(side_by_side)
        self._pictures.setColumnStretch(0, int(side_by_side))  # a hidden column keeps its share
        for title in self._titles:
            title.setVisible(side_by_side)

    def _draw(self) -> None:
        if self._match is None:
            return
        side = round(max(self.answer.width(), self.answer.height()) * self.devicePixelRatioF())
        pixmap = self._loader.picture(self._match, side, asked=True)
        self.answer.show_picture(pixmap, is_missing=self._loader.is_missing(self._match))

    def _step(self, step: int) -> None:
        neighbour = self._model.neighbour(self._match, step) if self._match is not None else None
        if neighbour is not None:
            self._show(neighbour)

    @Slot()
    def _step_back(self) -> None:
        self._step(-1)

    @Slot()
    def _step_on(self) -> None:
        self._step(1)

    @Slot(int)
    def _show_loaded(self, content: ContentId) -> None:
        if self._match is None or content != self._match.content:
            return
        self._draw()
        for step in (1, -1):  # load both neighbours ahead
            neighbour = self._model.neighbour(self._match, step)
            if neighbour is not None:
                self._loader.picture(neighbour, 1)

    @Slot()
    def _follow_answer(self) -> None:
        """Stay with the picture while the new answer holds it, else close."""
        if self._match is None:
            return
        kept = self._model.match_at(self._model.index_for(self._match))
        if kept is not None:
            self._show(kept)
        else:
            self.dismiss()

    @Slot(bool)
    def _toggle_why(self, wanted: bool) -> None:
        if self._match is not None and wanted:
            self.why_requested.emit(self._match)
        else:
            self._compare(False)
            self.answer.show_heat(None)
            self.sheet.reasons.hide()
            self._draw()

    @Slot()
    def _request_open(self) -> None:
        self.open_requested.emit(self._match)

    @Slot()
    def _request_show(self) -> None:
        self.show_requested.emit(self._match)

    @Slot()
    def _request_reading(self) -> None:
        self.read_again_requested.emit((self._match,))

    @Slot()
    def _request_search(self) -> None:
        match = self._match
        self.dismiss()
        self.search_requested.emit(match)

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        """Handle the preview's keys before the window's shortcuts do."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in (*STEPS, *CLOSING):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Space close, arrows step, Enter opens, W asks why."""
        key = Qt.Key(event.key())
        if key in CLOSING:
            self.dismiss()
        elif key in STEPS:
            self._step(STEPS[key])
        elif key == Qt.Key.Key_W and not self.sheet.why.isHidden():
            self.sheet.why.toggle()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._request_open()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the picture anew: a larger one needs more pixels."""
        super().resizeEvent(event)
        self._draw()
