"""A sync over several folders: places each, brings it up to date, and settles what moved."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, SkippedFile, SyncSummary
from fashion_finder.errors import FolderError, FolderMissing, FolderUnavailable
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.diff import count_moves
from fashion_finder.indexing.pipeline import FolderSync, Publish, SyncTally
from fashion_finder.indexing.progress import Listener, ProgressMeter
from fashion_finder.indexing.relocation import follow_moved_folders
from fashion_finder.indexing.roots import Covered, place
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.paths import real_path
from fashion_finder.ports import Embedder, PictureReader
from fashion_finder.settings import decode_workers

log = logging.getLogger(__name__)


class Syncer:
    """One run; call `finish` at its end, whatever happened."""

    def __init__(
        self,
        data_dir: Path,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        embedder: Embedder,
        publish: Publish,
        listener: Listener,
        control: SyncControl,
        make_reader: Callable[[], PictureReader] = lambda: DecodePool(
            decode_workers(), in_background=True
        ),
    ) -> None:
        self._data_dir = data_dir
        self._catalogue = catalogue
        self._thumbnails = thumbnails
        self._embedder = embedder
        self._publish = publish
        self._listener = listener
        self._control = control
        self._reader = make_reader()  # starts its processes when there is something to read
        self._tallies: list[SyncTally] = []
        self._absorbed = False
        self._started = time.monotonic()

    def sync_folder(self, folder: Path) -> None:
        """Add a folder or bring it up to date; inside an indexed one, only that part of it."""
        for old, new in follow_moved_folders(self._catalogue).items():
            if folder.is_relative_to(old):
                folder = new / folder.relative_to(old)
        roots = [(root, real_path(root.path)) for root in self._catalogue.roots.all()]
        placed = place(folder, real_path(folder), roots, real_path(self._data_dir))
        if isinstance(placed, Covered):
            self._sync_root(placed.root, placed.below)
            return
        root = self._catalogue.roots.add(placed.path)
        for inner, prefix in placed.inner:
            self._catalogue.roots.absorb(inner, root, prefix)
            self._absorbed = True  # a file known twice is known once now
        self._sync_root(root, "")

    def sync_known(self) -> None:
        """Bring every indexed folder up to date; those out of reach are left as they are."""
        follow_moved_folders(self._catalogue)
        for root in self._catalogue.roots.all():
            try:
                self._sync_root(root, "")
            except FolderError as error:
                log.warning("%s", error.reason)
                self._tallies[-1].unlisted.append(SkippedFile(root.path, error.reason))

    def finish(self) -> tuple[ContentId, ...]:
        """Stop the workers and drop what no file holds any more; returns those contents."""
        self._reader.close()
        if not self._absorbed and all(tally.nothing_changed for tally in self._tallies):
            return ()
        pruned = self._catalogue.contents.prune()
        if pruned:
            self._thumbnails.drop(pruned)
        return pruned

    def summary(self) -> SyncSummary:
        """What was done so far, over all folders; a file that went from one to another has moved."""
        added = [content for tally in self._tallies for content in tally.added]
        gone = [known for tally in self._tallies for known in tally.gone]
        moved = count_moves(added, gone)
        whole = sum((tally.summary() for tally in self._tallies), SyncSummary())
        seconds = time.monotonic() - self._started
        moves = SyncSummary(added=-moved, moved=moved, forgotten=-moved, seconds=seconds)
        return whole + moves

    def _sync_root(self, root: Root, below: str) -> None:
        others = [one.path for one in self._catalogue.roots.all() if one.id != root.id]
        sync = FolderSync(
            root,
            catalogue=self._catalogue,
            thumbnails=self._thumbnails,
            reader=self._reader,
            embedder=self._embedder,
            publish=self._publish,
            control=self._control,
            meter=ProgressMeter(root.path / below, self._listener),
            excluded=(self._data_dir, *others),
            below=below,
        )
        self._tallies.append(sync.tally)
        try:
            sync.run()
        except FolderMissing as error:  # it was there once: most likely its drive is not connected
            raise FolderUnavailable(root.path) from error
