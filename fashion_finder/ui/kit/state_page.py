"""A page for when there are no answers: at the first start, before a search, after a failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fashion_finder.ui.kit import icons
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.fitting import Fitting
from fashion_finder.ui.kit.theme import scaled

TEXT_WIDTH = 520  # logical pixels; longer lines are tiring to read
MARGINS = QMargins(40, 32, 40, 32)
LEAST_MARGINS = QMargins(24, 14, 24, 22)  # still inside the dashed frame


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a page."""

    text: str
    act: Callable[[], None]
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The contents of a page."""

    title: str
    text: str
    subject: str = ""  # the file it is about
    reason: str = ""
    footnote: str = ""
    choices: tuple[Choice, ...] = ()
    is_failure: bool = False


class Emblem(QWidget):
    """A large glyph on a disc, with the gap below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_failure = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """The disc and the gap."""
        return QSize(104, 104 + 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the disc and the glyph."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
        disc = QRectF(2, 2, 100, 100)
        painter.drawEllipse(disc)
        glyph = icons.Glyph.WARNING if self.is_failure else icons.Glyph.HANGER
        target = disc.adjusted(14, 14, -14, -14)
        icons.paint_glyph(painter, glyph, palette.color(QPalette.ColorRole.Accent), target)


class StatePage(QWidget):
    """An emblem, a sentence in large letters, a few lines, and buttons."""

    def __init__(self, parent: QWidget | None = None, *, is_drop_target: bool = False) -> None:
        super().__init__(parent)
        self._is_drop_target = is_drop_target
        self._emblem = Emblem()
        self._title = self._centred(1.7, QFont.Weight.DemiBold)
        self._text = self._centred(1.05)
        self._subject = ElidedLabel()
        self._subject.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._subject.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self._subject.setContentsMargins(0, 0, 0, 6)
        self._reason = self._centred(0.95)
        self._reason.setProperty("role", "muted")
        self._reason.setContentsMargins(0, 8, 0, 0)
        self._footnote = self._centred(0.95)
        self._footnote.setProperty("role", "muted")
        self._footnote.setContentsMargins(0, 22, 0, 0)
        self._choices = QWidget()
        self._buttons = QHBoxLayout(self._choices)
        self._buttons.setContentsMargins(0, 24, 0, 0)
        self._buttons.setSpacing(12)
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        self._shown: tuple[Choice, ...] = ()
        self.choices: list[QPushButton] = []

        column = self._column = QVBoxLayout(self)
        column.setSpacing(0)  # each gap belongs to the widget that it sets apart
        column.addStretch(3)
        column.addWidget(self._emblem, 0, Qt.AlignmentFlag.AlignHCenter)
        self._add_line(column, self._title)
        column.addSpacing(10)
        self._add_line(column, self._subject)
        self._add_line(column, self._text)
        self._add_line(column, self._reason)
        column.addWidget(self._choices)
        self._add_line(column, self._footnote)
        column.addStretch(4)
        self._fitting = Fitting(self, (self._emblem, self._footnote, self._reason))

    def show_state(self, state: State) -> None:
        """Replace the contents of the page."""
        self._emblem.is_failure = state.is_failure
        self._emblem.update()
        self._title.setText(state.title)
        self._text.setText(state.text)
        self._subject.show_text(state.subject)
        self._subject.setVisible(bool(state.subject))
        self._reason.setText(state.reason)
        self._fitting.set_wanted(self._reason, bool(state.reason))
        self._footnote.setText(state.footnote)
        self._fitting.set_wanted(self._footnote, bool(state.footnote))
        self._show_choices(state.choices)
        self._fit()
        self.setAccessibleName(state.title)
        self.setAccessibleDescription(" ".join((state.subject, state.text)).strip())

    def _show_choices(self, choices: tuple[Choice, ...]) -> None:
        if choices == self._shown:  # the focus stays where it is
            return
        self._shown = choices
        had_focus = any(button.hasFocus() for button in self.choices)
        for button in self.choices:
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.choices = []
        for choice in choices:
            button = QPushButton(choice.text)
            button.setAutoDefault(True)  # Enter presses it, as Space does
            if choice.is_primary:
                button.setProperty("role", "primary")
            button.clicked.connect(choice.act)
            self._buttons.insertWidget(self._buttons.count() - 1, button)
            self.choices.append(button)
        self._choices.setVisible(bool(choices))
        if had_focus and self.choices:
            self.choices[0].show()  # a layout would do so later
            self.choices[0].setFocus()

    def _fit(self) -> None:
        """Hide what does not fit; if that is not enough, shrink the margins."""
        for margins in (MARGINS, LEAST_MARGINS):
            self._column.setContentsMargins(margins)
            if self._fitting.fit():
                return

    def _centred(self, factor: float, weight: QFont.Weight | None = None) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setFont(scaled(self.font(), factor, weight))
        return label

    def _add_line(self, column: QVBoxLayout, widget: QWidget) -> None:
        widget.setMaximumWidth(TEXT_WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(widget, 100)
        row.addStretch(1)
        column.addLayout(row)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits the new size."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed frame of a place to drop on."""
        super().paintEvent(event)
        if not self._is_drop_target:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().color(QPalette.ColorRole.Dark), 1.4)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 8, -16, -16), 18, 18)
