"""Indexing as the user sees it: what is offered, its progress, its outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fashion_finder.domain import Status, SyncPhase, SyncProgress, SyncSummary
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueDamaged,
    CatalogueReadOnly,
    FinderError,
    FolderError,
)
from fashion_finder.ui.folders.progress_panel import ProgressPanel
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.failures import failure_message
from fashion_finder.ui.kit.message_bar import Message, MessageArea
from fashion_finder.ui.work.sync_queue import SyncJob, SyncQueue
from fashion_finder.ui.work.tasks import Tasks

UNFINISHED, OFFER, FAILURE, QUEUED = "unfinished", "offer", "indexing failed", "queued"

MANY = 100
"""Pictures to read from which even a sync that nobody asked for is shown, so that it can be paused."""

QUIET_FAILURES = (CatalogueBusy, CatalogueReadOnly, FolderError)
"""Not shown of a sync that nobody asked for: it will be tried again, or the drive is offline."""


class IndexingController(QObject):
    """Queues syncs, and shows their progress and outcome."""

    folders_used = Signal(tuple)  # tuple[Path, ...]
    ended = Signal()  # finished, cancelled or failed: the catalogue may have changed
    damaged = Signal(CatalogueDamaged)
    checked = Signal()  # a quiet sync has changed nothing
    sample_ready = Signal(Path)  # of the example question

    def __init__(
        self,
        queue: SyncQueue,
        panel: ProgressPanel,
        messages: MessageArea,
        copy_sample: Callable[[], tuple[Path, Path]],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._panel = panel
        self._messages = messages
        self._copy_sample = copy_sample
        self._tasks = tasks
        self._example: tuple[Path, Path] | None = None  # the sample's folder and question
        self._is_copying = False
        self._has_resumed = False
        self._is_shown = False  # the sync under way
        queue.started.connect(self._begin)
        queue.queued.connect(self._show_queued)
        queue.progressed.connect(self._show_progress)
        queue.finished.connect(self._finish)
        queue.cancelled.connect(self._show_cancelled)
        queue.failed.connect(self._fail)
        panel.pause_toggled.connect(queue.set_paused)
        panel.cancel_button.clicked.connect(queue.cancel)

    @property
    def is_busy(self) -> bool:
        """Whether something is being indexed, or copied to be indexed."""
        return self._queue.running is not None or self._is_copying

    def index(self, folders: Sequence[Path]) -> None:
        """Add folders, or bring them up to date."""
        self._messages.dismiss(FAILURE)
        self.folders_used.emit(tuple(folders))
        self._queue.add(SyncJob(tuple(folders)))

    @Slot(Path)
    def index_one(self, folder: Path) -> None:
        """Add one folder, or bring it up to date."""
        self.index((folder,))

    @Slot()
    def update_all(self) -> None:
        """Bring every indexed folder up to date."""
        self._messages.dismiss(UNFINISHED)
        self._queue.add(SyncJob())

    @Slot(Path)
    def read_folder_again(self, folder: Path) -> None:
        """Read every picture in a folder anew, whether it has changed or not."""
        self.read_again((folder,))

    @Slot(tuple)
    def read_again(self, paths: Sequence[Path]) -> None:
        """Read folders and files anew, also files that were skipped."""
        self._messages.dismiss(FAILURE)
        self._queue.add(SyncJob(again=tuple(paths)))

    @Slot(tuple)
    def offer(self, folders: Sequence[Path]) -> None:
        """Ask whether dropped folders are to be indexed."""
        if len(folders) == 1:
            title = self.tr("Index the folder “{name}”?").format(name=labels.file_label(folders[0]))
        else:
            title = self.tr("Index {count} folders?").format(count=len(folders))
        text = self.tr("The pictures become searchable. Your files are never changed.")
        action = (self.tr("Index"), partial(self.index, tuple(folders)))
        self._messages.show_message(Message(OFFER, title, text, actions=(action,)))

    @Slot()
    def try_sample(self) -> None:
        """Copy the sample wardrobe, index it, and ask its example question."""
        if self.is_busy:
            return
        self._is_copying = True
        self._tasks.run(self._copy_sample, self._index_sample, self._fail_sample)

    @Slot(Status)
    def continue_unfinished(self, status: Status) -> None:
        """Once: begin indexing for a new model, or else offer to finish an interrupted sync."""
        if self._has_resumed or self.is_busy or not (status.to_reembed or status.to_finish):
            return
        self._has_resumed = True
        if status.to_reembed:
            self._queue.add(SyncJob(status.to_reembed))
            return
        names = ", ".join(map(labels.file_label, status.to_finish))
        text = self.tr("{names}: photos indexed so far are searchable.").format(names=names)
        action = (self.tr("Continue"), partial(self.index, status.to_finish))
        title = self.tr("Indexing was interrupted")
        self._messages.show_message(Message(UNFINISHED, title, text, actions=(action,)))

    @Slot(SyncJob)
    def _begin(self, job: SyncJob) -> None:
        self._messages.dismiss(QUEUED)
        self._is_shown = False
        if not job.is_quiet:
            self._messages.dismiss(UNFINISHED)
            self._show(job)

    def _show(self, job: SyncJob) -> None:
        self._is_shown = True
        self._panel.begin(self._title(job))

    @Slot(SyncProgress)
    def _show_progress(self, progress: SyncProgress) -> None:
        job = self._queue.running
        is_long = progress.phase is SyncPhase.READING and progress.total - progress.done >= MANY
        if not self._is_shown and is_long and job is not None:
            self._show(job)
        if self._is_shown:
            self._panel.show_progress(progress)

    @Slot(SyncJob)
    def _show_queued(self, job: SyncJob) -> None:
        if not job.is_quiet:
            text = self.tr("Starts when the current indexing finishes.")
            self._messages.show_message(Message(QUEUED, self._title(job), text))

    @Slot(SyncJob, SyncSummary)
    def _finish(self, job: SyncJob, summary: SyncSummary) -> None:
        if not job.is_quiet:
            self._panel.show_summary(summary)
        elif self._is_shown:
            self._panel.hide()
        if job.is_quiet and not labels.change_labels(summary):
            self.checked.emit()
            return
        self.ended.emit()
        if self._example is not None and self._example[0] in job.folders:
            _, question = self._example
            self._example = None
            self.sample_ready.emit(question)

    @Slot(SyncJob)
    def _show_cancelled(self, job: SyncJob) -> None:
        if job.is_quiet and not self._is_shown:
            self.ended.emit()
            return
        self._panel.hide()
        self._example = None
        title = self.tr("Indexing stopped")
        text = self.tr("Photos indexed so far are searchable.")
        action = (self.tr("Continue"), partial(self._queue.add, replace(job, is_quiet=False)))
        self._messages.show_message(Message(UNFINISHED, title, text, actions=(action,)))
        self.ended.emit()

    @Slot(SyncJob, FinderError)
    def _fail(self, job: SyncJob, error: FinderError) -> None:
        if self._is_shown:
            self._panel.hide()
        if isinstance(error, CatalogueDamaged):
            self.damaged.emit(error)
        elif not (job.is_quiet and isinstance(error, QUIET_FAILURES)):
            self._messages.show_message(failure_message(FAILURE, error))
        self.ended.emit()

    def _index_sample(self, sample: tuple[Path, Path]) -> None:
        self._is_copying = False
        self._example = sample
        self.index((sample[0],))

    def _fail_sample(self, error: FinderError) -> None:
        self._is_copying = False
        self._messages.show_message(failure_message(FAILURE, error))
        self.ended.emit()

    def _title(self, job: SyncJob) -> str:
        if len(job.again) == 1:
            return self.tr("Reading “{name}” again").format(name=labels.file_label(job.again[0]))
        if job.again:
            count = labels.number_label(len(job.again))
            return self.tr("Reading {count} files again").format(count=count)
        if not job.folders:
            return self.tr("Updating all folders")
        if len(job.folders) == 1:
            return self.tr("Indexing “{name}”").format(name=labels.file_label(job.folders[0]))
        return self.tr("Indexing {count} folders").format(count=len(job.folders))
