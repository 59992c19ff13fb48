"""The program's icon and the few glyphs of the window, drawn by code at any size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

_APP_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_GLYPH_SCALES = (1, 2, 3)

# Every drawing lives in a square of 24 by 24 units.
_UNITS = 24.0


def app_icon() -> QIcon:
    """A clothes hanger under a lens, on the accent colour."""
    icon = QIcon()
    for size in _APP_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = _painter(pixmap, size)
        draw_app_icon(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def draw_app_icon(painter: QPainter) -> None:
    """Draw the icon into a square of 24 units."""
    shade = QLinearGradient(0, 0, _UNITS, _UNITS)
    shade.setColorAt(0, QColor("#94386f"))
    shade.setColorAt(1, QColor("#5d1f45"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRoundedRect(QRectF(0.75, 0.75, 22.5, 22.5), 5.5, 5.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(QColor("#ffffff"), 1.7))
    painter.drawPath(_hanger())
    painter.setBrush(QColor("#6a2650"))
    painter.setPen(_pen(QColor("#f7c9e3"), 1.7))
    painter.drawEllipse(QPointF(15.8, 15.6), 3.1, 3.1)
    painter.drawLine(QPointF(18.1, 17.9), QPointF(20.2, 20.0))


def hanger(painter: QPainter, colour: QColor) -> None:
    """A clothes hanger alone, large, for pages that have no picture to show."""
    painter.setPen(_pen(colour, 1.2))
    painter.drawPath(_hanger())


def warning(painter: QPainter, colour: QColor) -> None:
    """A circle with an exclamation mark."""
    painter.setPen(_pen(colour, 1.8))
    painter.drawEllipse(QPointF(12, 12), 9, 9)
    painter.drawLine(QPointF(12, 7.5), QPointF(12, 12.8))
    painter.drawPoint(QPointF(12, 16.4))


def note(painter: QPainter, colour: QColor) -> None:
    """A circle with an i."""
    painter.setPen(_pen(colour, 1.8))
    painter.drawEllipse(QPointF(12, 12), 9, 9)
    painter.drawLine(QPointF(12, 11.2), QPointF(12, 16.5))
    painter.drawPoint(QPointF(12, 7.6))


def close(painter: QPainter, colour: QColor) -> None:
    """A cross."""
    painter.setPen(_pen(colour, 2))
    painter.drawLine(QPointF(6.5, 6.5), QPointF(17.5, 17.5))
    painter.drawLine(QPointF(17.5, 6.5), QPointF(6.5, 17.5))


def back(painter: QPainter, colour: QColor) -> None:
    """An arrow to the left."""
    painter.setPen(_pen(colour, 2))
    painter.drawPolyline([QPointF(14.5, 5.5), QPointF(8, 12), QPointF(14.5, 18.5)])


def on(painter: QPainter, colour: QColor) -> None:
    """An arrow to the right."""
    painter.setPen(_pen(colour, 2))
    painter.drawPolyline([QPointF(9.5, 5.5), QPointF(16, 12), QPointF(9.5, 18.5)])


def tiles(painter: QPainter, colour: QColor) -> None:
    """Four pictures side by side: everything there is."""
    painter.setPen(_pen(colour, 1.7))
    for left in (4.0, 13.5):
        for top in (4.0, 13.5):
            painter.drawRoundedRect(QRectF(left, top, 6.5, 6.5), 1.5, 1.5)


def folder(painter: QPainter, colour: QColor) -> None:
    """A folder."""
    painter.setPen(_pen(colour, 1.7))
    path = QPainterPath(QPointF(3.5, 18.5))
    for x, y in ((3.5, 5.5), (9.5, 5.5), (11.5, 8), (20.5, 8), (20.5, 18.5)):
        path.lineTo(x, y)
    path.closeSubpath()
    painter.drawPath(path)


def no_picture(painter: QPainter, colour: QColor) -> None:
    """A frame with a hill and a sun: a picture that cannot be shown."""
    painter.setPen(_pen(colour, 1.5))
    painter.drawRoundedRect(QRectF(3.5, 5, 17, 14), 2, 2)
    painter.drawEllipse(QPointF(8.2, 9.6), 1.5, 1.5)
    path = QPainterPath(QPointF(5, 17))
    for x, y in ((11, 11.5), (14, 14.5), (16, 12.8), (19.5, 16.4)):
        path.lineTo(x, y)
    painter.drawPath(path)


Glyph = Callable[[QPainter, QColor], None]


def glyph_icon(glyph: Glyph, colour: QColor, size: int = 18) -> QIcon:
    """A glyph as an icon, sharp at every scale of the screen."""
    icon = QIcon()
    for scale in _GLYPH_SCALES:
        icon.addPixmap(glyph_pixmap(glyph, colour, size, scale))
    return icon


def glyph_pixmap(glyph: Glyph, colour: QColor, size: int, scale: float) -> QPixmap:
    """A glyph of `size` logical pixels for a screen of the given scale."""
    side = max(1, round(size * scale))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = _painter(pixmap, side)
    glyph(painter, colour)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def paint_glyph(painter: QPainter, glyph: Glyph, colour: QColor, target: QRectF) -> None:
    """Draw a glyph into a square of a picture already being painted."""
    painter.save()
    painter.translate(target.topLeft())
    painter.scale(target.width() / _UNITS, target.height() / _UNITS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    glyph(painter, colour)
    painter.restore()


def _painter(pixmap: QPixmap, side: int) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / _UNITS, side / _UNITS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return painter


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(
        colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def _hanger() -> QPainterPath:
    path = QPainterPath(QPointF(9.9, 6.3))
    path.cubicTo(9.9, 3.4, 14.1, 3.4, 14.1, 6.2)
    path.cubicTo(14.1, 7.9, 12, 7.7, 12, 9.7)
    path.lineTo(4.6, 15.2)
    path.cubicTo(3.6, 16, 4, 17.2, 5.2, 17.2)
    path.lineTo(18.8, 17.2)
    path.cubicTo(20, 17.2, 20.4, 16, 19.4, 15.2)
    path.lineTo(12, 9.7)
    return path
