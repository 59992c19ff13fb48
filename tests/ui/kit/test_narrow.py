"""Text that does not fit is shortened or left out; the tool tip has all of it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fashion_finder.ui.kit import icons
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.glyph_button import GlyphButton


def test_a_button_keeps_its_glyph_where_its_words_have_no_room(qtbot: QtBot) -> None:
    """Its words are its tool tip then, and a screen reader says them at any width."""
    button = GlyphButton(icons.Glyph.TILES, "All Photos", has_words=True)
    qtbot.addWidget(button)
    button.fit(3000)
    assert (button.text(), button.toolTip()) == ("All Photos", "")
    button.fit(300)
    assert button.text() == ""
    assert "All Photos" in button.toolTip()
    button.set_name("Back")
    assert button.text() == "" and "Back" in button.toolTip()
    assert button.accessibleName() == "Back"
    assert not button.icon().isNull()
    button.fit(3000)
    assert (button.text(), button.toolTip()) == ("Back", "")


def test_a_shortened_line_is_told_in_full_by_its_tool_tip(qtbot: QtBot) -> None:
    """And gives way to what stands beside it; without words there is no empty tip."""
    long = "a photo with a very long name " * 4 + ".jpg"
    label = ElidedLabel(long)
    qtbot.addWidget(label)
    assert long in label.toolTip()
    assert label.minimumSizeHint().width() < label.fontMetrics().horizontalAdvance(long) / 4
    label.show_text("")
    assert label.toolTip() == ""


def test_a_line_cannot_trick_the_eye(qtbot: QtBot) -> None:
    """Neither by turning the direction of reading nor by breaking the line, nor by markup."""
    label = ElidedLabel("<b>photo\u202egpj.exe\nx")
    qtbot.addWidget(label)
    assert label.text() == "<b>photo\ufffdgpj.exe\ufffdx"
    assert "&lt;b&gt;" in label.toolTip()
