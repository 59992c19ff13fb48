"""The program without a window: index folders, ask with pictures. This is the Python API.

    from pathlib import Path
    from fashion_finder.domain import PictureFile
    from fashion_finder.engine import Engine

    with Engine.open(Path("~/finder-data").expanduser()) as engine:
        engine.sync([Path("~/Pictures/lookbook").expanduser()])
        for match in engine.find_similar(PictureFile(Path("dress.jpg"))).matches:
            print(match.closeness.value, match.path)

Every method blocks until it is done and may be called from any thread; one sync runs at a time.
Failures of the world are raised as FinderError.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from fashion_finder import settings
from fashion_finder.catalogue.records import Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import (
    Answer,
    ContentId,
    FolderStatus,
    Match,
    ModelInfo,
    PictureFile,
    Pixels,
    PreparedPicture,
    Question,
    Status,
    SyncProgress,
    SyncSummary,
    Vectors,
)
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueEmpty,
    CatalogueError,
    CatalogueOutdated,
    DecoderUnavailable,
    FolderIsOurs,
    FolderMissing,
    FolderUnknown,
    Interrupted,
    PictureError,
    PictureRefused,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.roots import Covered, place, without_nested
from fashion_finder.indexing.sync import Syncer
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.paths import (
    absolute_path,
    model_path,
    prepare_data_dir,
    real_path,
    sample_dir,
)
from fashion_finder.ports import ReadTask
from fashion_finder.search.exact import Neighbours
from fashion_finder.search.index import SearchIndex
from fashion_finder.search.ranking import rank
from fashion_finder.search.snapshot import Snapshot

log = logging.getLogger(__name__)

_KEY = 0  # of a task that is alone
_SLACK = 4  # neighbours asked for beyond the answers: some may have gone meanwhile


class Engine:
    """One catalogue, one model, one search index; made by `open`, released by `close`."""

    def __init__(self, data_dir: Path, model: Path) -> None:
        """Open everything below `data_dir`. Raises CatalogueError, ModelError."""
        self.data_dir = prepare_data_dir(data_dir)
        with ExitStack() as undo:  # what is open already is closed when a later part fails
            self._embedder = OnnxEmbedder(model, settings.inference_threads())
            self._catalogue = Catalogue(self.data_dir)
            undo.callback(self._catalogue.close)
            self._thumbnails = ThumbnailStore(
                self.data_dir, self._catalogue.uuid, settings.THUMBNAIL_STORE_BYTES
            )
            undo.callback(self._thumbnails.close)
            self._questions = DecodePool(1)
            self._previews = DecodePool(1)  # so that no question waits for a large preview
            self._index = SearchIndex(
                self.data_dir / "index", self._catalogue, self.info.stamp, self.info.dimension
            )
            self._syncing = threading.Lock()
            self._catalogue.mark_outdated(self.info.stamp)
            self._prune_leftovers()
            self._index.load()
            self._catalogue.changed_elsewhere()
            undo.pop_all()
        self._background = [threading.Thread(target=self._warm_up, name="warm-up")]
        if self._index.rebuild_is_due:
            self._background.append(threading.Thread(target=self._rebuild, name="graph-builder"))
        for thread in self._background:
            thread.start()

    @classmethod
    def open(cls, data_dir: Path, model: Path | None = None) -> Engine:
        """Open a data folder, made when it is missing, with this or the program's own model.

        Raises CatalogueError, ModelError.
        """
        return cls(data_dir, model if model is not None else model_path())

    def close(self) -> None:
        """Stop the workers and close the files. Nothing may use the engine any more."""
        self._index.stop()
        for thread in self._background:
            thread.join()
        self._questions.close()
        self._previews.close()
        self._thumbnails.close()
        self._catalogue.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def info(self) -> ModelInfo:
        """The model in use."""
        return self._embedder.info

    # ------------------------------------------------------------ asking

    def find_similar(
        self,
        question: Question,
        count: int = settings.ANSWERS,
        *,
        folder: Path | None = None,
        apart: bool = False,
    ) -> Answer:
        """The `count` indexed pictures most like the question, best first.

        Args:
            question: a file, or an encoded picture.
            count: matches wanted; fewer come back only when fewer are indexed.
            folder: only pictures in this folder, which must be indexed or lie in one that is.
            apart: an indexed picture asked about itself is not among the matches, but beside them.

        Raises:
            PictureError: the question cannot be read.
            CatalogueEmpty, CatalogueOutdated: nothing is indexed, or nothing with this model.
            FolderUnknown: `folder` is not indexed.
        """
        if isinstance(question, PictureFile):
            self._refuse_remote(question.path)
        self._notice_other_processes()
        snapshot = self._index.shelf.current
        if len(snapshot) == 0:
            raise CatalogueOutdated if self._catalogue.photo_counts() else CatalogueEmpty
        allowed = None if folder is None else self._contents_in(folder)
        picture = self._prepare(question)
        embedded = self._embedder.embed(picture.square[None], urgent=True)
        own = self._catalogue.content_of(picture.digest)
        matches = self._matches(snapshot, question, embedded.vectors[0], own, count, allowed)
        itself = None
        if apart:
            itself = next((match for match in matches if match.content == own), None)
            matches = tuple(match for match in matches if match is not itself)
        preview = picture.preview if picture.preview is not None else picture.square
        return Answer(
            question=question,
            matches=matches[:count],
            itself=itself,
            searched=len(snapshot) if allowed is None else len(allowed),
            preview=preview,
            recognised=embedded.tags[0],
        )

    def load_preview(self, path: Path, side: int) -> Pixels:
        """A picture of at most `side` pixels, upright, in sRGB. Raises PictureError."""
        self._refuse_remote(path)
        prepared = self._previews.read(ReadTask(_KEY, path, preview=side))
        return prepared.preview if prepared.preview is not None else prepared.square

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A JPEG of at most 256 pixels; made again when the store has lost it.

        None when no file of this content can be read now. Raises CatalogueError.
        """
        stored = self._thumbnails.get(content)
        if stored is not None:
            return stored
        digest = self._catalogue.digest_of(content)
        for path in self._catalogue.locations([content]).get(content, ()):
            try:
                picture = self._previews.read(ReadTask(_KEY, path))
            except PictureError as error:
                log.info("no thumbnail: %s", error.title)
                continue
            if picture.digest != digest:  # another picture by now; the next sync will see it
                continue
            self._keep_thumbnail(content, picture.thumbnail)
            return picture.thumbnail
        return None

    # ------------------------------------------------------------ folders

    def sync(
        self,
        folders: Iterable[Path] = (),
        *,
        progress: Callable[[SyncProgress], None] | None = None,
        control: SyncControl | None = None,
    ) -> SyncSummary:
        """Add folders, or bring them up to date; all known ones when none is named.

        Searches go on meanwhile and see every batch as soon as it is committed.

        Raises:
            Interrupted: `control` was cancelled; its `summary` tells what was done.
            FolderMissing, FolderIsOurs: one of the folders cannot be used; none is touched.
            FolderUnavailable: an indexed folder is out of reach; nothing of it is forgotten.
            CatalogueBusy: another process is syncing.
            DecoderUnavailable: no process for reading pictures can be started.
        """
        control = control or SyncControl()
        with self._syncing:
            with self._catalogue.sync_lock():
                wanted = without_nested([self._usable(folder) for folder in folders])
                syncer = Syncer(
                    self.data_dir,
                    self._catalogue,
                    self._thumbnails,
                    self._embedder,
                    self._index.add,
                    progress or _ignore,
                    control,
                )
                try:
                    for folder in wanted:
                        syncer.sync_folder(folder)
                    if not wanted:
                        syncer.sync_known()
                except Interrupted as stopped:
                    raise Interrupted(syncer.summary()) from stopped
                finally:
                    self._index.hide(syncer.finish())
            if self._index.rebuild_is_due:
                self._rebuild()
            return syncer.summary()

    def forget(self, folder: Path) -> int:
        """Drop an indexed folder from the catalogue, never its files. Returns photos dropped.

        Raises FolderUnknown, CatalogueBusy.
        """
        if not self._syncing.acquire(blocking=False):
            raise CatalogueBusy(self.data_dir)
        try:
            with self._catalogue.sync_lock():
                root = self._root_at(folder)
                dropped = self._catalogue.remove_root(root.id)
                contents = self._catalogue.prune()
                self._index.hide(contents)
            self._drop_thumbnails(contents)
        finally:
            self._syncing.release()
        return dropped

    def status(self) -> Status:
        """What is indexed, and what could not be."""
        counts = self._catalogue.photo_counts()
        folders = tuple(
            FolderStatus(
                root=root.id,
                path=root.path,
                photos=counts.get(root.id, 0),
                available=_is_folder(root.path),
                unfinished=root.unfinished,
            )
            for root in self._catalogue.roots()
        )
        return Status(folders, sum(counts.values()), self._catalogue.skipped(), self.info)

    # ------------------------------------------------------------ inside

    def _prepare(self, question: Question) -> PreparedPicture:
        source = question.path if isinstance(question, PictureFile) else question.data
        return self._questions.read(ReadTask(_KEY, source, preview=settings.PREVIEW_SIDE))

    def _matches(
        self,
        snapshot: Snapshot,
        question: Question,
        vector: Vectors,
        own: ContentId | None,
        count: int,
        allowed: frozenset[int] | None,
    ) -> tuple[Match, ...]:
        """One match more than asked for, as long as there are as many: it may be set apart."""
        asked_from = absolute_path(question.path) if isinstance(question, PictureFile) else None
        wanted = count + _SLACK
        while True:
            neighbours = snapshot.nearest(vector, wanted, allowed)
            exhausted = len(neighbours) < wanted
            if own is not None and (allowed is None or own in allowed):
                neighbours = self._with_own(own, vector, neighbours)
            matches = rank(
                neighbours,
                self._catalogue.locations([ContentId(label) for label, _ in neighbours]),
                self.info.thresholds,
                itself=own,
                asked_from=asked_from,
            )
            if exhausted or len(matches) > count:
                return matches
            wanted *= 4  # many of the nearest went away while their folder is being synced

    def _with_own(self, own: ContentId, vector: Vectors, neighbours: Neighbours) -> Neighbours:
        """The approximate search may miss a point; an indexed picture must find itself."""
        if any(label == own for label, _ in neighbours):
            return neighbours
        labels, vectors = self._catalogue.vectors_of([own], self.info.stamp)
        found = [(label, float(row @ vector)) for label, row in zip(labels, vectors, strict=True)]
        return found + neighbours

    def _notice_other_processes(self) -> None:
        """See what a command line indexed beside an open window."""
        if self._catalogue.changed_elsewhere() and not self._syncing.locked():
            self._index.refresh()

    def _prune_leftovers(self) -> None:
        """Drop contents whose files a killed sync forgot, before they take places in answers."""
        if not any(root.unfinished for root in self._catalogue.roots()):
            return
        with suppress(CatalogueBusy), self._catalogue.sync_lock():
            self._drop_thumbnails(self._catalogue.prune())

    def _keep_thumbnail(self, content: ContentId, jpeg: bytes) -> None:
        try:
            self._thumbnails.put({content: jpeg})
        except CatalogueError as error:
            log.warning("a thumbnail is not stored: %s", error.title)

    def _drop_thumbnails(self, contents: Sequence[ContentId]) -> None:
        try:
            self._thumbnails.drop(contents)
        except CatalogueError as error:
            log.warning("thumbnails are not deleted: %s", error.title)

    def _contents_in(self, folder: Path) -> frozenset[int]:
        real = real_path(folder)
        roots = [(root, real_path(root.path)) for root in self._catalogue.roots()]
        placed = place(folder, real, roots, real_path(self.data_dir))
        if isinstance(placed, Covered):
            return frozenset(self._catalogue.contents_below(placed.root.id, placed.below))
        if not placed.inner:
            raise FolderUnknown(folder)
        return frozenset[int]().union(
            *(self._catalogue.contents_below(root.id, "") for root, _ in placed.inner)
        )

    def _root_at(self, folder: Path) -> Root:
        """The indexed folder by its path, or by where its path really leads."""
        roots = self._catalogue.roots()
        for of in (absolute_path, real_path):
            for root in roots:
                if of(root.path) == of(folder):
                    return root
        raise FolderUnknown(folder)

    def _usable(self, folder: Path) -> Path:
        real, ours = real_path(folder), real_path(self.data_dir)
        if real.is_relative_to(ours) and not real.is_relative_to(sample_dir(ours)):
            raise FolderIsOurs(folder)
        if not _is_folder(folder):
            known = any(real == real_path(root.path) for root in self._catalogue.roots())
            if not known:
                raise FolderMissing(folder)
        return absolute_path(folder)

    def _refuse_remote(self, path: Path) -> None:
        """Opening a share sends Windows credentials to it; only indexed ones were chosen."""
        if not path.drive.startswith("\\\\"):
            return
        if not any(path.is_relative_to(root.path) for root in self._catalogue.roots()):
            raise PictureRefused(path)

    def _rebuild(self) -> None:
        self._index.rebuild(settings.inference_threads())

    def _warm_up(self) -> None:
        """Start the process that reads questions before the first one comes."""
        try:
            self._questions.start()
        except DecoderUnavailable as error:  # whoever asks will be told
            log.warning("%s", error.title)


def _is_folder(path: Path) -> bool:
    try:
        return path.expanduser().is_dir()
    except (OSError, RuntimeError):
        return False


def _ignore(progress: SyncProgress) -> None:
    del progress
