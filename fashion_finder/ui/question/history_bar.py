"""Back and forward through the searches of this session."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from fashion_finder.domain import PreparedPicture
from fashion_finder.ui.kit.glyph_button import GlyphToolButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.question.search_session import Search
from fashion_finder.ui.work.thumbnail_loader import image_of

THUMBNAIL = 48  # logical pixels
SHARPNESS = 3  # device pixels for each of them
LISTED = 12  # searches in a menu


class HistoryBar(QWidget):
    """Two buttons, each with a menu of the searches in its direction."""

    step_chosen = Signal(int)  # number of searches to go; negative is back

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[Search, ...], tuple[Search, ...]] = ((), ())
        self._thumbnails: dict[PreparedPicture, QIcon] = {}
        # Not Qt's standard keys: on some systems Backspace is one, which the slider needs.
        self.back_action = QAction(self.tr("&Back"), self, shortcut=QKeySequence("Alt+Left"))
        self.forward_action = QAction(self.tr("&Forward"), self, shortcut=QKeySequence("Alt+Right"))
        self.back_menu, self.forward_menu = QMenu(self), QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.back_button = GlyphToolButton(Glyph.ARROW_LEFT, self.tr("Back to the previous search"))
        self.forward_button = GlyphToolButton(
            Glyph.ARROW_RIGHT, self.tr("Forward to the next search")
        )
        for button, menu, action, step in (
            (self.back_button, self.back_menu, self.back_action, -1),
            (self.forward_button, self.forward_menu, self.forward_action, 1),
        ):
            menu.setStyleSheet(f"QMenu {{ icon-size: {THUMBNAIL}px; }}")
            button.setAutoRaise(True)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
            button.setMenu(menu)
            button.clicked.connect(partial(self.step_chosen.emit, step))
            action.triggered.connect(partial(self.step_chosen.emit, step))
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
                entry.triggered.connect(partial(self.step_chosen.emit, direction * steps))
                if search.picture is not None:
                    entry.setIcon(self._thumbnails[search.picture])
            button.setEnabled(bool(searches))
            action.setEnabled(bool(searches))


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
