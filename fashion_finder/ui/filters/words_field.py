"""A text field whose placeholder is as long as fits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

MARGIN = 2  # logical pixels that Qt keeps on both sides of the text


class WordsField(QLineEdit):
    """Shows the first of its placeholders that fits, or none."""

    def __init__(self, placeholders: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholders = tuple(placeholders)
        self.setPlaceholderText(self._placeholders[0])

    @property
    def room(self) -> int:
        """The width available to text, in logical pixels."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_LineEditContents
        return self.style().subElementRect(element, option, self).width() - 2 * MARGIN

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the placeholder again."""
        super().resizeEvent(event)
        advance = self.fontMetrics().horizontalAdvance
        fitting = (text for text in self._placeholders if advance(text) <= self.room)
        self.setPlaceholderText(next(fitting, ""))
