"""Carries out a sync: the same code for a first run, a re-run and one that was interrupted.

scan -> plan -> decode processes -> micro-batches through the model, several at once -> one
transaction per batch -> published to the search. What is gone is dropped at the end, and contents
no file holds any more after that: a file that moved keeps its vector because its bytes are
recognised at the new place first.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.records import Filed, KnownFile, NewContent, Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import (
    ContentId,
    SkippedFile,
    SyncPhase,
    SyncSummary,
    Vectors,
)
from fashion_finder.errors import (
    CatalogueError,
    FolderUnavailable,
    Interrupted,
    PictureError,
    PictureMissing,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.diff import Reach, SyncPlan, plan_sync
from fashion_finder.indexing.inference import Inference, Taken
from fashion_finder.indexing.progress import ProgressMeter
from fashion_finder.indexing.scan import Scan, Seen
from fashion_finder.ports import Embedder, PictureReader, ReadOutcome, ReadTask
from fashion_finder.settings import BATCH, MICRO_BATCH, SCAN_SECONDS
from fashion_finder.timeouts import NoAnswerError, unless_stalled

log = logging.getLogger(__name__)

UNLISTED = "It cannot be looked at now; what is known of it is kept"

NEVER = -1
"""A time of change that no file has: it differs from the file's own, so the file is read again."""

Publish = Callable[[Sequence[int], Vectors], None]


@dataclass(slots=True)
class SyncTally:
    """What a folder's sync has done so far; right at any moment, also after an interruption."""

    found: int = 0
    unchanged: int = 0
    updated: int = 0
    skipped: int = 0
    added: list[ContentId] = field(default_factory=list)  # one entry per new file
    gone: tuple[KnownFile, ...] = ()
    skipped_files: list[SkippedFile] = field(default_factory=list)
    unlisted: list[SkippedFile] = field(default_factory=list)  # folders, which nobody can count
    nothing_changed: bool = False  # it came to its end without anything to do

    def skip(self, path: Path, reason: str) -> None:
        """One file more that cannot be searched."""
        self.skipped += 1
        self.skipped_files.append(SkippedFile(path, reason))

    def summary(self) -> SyncSummary:
        """The tally alone; what moved is known only when all folders are done."""
        return SyncSummary(
            found=self.found,
            added=len(self.added),
            updated=self.updated,
            unchanged=self.unchanged,
            forgotten=sum(one.content is not None for one in self.gone),
            skipped=self.skipped,
            skipped_files=(*self.unlisted, *self.skipped_files),
        )


@dataclass(slots=True)
class _Batch:
    """Files on their way into one transaction."""

    files: list[Filed] = field(default_factory=list)
    contents: list[NewContent] = field(default_factory=list)
    thumbnails: dict[bytes, bytes] = field(default_factory=dict)
    signatures: dict[bytes, bytes] = field(default_factory=dict)
    to_embed: list[Taken] = field(default_factory=list)  # less than a micro-batch, when it waits

    def __len__(self) -> int:
        return len(self.files) + len(self.to_embed)


class FolderSync:
    """One folder, brought up to date once."""

    def __init__(
        self,
        root: Root,
        *,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        reader: PictureReader,
        embedder: Embedder,
        publish: Publish,
        control: SyncControl,
        meter: ProgressMeter,
        excluded: tuple[Path, ...],
        below: str = "",
    ) -> None:
        self._root = root
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._reader = reader
        self._embedder = embedder
        self._publish = publish
        self._control = control
        self._meter = meter
        self._model = embedder.info.stamp
        self._scan = Scan(root.path, below, excluded)
        self._before: dict[str, ContentId | None] = {}
        self._new: set[str] = set()
        self._copies: dict[bytes, list[Filed]] = {}  # of pictures on their way through the model
        self.tally = SyncTally()

    def run(self) -> None:
        """Do it. Raises Interrupted, FolderError, CatalogueError; what was committed stays."""
        plan = self._plan()
        changes = bool(plan.to_read or plan.gone or plan.rehoused)
        if changes:
            self._catalogue.roots.mark(self._root.id, unfinished=True)
        self._read(plan)
        self._meter.begin(SyncPhase.FINISHING, len(plan.to_read), self.tally.skipped)
        if plan.rehoused:
            self._catalogue.files.rehouse(
                self._root.id, ((seen.stamp.relative, seen.volume) for seen in plan.rehoused)
            )
        if plan.gone:
            self._catalogue.files.forget(
                self._root.id, (known.stamp.relative for known in plan.gone)
            )
        self.tally.gone = plan.gone
        self.tally.nothing_changed = not plan.to_read and not plan.gone
        if changes or self._root.unfinished:
            self._catalogue.roots.mark(self._root.id, unfinished=False)

    # ------------------------------------------------------------ scanning

    def _plan(self) -> SyncPlan:
        self._meter.begin(SyncPhase.SCANNING)
        found: list[Seen] = []
        # Before the walk begins: side by side, the two threads would hand Python's lock back and
        # forth at every row and every file.
        with _without_collecting():
            known = self._catalogue.files.known(self._root.id)

        walk = unless_stalled(
            self._scan.listings, lambda: self._scan.looked, self._checkpoint, SCAN_SECONDS
        )
        try:
            for some in walk:
                found += some
                self._meter.saw(len(found))
        except NoAnswerError as error:
            raise FolderUnavailable(self._root.path, error.strerror or "") from error
        self._meter.saw(len(found))
        with _without_collecting():
            plan = plan_sync(
                found,
                known,
                Reach(self._scan.folders, self._scan.unlisted, self._scan.below),
                self._outdated(),
            )
        if plan.to_read:
            self._before = {one.stamp.relative: one.content for one in known}
        self._new = {seen.stamp.relative for seen in plan.new}
        self.tally.found = plan.found
        self.tally.unchanged = plan.unchanged + len(plan.rehoused)
        self.tally.unlisted = [
            SkippedFile(self._path(folder), UNLISTED) for folder in sorted(self._scan.unlisted)
        ]
        for one in plan.still_skipped:
            self.tally.skip(self._path(one.stamp.relative), one.reason or "")
        return plan

    def _outdated(self) -> frozenset[ContentId]:
        if self._catalogue.vectors.count_outdated(self._model) == 0:  # quick, and nearly always so
            return frozenset()
        return self._catalogue.vectors.missing_in(self._root.id, self._model)

    def _checkpoint(self) -> None:
        if self._control.is_paused and not self._control.is_cancelled:
            self._meter.pause(paused=True)
            self._control.checkpoint()
            self._meter.pause(paused=False)
        self._control.checkpoint()

    # ------------------------------------------------------------ reading

    def _read(self, plan: SyncPlan) -> None:
        files = plan.to_read
        self._meter.begin(SyncPhase.READING, len(files), self.tally.skipped)
        if not files:
            return
        batch = _Batch()
        outcomes = self._reader.read_all(self._tasks(files))
        with Inference(self._embedder, settings.inference_threads()) as inference:
            try:
                for outcome in outcomes:
                    if self._control.is_paused:
                        batch = self._settle(batch, inference)
                    self._checkpoint()
                    self._take(files[outcome.key], outcome, batch)
                    batch = self._move_on(batch, inference)
            except Interrupted:
                _close(outcomes)
                self._settle(batch, inference)
                raise
            finally:
                _close(outcomes)
            self._settle(batch, inference)

    def _move_on(self, batch: _Batch, inference: Inference) -> _Batch:
        """Keep the model busy, and never more than `BATCH` pictures from being lost by a kill."""
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
        """Commit all that was taken."""
        self._embed(batch, inference)
        while self._receive(batch, inference):
            pass
        return self._commit(batch)

    def _tasks(self, files: Sequence[Seen]) -> Iterator[ReadTask]:
        for key, seen in enumerate(files):
            known = self._catalogue.vectors.digests_of_size(seen.stamp.size, self._model)
            yield ReadTask(key, self._path(seen.stamp.relative), known)

    def _take(self, seen: Seen, outcome: ReadOutcome, batch: _Batch) -> None:
        if outcome.error is not None:
            self._meter.advance(skipped=True)
            self._skip(seen, outcome.error, batch)
            return
        self._meter.advance()
        if outcome.same_as is not None:
            batch.files.append(Filed(seen.stamp, seen.volume, outcome.same_as))
        elif outcome.picture is not None:
            digest = outcome.picture.digest
            filed = Filed(seen.stamp, seen.volume, digest)
            if digest in self._copies:
                self._copies[digest].append(filed)
            elif digest in batch.thumbnails or self._catalogue.vectors.has_vector(
                digest, self._model
            ):
                batch.files.append(filed)
            else:
                self._copies[digest] = []
                batch.to_embed.append((seen, outcome.picture))

    def _skip(self, seen: Seen, error: PictureError, batch: _Batch) -> None:
        if isinstance(error, PictureMissing):  # deleted since the scan: no longer found
            self.tally.found -= 1
            return
        relative = seen.stamp.relative
        self.tally.skip(self._path(relative), error.reason)
        stamp = seen.stamp
        if error.passing:
            if self._before.get(relative) is not None:
                return  # what is known of it stays, with its old stamp: it is tried again
            stamp = stamp._replace(mtime_ns=NEVER)
        batch.files.append(Filed(stamp, seen.volume, None, error.reason))

    def _embed(self, batch: _Batch, inference: Inference) -> None:
        """Begin with what waits for the model."""
        if batch.to_embed:
            inference.begin(tuple(batch.to_embed))
            batch.to_embed.clear()

    def _receive(self, batch: _Batch, inference: Inference, *, wait: bool = True) -> bool:
        """Put the model's next answer into the batch; False when there is none."""
        done = inference.next_done(wait=wait)
        if done is None:
            return False
        taken, embedded = done
        for (seen, picture), vector, tags in zip(
            taken, embedded.vectors, embedded.tags, strict=True
        ):
            batch.contents.append(
                NewContent(
                    digest=picture.digest,
                    size=picture.size,
                    width=picture.width,
                    height=picture.height,
                    vector=vector,
                    tags=tags,
                )
            )
            batch.files.append(Filed(seen.stamp, seen.volume, picture.digest))
            batch.files += self._copies.pop(picture.digest)
            batch.thumbnails[picture.digest] = picture.thumbnail
            batch.signatures[picture.digest] = picture.signature
        return True

    def _commit(self, batch: _Batch) -> _Batch:
        """One transaction; returns what still waits for the model, as the next batch."""
        if not batch.files:
            return batch
        ids = self._catalogue.files.record(self._root.id, self._model, batch.contents, batch.files)
        if batch.contents:
            self._publish(
                [ids[content.digest] for content in batch.contents],
                np.stack([content.vector for content in batch.contents]),
            )
        for filed in batch.files:
            if filed.digest is not None:
                self._count(filed.stamp.relative, ids[filed.digest])
        try:
            self._thumbnails.put(
                {ids[digest]: jpeg for digest, jpeg in batch.thumbnails.items()},
                {ids[digest]: signature for digest, signature in batch.signatures.items()},
            )
        except CatalogueError as error:  # they are made again when they are looked at
            log.warning("thumbnails are not stored: %s", error.title)
        return _Batch(to_embed=batch.to_embed)

    def _count(self, relative: str, content: ContentId) -> None:
        if relative in self._new:
            self.tally.added.append(content)
        elif self._before.get(relative) == content:
            self.tally.unchanged += 1
        else:
            self.tally.updated += 1

    def _path(self, relative: str) -> Path:
        return self._root.path / relative


@contextmanager
def _without_collecting() -> Iterator[None]:
    """For the moment in which very many small objects are made, none of them in a circle.

    Looking through all of them again and again, as they become more, took a fifth of a second run.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _close(outcomes: Iterator[ReadOutcome]) -> None:
    close = getattr(outcomes, "close", None)
    if close is not None:
        close()
