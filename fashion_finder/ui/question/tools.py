"""The tools under the question's picture: main piece, whole picture, eyedropper, colour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fashion_finder.domain import COLOUR_PART
from fashion_finder.ui.kit.glyph_button import GlyphToolButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.colour_button import ColourButton


class QuestionTools(QWidget):
    """Buttons for some of its actions, all of which are in the *Search* menu too."""

    def __init__(self) -> None:
        super().__init__()
        self.main_piece = self._action(
            self.tr("Find &Main Piece"), "Ctrl+M", self.tr("Draw the box around the main piece")
        )
        self.whole = self._action(
            self.tr("&Whole Picture"), "Ctrl+Shift+M", self.tr("Search with the whole picture")
        )
        self._separate()
        self.other_colour = self._action(
            self.tr("&Other Colour…"), "Ctrl+L", self.tr("Find this piece in another colour")
        )
        self.eyedropper = self._action(
            self.tr("&Pick Colour from Picture"),
            "Ctrl+E",
            self.tr("Pick a colour from the picture"),
        )
        self._separate()
        self.presets = {
            "cut": self._action(
                self.tr("&Same Cut, Any Colour"), "Ctrl+1", self.tr("Let the cut decide")
            ),
            COLOUR_PART: self._action(
                self.tr("Same &Colour, Any Cut"), "Ctrl+2", self.tr("Let the colour decide")
            ),
            "pattern": self._action(
                self.tr("Same P&rint"), "Ctrl+3", self.tr("Let print and pattern decide")
            ),
        }
        self.reset_balance = self._action(
            self.tr("Reset &Balance"), "Ctrl+0", self.tr("Return to the usual balance")
        )
        self._separate()
        self.clear_marks = self._action(
            self.tr("Clear All &Marks"), "Ctrl+Backspace", self.tr("Remove all marks")
        )
        self._separate()
        self.colour = ColourButton()
        self.colour.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.other_colour.triggered.connect(self.colour.open_popup)
        self.buttons: list[GlyphToolButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for action, glyph in (
            (self.main_piece, Glyph.MAIN_PIECE),
            (self.whole, Glyph.WHOLE_PICTURE),
            (self.eyedropper, Glyph.EYEDROPPER),
        ):
            button = GlyphToolButton(glyph, action.toolTip(), action, size=20)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)

    def _action(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self, shortcut=QKeySequence(key), toolTip=tip)
        self.addAction(action)
        return action

    def _separate(self) -> None:
        line = QAction(self)
        line.setSeparator(True)
        self.addAction(line)
