"""The shape of buttons, cards and bars, on top of the Fusion style."""

from __future__ import annotations

from string import Template

from fashion_finder.ui.kit.colours import Colours

# Widgets choose a look with the dynamic property `role`.
_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QToolTip { background: $text; color: $window; border: none; padding: 6px 8px; }

QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 5px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $accent_soft; color: $text; }
QMenu { background: $surface; color: $text; border: 1px solid $border; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 14px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $outline; }
QMenu::separator { height: 1px; background: $border; margin: 6px 8px; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 7px 16px; min-height: 20px;
}
QPushButton:hover { background: $accent_soft; }
QPushButton:pressed { background: $raised; }
QPushButton:focus { border: 2px solid $accent; padding: 6px 15px; }
QPushButton:disabled { color: $outline; border-color: $border; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed {
    background: $accent_hover; border-color: $accent_hover;
}
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="quiet"] {
    background: transparent; color: $accent; border: 1px solid transparent; padding: 5px 10px;
}
QPushButton[role="quiet"]:hover { background: $accent_soft; }
QPushButton[role="quiet"]:focus { border: 2px solid $accent; padding: 4px 9px; }
QPushButton[role="quiet"][glyph="alone"] { color: $text; }
QPushButton[role="quiet"]:disabled, QPushButton[role="quiet"][glyph="alone"]:disabled {
    color: $outline;
}

QToolButton { border: 2px solid transparent; border-radius: 6px; padding: 2px; }
QToolButton:hover { background: $accent_soft; }
QToolButton:focus { border-color: $accent; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 16px; }

QSlider::groove:horizontal { height: 4px; background: $outline; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $surface; border: 2px solid $outline; width: 12px; height: 12px; margin: -6px 0;
    border-radius: 8px;
}
QSlider::handle:horizontal:hover { background: $accent_soft; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $text; }

QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 12px; }
QFrame[role="bar"] { background: $accent_soft; border: none; border-radius: 10px; }
QFrame[role="bar"][tone="warning"] { background: $warning_soft; }
QFrame[role="bar"][tone="danger"] { background: $danger_soft; }
QFrame[role="panel"] { background: $surface; border: none; border-top: 1px solid $border; }
QPushButton[role="chip"] {
    border-radius: 15px; padding: 4px 12px; border: 1px solid $outline;
}
QPushButton[role="chip"][chosen="true"] { background: $accent_soft; border-color: $accent; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: 3px 11px; }
QPushButton[role="chip"]:disabled { color: $outline; border-color: $border; }
QPushButton::menu-indicator { width: 0; }
QLineEdit {
    background: $surface; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 5px 10px; selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $muted;
}
QLineEdit:focus { border: 2px solid $accent; padding: 4px 9px; }
QFrame[role="preview"] { background: $window; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }
QPushButton:checked { background: $accent_soft; border-color: $accent; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="chip"] {
    background: $raised; color: $text; border-radius: 9px; padding: 3px 9px;
}
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }

QProgressBar {
    background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[tone="idle"]::chunk { background: $outline; }

QTreeView {
    background: $surface; border: 1px solid $border; border-radius: 8px; color: $text;
    alternate-background-color: $raised; outline: none;
}
QTreeView:focus { border: 1px solid $accent; }
QTreeView::item { padding: 0 6px; }
QTreeView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 6px;
}

QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 2px 8px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $outline; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def _mixed(front: str, back: str, share: float) -> str:
    """`front` over `back`, `share` of it opaque."""
    pairs = [(int(front[i : i + 2], 16), int(back[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(f * share + b * (1 - share)):02x}" for f, b in pairs)


def stylesheet(colours: Colours) -> str:
    """The whole sheet in one theme's colours."""
    values = {name: getattr(colours, name) for name in colours.__slots__}
    return _SHEET.substitute(values, accent_hover=_mixed(colours.accent, colours.text, 0.86))
