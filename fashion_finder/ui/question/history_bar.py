"""Back and forward through the questions of this session."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.glyph_button import GlyphToolButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.history import Asked

THUMBNAIL = 48  # logical pixels
LISTED = 12


class HistoryBar(QWidget):
    """Two buttons, each with a list of the questions that lie in its direction."""

    went = Signal(int)  # steps; negative is back

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_action = self._action(self.tr("&Back"), "Alt+Left")
        self.forward_action = self._action(self.tr("&Forward"), "Alt+Right")
        self.back_action.triggered.connect(self._go_back)
        self.forward_action.triggered.connect(self._go_forward)
        self.back_menu, self.forward_menu = QMenu(self), QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.back_button = self._button(
            Glyph.ARROW_LEFT, self.tr("Back to an earlier question"), self.back_menu
        )
        self.forward_button = self._button(
            Glyph.ARROW_RIGHT, self.tr("Forward to a later question"), self.forward_menu
        )
        self.back_button.clicked.connect(self._go_back)
        self.forward_button.clicked.connect(self._go_forward)
        for button in (self.back_button, self.forward_button):
            row.addWidget(button)
        for menu in (self.back_menu, self.forward_menu):
            menu.triggered.connect(self._go_far)
        self.show_history((), ())

    def show_history(self, behind: Sequence[Asked], ahead: Sequence[Asked]) -> None:
        """Offer these, the nearest first."""
        for asked, direction, menu, button, action in (
            (behind, -1, self.back_menu, self.back_button, self.back_action),
            (ahead, 1, self.forward_menu, self.forward_button, self.forward_action),
        ):
            menu.clear()
            for steps, one in enumerate(asked[:LISTED], start=1):
                entry = menu.addAction(labels.plain(one.name).replace("&", "&&"))
                entry.setData(direction * steps)
                if one.thumbnail is not None:
                    entry.setIcon(QIcon(one.thumbnail))
            button.setEnabled(bool(asked))
            action.setEnabled(bool(asked))

    def _action(self, text: str, key: str) -> QAction:
        # Not Qt's standard keys: on some systems Backspace is one, which the slider takes.
        action = QAction(text, self)
        action.setShortcut(key)
        return action

    def _button(self, glyph: Glyph, name: str, menu: QMenu) -> GlyphToolButton:
        button = GlyphToolButton(glyph, name)
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setMenu(menu)
        menu.setStyleSheet(f"QMenu {{ icon-size: {THUMBNAIL}px; }}")
        return button

    @Slot()
    def _go_back(self) -> None:
        self.went.emit(-1)

    @Slot()
    def _go_forward(self) -> None:
        self.went.emit(1)

    @Slot(QAction)
    def _go_far(self, action: QAction) -> None:
        steps = action.data()
        if isinstance(steps, int):
            self.went.emit(steps)
