"""The program's icon and the glyphs of the window: SVG files, drawn at any size.

Glyphs are drawn in squares of 24 by 24 units in ``currentColor``, which is replaced by the colour asked
for: the same file serves light and dark themes.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER: Final = Path(__file__).resolve().parent

APP_ICON: Final = _FOLDER / "fashion-finder.svg"
"""A clothes hanger under a lens, on the accent colour."""

_APP_SIZES: Final = (16, 24, 32, 48, 64, 128, 256, 512)
_SCALES: Final = (1, 2, 3)  # of screens


class Glyph(StrEnum):
    """A drawing in one colour; its value is its file's name."""

    ARROW_LEFT = "arrow-left"
    ARROW_RIGHT = "arrow-right"
    CHEVRON_LEFT = "chevron-left"
    CHEVRON_RIGHT = "chevron-right"
    CLOSE = "close"
    EYEDROPPER = "eyedropper"
    HANGER = "hanger"
    MAIN_PIECE = "main-piece"
    NOTE = "note"
    NO_PICTURE = "no-picture"
    TILES = "tiles"
    WARNING = "warning"
    WHOLE_PICTURE = "whole-picture"


# Read with the module: the GUI thread reads no files once the window stands.
_APP_SOURCE: Final = APP_ICON.read_bytes()
_SOURCES: Final = {glyph: (_FOLDER / f"{glyph}.svg").read_bytes() for glyph in Glyph}


def app_icon() -> QIcon:
    """The program's icon, for the window and the desktop."""
    renderer = QSvgRenderer(QByteArray(_APP_SOURCE))
    icon = QIcon()
    for size in _APP_SIZES:
        icon.addPixmap(_rendered(renderer, size))
    return icon


def glyph_icon(glyph: Glyph, palette: QPalette, size: int = 18) -> QIcon:
    """A glyph of `size` logical pixels in the colour of a button's text, sharp on every screen.

    For disabled buttons it has their text colour: Qt's own dimming hardly shows in a dark theme.
    """
    icon = QIcon()
    for group, mode in (
        (QPalette.ColorGroup.Active, QIcon.Mode.Normal),
        (QPalette.ColorGroup.Disabled, QIcon.Mode.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        for scale in _SCALES:
            icon.addPixmap(glyph_pixmap(glyph, colour, size, scale), mode)
    return icon


def glyph_pixmap(glyph: Glyph, colour: QColor, size: int, scale: float) -> QPixmap:
    """A glyph of `size` logical pixels for a screen of the given scale."""
    pixmap = _rendered(_renderer(glyph, colour), max(1, round(size * scale)))
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def paint_glyph(painter: QPainter, glyph: Glyph, colour: QColor, target: QRectF) -> None:
    """Draw a glyph into a square, with a painter that is already active."""
    _renderer(glyph, colour).render(painter, target)


def _renderer(glyph: Glyph, colour: QColor) -> QSvgRenderer:
    source = _SOURCES[glyph].replace(b"currentColor", colour.name().encode())
    return QSvgRenderer(QByteArray(source))


def _rendered(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap
