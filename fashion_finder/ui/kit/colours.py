"""The colours of the window, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Text pairs reach WCAG AA (4.5), lines that carry meaning reach 3."""

    window: str
    surface: str  # cards, lists, fields
    raised: str  # what lies on a card
    text: str
    muted: str  # second in rank; still AA on window, surface and raised
    border: str  # decoration only
    outline: str  # edges of controls
    accent: str
    on_accent: str
    accent_soft: str  # behind what is selected or hovered
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
