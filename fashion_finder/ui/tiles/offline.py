"""The switch that hides photos whose drive or share is not connected."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from fashion_finder.ui.kit import labels


class OfflineChip(QPushButton):
    """Hides offline photos; itself hidden while there are none."""

    wanted = Signal(bool)  # whether to hide offline photos

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setCheckable(True)
        self.clicked.connect(self.wanted)
        self._count = 0
        self.set_hiding(is_hiding=False)

    def set_hiding(self, *, is_hiding: bool) -> None:
        """Show whether offline photos are hidden."""
        self.setChecked(is_hiding)
        self.setProperty("chosen", is_hiding)
        self.setText(self.tr("Offline Hidden") if is_hiding else self.tr("Hide Offline"))
        explained = self.tr("{photos} on drives or shares that are not connected").format(
            photos=labels.photos_label(self._count)
        )
        self.setToolTip(labels.tooltip(explained))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(explained)
        self.setVisible(is_hiding or self._count > 0)
        self.style().unpolish(self)
        self.style().polish(self)

    def show_count(self, count: int) -> None:
        """Update how many photos are offline."""
        self._count = count
        self.set_hiding(is_hiding=self.isChecked())
