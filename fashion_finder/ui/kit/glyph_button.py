"""Buttons that show a glyph, in the colours of whatever theme is worn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.icons import Glyph, glyph_icon

ROOMY = 104  # average letters beside which the words have room, too


class GlyphButton(QPushButton):
    """A quiet button; its name is its tool tip, or stands beside the glyph while there is room."""

    def __init__(
        self, glyph: Glyph, name: str, parent: QWidget | None = None, *, has_words: bool = False
    ) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self._has_words = has_words
        self.setProperty("role", "quiet")
        self.setProperty("glyph", "with words" if has_words else "alone")
        self.setIconSize(QSize(18, 18))
        self._draw()
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say what the button does, in other words than before."""
        self.setAccessibleName(name)
        self.setText(name if self._has_words else "")
        self.setToolTip("" if self._has_words else labels.tooltip(name))

    def fit(self, width: int) -> None:
        """Show the words on a page of this width, or the glyph alone."""
        self._has_words = width >= ROOMY * self.fontMetrics().averageCharWidth()
        self.set_name(self.accessibleName())

    def _draw(self) -> None:
        self.setIcon(glyph_icon(self._glyph, self.palette()))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glyph again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()


class GlyphToolButton(QToolButton):
    """One of a row of tools, with the state, key and tip of an action where it has one."""

    def __init__(
        self, glyph: Glyph, name: str, action: QAction | None = None, *, size: int = 18
    ) -> None:
        super().__init__()
        self._glyph = glyph
        self._size = size
        self._shown_by: QAction | GlyphToolButton = (
            self if action is None else action
        )  # an action's icon is its button's
        self.setIconSize(QSize(size, size))
        if action is not None:
            action.setIconVisibleInMenu(False)
            self.setDefaultAction(action)
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            self.setToolTip(f"{name} ({key})" if key else name)
        else:
            self.setToolTip(name)
        self.setAccessibleName(name)
        self._draw()

    def _draw(self) -> None:
        icon = glyph_icon(self._glyph, self.palette(), self._size)
        self._shown_by.setIcon(icon)

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glyph again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
