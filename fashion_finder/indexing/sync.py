"""A sync over several folders: locates each, brings it up to date, and settles what moved."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.domain import ContentId, SkippedFile, SyncSummary
from fashion_finder.errors import (
    FolderError,
    FolderIsSystems,
    FolderMissing,
    FolderUnavailable,
    PictureUnknown,
)
from fashion_finder.indexing.diff import count_moves
from fashion_finder.indexing.pipeline import FolderSync, SyncTally, SyncTools
from fashion_finder.indexing.progress import ProgressMeter
from fashion_finder.indexing.relocation import follow_moved_folders
from fashion_finder.indexing.roots import Covered, locate
from fashion_finder.indexing.scan import FileScan, Scan
from fashion_finder.indexing.system_folders import enclosing, is_inside, reason
from fashion_finder.paths import real_path

log = logging.getLogger(__name__)


class Syncer:
    """One run; call `finish` at its end, even after an error."""

    def __init__(self, tools: SyncTools) -> None:
        self._tools = tools
        self._catalogue = tools.catalogue
        self._tallies: list[SyncTally] = []
        self._absorbed = False
        self._started = time.monotonic()

    def sync_folder(self, folder: Path, *, again: bool = False) -> None:
        """Add a folder or bring it up to date; inside an indexed one, only that sub-folder.

        With `again`, every picture in it is decoded and embedded anew.
        """
        self._empty_system_roots()
        for old, new in follow_moved_folders(self._catalogue).items():
            if folder.is_relative_to(old):
                folder = new / folder.relative_to(old)
        roots = [(root, real_path(root.path)) for root in self._catalogue.roots.all()]
        located = locate(folder, real_path(folder), roots, real_path(self._tools.data_dir))
        if isinstance(located, Covered):
            self._sync_root(located.root, located.below, again=again)
            return
        root = self._catalogue.roots.add(located.path)
        for inner, prefix in located.inner:
            self._catalogue.roots.absorb(inner, root, prefix)
            self._absorbed = True  # files that were known twice are known once now
        self._sync_root(root, "", again=again)

    def read_files_again(self, files: Iterable[Path]) -> None:
        """Decode and embed files anew. Raises PictureUnknown for one that was never seen."""
        wanted: dict[Root, list[str]] = {}
        roots = self._catalogue.roots.all()
        for path in files:
            root = next((root for root in roots if self._knows(root, path)), None)
            if root is None:
                raise PictureUnknown(path)
            wanted.setdefault(root, []).append(path.relative_to(root.path).as_posix())
        for root, relatives in wanted.items():
            scan = FileScan(root.path, tuple(relatives))
            self._run(root, relatives[0], scan, again=True)

    def _knows(self, root: Root, path: Path) -> bool:
        if not path.is_relative_to(root.path):
            return False
        return self._catalogue.files.holds(root.id, path.relative_to(root.path).as_posix())

    def sync_known(self) -> None:
        """Bring every indexed folder up to date; those offline are left alone."""
        self._empty_system_roots()
        follow_moved_folders(self._catalogue)
        for root in self._catalogue.roots.all():
            try:
                self._sync_root(root, "")
            except FolderError as error:
                log.warning("%s", error.reason)
                self._tallies[-1].unlisted.append(SkippedFile(root.path, error.reason))

    def finish(self) -> tuple[ContentId, ...]:
        """Stop the workers and drop the contents that have no file any more. Returns those."""
        self._tools.reader.close()
        if not self._absorbed and all(tally.nothing_changed for tally in self._tallies):
            return ()
        pruned = self._catalogue.contents.prune()
        if pruned:
            self._tools.thumbnails.drop(pruned)
        return pruned

    def summary(self) -> SyncSummary:
        """What was done so far in all folders; a file that went from one to another has moved."""
        added = [content for tally in self._tallies for content in tally.added]
        gone = [file for tally in self._tallies for file in tally.gone]
        moved = count_moves(added, gone)
        whole = sum((tally.summary() for tally in self._tallies), SyncSummary())
        seconds = time.monotonic() - self._started
        return whole + SyncSummary(added=-moved, moved=moved, forgotten=-moved, seconds=seconds)

    def _sync_root(self, root: Root, below: str, *, again: bool = False) -> None:
        others = [other.path for other in self._catalogue.roots.all() if other.id != root.id]
        scan = Scan(root.path, below, excluded=(self._tools.data_dir, *others))
        self._run(root, below, scan, again=again)

    def _run(self, root: Root, shown: str, scan: Scan | FileScan, *, again: bool) -> None:
        meter = ProgressMeter(root.path / shown, self._tools.listener)
        sync = FolderSync(self._tools, root, meter, scan, again=again)
        self._tallies.append(sync.tally)
        system = enclosing(root.path, real_path(root.path))
        if system is not None:  # indexed by an earlier version
            raise FolderIsSystems(root.path, reason(system))
        try:
            sync.run()
        except FolderError as error:
            self._forget_in_system_folders(root, sync.tally)
            if isinstance(error, FolderMissing):  # it was there once: most likely it is offline
                raise FolderUnavailable(root.path) from error
            raise

    def _empty_system_roots(self) -> None:
        """Forget what an earlier version indexed in folders that were added and are system ones."""
        for root in self._catalogue.roots.all():
            if enclosing(root.path, real_path(root.path)) is not None:
                self._tallies.append(SyncTally())
                self._forget_in_system_folders(root, self._tallies[-1], all_of_it=True)

    def _forget_in_system_folders(
        self, root: Root, tally: SyncTally, *, all_of_it: bool = False
    ) -> None:
        """What no scan will meet again need not stay because its drive is not connected."""
        known = self._catalogue.files.known(root.id)
        tally.gone = [file for file in known if all_of_it or is_inside(file.stamp.relative)]
        if tally.gone:
            self._catalogue.files.forget(root.id, (file.stamp.relative for file in tally.gone))
