"""The glyphs of the question's tools, in the square of 24 units that icons are drawn in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen

from fashion_finder.ui.kit import icons


def earlier(painter: QPainter, colour: QColor) -> None:
    """An arrow to the left."""
    _lines(painter, colour, [(13, 5), (6, 12), (13, 19)])
    _lines(painter, colour, [(6.5, 12), (19, 12)])


def later(painter: QPainter, colour: QColor) -> None:
    """An arrow to the right."""
    _lines(painter, colour, [(11, 5), (18, 12), (11, 19)])
    _lines(painter, colour, [(17.5, 12), (5, 12)])


def main_piece(painter: QPainter, colour: QColor) -> None:
    """Four corners around something."""
    for x, y in ((4, 4), (20, 4), (4, 20), (20, 20)):
        inwards_x, inwards_y = (5 if x < 12 else -5), (5 if y < 12 else -5)
        _lines(painter, colour, [(x + inwards_x, y), (x, y), (x, y + inwards_y)])
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(12, 12), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def whole_picture(painter: QPainter, colour: QColor) -> None:
    """A full frame."""
    painter.setPen(_pen(colour))
    painter.drawRoundedRect(QRectF(4, 5, 16, 14), 1.5, 1.5)


def eyedropper(painter: QPainter, colour: QColor) -> None:
    """A pipette."""
    _lines(painter, colour, [(4.5, 19.5), (6, 15), (13, 8), (16, 11), (9, 18), (4.5, 19.5)])
    painter.setPen(_pen(colour, 3.4))
    painter.drawLine(QPointF(15.5, 8.5), QPointF(18.5, 5.5))
    _lines(painter, colour, [(11.5, 6.5), (17.5, 12.5)])


def tool_icon(glyph: icons.Glyph, palette: QPalette, size: int) -> QIcon:
    """A glyph for a tool button; Qt's own way of dimming it is lost on a dark ground."""
    icon = icons.glyph_icon(glyph, palette.color(QPalette.ColorRole.ButtonText), size)
    dim = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    for scale in (1, 2, 3):
        icon.addPixmap(icons.glyph_pixmap(glyph, dim, size, scale), QIcon.Mode.Disabled)
    return icon


def _lines(painter: QPainter, colour: QColor, points: list[tuple[float, float]]) -> None:
    painter.setPen(_pen(colour))
    painter.drawPolyline([QPointF(x, y) for x, y in points])


def _pen(colour: QColor, width: float = 1.8) -> QPen:
    return QPen(
        colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
