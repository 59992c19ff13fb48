"""Carries out one folder's sync: the same code for a first run, a re-run and a resumed one.

scan -> plan -> decode processes -> micro-batches through the model, several at once -> one
transaction per batch -> published to the search. What is gone is forgotten at the end, and contents
without a file after that: a moved file keeps its vector because its bytes are recognised at the new
path first.
"""

from __future__ import annotations

import gc
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from fashion_finder import settings
from fashion_finder.catalogue.records import Filed, KnownFile, NewContent, Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import (
    LEAST_STORED,
    ContentId,
    FileStamp,
    LeftOut,
    SkippedFile,
    SyncPhase,
    SyncSummary,
    Vectors,
)
from fashion_finder.errors import (
    CatalogueError,
    FinderError,
    FolderUnavailable,
    Interrupted,
    PictureError,
    PictureHitBug,
    PictureMissing,
    PictureTookTooLong,
    PictureUnanswered,
)
from fashion_finder.indexing import mount_points
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.diff import Coverage, SyncPlan, plan_sync
from fashion_finder.indexing.inference import Inference, ReadFile
from fashion_finder.indexing.left_out import IN_CLOUD, counts_of, describe
from fashion_finder.indexing.progress import Listener, ProgressMeter
from fashion_finder.indexing.scan import FileScan, FoundFile, Scan
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.paths import real_path
from fashion_finder.ports import Embedder, PictureReader, ReadOutcome, ReadTask
from fashion_finder.settings import BATCH, MICRO_BATCH, SCAN_SECONDS
from fashion_finder.timeouts import NoAnswerError, unless_stalled

log = logging.getLogger(__name__)

NEVER = LEAST_STORED - 1
"""A modification time that no file has: it differs from the file's own, so the file is read again."""

SAMPLE = 64
"""How many files are read whose change time moves again after it meant nothing. Where it moves for
many of them at every look, the others are taken to be unchanged if these are."""

_UNANSWERED = 2
"""Reads given up in a row, for each worker, after which a volume is left alone until the next sync."""

_SILENT = "its drive or share does not answer"


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
    left_out: LeftOut = field(default_factory=LeftOut)
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
            left_out=self.left_out,
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

    def __init__(
        self,
        tools: SyncTools,
        root: Root,
        meter: ProgressMeter,
        scan: Scan | FileScan,
        *,
        again: bool = False,
    ) -> None:
        """With `again`, everything that the scan finds is decoded and embedded anew."""
        self._tools = tools
        self._catalogue = tools.catalogue
        self._root = root
        self._meter = meter
        self._scan = scan
        self._again = again
        self._renewed: set[bytes] = set()  # digests that were embedded again
        self._model = tools.embedder.info.stamp
        self._before: dict[str, ContentId | None] = {}
        self._new: set[str] = set()
        self._copies: dict[bytes, list[Filed]] = {}  # of pictures pending in the model
        self._touched: dict[str, bytes | None] = {}  # the digests they had; None for skipped ones
        self._is_same: dict[str, bool] = {}  # whether those that were read have them still
        self.tally = SyncTally()

    def run(self) -> None:
        """Run the sync. Raises Interrupted, FolderError, CatalogueError; what was committed stays."""
        plan = self._plan()
        reads = bool(plan.to_read or plan.touched_again)
        changes = bool(reads or plan.gone or plan.rehoused)
        if changes:
            self._catalogue.roots.mark(self._root.id, unfinished=True)
        self._record_in_cloud(plan.in_cloud)
        self._read(plan.to_read)
        to_record = plan.rehoused + plan.undated + self._look_into(plan.touched_again)
        self._meter.begin(SyncPhase.FINISHING, len(plan.to_read), self.tally.skipped)
        if to_record:
            self._catalogue.files.rehouse(self._root.id, to_record)
        if plan.gone:
            self._catalogue.files.forget(self._root.id, (file.stamp.relative for file in plan.gone))
        self.tally.gone = plan.gone
        self.tally.nothing_changed = not reads and not plan.gone
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

        mounted = Volumes().points()
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
        unmounted = self._unmounted(mounted, known, found)
        if isinstance(self._scan, Scan):
            self._note_left_out(self._scan, unmounted)
        coverage = Coverage(self._scan.folders, self._scan.unlisted, unmounted, self._scan.system)
        outdated: frozenset[ContentId] = frozenset()
        if self._catalogue.vectors.count_outdated(self._model):  # quick, and nearly always none
            outdated = self._catalogue.vectors.missing_in(self._root.id, self._model)
        with _without_gc():
            plan = plan_sync(
                found, known, coverage, outdated, self._scan.in_cloud, again=self._again
            )
        if plan.to_read or plan.touched_again:
            self._before = {file.stamp.relative: file.content for file in known}
        self._touched = {file.stamp.relative: None for file in plan.touched + plan.touched_again}
        self._new = {file.stamp.relative for file in plan.new}
        self.tally.found = plan.found
        self.tally.unchanged = plan.unchanged + len(plan.rehoused)
        for file in plan.still_skipped:
            self.tally.skip(self._path(file.stamp.relative), file.reason or "")
        return plan

    def _unmounted(
        self, mounted: frozenset[Path], known: Sequence[KnownFile], found: Sequence[FoundFile]
    ) -> frozenset[str]:
        """The parts of the folder whose mount is away; records on which mounts it depends now.

        `mounted` is what was mounted before the scan: a mount may have gone during it.
        """
        recorded = self._catalogue.roots.mount_points(self._root.id)
        now = Volumes().points()
        if not now:  # unknown: not on Linux
            return frozenset()
        places = {"": real_path(self._root.path), **self._scan.links}
        parts_of = {
            point: mount_points.below(point, places)
            for point in (recorded | mount_points.concerning(mounted, places)) - now
        }
        away = mount_points.still_away(
            frozenset().union(*parts_of.values()),
            (file.stamp.relative for file in known),
            {file.stamp.relative for file in found} if parts_of else frozenset(),
        )
        kept = {point for point, parts in parts_of.items() if parts & away}
        wanted = mount_points.concerning(now, places) | kept
        if wanted != recorded:
            self._catalogue.roots.record_mount_points(self._root.id, wanted)
        return away

    def _note_left_out(self, scan: Scan, unmounted: AbstractSet[str]) -> None:
        counts = counts_of(scan, unmounted)
        self._catalogue.left_out.replace(self._root.id, scan.below, scan.unlisted, counts)
        self.tally.left_out, unlisted = describe(
            (self._path(folder), kind, counts[folder, kind]) for folder, kind in sorted(counts)
        )
        self.tally.unlisted += unlisted

    def _record_in_cloud(self, files: Sequence[FoundFile]) -> None:
        """List them as skipped, to be read once they are here: their times may be the same then."""
        for file in files:
            self.tally.skip(self._path(file.stamp.relative), IN_CLOUD)
        if files:
            filed = (
                Filed(file.stamp._replace(mtime_ns=NEVER), file.volume, None, IN_CLOUD)
                for file in files
            )
            self._catalogue.files.record(self._root.id, self._model, (), filed)

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
                for on_volume in _by_volume(files):
                    left, unanswered = dict(enumerate(on_volume)), 0
                    with closing(self._tools.reader.read_all(self._tasks(on_volume))) as outcomes:
                        for outcome in outcomes:
                            if self._tools.control.is_paused:
                                batch = self._settle(batch, inference)
                            self._checkpoint()
                            if outcome is None:
                                continue
                            self._sort(left.pop(outcome.key), outcome, batch)
                            batch = self._advance(batch, inference)
                            is_answered = not isinstance(outcome.error, PictureUnanswered)
                            unanswered = 0 if is_answered else unanswered + 1
                            if unanswered >= _UNANSWERED * settings.decode_workers():
                                break
                    for key, file in left.items():  # the volume was given up
                        error = PictureUnanswered(self._path(file.stamp.relative), _SILENT)
                        self._sort(file, ReadOutcome(key, error=error), batch)
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

    def _look_into(self, files: Sequence[FoundFile]) -> list[FoundFile]:
        """Read files whose change times moved again after that had meant nothing.

        Of many, only a sample. Returns those that it shows to be unchanged, to be recorded.
        """
        sample = files if len(files) <= SAMPLE else random.sample(files, SAMPLE)
        sampled = {file.stamp.relative for file in sample}
        others = [file for file in files if file.stamp.relative not in sampled]
        self._read(sample)
        verdicts = [self._is_same[name] for name in sampled if name in self._is_same]
        if not all(verdicts):
            self._read(others)
            return []
        self.tally.unchanged += len(others)
        if not verdicts:  # none could be read: the next sync looks again
            return []
        return [FoundFile(_misleading(file.stamp), file.volume) for file in others]

    def _tasks(self, files: Sequence[FoundFile]) -> Iterator[ReadTask]:
        for key, file in enumerate(files):
            known = () if self._again else self._known(file)
            yield ReadTask(key, self._path(file.stamp.relative), known)

    def _known(self, file: FoundFile) -> tuple[bytes, ...]:
        """Digests of which the file's may be one; none, after a bug, only means that it is decoded."""
        relative, size = file.stamp[:2]
        found: list[bytes] = []

        def look() -> None:
            content = self._before.get(relative)
            if relative in self._touched and content is not None:
                digest = self._touched[relative] = self._catalogue.contents.digest_of(content)
                found.extend([digest] if digest is not None else [])
            found.extend(self._catalogue.vectors.digests_of_size(size, self._model))

        _runs("making a task", look)
        return tuple(found)

    def _sort(self, file: FoundFile, outcome: ReadOutcome, batch: _Batch) -> None:
        """Put what was read of a file where it belongs: skipped, known already, or to be embedded."""
        self._meter.advance(skipped=outcome.error is not None)
        if not _runs("sorting a file", partial(self._sort_read, file, outcome, batch)):
            self._skip(file, PictureHitBug(), batch)

    def _sort_read(self, file: FoundFile, outcome: ReadOutcome, batch: _Batch) -> None:
        if outcome.error is not None:
            self._skip(file, outcome.error, batch)
        elif outcome.same_as is not None:
            batch.files.append(self._filed(file, outcome.same_as))
        elif outcome.picture is not None:
            digest = outcome.picture.digest
            filed = self._filed(file, digest)
            if digest in self._copies:
                self._copies[digest].append(filed)
            elif digest in batch.thumbnails or self._is_embedded(digest):
                batch.files.append(filed)
            else:
                self._copies[digest] = []
                batch.to_embed.append((file, outcome.picture))

    def _is_embedded(self, digest: bytes) -> bool:
        if self._again:
            return digest in self._renewed
        return self._catalogue.vectors.has_vector(digest, self._model)

    def _skip(self, file: FoundFile, error: PictureError, batch: _Batch) -> None:
        if isinstance(error, PictureMissing):  # deleted since the scan
            self.tally.found -= 1
            return
        stamp = file.stamp
        self.tally.skip(self._path(stamp.relative), error.reason)
        before = self._before.get(stamp.relative)
        if error.passing:
            if before is not None:
                return  # stays as it was, with its old stamp: the next sync tries again
            stamp = stamp._replace(mtime_ns=NEVER)
        elif before is not None and isinstance(error, PictureTookTooLong):
            digest = self._catalogue.contents.digest_of(before)
            if digest is not None and self._catalogue.vectors.has_vector(digest, self._model):
                # Nobody has seen that it is another picture: found as before, until it changes.
                kept = Filed(stamp, file.volume, digest)
                self._catalogue.files.record(self._root.id, self._model, (), [kept])
                return
        batch.files.append(self._filed(FoundFile(stamp, file.volume), None, error.reason))

    def _filed(self, file: FoundFile, digest: bytes | None, reason: str | None = None) -> Filed:
        """What to record of a file that was read; of a touched one, whether that meant anything."""
        stamp, name = file.stamp, file.stamp.relative
        if name in self._touched:
            self._is_same[name] = digest == self._touched[name]
            if self._is_same[name]:
                stamp = _misleading(stamp)
        return Filed(stamp, file.volume, digest, reason)

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
        for file, picture in done.failed:
            self._skip(file, PictureHitBug(), batch)
            for copy in self._copies.pop(picture.digest):
                self._skip(FoundFile(copy.stamp, copy.volume), PictureHitBug(), batch)
        embedded = done.embedded
        for (file, picture), vector, tags, words in zip(
            done.files, embedded.vectors, embedded.tags, embedded.likely_words, strict=True
        ):
            digest, sides = picture.digest, (picture.width, picture.height)
            batch.contents.append(
                NewContent(digest, picture.size, *sides, vector, tags, picture.cut_short, words)
            )
            batch.files.append(self._filed(file, digest))
            batch.files += self._copies.pop(digest)
            batch.thumbnails[digest] = picture.thumbnail
            self._renewed.add(digest)
            batch.signatures[digest] = picture.signature
        return True

    def _commit(self, batch: _Batch) -> _Batch:
        """Commit in one transaction. Returns what still waits for the model, as the next batch."""
        if not batch.files:
            return batch
        ids = self._record(batch)
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
        put = partial(
            self._tools.thumbnails.put,
            {ids[digest]: jpeg for digest, jpeg in batch.thumbnails.items() if digest in ids},
            {ids[digest]: own for digest, own in batch.signatures.items() if digest in ids},
        )
        try:
            _runs("storing thumbnails", put)
        except CatalogueError as error:  # they are made again when someone looks at them
            log.warning("thumbnails are not stored: %s", error.title)
        return _Batch(to_embed=batch.to_embed)

    def _record(self, batch: _Batch) -> dict[bytes, ContentId]:
        """Record the batch; if that hits a bug each file by itself, and drop from it what fails."""
        ids: dict[bytes, ContentId] = {}

        def record(contents: Sequence[NewContent], files: Sequence[Filed]) -> None:
            ids.update(self._catalogue.files.record(self._root.id, self._model, contents, files))

        if _runs("recording a batch", partial(record, batch.contents, batch.files)):
            return ids
        contents = {content.digest: content for content in batch.contents}
        files: list[Filed] = []
        for filed in batch.files:
            own = [contents[filed.digest]] if filed.digest in contents else []
            if _runs("recording a file", partial(record, own, [filed])):
                files.append(filed)
        if not files and len(batch.files) > 1:  # no file is to blame
            record(batch.contents, batch.files)
        for filed in batch.files:
            if filed not in files and filed.reason is None:
                skipped = _Batch()
                self._skip(FoundFile(filed.stamp, filed.volume), PictureHitBug(), skipped)
                _runs("recording a skipped file", partial(record, [], skipped.files))
        batch.files = files
        batch.contents = [content for content in batch.contents if content.digest in ids]
        return ids

    def _path(self, relative: str) -> Path:
        return self._root.path / relative


def _misleading(stamp: FileStamp) -> FileStamp:
    """A stamp whose change time has moved although the bytes were the same: see `KnownFile`."""
    return stamp._replace(ctime_ns=-stamp.ctime_ns)


def _runs(doing: str, work: Callable[[], object]) -> bool:
    """Whether `work` met no bug of ours, which is logged; what the world does is raised."""
    try:
        work()
    except (FinderError, MemoryError):
        raise
    except Exception:
        log.exception("a bug while %s", doing)
        return False
    return True


def _by_volume(files: Sequence[FoundFile]) -> Iterator[list[FoundFile]]:
    """The files of each volume: one that falls silent must not hold up the others."""
    volumes: dict[str, list[FoundFile]] = {}
    for file in files:
        volumes.setdefault(file.volume, []).append(file)
    yield from volumes.values()


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
