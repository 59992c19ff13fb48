"""Keeps folders up to date while the window is open: what changes in them is synced quietly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QStatusBar

from fashion_finder.domain import Status, SyncSummary
from fashion_finder.errors import CatalogueBusy, CatalogueReadOnly, FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_state
from fashion_finder.ui.work.catalogue_status import CatalogueStatus
from fashion_finder.ui.work.sync_queue import SyncJob, SyncQueue

RETRY_MS = 30_000  # before trying again when another program is indexing
NAME_WIDTH = 220  # logical pixels; longer folder names are elided in the middle


class FolderWatcher(Protocol):
    """Notices changes in threads of its own; only `stop` may block."""

    def follow(self, folders: Iterable[Path]) -> None:
        """Watch these from now on, and no others."""

    def suspect(self, folders: Iterable[Path]) -> None:
        """Report these in due course, as if something had just changed in them."""

    def start(self) -> None:
        """Start watching; call once."""

    def pause(self) -> None:
        """Report nothing for now; what changes meanwhile is reported after `resume`."""

    def resume(self) -> None:
        """Report again."""

    def stop(self) -> None:
        """Stop watching."""


MakeWatcher = Callable[[Callable[[tuple[Path, ...]], None]], FolderWatcher]


class WatchController(QObject):
    """Queues a sync for what a watcher reports, and shows the outcome in the status bar."""

    _changed = Signal(tuple)  # tuple[Path, ...], from the watcher's thread

    def __init__(
        self,
        make_watcher: MakeWatcher,
        queue: SyncQueue,
        catalogue_status: CatalogueStatus,
        switch: QAction,
        status_bar: QStatusBar,
        *,
        is_on: bool = True,
        retry_ms: int = RETRY_MS,
    ) -> None:
        """`switch` is the checkable action that turns it on and off."""
        super().__init__(status_bar)
        self._queue = queue
        self._switch = switch
        self._status = catalogue_status
        self._unchecked: set[Path] | None = None  # may have changed; None until the first status
        self._left_alone: set[Path] = set()  # their sync was stopped: it waits for the user
        self._changed.connect(self._sync)
        self._watcher = make_watcher(self._changed.emit)
        self._retry = QTimer(self, singleShot=True, interval=retry_ms)
        self._retry.timeout.connect(self._check)

        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setProperty("role", "muted")
        status_bar.addPermanentWidget(self.label)
        self._outcome = ""  # of the last sync that changed something

        queue.started.connect(self._begin)
        queue.finished.connect(self._finish)
        queue.cancelled.connect(self._remember_cancelled)
        queue.failed.connect(self._show_failure)
        catalogue_status.changed.connect(self._follow)
        switch.setChecked(is_on)
        switch.toggled.connect(self._turn)
        if not is_on:
            self._watcher.pause()
        self._rest()
        self._watcher.start()

    @property
    def is_on(self) -> bool:
        """Whether changes are followed."""
        return self._switch.isChecked()

    def stop(self) -> None:
        """Stop: the program is closing. May wait for the watcher's thread."""
        self._retry.stop()
        self._watcher.stop()

    # ------------------------------------------------------------ what to watch

    @Slot(Status)
    def _follow(self, status: Status) -> None:
        indexed = tuple(folder.path for folder in status.folders)
        running = self._queue.running
        self._watcher.follow((*indexed, *(running.folders if running else ())))
        if self._unchecked is None:
            # They may have changed while no window was open; other syncs are begun elsewhere.
            begun = set(running.folders_among(indexed)) if running else set()
            ready = [
                folder
                for folder in status.folders
                if folder.available and not folder.outdated and folder.path not in begun
            ]
            self._left_alone = {folder.path for folder in ready if folder.unfinished}
            self._unchecked = {folder.path for folder in ready} - self._left_alone
            self._check()

    @Slot()
    def _check(self) -> None:
        if self.is_on and self._unchecked:
            self._watcher.suspect(sorted(self._unchecked))
            self._unchecked.clear()

    @Slot(bool)
    def _turn(self, is_on: bool) -> None:
        if is_on:
            self._watcher.resume()
            self._check()
        else:
            self._watcher.pause()
            running = self._queue.running
            if running is not None and running.is_quiet:
                self._queue.cancel()
        self._rest()

    # ------------------------------------------------------------ what happened

    @Slot(tuple)
    def _sync(self, folders: tuple[Path, ...]) -> None:
        due = tuple(folder for folder in folders if folder not in self._left_alone)
        if due:
            self._queue.add(SyncJob(due, is_quiet=True))

    @Slot(SyncJob)
    def _begin(self, job: SyncJob) -> None:
        if job.is_quiet and not self.is_on:  # queued before watching was turned off
            self._queue.cancel()
        elif job.is_quiet:
            self.label.setText(self.tr("Scanning {folders}…").format(folders=self._named(job)))
        else:
            self._left_alone -= set(job.folders_among(self._status.folders))
            self._watcher.follow((*self._status.folders, *job.folders))

    @Slot(SyncJob, SyncSummary)
    def _finish(self, job: SyncJob, summary: SyncSummary) -> None:
        changes = labels.change_labels(summary)
        if job.is_quiet and changes:
            self._outcome = self.tr("{folders}: {changes}").format(
                folders=self._named(job), changes="  ·  ".join(changes)
            )
        elif not job.is_quiet:
            self._outcome = ""  # the progress panel shows the later outcome
        self._rest()

    @Slot(SyncJob)
    def _remember_cancelled(self, job: SyncJob) -> None:
        if self.is_on:
            self._left_alone |= set(job.folders_among(self._status.folders))
        else:
            self._unchecked = (self._unchecked or set()).union(job.folders)
        self._rest()

    @Slot(SyncJob, FinderError)
    def _show_failure(self, job: SyncJob, error: FinderError) -> None:
        self._rest()
        if job.is_quiet and isinstance(error, CatalogueBusy):
            self._unchecked = (self._unchecked or set()).union(job.folders)
            self._retry.start()
            self.label.setText(self.tr("Waiting for another Fashion Finder to finish indexing"))
        elif job.is_quiet and isinstance(error, CatalogueReadOnly):
            self.label.setText(failure_state(error).title)

    def _rest(self) -> None:
        """No folder is being scanned quietly now."""
        off = self.tr("Folders are not kept up to date")
        self.label.setText(self._outcome if self.is_on else off)

    def _named(self, job: SyncJob) -> str:
        if len(job.folders) != 1:
            return labels.folders_label(len(job.folders))
        name = labels.file_label(job.folders[0])
        middle = Qt.TextElideMode.ElideMiddle
        name = self.label.fontMetrics().elidedText(name, middle, NAME_WIDTH)
        return self.tr("“{name}”").format(name=name)
