"""Buttons that show a glyph, in the colours of the current theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.icons import Glyph, glyph_icon

ROOMY = 104  # a page's width, in average letters, from which words fit beside the glyph


class GlyphButton(QPushButton):
    """A quiet button; its name is its tool tip, or stands beside the glyph where it fits."""

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
        """Rename what the button does."""
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
    """A button of a tool bar; with an action it shows the action's state and shortcut."""

    def __init__(
        self, glyph: Glyph, name: str, action: QAction | None = None, *, size: int = 18
    ) -> None:
        super().__init__()
        self._glyph = glyph
        self._size = size
        self._action = action
        self.setIconSize(QSize(size, size))
        self.setToolTip(name)
        if action is not None:  # whose tool tip the button takes again whenever it changes
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{name} ({key})" if key else name)
            action.setIconVisibleInMenu(False)
            self.setDefaultAction(action)
        self.setAccessibleName(name)
        self._draw()

    def _draw(self) -> None:
        owner = self if self._action is None else self._action  # a button shows its action's icon
        owner.setIcon(glyph_icon(self._glyph, self.palette(), self._size))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glyph again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
