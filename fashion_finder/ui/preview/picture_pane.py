"""A picture as large as fits, with a heat map laid over it when there is one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from fashion_finder.domain import Heat
from fashion_finder.ui.kit import icons
from fashion_finder.ui.tiles.grid_layout import fitted

RADIUS = 8.0
VEIL = 0.62  # how dark the cold places of a picture become under a heat map
GLOW = QColor(255, 170, 40)  # of the warm places: seen on dark and on light cloth alike
GLOW_STRENGTH = 0.45


class PicturePane(QWidget):
    """Draws one picture; a heat map lights the warm places and veils the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._is_missing = False
        self._heat: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def picture(self) -> QPixmap | None:
        """What is shown."""
        return self._pixmap

    def show_picture(self, pixmap: QPixmap | None, *, is_missing: bool = False) -> None:
        """Replace the picture; None while it is on its way, or when there is none."""
        self._pixmap = pixmap
        self._is_missing = is_missing
        self.update()

    def show_heat(self, heat: Heat | None) -> None:
        """Lay a map over the picture, or take it away."""
        self._heat = None if heat is None else heat_image(heat)
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Whatever there is."""
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        """Small windows still show something."""
        return QSize(120, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and its map, or that there is none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        if self._pixmap is not None:
            target = fitted(self._pixmap.size(), area)
            clip = QPainterPath()
            clip.addRoundedRect(target, RADIUS, RADIUS)
            painter.setClipPath(clip)
            painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))
            if self._heat is not None:
                painter.drawImage(target, self._heat, QRectF(self._heat.rect()))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        if self._is_missing:
            glyph = QRectF(0, 0, 64, 64)
            glyph.moveCenter(area.center())
            colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
            icons.paint_glyph(painter, icons.no_picture, colour, glyph)


def heat_image(heat: Heat) -> QImage:
    """A map of 0 to 1 as a layer: a dark veil where it is cold, a warm light where it is hot."""
    height, width = heat.shape
    warm = heat[:, :, None]
    glow = np.array([GLOW.red(), GLOW.green(), GLOW.blue()], np.float32)
    opacity = VEIL * (1 - warm) + GLOW_STRENGTH * warm
    premultiplied = glow * (GLOW_STRENGTH * warm)
    layer = np.concatenate([premultiplied, opacity * 255], axis=2)
    data = np.ascontiguousarray(layer.round().astype(np.uint8)).tobytes()
    image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    return image.copy()
