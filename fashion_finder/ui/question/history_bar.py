"""Back and forward through the searches of this session."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from fashion_finder.domain import PreparedPicture
from fashion_finder.ui.kit.glyph_button import GlyphToolButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.search_session import Search
from fashion_finder.ui.work.thumbnail_loader import image_of

THUMBNAIL = 48  # logical pixels
SHARPNESS = 3  # device pixels for each of them
LISTED = 12


class HistoryBar(QWidget):
    """Two buttons, each with a list of the searches that lie in its direction."""

    step_chosen = Signal(int)  # so many steps; negative is back

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_action = self._action(self.tr("&Back"), "Alt+Left")
        self.forward_action = self._action(self.tr("&Forward"), "Alt+Right")
        self._shown: tuple[tuple[Search, ...], tuple[Search, ...]] = ((), ())
        self._thumbnails: dict[PreparedPicture, QIcon] = {}
        self.back_menu, self.forward_menu = QMenu(self), QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.back_button = self._button(
            Glyph.ARROW_LEFT, self.tr("Back to the previous search"), self.back_menu
        )
        self.forward_button = self._button(
            Glyph.ARROW_RIGHT, self.tr("Forward to the next search"), self.forward_menu
        )
        for button, action, step in (
            (self.back_button, self.back_action, -1),
            (self.forward_button, self.forward_action, 1),
        ):
            button.clicked.connect(partial(self._choose, step))
            action.triggered.connect(partial(self._choose, step))
            row.addWidget(button)
            button.setEnabled(False)
            action.setEnabled(False)

    @Slot(tuple, tuple)
    def show_history(self, behind: tuple[Search, ...], ahead: tuple[Search, ...]) -> None:
        """Offer these, the nearest first."""
        if (behind, ahead) == self._shown:
            return
        self._shown = (behind, ahead)
        listed = (*behind[:LISTED], *ahead[:LISTED])
        self._thumbnails = {
            search.picture: self._thumbnails.get(search.picture) or _thumbnail(search.picture)
            for search in listed
            if search.picture is not None
        }
        for searches, direction, menu, button, action in (
            (behind, -1, self.back_menu, self.back_button, self.back_action),
            (ahead, 1, self.forward_menu, self.forward_button, self.forward_action),
        ):
            menu.clear()
            for steps, search in enumerate(searches[:LISTED], start=1):
                entry = menu.addAction(search.name.replace("&", "&&"))
                entry.triggered.connect(partial(self._choose, direction * steps))
                if search.picture is not None:
                    entry.setIcon(self._thumbnails[search.picture])
            button.setEnabled(bool(searches))
            action.setEnabled(bool(searches))

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

    def _choose(self, steps: int, _checked: bool = False) -> None:
        self.step_chosen.emit(steps)


def _thumbnail(picture: PreparedPicture) -> QIcon:
    pixels = picture.square if picture.preview is None else picture.preview
    side = SHARPNESS * THUMBNAIL
    image = image_of(pixels).scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return QIcon(QPixmap.fromImage(image))
