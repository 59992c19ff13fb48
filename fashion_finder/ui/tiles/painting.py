"""What tiles and previews are painted with: pictures, the ground in place of one, badges."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPalette, QPen, QPixmap

from fashion_finder.ui.kit import icons
from fashion_finder.ui.tiles.grid_layout import fitted


def paint_picture(painter: QPainter, pixmap: QPixmap, area: QRectF, radius: float) -> QPainterPath:
    """Draw a picture as large as fits, with round corners; returns its outline."""
    target = fitted(pixmap.size(), area)
    outline = QPainterPath()
    outline.addRoundedRect(target, radius, radius)
    painter.save()
    painter.setClipPath(outline)
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
    painter.restore()
    return outline


def paint_absence(
    painter: QPainter, palette: QPalette, area: QRectF, radius: float, glyph_side: float
) -> None:
    """Draw the ground of a picture, with a glyph of this side where the picture is missing."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
    painter.drawRoundedRect(area, radius, radius)
    side = min(glyph_side, area.width(), area.height())
    if side > 0:
        glyph = QRectF(0, 0, side, side)
        glyph.moveCenter(area.center())
        colour = palette.color(QPalette.ColorRole.PlaceholderText)
        icons.paint_glyph(painter, icons.Glyph.NO_PICTURE, colour, glyph)


def paint_badge(painter: QPainter, palette: QPalette, area: QRectF, text: str) -> None:
    """Draw a pill with a word in the painter's font."""
    pill = area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Dark), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
