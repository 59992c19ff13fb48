"""Carries out one folder's sync: the same code for a first run, a re-run and a resumed one.

scan -> plan -> decode processes -> micro-batches through the model, several at once -> one
transaction per batch -> published to the search. What is gone is forgotten at the end, and contents
without a file after that: a moved file keeps its vector because its bytes are recognised at the new
path first.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.records import Filed, KnownFile, NewContent, Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, SkippedFile, SyncPhase, SyncSummary, Vectors
from fashion_finder.errors import (
    CatalogueError,
    FolderUnavailable,
    Interrupted,
    PictureError,
    PictureMissing,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.diff import Coverage, SyncPlan, plan_sync
from fashion_finder.indexing.inference import Inference, ReadFile
from fashion_finder.indexing.progress import Listener, ProgressMeter
from fashion_finder.indexing.scan import FoundFile, Scan
from fashion_finder.ports import Embedder, PictureReader, ReadOutcome, ReadTask
from fashion_finder.settings import BATCH, MICRO_BATCH, SCAN_SECONDS
from fashion_finder.timeouts import NoAnswerError, unless_stalled

log = logging.getLogger(__name__)

UNLISTED = "It can't be opened right now. Its photos stay in the library"

NEVER = -1
"""A modification time that no file has: it differs from the file's own, so the file is read again."""


@dataclass(slots=True)
class SyncTally:
    """What a folder's sync has done so far; right at any moment, also after an interruption."""

    found: int = 0
    unchanged: int = 0
    updated: int = 0
    skipped: int = 0
    added: list[ContentId] = field(default_factory=list)  # one entry per new file
    gone: Sequence[KnownFile] = ()
    skipped_files: list[SkippedFile] = field(default_factory=list)
    unlisted: list[SkippedFile] = field(default_factory=list)  # folders, not counted as skipped
    nothing_changed: bool = False  # finished without anything to do

    def skip(self, path: Path, reason: str) -> None:
        """Count a file that cannot be searched."""
        self.skipped += 1
        self.skipped_files.append(SkippedFile(path, reason))

    def summary(self) -> SyncSummary:
        """This folder's counts; moves are only known when all folders are done."""
        return SyncSummary(
            found=self.found,
            added=len(self.added),
            updated=self.updated,
            unchanged=self.unchanged,
            forgotten=sum(file.content is not None for file in self.gone),
            skipped=self.skipped,
            skipped_files=(*self.unlisted, *self.skipped_files),
        )


@dataclass(slots=True)
class _Batch:
    """Files for the next transaction."""

    files: list[Filed] = field(default_factory=list)
    contents: list[NewContent] = field(default_factory=list)
    thumbnails: dict[bytes, bytes] = field(default_factory=dict)
    signatures: dict[bytes, bytes] = field(default_factory=dict)
    to_embed: list[ReadFile] = field(default_factory=list)  # the next micro-batch

    def __len__(self) -> int:
        return len(self.files) + len(self.to_embed)


@dataclass(frozen=True, slots=True)
class SyncTools:
    """What the syncs of all folders share."""

    data_dir: Path
    catalogue: Catalogue
    thumbnails: ThumbnailStore
    reader: PictureReader  # closed by `Syncer.finish`
    embedder: Embedder
    publish: Callable[[Sequence[int], Vectors, Sequence[bytes]], None]
    listener: Listener
    control: SyncControl


class FolderSync:
    """Brings one folder up to date, once."""

    def __init__(self, tools: SyncTools, root: Root, meter: ProgressMeter, scan: Scan) -> None:
        self._tools = tools
        self._catalogue = tools.catalogue
        self._root = root
        self._meter = meter
        self._scan = scan
        self._model = tools.embedder.info.stamp
        self._before: dict[str, ContentId | None] = {}
        self._new: set[str] = set()
        self._copies: dict[bytes, list[Filed]] = {}  # of pictures pending in the model
        self.tally = SyncTally()

    def run(self) -> None:
        """Run the sync. Raises Interrupted, FolderError, CatalogueError; what was committed stays."""
        plan = self._plan()
        changes = bool(plan.to_read or plan.gone or plan.rehoused)
        if changes:
            self._catalogue.roots.mark(self._root.id, unfinished=True)
        self._read(plan.to_read)
        self._meter.begin(SyncPhase.FINISHING, len(plan.to_read), self.tally.skipped)
        if plan.rehoused:
            self._catalogue.files.rehouse(
                self._root.id, ((file.stamp.relative, file.volume) for file in plan.rehoused)
            )
        if plan.gone:
            self._catalogue.files.forget(self._root.id, (file.stamp.relative for file in plan.gone))
        self.tally.gone = plan.gone
        self.tally.nothing_changed = not plan.to_read and not plan.gone
        if changes or self._root.unfinished:
            self._catalogue.roots.mark(self._root.id, unfinished=False)

    # ------------------------------------------------------------ scanning

    def _plan(self) -> SyncPlan:
        self._meter.begin(SyncPhase.SCANNING)
        found: list[FoundFile] = []
        # Before the walk begins: side by side, the two threads would pass Python's lock back and
        # forth at every row and every file.
        with _without_gc():
            known = self._catalogue.files.known(self._root.id)

        walk = unless_stalled(
            self._scan.listings, lambda: self._scan.looked, self._checkpoint, SCAN_SECONDS
        )
        try:
            for files in walk:
                found += files
                self._meter.count_found(len(found))
        except NoAnswerError as error:
            raise FolderUnavailable(self._root.path, error.strerror or "") from error
        self._meter.count_found(len(found))
        coverage = Coverage(self._scan.folders, self._scan.unlisted)
        outdated: frozenset[ContentId] = frozenset()
        if self._catalogue.vectors.count_outdated(self._model):  # quick, and nearly always none
            outdated = self._catalogue.vectors.missing_in(self._root.id, self._model)
        with _without_gc():
            plan = plan_sync(found, known, coverage, outdated)
        if plan.to_read:
            self._before = {file.stamp.relative: file.content for file in known}
        self._new = {file.stamp.relative for file in plan.new}
        self.tally.found = plan.found
        self.tally.unchanged = plan.unchanged + len(plan.rehoused)
        self.tally.unlisted = [
            SkippedFile(self._path(folder), UNLISTED) for folder in sorted(self._scan.unlisted)
        ]
        for file in plan.still_skipped:
            self.tally.skip(self._path(file.stamp.relative), file.reason or "")
        return plan

    def _checkpoint(self) -> None:
        control = self._tools.control
        if control.is_paused and not control.is_cancelled:
            self._meter.pause(paused=True)
            control.checkpoint()
            self._meter.pause(paused=False)
        control.checkpoint()

    # ------------------------------------------------------------ reading

    def _read(self, files: Sequence[FoundFile]) -> None:
        self._meter.begin(SyncPhase.READING, len(files), self.tally.skipped)
        if not files:
            return
        batch = _Batch()
        with Inference(self._tools.embedder, settings.inference_threads()) as inference:
            try:
                with closing(self._tools.reader.read_all(self._tasks(files))) as outcomes:
                    for outcome in outcomes:
                        if self._tools.control.is_paused:
                            batch = self._settle(batch, inference)
                        self._checkpoint()
                        self._sort(files[outcome.key], outcome, batch)
                        batch = self._advance(batch, inference)
            except Interrupted:
                self._settle(batch, inference)
                raise
            self._settle(batch, inference)

    def _advance(self, batch: _Batch, inference: Inference) -> _Batch:
        """Keep the model busy, and commit before a kill could cost more than `BATCH` pictures."""
        if len(batch.to_embed) >= MICRO_BATCH:
            while inference.is_full:
                self._receive(batch, inference)
            self._embed(batch, inference)
        while self._receive(batch, inference, wait=False):
            pass
        if len(batch) + inference.pictures + MICRO_BATCH <= BATCH:
            return batch
        if not batch.files:
            self._receive(batch, inference)
        return self._commit(batch)

    def _settle(self, batch: _Batch, inference: Inference) -> _Batch:
        """Commit everything read so far."""
        self._embed(batch, inference)
        while self._receive(batch, inference):
            pass
        return self._commit(batch)

    def _tasks(self, files: Sequence[FoundFile]) -> Iterator[ReadTask]:
        for key, file in enumerate(files):
            known = self._catalogue.vectors.digests_of_size(file.stamp.size, self._model)
            yield ReadTask(key, self._path(file.stamp.relative), known)

    def _sort(self, file: FoundFile, outcome: ReadOutcome, batch: _Batch) -> None:
        """Put what was read of a file where it belongs: skipped, known already, or to be embedded."""
        self._meter.advance(skipped=outcome.error is not None)
        if outcome.error is not None:
            self._skip(file, outcome.error, batch)
        elif outcome.same_as is not None:
            batch.files.append(Filed(file.stamp, file.volume, outcome.same_as))
        elif outcome.picture is not None:
            digest = outcome.picture.digest
            filed = Filed(file.stamp, file.volume, digest)
            if digest in self._copies:
                self._copies[digest].append(filed)
            elif digest in batch.thumbnails or self._catalogue.vectors.has_vector(
                digest, self._model
            ):
                batch.files.append(filed)
            else:
                self._copies[digest] = []
                batch.to_embed.append((file, outcome.picture))

    def _skip(self, file: FoundFile, error: PictureError, batch: _Batch) -> None:
        if isinstance(error, PictureMissing):  # deleted since the scan
            self.tally.found -= 1
            return
        stamp = file.stamp
        self.tally.skip(self._path(stamp.relative), error.reason)
        if error.passing:
            if self._before.get(stamp.relative) is not None:
                return  # stays as it was, with its old stamp: the next sync tries again
            stamp = stamp._replace(mtime_ns=NEVER)
        batch.files.append(Filed(stamp, file.volume, None, error.reason))

    def _embed(self, batch: _Batch, inference: Inference) -> None:
        """Start on the pictures that wait for the model."""
        if batch.to_embed:
            inference.begin(tuple(batch.to_embed))
            batch.to_embed.clear()

    def _receive(self, batch: _Batch, inference: Inference, *, wait: bool = True) -> bool:
        """Put the model's next result into the batch; False when there is none."""
        done = inference.next_done(wait=wait)
        if done is None:
            return False
        files, embedded = done
        for (file, picture), vector, tags, words in zip(
            files, embedded.vectors, embedded.tags, embedded.likely_words, strict=True
        ):
            digest, sides = picture.digest, (picture.width, picture.height)
            batch.contents.append(NewContent(digest, picture.size, *sides, vector, tags, words))
            batch.files.append(Filed(file.stamp, file.volume, digest))
            batch.files += self._copies.pop(digest)
            batch.thumbnails[digest] = picture.thumbnail
            batch.signatures[digest] = picture.signature
        return True

    def _commit(self, batch: _Batch) -> _Batch:
        """Commit in one transaction. Returns what still waits for the model, as the next batch."""
        if not batch.files:
            return batch
        ids = self._catalogue.files.record(self._root.id, self._model, batch.contents, batch.files)
        if batch.contents:
            self._tools.publish(
                [ids[content.digest] for content in batch.contents],
                np.stack([content.vector for content in batch.contents]),
                [content.likely_words for content in batch.contents],
            )
        for filed in batch.files:
            if filed.digest is not None:
                content, relative = ids[filed.digest], filed.stamp.relative
                if relative in self._new:
                    self.tally.added.append(content)
                elif self._before.get(relative) == content:
                    self.tally.unchanged += 1
                else:
                    self.tally.updated += 1
        try:
            self._tools.thumbnails.put(
                {ids[digest]: jpeg for digest, jpeg in batch.thumbnails.items()},
                {ids[digest]: signature for digest, signature in batch.signatures.items()},
            )
        except CatalogueError as error:  # they are made again when someone looks at them
            log.warning("thumbnails are not stored: %s", error.title)
        return _Batch(to_embed=batch.to_embed)

    def _path(self, relative: str) -> Path:
        return self._root.path / relative


@contextmanager
def _without_gc() -> Iterator[None]:
    """Make many small objects without cycles; collecting among them took a fifth of a second run."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
