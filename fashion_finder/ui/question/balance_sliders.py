"""A slider for each part of the model's embedding: how much cut, colour and pattern count."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QSlider, QWidget

from fashion_finder.domain import COLOUR_PART, Part
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.question.balance import (
    TOP,
    USUAL,
    Positions,
    Weights,
    can_balance,
    positions_of,
    preset,
    weights_at,
)


class _Slider(QSlider):
    """Returns to the usual position on a double click, and on Backspace."""

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, TOP)
        self.setValue(USUAL)
        self.setSingleStep(5)
        self.setPageStep(25)
        self.setMinimumHeight(24)
        self.setAccessibleName(name)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tick at the usual position: style sheets draw none."""
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 2))
        middle = self.width() / 2
        painter.drawLine(QPointF(middle, self.height() - 4), QPointF(middle, self.height() - 1))
        painter.end()
        super().paintEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to the usual position."""
        self.setValue(USUAL)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return to the usual position on Backspace."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.setValue(USUAL)
            event.accept()
        else:
            super().keyPressEvent(event)


class BalanceSliders(QWidget):
    """The sliders under each other, and a menu of presets above them."""

    changed = Signal(tuple)  # Weights

    def __init__(self, presets: dict[str, QAction]) -> None:
        """`presets` are actions by the name of the preset; shown where the model has it."""
        super().__init__()
        self._parts: tuple[Part, ...] = ()
        self._presets = presets
        self._labels: list[QLabel] = []
        self.sliders: dict[str, _Slider] = {}
        self.title = QLabel(self.tr("What counts"))
        self.presets = QPushButton(self.tr("Presets"))
        self.presets.setProperty("role", "quiet")
        self.presets.setToolTip(self.tr("What to look for: the cut, the colour, the print"))
        menu = QMenu(self.presets)
        for name, action in presets.items():
            menu.addAction(action)
            action.triggered.connect(lambda _=False, name=name: self.apply(name))
        self.presets.setMenu(menu)
        small = scaled(self.font(), 0.92)
        self.title.setFont(small)
        self.title.setProperty("role", "muted")
        self.presets.setFont(small)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.title, 0, 0, 1, 2)
        self._grid.addWidget(self.presets, 0, 1, Qt.AlignmentFlag.AlignRight)

    @property
    def has_balance(self) -> bool:
        """Whether the model in use has a balance to change."""
        return can_balance(self._parts)

    @property
    def positions(self) -> Positions:
        """Where the sliders stand."""
        return {name: slider.value() for name, slider in self.sliders.items()}

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Offer a slider for each part of this model."""
        if parts != self._parts:
            self._parts = parts
            self._build_rows()
        for name, action in self._presets.items():
            action.setVisible(preset(name, parts) is not None)

    def show_weights(self, weights: Weights) -> None:
        """Move the sliders without emitting `changed`."""
        if self.has_balance:
            self._move(positions_of(weights, self._parts))

    @Slot()
    def reset(self) -> None:
        """Return to the model's own balance."""
        if self.positions != dict.fromkeys(self.sliders, USUAL):
            self._move(dict.fromkeys(self.sliders, USUAL))
            self._emit_weights()

    def apply(self, name: str) -> None:
        """Move the sliders to a preset."""
        positions = preset(name, self._parts)
        if positions is not None and positions != self.positions:
            self._move(positions)
            self._emit_weights()

    def _build_rows(self) -> None:
        for widget in (*self._labels, *self.sliders.values()):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._labels, self.sliders = [], {}
        after: QWidget = self.presets
        for row, part in enumerate(self._parts, 1):
            name = part_label(part.name)
            label, slider = QLabel(name), _Slider(name)
            label.setFont(self.title.font())
            label.setBuddy(slider)
            self._labels.append(label)
            slider.setAccessibleDescription(
                self.tr("How much it counts. Backspace returns to the usual.")
            )
            slider.setToolTip(self.tr("Double-click for the usual position"))
            slider.valueChanged.connect(self._emit_weights)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(slider, row, 1)
            self.setTabOrder(after, slider)
            after = self.sliders[part.name] = slider

    def _move(self, positions: Positions) -> None:
        for name, slider in self.sliders.items():
            slider.blockSignals(True)
            slider.setValue(positions[name])
            slider.blockSignals(False)

    @Slot()
    def _emit_weights(self) -> None:
        self.changed.emit(weights_at(self.positions, self._parts))


def part_label(name: str) -> str:
    """What a part of the embedding is about, in a word."""
    words = {
        "cut": QCoreApplication.translate("parts", "Cut"),
        "style": QCoreApplication.translate("parts", "Cut"),
        COLOUR_PART: QCoreApplication.translate("parts", "Colour"),
        "pattern": QCoreApplication.translate("parts", "Pattern"),
    }
    return words.get(name, name.capitalize())
