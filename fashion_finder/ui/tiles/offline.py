"""Photos whose drive or share is not connected: their badge, and the switch that hides them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.theme import scaled

INSET = 6  # of the badge, from the corner of the picture
PADDING = 8  # left and right of its word


def offline_label() -> str:
    """What the badge says."""
    return _translate("Offline")


def offline_advice() -> str:
    """What it means."""
    return _translate("Offline: this drive or share is not connected")


def paint_badge(painter: QPainter, palette: QPalette, font: QFont, area: QRectF) -> None:
    """Write the word into the upper left corner of a picture, on a ground of its own."""
    small = scaled(font, 0.85, QFont.Weight.DemiBold)
    metrics = QFontMetrics(small)
    width = metrics.horizontalAdvance(offline_label()) + 2 * PADDING
    badge = QRectF(area.left() + INSET, area.top() + INSET, width, metrics.height() + 6)
    if badge.width() > area.width() or badge.height() > area.height():
        return  # its tool tip says it, too
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Dark), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
    painter.setFont(small)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), offline_label())


class OfflineChip(QPushButton):
    """Hides what cannot be reached now; not there as long as all can."""

    wanted = Signal(bool)  # whether only what can be reached may answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setCheckable(True)
        self.clicked.connect(self.wanted)
        self._count = 0
        self.set_hiding(is_hiding=False)

    def set_hiding(self, *, is_hiding: bool) -> None:
        """Show whether they are hidden."""
        self.setChecked(is_hiding)
        self.setProperty("chosen", is_hiding)
        self.setText(_translate("Offline hidden") if is_hiding else _translate("Hide offline"))
        explained = _translate("{photos} on drives or shares that are not connected").format(
            photos=labels.photos_label(self._count)
        )
        self.setToolTip(labels.tooltip(explained))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(explained)
        self.setVisible(is_hiding or self._count > 0)
        self.style().unpolish(self)
        self.style().polish(self)

    def show_count(self, count: int) -> None:
        """So many pictures of the answer cannot be reached now."""
        self._count = count
        self.set_hiding(is_hiding=self.isChecked())


def _translate(text: str) -> str:
    return QCoreApplication.translate("offline", text)
