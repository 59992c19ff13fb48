"""How the question's picture is drawn, its box with handles, and the eyedropper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPixmap

from fashion_finder.ui.kit import icons
from fashion_finder.ui.question.crop_geometry import HANDLES, Grip

RADIUS = 10.0
HANDLE = 9.0  # side of a handle, logical pixels

_VEIL = QColor(0, 0, 0, 140)
_DARK, _LIGHT = QColor(0, 0, 0, 215), QColor(255, 255, 255)


def handle(box: QRectF, grip: Grip) -> QRectF:
    """Where a handle is drawn: just inside the box, so that the widget's edge cuts none off."""
    side, rise = grip.value
    centre = box.center()
    x = centre.x() + side * max(0.0, box.width() / 2 - HANDLE / 2)
    y = centre.y() + rise * max(0.0, box.height() / 2 - HANDLE / 2)
    return QRectF(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE)


def paint_no_picture(painter: QPainter, palette: QPalette, area: QRectF) -> None:
    """An empty frame with a glyph in its middle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
    painter.drawRoundedRect(area, RADIUS, RADIUS)
    glyph = QRectF(0, 0, 56, 56)
    glyph.moveCenter(area.center())
    icons.paint_glyph(
        painter, icons.Glyph.NO_PICTURE, palette.color(QPalette.ColorRole.Dark), glyph
    )


def paint_picture(painter: QPainter, pixmap: QPixmap, target: QRectF, opacity: float) -> None:
    """The picture, with rounded corners."""
    clip = QPainterPath()
    clip.addRoundedRect(target, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(clip)
    painter.setOpacity(opacity)
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
    painter.restore()


def paint_box(
    painter: QPainter, palette: QPalette, target: QRectF, box: QRectF, *, focused: bool
) -> None:
    """The part that is meant, bright in a darkened picture, with eight handles."""
    veil, hole = QPainterPath(), QPainterPath()
    veil.addRoundedRect(target, RADIUS, RADIUS)
    hole.addRect(box)
    painter.fillPath(veil - hole, _VEIL)
    # Dark, and light on it: one of the two stands out from any picture.
    _paint_twice(painter, lambda: painter.drawRect(box))
    painter.setPen(QPen(_DARK, 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Accent) if focused else _LIGHT)
    for grip in HANDLES:
        painter.drawRect(handle(box, grip))


def paint_focus(painter: QPainter, palette: QPalette, target: QRectF) -> None:
    """A ring around the whole picture: two colours, of which no picture can be like both."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for role, inset in (
        (QPalette.ColorRole.HighlightedText, 3.0),
        (QPalette.ColorRole.Accent, 1.5),
    ):
        painter.setPen(QPen(palette.color(role), 3))
        ring = target.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(ring, RADIUS, RADIUS)


def paint_eyedropper(painter: QPainter, at: QPointF) -> None:
    """A ring around the spot whose colour would be taken."""
    _paint_twice(painter, lambda: painter.drawEllipse(at, 8, 8))


def _paint_twice(painter: QPainter, draw: Callable[[], None]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_DARK, 4.0), (_LIGHT, 2.0)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        draw()
