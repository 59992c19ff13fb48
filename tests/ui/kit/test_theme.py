"""The colours of both themes can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from fashion_finder.ui.kit.theme import (
    DARK,
    LIGHT,
    SMALLEST_BASE_FONT,
    Colours,
    Theme,
    palette,
    stylesheet,
)

ROLE = QPalette.ColorRole
TEXT_PAIRS = (  # in front, behind: WCAG 2.2, 1.4.3
    (ROLE.WindowText, ROLE.Window),
    (ROLE.Text, ROLE.Base),
    (ROLE.Text, ROLE.AlternateBase),
    (ROLE.Text, ROLE.Midlight),
    (ROLE.ButtonText, ROLE.Button),
    (ROLE.PlaceholderText, ROLE.Window),
    (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.PlaceholderText, ROLE.AlternateBase),
    (ROLE.PlaceholderText, ROLE.Midlight),
    (ROLE.HighlightedText, ROLE.Highlight),
    (ROLE.Accent, ROLE.Window),
    (ROLE.Accent, ROLE.Base),
    (ROLE.Accent, ROLE.Midlight),
    (ROLE.Link, ROLE.Base),
    (ROLE.ToolTipText, ROLE.ToolTipBase),
    (ROLE.BrightText, ROLE.Window),
)
LINE_PAIRS = (  # edges of controls, focus, bars of the meter: WCAG 2.2, 1.4.11
    (ROLE.Dark, ROLE.Window),
    (ROLE.Dark, ROLE.Base),
    (ROLE.Accent, ROLE.Window),
    (ROLE.Accent, ROLE.Base),
    (ROLE.Accent, ROLE.Midlight),
)
both_themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_black_and_white() -> None:
    """The ends of the scale."""
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@both_themes
def test_text_reaches_aa(colours: Colours) -> None:
    """4.5 to 1 for every pair of text and ground that the window paints."""
    worn = palette(colours)
    for front, behind in TEXT_PAIRS:
        assert contrast(worn.color(front), worn.color(behind)) >= 4.5, (front, behind)
    for behind_text in (colours.danger_soft, colours.warning_soft, colours.accent_soft):
        assert contrast(QColor(colours.text), QColor(behind_text)) >= 4.5
    for tone, ground in (
        (colours.danger, colours.danger_soft),
        (colours.warning, colours.warning_soft),
    ):
        assert contrast(QColor(tone), QColor(ground)) >= 4.5


@both_themes
def test_lines_that_carry_meaning_can_be_seen(colours: Colours) -> None:
    """3 to 1 for edges of controls, the focus ring and the bars of closeness."""
    worn = palette(colours)
    for front, behind in LINE_PAIRS:
        assert contrast(worn.color(front), worn.color(behind)) >= 3, (front, behind)


@both_themes
def test_what_cannot_be_used_looks_it(colours: Colours) -> None:
    """Its words are paler than those of what can."""
    worn = palette(colours)
    for role in (ROLE.WindowText, ROLE.Text, ROLE.ButtonText):
        disabled = worn.color(QPalette.ColorGroup.Disabled, role)
        enabled = worn.color(QPalette.ColorGroup.Active, role)
        ground = worn.color(ROLE.Window)
        assert contrast(disabled, ground) < contrast(enabled, ground) / 2


@both_themes
def test_the_sheet_uses_no_colour_of_its_own(colours: Colours) -> None:
    """Every colour in it is one of the theme's, or mixed from them."""
    sheet = stylesheet(colours)
    assert "$" not in sheet
    known = {getattr(colours, name) for name in colours.__slots__}
    used = {word.strip(";") for word in sheet.split() if word.startswith("#") and len(word) > 6}
    assert len(used - known) <= 1  # the hover of a primary button


def test_the_window_follows_the_system(qapp: QApplication, theme: Theme) -> None:
    """Switching to dark wears the dark colours, and back."""
    try:
        theme.force(Qt.ColorScheme.Dark)
        assert theme.colours is DARK
        assert qapp.palette().color(ROLE.Window) == QColor(DARK.window)
    finally:
        theme.force(Qt.ColorScheme.Light)
    assert qapp.palette().color(ROLE.Window) == QColor(LIGHT.window)


def test_an_unknown_scheme_is_light(qapp: QApplication, theme: Theme) -> None:
    """Desktops that do not say get the light theme; a change they announce is followed."""
    follower = Theme(qapp)
    try:
        worn = [follower.colours]
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        worn.append(follower.colours)
        assert worn == [LIGHT, DARK]
        assert theme.colours is LIGHT  # a forced theme stays
    finally:
        follower.deleteLater()
        theme.force(Qt.ColorScheme.Light)


@pytest.mark.parametrize("points", [8.0, 9.9, 10.0, 13.0])
def test_letters_are_never_smaller_than_can_be_read(
    qapp: QApplication, theme: Theme, points: float
) -> None:
    """A desktop without settings gives small ones; those that a user has chosen larger stay."""
    usual = QFont(qapp.font())
    chosen = QFont(usual)
    chosen.setPointSizeF(points)
    qapp.setFont(chosen)
    follower = Theme(qapp, forced=Qt.ColorScheme.Light)
    try:
        assert qapp.font().pointSizeF() == pytest.approx(max(points, SMALLEST_BASE_FONT))
    finally:
        follower.deleteLater()
        qapp.setFont(usual)
        theme.force(Qt.ColorScheme.Light)
