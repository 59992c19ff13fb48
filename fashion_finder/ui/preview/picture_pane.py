"""A picture as large as fits, with a heat map laid over it when there is one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from fashion_finder.domain import Heat
from fashion_finder.ui.tiles.painting import paint_absence, paint_picture

RADIUS = 8.0
MISSING_GLYPH = 64.0
VEIL = 0.62  # opacity of the black over the cold areas of a heat map
GLOW = QColor(255, 170, 40)  # of the warm areas: visible on dark and light cloth alike
GLOW_STRENGTH = 0.45


class PicturePane(QWidget):
    """Draws one picture; a heat map lights up its warm areas and darkens the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._is_missing = False
        self._heat: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def picture(self) -> QPixmap | None:
        """The picture that is shown."""
        return self._pixmap

    def show_picture(self, pixmap: QPixmap | None, *, is_missing: bool = False) -> None:
        """Replace the picture; None while it is loading, or when it is missing."""
        self._pixmap = pixmap
        self._is_missing = is_missing
        self.update()

    def show_heat(self, heat: Heat | None) -> None:
        """Lay a heat map over the picture, or remove it."""
        self._heat = None if heat is None else heat_image(heat)
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """A size to start from: the layout stretches it."""
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        """The smallest size at which a picture can be recognised."""
        return QSize(120, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and its heat map, or the ground in place of a picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        if self._pixmap is not None:
            outline = paint_picture(painter, self._pixmap, area, RADIUS)
            if self._heat is not None:
                painter.setClipPath(outline)
                target = outline.boundingRect()
                painter.drawImage(target, self._heat, QRectF(self._heat.rect()))
            return
        glyph_side = MISSING_GLYPH if self._is_missing else 0
        paint_absence(painter, self.palette(), area, RADIUS, glyph_side)


def heat_image(heat: Heat) -> QImage:
    """A heat map as a layer: a dark veil where it is cold, a warm light where it is hot."""
    height, width = heat.shape
    warm = heat[:, :, None]
    glow = np.array([GLOW.red(), GLOW.green(), GLOW.blue()], np.float32)
    opacity = VEIL * (1 - warm) + GLOW_STRENGTH * warm
    premultiplied = glow * (GLOW_STRENGTH * warm)
    layer = np.concatenate([premultiplied, opacity * 255], axis=2)
    data = np.ascontiguousarray(layer.round().astype(np.uint8)).tobytes()
    image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    return image.copy()
