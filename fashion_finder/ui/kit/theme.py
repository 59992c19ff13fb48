"""The look of the window, light or dark, following the system."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from fashion_finder.ui.kit.colours import DARK, LIGHT, Colours
from fashion_finder.ui.kit.stylesheet import stylesheet

SMALLEST_BASE_FONT = 10.0  # points; desktops without a theme of their own give Qt's 9


def palette(colours: Colours) -> QPalette:
    """Every role the window paints with; custom painting reads these and nothing else."""
    role = QPalette.ColorRole
    result = QPalette()
    for key, value in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.raised),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.text),
        (role.ToolTipText, colours.window),
        (role.Light, colours.surface),
        (role.Midlight, colours.accent_soft),
        (role.Mid, colours.border),
        (role.Dark, colours.outline),
        (role.Shadow, colours.outline),
    ):
        result.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(colours.outline))
    return result


class Theme(QObject):
    """Dresses the application, and again whenever the system changes between light and dark."""

    def __init__(self, application: QApplication, *, forced: Qt.ColorScheme | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._forced = forced
        self.colours = LIGHT
        application.setStyle("Fusion")
        self._grow_small_font()
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        self._wear(forced or hints.colorScheme())

    def force(self, scheme: Qt.ColorScheme) -> None:
        """Wear one scheme whatever the system says."""
        self._forced = scheme
        self._wear(scheme)

    def _grow_small_font(self) -> None:
        font = QFont(self._application.font())
        if 0 < font.pointSizeF() < SMALLEST_BASE_FONT:
            font.setPointSizeF(SMALLEST_BASE_FONT)
            self._application.setFont(font)

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._forced is None:
            self._wear(scheme)

    def _wear(self, scheme: Qt.ColorScheme) -> None:
        self.colours = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        self._application.setPalette(palette(self.colours))
        self._application.setStyleSheet(stylesheet(self.colours))


def scaled(font: QFont, factor: float, weight: QFont.Weight | None = None) -> QFont:
    """The same font, larger or smaller, perhaps heavier."""
    result = QFont(font)
    result.setPointSizeF(max(1.0, font.pointSizeF() * factor))
    if weight is not None:
        result.setWeight(weight)
    return result
