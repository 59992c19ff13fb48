"""One slider between the same cut and the same colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QSlider, QWidget

from fashion_finder.domain import Part, colour_part
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.theme import scaled

MOST = 100  # steps to either side of the middle, which is the model's own balance
EDGE = 0.02  # of the weight is left to the other side, so that it decides between equals

Weights = tuple[tuple[str, float], ...]


def weights_at(value: int, parts: Sequence[Part]) -> Weights:
    """The weights of the parts for a position between -MOST (cut) and MOST (colour).

    The middle is the model's default, given as no weights at all. To either side the colour's weight
    goes straight to its end; the other parts share the rest as they do by default.
    """
    colour = colour_part(parts)
    if colour is None or value == 0:
        return ()
    share = abs(value) / MOST
    end = EDGE if value < 0 else 1 - EDGE
    wanted = colour.weight + (end - colour.weight) * share
    rest = (1 - wanted) / (1 - colour.weight)
    return tuple((part.name, wanted if part is colour else part.weight * rest) for part in parts)


def value_of(weights: Weights, parts: Sequence[Part]) -> int:
    """The inverse of `weights_at`."""
    colour = colour_part(parts)
    found = dict(weights)
    if colour is None or colour.name not in found:
        return 0
    off = found[colour.name] - colour.weight
    end = (EDGE if off < 0 else 1 - EDGE) - colour.weight
    return round(MOST * off / end) * (-1 if off < 0 else 1)


class _Slider(QSlider):
    """Returns to the middle on a double click, and on Backspace."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-MOST, MOST)
        self.setSingleStep(5)
        self.setPageStep(25)
        self.setMinimumHeight(24)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tick marks the middle: style sheets draw none."""
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 2))
        middle = self.width() / 2
        painter.drawLine(QPointF(middle, self.height() - 5), QPointF(middle, self.height() - 1))
        painter.end()
        super().paintEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the middle."""
        self.setValue(0)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace goes back to the middle; the rest is a slider's."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.setValue(0)
            event.accept()
        else:
            super().keyPressEvent(event)


class _Label(ElidedLabel):
    """Says what an end of the slider is, and can be clicked."""

    clicked = Signal()

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, wherever it ends on the label."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class BalanceSlider(QWidget):
    """The slider with its two labels; shown only for models that keep colours apart."""

    changed = Signal(object)  # Weights

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self.slider = _Slider()
        self.slider.setAccessibleName(self.tr("Same cut or same colour"))
        self.slider.setAccessibleDescription(
            self.tr("Left for the same cut, right for the same colour, Backspace for the middle.")
        )
        back = self.tr("Click to return to the usual balance")
        self.slider.setToolTip(self.tr("Double click to return to the usual balance"))
        self.cut_label, self.colour_label = (
            _Label(self.tr("Same cut")),
            _Label(self.tr("Same colour")),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for column, label in enumerate((self.cut_label, self.colour_label)):
            label.setProperty("role", "muted")
            label.setFont(scaled(self.font(), 0.92))
            label.setToolTip(back)
            label.clicked.connect(self.reset)
            grid.addWidget(label, 0, column, sides[column])
        grid.addWidget(self.slider, 1, 0, 1, 2)
        self.slider.valueChanged.connect(self._tell)

    @property
    def is_wanted(self) -> bool:
        """Whether the model in use has a balance to change."""
        return colour_part(self._parts) is not None

    @property
    def weights(self) -> Weights:
        """What the slider says."""
        return weights_at(self.slider.value(), self._parts)

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Serve this model."""
        self._parts = parts

    def show_weights(self, weights: Weights) -> None:
        """Move there, telling nobody."""
        self.slider.blockSignals(True)
        self.slider.setValue(value_of(weights, self._parts))
        self.slider.blockSignals(False)

    @Slot()
    def reset(self) -> None:
        """Back to the model's own balance."""
        self.slider.setValue(0)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.weights)
