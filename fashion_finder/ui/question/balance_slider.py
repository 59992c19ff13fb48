"""The slider between "same cut" and "same colour"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QSlider, QWidget

from fashion_finder.domain import Part, colour_part
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.question.balance import STEPS, Weights, position_of, weights_at


class _Slider(QSlider):
    """Returns to the middle on a double click, and on Backspace."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-STEPS, STEPS)
        self.setSingleStep(5)
        self.setPageStep(25)
        self.setMinimumHeight(24)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tick in the middle: style sheets draw none."""
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 2))
        middle = self.width() / 2
        painter.drawLine(QPointF(middle, self.height() - 5), QPointF(middle, self.height() - 1))
        painter.end()
        super().paintEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to the middle."""
        self.setValue(0)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return to the middle on Backspace."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.setValue(0)
            event.accept()
        else:
            super().keyPressEvent(event)


class _Label(ElidedLabel):
    """Names an end of the slider; a click resets it."""

    clicked = Signal()

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report a click that ends on the label."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class BalanceSlider(QWidget):
    """The slider with its two labels, for models with a part for colour."""

    changed = Signal(tuple)  # Weights

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[Part, ...] = ()
        self.slider = _Slider()
        self.slider.setAccessibleName(self.tr("Balance of cut and colour"))
        self.slider.setAccessibleDescription(
            self.tr("Left favours the cut, right favours the colour. Backspace resets.")
        )
        self.slider.setToolTip(self.tr("Double-click to reset the balance"))
        self.cut_label = _Label(self.tr("Same cut"))
        self.colour_label = _Label(self.tr("Same colour"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for column, label in enumerate((self.cut_label, self.colour_label)):
            label.setProperty("role", "muted")
            label.setFont(scaled(self.font(), 0.92))
            label.setToolTip(self.tr("Click to reset the balance"))
            label.clicked.connect(self.reset)
            grid.addWidget(label, 0, column, sides[column])
        grid.addWidget(self.slider, 1, 0, 1, 2)
        self.slider.valueChanged.connect(self._emit_weights)

    @property
    def has_balance(self) -> bool:
        """Whether the model in use has a balance to change."""
        return colour_part(self._parts) is not None

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Balance the parts of this model."""
        self._parts = parts

    def show_weights(self, weights: Weights) -> None:
        """Move the slider without emitting `changed`."""
        self.slider.blockSignals(True)
        self.slider.setValue(position_of(weights, self._parts))
        self.slider.blockSignals(False)

    @Slot()
    def reset(self) -> None:
        """Return to the model's own balance."""
        self.slider.setValue(0)

    @Slot()
    def _emit_weights(self) -> None:
        self.changed.emit(weights_at(self.slider.value(), self._parts))
