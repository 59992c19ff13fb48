"""A field whose invitation is as long as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

MARGIN = 2  # logical pixels that Qt keeps on both sides of the text


class WordsField(QLineEdit):
    """Shows the first of its invitations that fits, or none: better absent than cut off."""

    def __init__(self, invitations: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._invitations = tuple(invitations)
        self.setPlaceholderText(self._invitations[0])

    @property
    def room(self) -> int:
        """Width that a text can have."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_LineEditContents
        return self.style().subElementRect(element, option, self).width() - 2 * MARGIN

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose again."""
        super().resizeEvent(event)
        advance = self.fontMetrics().horizontalAdvance
        fitting = (text for text in self._invitations if advance(text) <= self.room)
        self.setPlaceholderText(next(fitting, ""))
