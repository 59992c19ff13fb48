"""The look of the window, light or dark like the system."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Final

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

SMALLEST_BASE_FONT = 10.0  # points; desktops without a theme of their own give Qt's 9

# Read with the module: the GUI thread reads no files once the window stands.
_SHEET: Final = Template(Path(__file__).with_name("stylesheet.qss").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Text pairs reach WCAG AA (4.5), lines that carry meaning reach 3."""

    window: str
    surface: str  # cards, lists, fields
    raised: str  # on top of a card
    text: str
    muted: str  # secondary text; still AA on window, surface and raised
    border: str  # decoration only
    outline: str  # edges of controls
    accent: str
    on_accent: str
    accent_soft: str  # background of selected and hovered items
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str


LIGHT = Colours(
    window="#f6f4f1",
    surface="#ffffff",
    raised="#f3f0ec",
    text="#221d20",
    muted="#675f63",
    border="#e3ddd7",
    outline="#8b8287",
    accent="#7b2d5b",
    on_accent="#ffffff",
    accent_soft="#f5e6ef",
    danger="#a3262a",
    danger_soft="#fbeae8",
    warning="#7a4b00",
    warning_soft="#fdf1dc",
)

DARK = Colours(
    window="#191719",
    surface="#242124",
    raised="#2f2b2f",
    text="#f3eef0",
    muted="#b9aeb4",
    border="#3a353a",
    outline="#857b81",
    accent="#e5a3cb",
    on_accent="#2a0f20",
    accent_soft="#422a3a",
    danger="#ffb3ac",
    danger_soft="#452523",
    warning="#f2c46d",
    warning_soft="#3f3118",
)


def stylesheet(colours: Colours) -> str:
    """The style sheet in one theme's colours."""
    hover = _mixed(colours.accent, colours.text, 0.86)
    return _SHEET.substitute(asdict(colours), accent_hover=hover)


def _mixed(front: str, back: str, share: float) -> str:
    """The colour `front` over `back` with an opacity of `share`."""
    pairs = [(int(front[i : i + 2], 16), int(back[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(f * share + b * (1 - share)):02x}" for f, b in pairs)


def palette(colours: Colours) -> QPalette:
    """Every colour role; custom painting reads these and nothing else."""
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
    """Applies the light or the dark look, and follows the system from one to the other."""

    def __init__(self, application: QApplication, *, forced: Qt.ColorScheme | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._forced = forced
        self.colours = LIGHT
        application.setStyle("Fusion")
        font = QFont(application.font())
        if 0 < font.pointSizeF() < SMALLEST_BASE_FONT:
            font.setPointSizeF(SMALLEST_BASE_FONT)
            application.setFont(font)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        self._apply(forced or hints.colorScheme())

    def force(self, scheme: Qt.ColorScheme) -> None:
        """Keep to one scheme whatever the system says."""
        self._forced = scheme
        self._apply(scheme)

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._forced is None:
            self._apply(scheme)

    def _apply(self, scheme: Qt.ColorScheme) -> None:
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
