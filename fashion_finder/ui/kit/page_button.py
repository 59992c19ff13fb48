"""A quiet button that leads to another page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QWidget

from fashion_finder.ui.kit import icons, labels

ROOMY = 104  # average letters beside which the words have room, too


class PageButton(QPushButton):
    """A glyph and words; the glyph alone, and the words as a tool tip, where there is little room."""

    def __init__(self, glyph: icons.Glyph, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self._words = words
        self._is_roomy = True
        self.setProperty("role", "quiet")
        self.setIconSize(QSize(18, 18))
        self._draw()
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Lead to what these words say."""
        self._words = words
        self.setText(words if self._is_roomy else "")
        self.setToolTip("" if self._is_roomy else labels.tooltip(words))
        self.setAccessibleName(words)

    def fit(self, width: int) -> None:
        """Give way on a page of this width."""
        self._is_roomy = width >= ROOMY * self.fontMetrics().averageCharWidth()
        self.set_words(self._words)

    def _draw(self) -> None:
        self.setIcon(icons.glyph_icon(self._glyph, self.palette().windowText().color()))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glyph again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
