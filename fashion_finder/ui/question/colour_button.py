"""Picks a colour by name, or from the picture: "this cut, in green"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import Rgb
from fashion_finder.engine.colour_words import by_hue, colour_of_word
from fashion_finder.ui.kit import labels

SWATCH = 28  # logical pixels
COLUMNS, ROWS = 8, 6  # more rows scroll

Colour = str | Rgb | None


class ColourPopup(QFrame):
    """Swatches with their names, to be chosen by mouse or keyboard."""

    chosen = Signal(object)  # Colour
    eyedropper_requested = Signal()

    def __init__(self, words: Sequence[str], current: Colour, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.swatches = QListWidget()
        self.swatches.setAccessibleName(self.tr("Colours"))
        self.swatches.setViewMode(QListView.ViewMode.IconMode)
        self.swatches.setMovement(QListView.Movement.Static)
        self.swatches.setResizeMode(QListView.ResizeMode.Adjust)
        self.swatches.setWordWrap(True)
        self.swatches.setIconSize(QSize(SWATCH, SWATCH))
        metrics = self.fontMetrics()
        cell = QSize(10 * metrics.averageCharWidth() + 16, SWATCH + 2 * metrics.height() + 14)
        self.swatches.setGridSize(cell)
        for word in by_hue(words):
            colour = colour_of_word(word)
            if colour is not None:
                item = QListWidgetItem(swatch_icon(colour, self.palette()), labels.word_label(word))
                item.setData(Qt.ItemDataRole.UserRole, word)
                item.setToolTip(labels.word_label(word))
                item.setSizeHint(cell)
                self.swatches.addItem(item)
                if word == current:
                    self.swatches.setCurrentItem(item)
        if self.swatches.currentRow() < 0:
            self.swatches.setCurrentRow(0)
        rows = -(-self.swatches.count() // COLUMNS)
        bar = self.swatches.verticalScrollBar().sizeHint().width()
        self.swatches.setMinimumWidth(COLUMNS * cell.width() + bar + 12)
        self.swatches.setFixedHeight(min(rows, ROWS) * cell.height() + 8)
        self.swatches.itemClicked.connect(self._choose)
        self.swatches.itemActivated.connect(self._choose)
        self.from_picture = QPushButton(self.tr("Pick from Picture"))
        self.from_picture.clicked.connect(self.close)
        self.from_picture.clicked.connect(self.eyedropper_requested)
        self.original = QPushButton(self.tr("Original Colour"))
        self.original.setEnabled(current is not None)
        self.original.clicked.connect(self.close)
        self.original.clicked.connect(partial(self.chosen.emit, None))
        for button in (self.from_picture, self.original):
            button.setAutoDefault(True)  # Enter presses it, as Space does
        foot = QHBoxLayout()
        foot.addWidget(self.from_picture)
        foot.addStretch(1)
        foot.addWidget(self.original)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.swatches)
        column.addLayout(foot)

    def open_below(self, button: QWidget) -> None:
        """Show below a button, inside its screen."""
        self.adjustSize()
        area = self.rect()
        area.moveTopLeft(button.mapToGlobal(QPoint(0, button.height() + 4)))
        screen = QGuiApplication.screenAt(area.topLeft()) or button.screen()
        room = screen.availableGeometry()
        area.moveRight(min(area.right(), room.right()))
        area.moveBottom(min(area.bottom(), room.bottom()))
        self.move(max(room.left(), area.left()), max(room.top(), area.top()))
        self.show()
        self.swatches.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.close()
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the outlines of the swatches in the colours of the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.isVisible():
            for row in range(self.swatches.count()):
                item = self.swatches.item(row)
                colour = colour_of_word(item.data(Qt.ItemDataRole.UserRole))
                item.setIcon(swatch_icon(colour, self.palette()) if colour else QIcon())


class ColourButton(QPushButton):
    """Shows the chosen colour, and opens the swatches."""

    changed = Signal(object)  # Colour
    eyedropper_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self._colour: Colour = None
        self.popup: ColourPopup | None = None  # the latest
        self.setIconSize(QSize(16, 16))
        self.setToolTip(self.tr("Find this piece in another colour"))
        self.clicked.connect(self.open_popup)
        self._show_chosen()

    @property
    def has_colours(self) -> bool:
        """Whether the model names any colour that has a swatch."""
        return any(colour_of_word(word) is not None for word in self._words)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Offer the colours that this model names."""
        self._words = words

    def show_colour(self, colour: Colour) -> None:
        """Show a colour without emitting `changed`."""
        if colour != self._colour:
            self._colour = colour
            self._show_chosen()

    @Slot()
    def open_popup(self) -> None:
        """Let the user choose."""
        self.popup = ColourPopup(self._words, self._colour, self)
        self.popup.chosen.connect(self.choose)
        self.popup.eyedropper_requested.connect(self.eyedropper_requested)
        self.popup.open_below(self)

    @Slot(object)
    def choose(self, colour: Colour) -> None:
        """Ask for a colour; None for that of the picture."""
        if colour != self._colour:
            self.show_colour(colour)
            self.changed.emit(colour)

    def _show_chosen(self) -> None:
        if self._colour is None:
            self.setText(self.tr("Other Colour…"))
            self.setIcon(QIcon())
            self.setAccessibleName(self.tr("Other colour"))
            return
        if isinstance(self._colour, str):
            name, colour = labels.word_label(self._colour), colour_of_word(self._colour)
        else:
            name, colour = QColor(*self._colour).name(), self._colour
        self.setText(name)
        self.setAccessibleName(self.tr("Colour: {name}").format(name=name))
        self.setIcon(swatch_icon(colour, self.palette()) if colour else QIcon())

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the outline of the swatch in the colours of the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._show_chosen()


def swatch_icon(colour: Rgb, palette: QPalette) -> QIcon:
    """A disc of the colour, outlined so that it shows on any background."""
    icon = QIcon()
    for scale in (1, 2, 3):
        pixmap = QPixmap(SWATCH * scale, SWATCH * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(*colour))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Dark), scale))
        painter.drawEllipse(QRectF(scale, scale, (SWATCH - 2) * scale, (SWATCH - 2) * scale))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # a selection must not tint it
            icon.addPixmap(pixmap, mode)
    return icon
