"""The highlight over the whole window while something is dragged across it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from fashion_finder.ui.kit import icons
from fashion_finder.ui.kit.overlay import Overlay
from fashion_finder.ui.kit.theme import scaled

_OF_THE_MOUSE = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress)


class DropOverlay(Overlay):
    """Shows what dropping would do; transparent to the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def lift(self) -> None:
        """Show above everything else, until the drag has gone: its program may end without a word."""
        super().lift()
        window = self.window().windowHandle()
        if window is not None:
            window.installEventFilter(self)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A mouse that moves over the window, or is pressed there, drags nothing from elsewhere."""
        if watched is self.window().windowHandle() and event.type() in _OF_THE_MOUSE:
            self.hide()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a veil, a frame and the text."""
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        centred = Qt.AlignmentFlag.AlignCenter
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(palette.color(QPalette.ColorRole.Window))
        veil.setAlphaF(0.93)
        painter.fillRect(self.rect(), veil)
        pen = QPen(accent, 3)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
        frame = QRectF(self.rect()).adjusted(18, 18, -18, -18)
        painter.drawRoundedRect(frame, 18, 18)
        glyph = QRectF(0, 0, 84, 84)
        glyph.moveCenter(frame.center())
        glyph.translate(0, -58)
        icons.paint_glyph(painter, icons.Glyph.HANGER, accent, glyph)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.setFont(scaled(self.font(), 1.7, QFont.Weight.DemiBold))
        title = QRectF(frame.left(), glyph.bottom() + 10, frame.width(), 44)
        painter.drawText(title, centred, self.tr("Drop to find similar pieces"))
        painter.setFont(scaled(self.font(), 1.05))
        text = QRectF(frame.left(), title.bottom(), frame.width(), 30)
        painter.drawText(text, centred, self.tr("Drop a folder to index it"))
