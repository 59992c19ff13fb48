"""The row of tools under the question's picture: main piece, whole picture, eyedropper, colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from fashion_finder.ui.kit import icons
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.colour_button import ColourButton


class QuestionTools(QWidget):
    """Its actions stand in the menu too, with their keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.main_piece = self._action(
            self.tr("Find &Main Piece"), "Ctrl+M", self.tr("Put the box around the main piece")
        )
        self.whole = self._action(
            self.tr("&Whole Picture"), "Ctrl+Shift+M", self.tr("Search by the whole picture again")
        )
        self.eyedropper = self._action(
            self.tr("Take &Colour from Picture"),
            "Ctrl+E",
            self.tr("Take a colour from the picture"),
        )
        self.other_colour = self._action(
            self.tr("&Other Colour…"), "Ctrl+L", self.tr("The same piece in another colour")
        )
        self.usual_balance = self._action(
            self.tr("&Usual Balance"), "Ctrl+0", self.tr("Weigh cut and colour as usual again")
        )
        self.clear_marks = self._action(
            self.tr("Clear All &Marks"), "Ctrl+Backspace", self.tr("Take all marks back")
        )
        self.colour = ColourButton()
        self.colour.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.other_colour.triggered.connect(self.colour.open_popup)
        self.buttons: list[tuple[QToolButton, Glyph]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._add(self.main_piece, icons.Glyph.MAIN_PIECE)
        self._add(self.whole, icons.Glyph.WHOLE_PICTURE)
        self._add(self.eyedropper, icons.Glyph.EYEDROPPER)
        self._row.addStretch(1)
        self._draw_icons()

    @property
    def actions_for_menu(self) -> tuple[QAction | None, ...]:
        """In the order of the menu; None is a line."""
        return (
            *(self.main_piece, self.whole, None),
            *(self.other_colour, self.eyedropper, self.usual_balance, None),
            self.clear_marks,
        )

    def _action(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.setToolTip(tip)
        return action

    def _add(self, action: QAction, glyph: Glyph) -> None:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(action.toolTip())
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{action.toolTip()} ({key})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.buttons.append((button, glyph))
        self._row.addWidget(button)

    def _draw_icons(self) -> None:
        palette = self.palette()
        for button, glyph in self.buttons:
            action = button.defaultAction()
            action.setIcon(icons.glyph_icon(glyph, palette, 20))
            action.setIconVisibleInMenu(False)

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """The glyphs follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()
