"""The row of tools under the question's picture: main piece, whole picture, eyedropper, colour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fashion_finder.ui.kit.glyph_button import GlyphToolButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.colour_button import ColourButton


class QuestionTools(QWidget):
    """Its actions are in the *Question* menu too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.main_piece = self._action(
            self.tr("Find &Main Piece"), "Ctrl+M", self.tr("Draw the box around the main piece")
        )
        self.whole = self._action(
            self.tr("&Whole Picture"), "Ctrl+Shift+M", self.tr("Search with the whole picture")
        )
        self.eyedropper = self._action(
            self.tr("&Pick Colour from Picture"),
            "Ctrl+E",
            self.tr("Pick a colour from the picture"),
        )
        self.other_colour = self._action(
            self.tr("&Other Colour…"), "Ctrl+L", self.tr("Find this piece in another colour")
        )
        self.usual_balance = self._action(
            self.tr("&Reset Balance"), "Ctrl+0", self.tr("Reset the balance of cut and colour")
        )
        self.clear_marks = self._action(
            self.tr("Clear All &Marks"), "Ctrl+Backspace", self.tr("Remove all marks")
        )
        self.colour = ColourButton()
        self.colour.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.other_colour.triggered.connect(self.colour.open_popup)
        self.buttons: list[GlyphToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._add(self.main_piece, Glyph.MAIN_PIECE)
        self._add(self.whole, Glyph.WHOLE_PICTURE)
        self._add(self.eyedropper, Glyph.EYEDROPPER)
        self._row.addStretch(1)
        for group in (
            (self.main_piece, self.whole),
            (self.other_colour, self.eyedropper, self.usual_balance),
            (self.clear_marks,),
        ):
            line = QAction(self)
            line.setSeparator(True)
            self.addActions([*group, line])

    def _action(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.setToolTip(tip)
        return action

    def _add(self, action: QAction, glyph: Glyph) -> None:
        button = GlyphToolButton(glyph, action.toolTip(), action, size=20)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.buttons.append(button)
        self._row.addWidget(button)
