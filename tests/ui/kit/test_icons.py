"""The drawings of the window: files, in the colours of the theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from fashion_finder.ui.kit.icons import APP_ICON, Glyph, app_icon, glyph_icon, glyph_pixmap
from fashion_finder.ui.kit.theme import DARK, palette


def strongest(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


def test_every_file_is_a_glyph_and_every_glyph_a_file() -> None:
    """Beside the program's own icon."""
    files = {path.stem for path in APP_ICON.parent.glob("*.svg")}
    assert files == {*Glyph, APP_ICON.stem}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("glyph", Glyph)
def test_a_glyph_takes_the_colour_asked_for(glyph: Glyph) -> None:
    """At the size of the screen's own pixels, on a clear ground."""
    pixmap = glyph_pixmap(glyph, QColor("#7b2d5b"), 18, 2)
    image = pixmap.toImage()
    assert image.size() == QSize(36, 36)
    assert image.pixelColor(0, 0).alpha() == 0
    seen = strongest(image)
    assert seen.alpha() > 200
    assert abs(seen.red() - 123) + abs(seen.green() - 45) + abs(seen.blue() - 91) <= 4


@pytest.mark.usefixtures("qapp")
def test_a_disabled_glyph_is_dim_on_a_dark_ground() -> None:
    """In the colour of disabled text."""
    icon = glyph_icon(Glyph.CLOSE, palette(DARK))
    enabled = icon.pixmap(QSize(18, 18), 2, QIcon.Mode.Normal).toImage()
    disabled = icon.pixmap(QSize(18, 18), 2, QIcon.Mode.Disabled).toImage()
    assert strongest(enabled).name() == DARK.text
    assert strongest(disabled).name() == DARK.outline


def test_the_program_has_an_icon_of_every_size(qapp: QApplication) -> None:
    """Each drawn for itself."""
    icon = app_icon()
    assert QSize(16, 16) in icon.availableSizes()
    assert QSize(512, 512) in icon.availableSizes()
    assert icon.pixmap(QSize(64, 64), 1).toImage().pixelColor(32, 4).alpha() == 255
