"""The progress of indexing, at the foot of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import SyncPhase, SyncProgress, SyncSummary
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.theme import scaled


class ProgressPanel(QFrame):
    """Count, rate and time left of a sync, with pause and cancel; then its outcome."""

    pause_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAccessibleName(self.tr("Indexing"))
        self.title = ElidedLabel()
        self.title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self.numbers = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
        self.numbers.setProperty("role", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.skipped_button = QPushButton(labels.skipped_label(0))
        self.skipped_button.setAccessibleDescription(
            self.tr("See which files were skipped, and why")
        )
        self.pause_button = QPushButton(self.tr("Pause"))
        self.pause_button.clicked.connect(self._toggle_pause)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._show_stopping)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.hide)
        self._paused = False

        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.numbers)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addLayout(words, 1)
        for button in (
            self.skipped_button,
            self.pause_button,
            self.cancel_button,
            self.close_button,
        ):
            button.setProperty("role", "quiet")
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)
        self.hide()

    def begin(self, title: str) -> None:
        """A sync has started."""
        self.title.show_text(title)
        self.numbers.show_text(self.tr("Looking for pictures…"))
        self._show_bar(0, 0)
        self._show_paused(False)
        self._show_skipped(0)
        self._show_running(True)
        self.cancel_button.setEnabled(True)
        self.pause_button.setEnabled(True)
        self.show()

    def show_progress(self, progress: SyncProgress) -> None:
        """Show the progress of the sync."""
        name = labels.file_label(progress.folder)
        self._show_paused(progress.paused)
        self._show_skipped(progress.skipped)
        if progress.phase is SyncPhase.SCANNING:
            self.title.show_text(self.tr("Scanning “{name}”").format(name=name))
            found = labels.number_label(progress.found)
            self.numbers.show_text(self.tr("{found} pictures found").format(found=found))
            self._show_bar(0, 0)
            return
        self.title.show_text(self.tr("Indexing “{name}”").format(name=name))
        self._show_bar(progress.done, progress.total)
        done, total = labels.number_label(progress.done), labels.number_label(progress.total)
        parts = [self.tr("{done} of {total}").format(done=done, total=total)]
        if progress.phase is SyncPhase.FINISHING:
            parts.append(self.tr("finishing"))
        elif progress.paused:
            parts.append(self.tr("paused"))
        else:
            if progress.rate > 0:
                parts.append(labels.rate_label(progress.rate))
            if progress.seconds_left is not None:
                parts.append(labels.time_left_label(progress.seconds_left))
        self.numbers.show_text("  ·  ".join(parts))

    def show_summary(self, summary: SyncSummary) -> None:
        """Show the outcome, until the panel is closed."""
        has_read = summary.added or summary.updated
        title = self.tr("Indexing finished") if has_read else self.tr("Folders are up to date")
        self.title.show_text(title)
        left_out = labels.left_out_labels(summary.left_out)
        parts = (labels.photos_label(summary.found), *labels.change_labels(summary), *left_out)
        self.numbers.show_text("  ·  ".join(parts))
        self._show_bar(1, 1)
        self._show_skipped(summary.skipped, is_more=bool(summary.skipped_files or left_out))
        self._show_running(False)

    def _show_bar(self, done: int, total: int) -> None:
        """An empty bar while the total is unknown: the changing numbers show that work is done.

        A bar without a range would move by itself, which some people have asked their system to avoid.
        """
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    def _show_running(self, is_running: bool) -> None:
        self.pause_button.setVisible(is_running)
        self.cancel_button.setVisible(is_running)
        self.bar.setVisible(is_running)
        self.close_button.setVisible(not is_running)

    def _show_paused(self, is_paused: bool) -> None:
        self._paused = is_paused
        self.pause_button.setText(self.tr("Resume") if is_paused else self.tr("Pause"))

    def _show_skipped(self, count: int, *, is_more: bool = False) -> None:
        """With `is_more`, folders were skipped, or something else was left out."""
        self.skipped_button.setVisible(count > 0 or is_more)
        text = labels.skipped_label(count) if count else self.tr("What Was Left Out")
        self.skipped_button.setText(text)

    @Slot()
    def _toggle_pause(self) -> None:
        self._show_paused(not self._paused)
        self.pause_toggled.emit(self._paused)

    @Slot()
    def _show_stopping(self) -> None:
        self.numbers.show_text(self.tr("Stopping…"))
        self.cancel_button.setEnabled(False)
        self.pause_button.setEnabled(False)
