"""The matches marked "more like this" and "less like this", as small pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.tiles.grid_layout import fitted
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

SIDE = 38  # logical pixels of an example
BADGE = 14.0


class ExampleButton(QAbstractButton):
    """One example; a click asks to remove its mark."""

    def __init__(self, match: Match, more: bool, loader: ThumbnailLoader) -> None:
        super().__init__()
        self.match = match
        self._more = more
        self._loader = loader
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # repaint when the mouse enters or leaves
        self.setFixedSize(SIDE, SIDE)
        name = labels.file_label(match.path)
        text = self.tr("More like {name}") if more else self.tr("Less like {name}")
        self.setAccessibleName(text.format(name=name))
        self.setAccessibleDescription(self.tr("Press to remove this mark"))
        self.setToolTip(self.accessibleName() + "\n" + self.accessibleDescription())

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, and a plus or a minus in its corner."""
        palette, area = self.palette(), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(area, palette.color(QPalette.ColorRole.AlternateBase))
        pixmap = self._loader.picture(self.match, round(SIDE * self.devicePixelRatioF()))
        if pixmap is not None:
            target = fitted(pixmap.size(), area)
            painter.setOpacity(0.6 if self.underMouse() else 1.0)
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
            painter.setOpacity(1.0)
        badge = QRectF(area.right() - BADGE, area.bottom() - BADGE, BADGE, BADGE)
        front, back = QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight
        if not self._more:
            front, back = QPalette.ColorRole.Window, QPalette.ColorRole.WindowText
        painter.fillRect(badge, palette.color(back))
        painter.setPen(QPen(palette.color(front), 2))
        middle, reach = badge.center(), BADGE / 2 - 4
        painter.drawLine(middle - QPointF(reach, 0), middle + QPointF(reach, 0))
        if self._more:
            painter.drawLine(middle - QPointF(0, reach), middle + QPointF(0, reach))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 3))
            painter.drawRect(area.adjusted(1.5, 1.5, -1.5, -1.5))


class ExamplesRow(QWidget):
    """The matches that the question is moved towards and away from."""

    removed = Signal(Match)
    cleared = Signal()

    def __init__(self, loader: ThumbnailLoader) -> None:
        super().__init__()
        self._loader = loader
        self._shown: tuple[tuple[Match, bool], ...] = ()
        self.buttons: list[ExampleButton] = []
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.counts.setFont(scaled(self.font(), 0.92))
        self.clear_button = QPushButton(self.tr("Clear"))
        self.clear_button.setProperty("role", "quiet")
        self.clear_button.setAccessibleName(self.tr("Clear all marks"))
        self.clear_button.setFont(scaled(self.font(), 0.92, QFont.Weight.Normal))
        self.clear_button.clicked.connect(self.cleared)
        head = QHBoxLayout()
        head.addWidget(self.counts, 1)
        head.addWidget(self.clear_button)
        self._pictures = QHBoxLayout()
        self._pictures.setSpacing(4)
        self._pictures.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(self._pictures)
        loader.loaded.connect(self._repaint)

    def show_examples(self, more: Sequence[Match], less: Sequence[Match]) -> None:
        """Show the newest examples that fit, and how many there are of each kind."""
        examples = (*((match, True) for match in more), *((match, False) for match in less))
        if examples == self._shown:
            return
        self._shown = examples
        for button in self.buttons:
            self._pictures.removeWidget(button)
            button.hide()
            button.deleteLater()
        room = max(1, (self.width() or 200) // (SIDE + 4))
        self.buttons = [
            ExampleButton(match, is_more, self._loader) for match, is_more in examples[-room:]
        ]
        for position, button in enumerate(self.buttons):
            self._pictures.insertWidget(position, button)
            button.clicked.connect(partial(self.removed.emit, button.match))
        self.counts.setText(
            self.tr("{more} more, {less} less").format(
                more=labels.number_label(len(more)), less=labels.number_label(len(less))
            )
        )

    @Slot(object)
    def _repaint(self, content: ContentId) -> None:
        for button in self.buttons:
            if button.match.content == content:
                button.update()
