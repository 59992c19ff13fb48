"""Messages inside the window: never a box in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fashion_finder.ui.kit import icons
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.theme import scaled

MOST_BARS = 3  # a further one replaces the oldest


class Tone(Enum):
    """How serious a message is."""

    NOTE = "note"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Message:
    """A title, a text and buttons; a later message with the same key replaces an earlier one."""

    key: str
    title: str
    text: str = ""
    tone: Tone = Tone.NOTE
    actions: tuple[tuple[str, Callable[[], None]], ...] = ()


class MessageBar(QFrame):
    """One message with its buttons."""

    dismissed = Signal(str)  # key

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setProperty("role", "bar")
        self.setProperty("tone", message.tone.value)
        self.setAccessibleName(message.title)
        self.setAccessibleDescription(message.text)
        self._glyph = QLabel()
        self._glyph.setAlignment(Qt.AlignmentFlag.AlignTop)
        title = QLabel(message.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        if message.text:
            text = QLabel(message.text)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            words.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._glyph)
        row.addLayout(words, 1)
        self.buttons: list[QPushButton] = []
        for label, act in message.actions:
            button = QPushButton(label)
            button.clicked.connect(act)
            button.clicked.connect(self._dismiss)
            row.addWidget(button)
            self.buttons.append(button)
        self.close_button = GlyphButton(icons.Glyph.CLOSE, self.tr("Dismiss"))
        self.close_button.clicked.connect(self._dismiss)
        row.addWidget(self.close_button)
        for button in (*self.buttons, self.close_button):
            button.setAutoDefault(True)  # Enter presses it, as Space does
        self._draw()

    def _draw(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        glyph = icons.Glyph.NOTE if self.message.tone is Tone.NOTE else icons.Glyph.WARNING
        self._glyph.setPixmap(icons.glyph_pixmap(glyph, colour, 20, self.devicePixelRatioF()))

    @Slot()
    def _dismiss(self) -> None:
        self.dismissed.emit(self.message.key)

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glyph again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glyph"):
            self._draw()


class MessageArea(QWidget):
    """The stack of messages above the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[str, MessageBar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 6, 16, 6)
        self._column.setSpacing(8)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that are shown, oldest first."""
        return tuple(bar.message for bar in self._bars.values())

    def bar(self, key: str) -> MessageBar | None:
        """The bar of a message; None when it is not shown."""
        return self._bars.get(key)

    def show_message(self, message: Message) -> None:
        """Show a message below the others."""
        self.dismiss(message.key)
        while len(self._bars) >= MOST_BARS:
            self.dismiss(next(iter(self._bars)))
        bar = MessageBar(message, self)
        bar.dismissed.connect(self.dismiss)
        self._bars[message.key] = bar
        self._column.addWidget(bar)
        self.show()

    @Slot(str)
    def dismiss(self, key: str) -> None:
        """Remove a message, if it is shown."""
        bar = self._bars.pop(key, None)
        if bar is not None:
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self._bars))
