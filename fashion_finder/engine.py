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
    ModelInfo,
    PictureFile,
    Pixels,
    PreparedPicture,
    Question,
    Status,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.errors import (
    CatalogueEmpty,
    FinderError,
    FolderIsOurs,
    FolderMissing,
    FolderUnknown,
    Interrupted,
    PictureRefused,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.roots import Covered, place
from fashion_finder.indexing.sync import Syncer
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.paths import model_path, prepare_data_dir, sample_dir
from fashion_finder.ports import ReadTask
from fashion_finder.search.index import SearchIndex
from fashion_finder.search.ranking import rank

log = logging.getLogger(__name__)

_KEY = 0  # of a task that is alone
_SLACK = 4  # neighbours asked for beyond the answers: some may have gone meanwhile


class Engine:
    """One catalogue, one model, one search index; made by `open`, released by `close`."""

    def __init__(self, data_dir: Path, model: Path) -> None:
        """Open everything below `data_dir`. Raises CatalogueError, ModelError."""
        self.data_dir = prepare_data_dir(data_dir)
        self._embedder = OnnxEmbedder(model, settings.inference_threads())
        self._catalogue = Catalogue(self.data_dir)
        self._thumbnails = ThumbnailStore(self.data_dir, settings.THUMBNAIL_STORE_BYTES)
        self._reader = DecodePool(1)  # for questions; a sync has its own
        self._index = SearchIndex(
            self.data_dir / "index",
            self._catalogue,
            self._catalogue.uuid,
            self.info.stamp,
            self.info.dimension,
        )
        self._index.load()
        self._syncing = threading.Lock()
        self._builder: threading.Thread | None = None
        if self._index.rebuild_is_due:
            self._builder = threading.Thread(target=self._rebuild, name="graph-builder")
            self._builder.start()

    @classmethod
    def open(cls, data_dir: Path, model: Path | None = None) -> Engine:
        """Open a data folder, made when it is missing, with this or the program's own model.

        Raises CatalogueError, ModelError.
        """
        return cls(data_dir, model if model is not None else model_path())

    def close(self) -> None:
        """Stop the workers and close the files. Nothing may use the engine any more."""
        self._index.stop()
        if self._builder is not None:
            self._builder.join()
        self._reader.close()
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
            CatalogueEmpty: nothing is indexed.
            FolderUnknown: `folder` is not indexed.
        """
        if isinstance(question, PictureFile):
            self._refuse_remote(question.path)
        snapshot = self._index.shelf.current
        if len(snapshot) == 0:
            raise CatalogueEmpty
        allowed = None if folder is None else self._contents_in(folder)
        picture = self._prepare(question)
        embedded = self._embedder.embed(picture.square[None], urgent=True)
        own = self._catalogue.content_of(picture.digest)
        vector = embedded.vectors[0]
        neighbours = snapshot.nearest(vector, count + _SLACK, allowed)
        if own is not None and (allowed is None or own in allowed):
            neighbours = self._with_own(own, vector, neighbours)
        asked_from = _absolute(question.path) if isinstance(question, PictureFile) else None
        matches = rank(
            neighbours,
            self._catalogue.locations([ContentId(label) for label, _ in neighbours]),
            self.info.thresholds,
            itself=own,
            asked_from=asked_from,
        )
        itself = None
        if apart:
            itself = next((match for match in matches if match.content == own), None)
            matches = tuple(match for match in matches if match is not itself)
        preview = picture.preview if picture.preview is not None else picture.square
        return Answer(
            question=question,
            matches=matches[:count],
            itself=itself,
            searched=sum(self._catalogue.photo_counts().values()),
            preview=preview,
            recognised=embedded.tags[0],
        )

    def load_preview(self, path: Path, side: int) -> Pixels:
        """A picture of at most `side` pixels, upright, in sRGB. Raises PictureError."""
        self._refuse_remote(path)
        prepared = self._reader.read(ReadTask(_KEY, path, preview=side))
        return prepared.preview if prepared.preview is not None else prepared.square

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A JPEG of at most 256 pixels; made again when the store has lost it.

        None when no file of this content can be read now. Raises CatalogueError.
        """
        stored = self._thumbnails.get(content)
        if stored is not None:
            return stored
        for path in self._catalogue.locations([content]).get(content, ()):
            try:
                jpeg = self._reader.read(ReadTask(_KEY, path)).thumbnail
            except FinderError as error:
                log.info("no thumbnail: %s", error.reason)
                continue
            self._thumbnails.put({content: jpeg})
            return jpeg
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
            FolderMissing, FolderUnavailable, FolderIsOurs: a folder cannot be used. Folders
                before it are done; nothing of it is forgotten.
            CatalogueBusy: another process is syncing.
        """
        control = control or SyncControl()
        with self._syncing, self._catalogue.sync_lock():
            wanted = [self._usable(folder) for folder in folders]
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
        wanted = _absolute(folder)
        with self._syncing, self._catalogue.sync_lock():
            root = next((one for one in self._catalogue.roots() if one.path == wanted), None)
            if root is None:
                root = next((one for one, real in self._roots() if real == _real(folder)), None)
            if root is None:
                raise FolderUnknown(folder)
            dropped = self._catalogue.remove_root(root.id)
            contents = self._catalogue.prune()
            self._thumbnails.drop(contents)
            self._index.hide(contents)
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
        return self._reader.read(ReadTask(_KEY, source, preview=settings.PREVIEW_SIDE))

    def _with_own(
        self, own: ContentId, vector: Pixels, neighbours: list[tuple[int, float]]
    ) -> list[tuple[int, float]]:
        """The approximate search may miss a point; an indexed picture must find itself."""
        if any(label == own for label, _ in neighbours):
            return neighbours
        labels, vectors = self._catalogue.vectors_of([own], self.info.stamp)
        return [
            (label, float(row @ vector)) for label, row in zip(labels, vectors, strict=True)
        ] + [*neighbours]

    def _contents_in(self, folder: Path) -> frozenset[int]:
        placed = place(folder, _real(folder), self._roots())
        if isinstance(placed, Covered):
            return frozenset(self._catalogue.contents_below(placed.root.id, placed.below))
        if not placed.inner:
            raise FolderUnknown(folder)
        return frozenset[int]().union(
            *(self._catalogue.contents_below(root.id, "") for root, _ in placed.inner)
        )

    def _roots(self) -> Sequence[tuple[Root, Path]]:
        return [(root, _real(root.path)) for root in self._catalogue.roots()]

    def _usable(self, folder: Path) -> Path:
        real, ours = _real(folder), _real(self.data_dir)
        if real.is_relative_to(ours) and not real.is_relative_to(sample_dir(ours)):
            raise FolderIsOurs(folder)
        if not _is_folder(folder) and not any(real == other for _, other in self._roots()):
            raise FolderMissing(folder)
        return _absolute(folder)

    def _refuse_remote(self, path: Path) -> None:
        """Opening a share sends Windows credentials to it; only indexed ones were chosen."""
        if not path.drive.startswith("\\\\"):
            return
        if not any(path.is_relative_to(root.path) for root in self._catalogue.roots()):
            raise PictureRefused(path)

    def _rebuild(self) -> None:
        self._index.rebuild(settings.inference_threads())


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _real(path: Path) -> Path:
    """Free of links as far as the path exists."""
    return path.expanduser().resolve(strict=False)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _ignore(progress: SyncProgress) -> None:
    del progress
