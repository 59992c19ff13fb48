"""The engine itself: owns the parts, starts and stops them, and syncs the folders."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from fashion_finder import settings
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import (
    AS_IT_IS,
    EVERYTHING,
    Agreement,
    Answer,
    ContentId,
    FacetCounts,
    Filters,
    FolderStatus,
    Match,
    ModelInfo,
    PictureDetails,
    Pixels,
    PreparedPicture,
    Question,
    Refinement,
    Region,
    Status,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.embedding.likely_words import WIDTH
from fashion_finder.embedding.model_check import open_model
from fashion_finder.engine.catalogue_filter import CatalogueFilter
from fashion_finder.engine.integrity_check import IntegrityCheck, WhenDamaged
from fashion_finder.engine.listing import Listing, list_newest_first
from fashion_finder.engine.match_explainer import explain_match
from fashion_finder.engine.near_duplicates import NearDuplicates
from fashion_finder.engine.path_resolver import PathResolver, is_folder
from fashion_finder.engine.previews import Previews
from fashion_finder.engine.query_vectors import QueryVectors
from fashion_finder.engine.similarity_search import SimilaritySearch
from fashion_finder.engine.thumbnail_maker import ThumbnailMaker
from fashion_finder.engine.word_ranking import WordRanking
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueUnwritable,
    DecoderUnavailable,
    Interrupted,
)
from fashion_finder.indexing.availability import Availability
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.left_out import describe
from fashion_finder.indexing.pipeline import SyncTools
from fashion_finder.indexing.relocation import follow_moved_folders
from fashion_finder.indexing.roots import without_nested
from fashion_finder.indexing.sync import Syncer
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.paths import model_path, prepare_data_dir
from fashion_finder.search.index import SearchIndex
from fashion_finder.timeouts import LOOK_SECONDS

log = logging.getLogger(__name__)

_STEP_SECONDS = 0.1  # between two looks at whether a sync was cancelled
_REST_SECONDS = 0.1  # between the thumbnails that are made behind the window


class Engine:
    """One catalogue, one model, one search index; made by `open`, released by `close`."""

    def __init__(
        self, data_dir: Path, model: Path, when_damaged: WhenDamaged | None = None
    ) -> None:
        """Open everything below `data_dir`. Raises CatalogueError, ModelMissing, ModelRefused."""
        self.data_dir = data_dir = prepare_data_dir(data_dir)
        self._syncing = threading.Lock()
        with ExitStack() as undo:  # closes what is open already when a later step fails
            self._embedder = open_model(model, settings.inference_threads())
            self._catalogue = Catalogue(data_dir)
            undo.callback(self._catalogue.close)
            self._thumbnails = ThumbnailStore(
                data_dir, self._catalogue.uuid, settings.THUMBNAIL_STORE_BYTES
            )
            undo.callback(self._thumbnails.close)
            self._join_parts(DataFolder(data_dir).index)
            self._prune_leftovers()
            self._index.load()
            self._catalogue.connections.changed_elsewhere()
            self._follow_folders()
            undo.pop_all()
        self._closing = threading.Event()
        self._thumbnails_verified = threading.Event()
        self._check = IntegrityCheck(data_dir, when_damaged)
        tasks: dict[str, Callable[[], object]] = {
            "catalogue-check": partial(self._check.run, self._closing),
            "warm-up": self._warm_up,
            "thumbnails": self._tend_thumbnails,
        }
        if self._index.rebuild_is_due:
            tasks["graph-builder"] = partial(self._index.rebuild, settings.inference_threads())
        self._background = [
            threading.Thread(target=task, name=name) for name, task in tasks.items()
        ]
        for thread in self._background:
            thread.start()

    def _join_parts(self, index_folder: Path) -> None:
        """Make the parts from the stores and the model; nothing here touches a disk."""
        catalogue, embedder, info = self._catalogue, self._embedder, self.info
        self._question_reader = DecodePool(1)
        self._preview_reader = DecodePool(1)  # so that no question waits for a large preview
        self._index = SearchIndex(
            index_folder,
            catalogue.vectors,
            info.stamp,
            info.dimension,
            WIDTH * len(info.ranked_words),
        )
        self._availability = Availability()

        find_offline = self._availability.offline
        self._path_resolver = PathResolver(self.data_dir, catalogue)
        self._filter = CatalogueFilter(catalogue, self._path_resolver, info.stamp, find_offline)
        self._query_vectors = QueryVectors(catalogue, embedder, index_folder)
        self._search = SimilaritySearch(
            catalogue,
            embedder,
            self._question_reader,
            self._path_resolver,
            self._query_vectors,
            self._index,
            self._filter,
            NearDuplicates(self._thumbnails),
            WordRanking(info, self._index.words),
            find_offline,
        )
        self._previews = Previews(
            catalogue, self._thumbnails, self._path_resolver, self._preview_reader
        )
        self._thumbnail_maker = ThumbnailMaker(catalogue, self._thumbnails, find_offline)

    @classmethod
    def open(
        cls, data_dir: Path, model: Path | None = None, *, when_damaged: WhenDamaged | None = None
    ) -> Engine:
        """Open a data folder, made when missing, with this model or the program's own.

        The whole catalogue is checked in the background; `when_damaged` is called in a thread of the
        engine when it is damaged. Raises CatalogueError, ModelMissing, ModelRefused.
        """
        return cls(data_dir, model if model is not None else model_path(), when_damaged)

    def close(self) -> None:
        """Stop the workers and close the files. The engine cannot be used afterwards."""
        self._closing.set()
        self._index.stop()
        for thread in self._background:
            thread.join()
        self._question_reader.close()
        self._preview_reader.close()
        self._thumbnails.close()
        self._catalogue.close()

    def stop_reading(self) -> None:
        """Give up what is being read for questions and previews: the program is about to end."""
        self._question_reader.interrupt()
        self._preview_reader.interrupt()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def info(self) -> ModelInfo:
        """The model in use."""
        return self._embedder.info

    @property
    def lacks_wal(self) -> bool:
        """Whether the data folder's disk makes searching and indexing wait for each other."""
        return self._catalogue.connections.lacks_wal

    # ------------------------------------------------------------ questions

    def find_similar(
        self,
        question: Question,
        count: int = settings.ANSWERS,
        *,
        filters: Filters = EVERYTHING,
        apart: bool = False,
        refinement: Refinement = AS_IT_IS,
        picture: PreparedPicture | None = None,
    ) -> Answer:
        """The `count` indexed pictures most like the question, best first.

        Args:
            question: a file, or an encoded picture.
            count: matches wanted; there are fewer only when fewer are indexed.
            filters: only pictures that meet these.
            apart: set the question's own picture, when indexed, apart from the matches.
            refinement: a region of the picture, other weights of the embedding's parts, another
                colour, examples to move towards or away from.
            picture: the question as an earlier answer read it; the file is not read again.

        Raises:
            PictureError: the question cannot be read.
            CatalogueEmpty, CatalogueOutdated: nothing is indexed, or nothing with this model.
            FolderUnknown: a folder of the filters is not indexed.
            PartUnknown: the model's embedding has no part that the refinement weighs.
        """
        self._notice_other_processes()
        return self._search.find_similar(question, count, filters, apart, refinement, picture)

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        """The region of a question's main piece; None when nothing stands out.

        Takes about a dozen inferences. `picture` is the question as an answer read it.
        """
        return self._query_vectors.main_piece(picture)

    def facet_counts(self, filters: Filters = EVERYTHING) -> FacetCounts:
        """How many pictures every further filter would leave. Raises FolderUnknown."""
        return self._filter.count(filters)

    def browse(self, filters: Filters = EVERYTHING) -> Listing:
        """All indexed pictures that meet the filters, newest first. Raises FolderUnknown."""
        return list_newest_first(filters, self._filter.pick(filters))

    def load_preview(self, path: Path, side: int, *, may_fetch: bool = False) -> Pixels:
        """A picture of at most `side` pixels, upright, in sRGB.

        With `may_fetch`, one that is only in the cloud is downloaded. Raises PictureError.
        """
        return self._previews.load(path, side, may_fetch=may_fetch)

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A JPEG of at most 256 pixels, made again when the store has dropped it.

        None when no file of this content can be read. Raises CatalogueError.
        """
        return self._previews.thumbnail(content)

    # ------------------------------------------------------------ one match

    def details(self, match: Match) -> PictureDetails:
        """What the catalogue knows of a match. Raises PictureMissing when it is not indexed any more."""
        return self._catalogue.contents.details_of(match.content, match.path, self.info.stamp)

    def explain(self, answer: Answer, match: Match) -> Agreement:
        """Why `match` answers the question: what the two have in common, and where.

        Reads the photo unless it is offline, and takes an inference. Raises PictureError.
        """
        return explain_match(answer, self._previews.photo_of(match), self._embedder)

    # ------------------------------------------------------------ folders

    def sync(
        self,
        folders: Iterable[Path] = (),
        *,
        progress: Callable[[SyncProgress], None] | None = None,
        control: SyncControl | None = None,
        known_only: bool = False,
    ) -> SyncSummary:
        """Add folders, or bring them up to date; all indexed ones when none is named.

        Searches go on, and see every batch as soon as it is committed. Photos indexed with another
        model are read again; its vectors and tags stay until all are done. With `known_only`,
        folders that are not indexed (any more) are skipped instead of added. Cancelling while the
        search graph is built, or lost thumbnails are made again, ends only that: the sync counts as
        done.

        Raises:
            Interrupted: `control` was cancelled; its `summary` counts what was done.
            FolderMissing, FolderIsOurs, FolderIsSystems: one of the folders cannot be used; none is
                touched.
            FolderUnavailable: an indexed folder is offline; nothing in it is forgotten.
            CatalogueBusy: another process is syncing.
            CatalogueReadOnly: the data folder is read-only.
            DecoderUnavailable: no decode worker can be started.
            CatalogueDamaged: see `fashion_finder.engine.rebuild`.
        """

        def plan() -> tuple[Sequence[Path], Callable[[Syncer], None]]:
            chosen = filter(self._path_resolver.is_indexed, folders) if known_only else folders
            wanted = without_nested([self._path_resolver.usable(folder) for folder in chosen])

            def work(syncer: Syncer) -> None:
                for folder in wanted:
                    syncer.sync_folder(folder)
                if not wanted and not known_only:
                    syncer.sync_known()

            return wanted, work

        return self._sync(plan, progress, control)

    def read_again(
        self,
        paths: Iterable[Path],
        *,
        progress: Callable[[SyncProgress], None] | None = None,
        control: SyncControl | None = None,
    ) -> SyncSummary:
        """Decode and embed anew folders, and files that are indexed or were skipped.

        Also where their bytes are known, and when reading them has failed for good before. A folder
        that is not indexed yet is added.

        Raises:
            PictureMissing: none of the files is there.
            PictureUnknown: one of the files is not indexed.
            Interrupted, FolderError, CatalogueError, DecoderUnavailable: as `sync` does.
        """

        def plan() -> tuple[Sequence[Path], Callable[[Syncer], None]]:
            folders, files = self._path_resolver.sorted_out(paths)
            wanted = without_nested([self._path_resolver.usable(folder) for folder in folders])

            def work(syncer: Syncer) -> None:
                for folder in wanted:
                    syncer.sync_folder(folder, again=True)
                syncer.read_files_again(files)

            return (*wanted, *files), work

        return self._sync(plan, progress, control)

    def _sync(
        self,
        plan: Callable[[], tuple[Sequence[Path], Callable[[Syncer], None]]],
        progress: Callable[[SyncProgress], None] | None,
        control: SyncControl | None,
    ) -> SyncSummary:
        """Sync as planned: `plan` gives the paths that it is about, and the work itself."""
        self._check.refuse_damaged()
        self._catalogue.connections.require_writable()
        control = control or SyncControl()
        listener = progress or (lambda _: None)
        with self._syncing:
            with self._catalogue.sync_lock():
                wanted, work = plan()
                tools = SyncTools(
                    self.data_dir,
                    self._catalogue,
                    self._thumbnails,
                    DecodePool(settings.decode_workers(), in_background=True),
                    self._embedder,
                    self._index.add,
                    listener,
                    control,
                )
                syncer = Syncer(tools)
                try:
                    work(syncer)
                except Interrupted as stopped:
                    raise Interrupted(syncer.summary()) from stopped
                finally:
                    self._index.hide(syncer.finish())
                    self._follow_folders()
                self._catalogue.vectors.drop_superseded(self.info.stamp)
            summary = syncer.summary()
            shown = wanted[-1] if wanted else self.data_dir

            def report(done: int, total: int) -> bool:
                found, skipped = summary.found, summary.skipped
                listener(SyncProgress(SyncPhase.FINISHING, shown, found, done, total, skipped))
                return not control.is_cancelled

            self._make_lacking_thumbnails(control, report)
            if self._index.rebuild_is_due:
                self._index.rebuild(settings.inference_threads(), report)
            return summary

    def forget(self, folder: Path) -> int:
        """Remove an indexed folder from the catalogue, never its files. Returns the photos removed.

        Raises FolderUnknown, CatalogueBusy, CatalogueReadOnly, CatalogueDamaged.
        """
        self._check.refuse_damaged()
        self._catalogue.connections.require_writable()
        with self._instead_of_sync():
            root = self._path_resolver.root_at(folder)
            dropped = self._catalogue.roots.remove(root.id)
            contents = self._catalogue.contents.prune()
            self._index.hide(contents)
            self._previews.drop_thumbnails(contents)
        return dropped

    def status(self) -> Status:
        """What is indexed and what was skipped. Raises CatalogueDamaged."""
        self._check.refuse_damaged()
        offline = self._availability.offline().roots
        counts = self._catalogue.files.counts()
        outdated = self._catalogue.vectors.outdated_counts(self.info.stamp)
        folders = tuple(
            FolderStatus(
                root=root.id,
                path=root.path,
                photos=counts.get(root.id, 0),
                available=root.id not in offline and is_folder(root.path),
                unfinished=root.unfinished,
                outdated=outdated.get(root.id, 0),
            )
            for root in self._catalogue.roots.all()
        )
        left_out, unlisted = describe(self._catalogue.left_out.all())
        return Status(
            folders,
            sum(counts.values()),
            self._catalogue.files.skipped(),
            self.info,
            unlisted,
            left_out,
        )

    # ------------------------------------------------------------ background

    def _follow_folders(self) -> None:
        """Let the availability of what is indexed now be known."""
        roots = self._catalogue.roots
        self._availability.follow(roots.by_volume(), roots.mounts())

    def _notice_other_processes(self) -> None:
        """See what a command line indexed beside an open window."""
        if self._catalogue.connections.changed_elsewhere() and not self._syncing.locked():
            self._index.refresh()
            self._follow_folders()

    @contextmanager
    def _instead_of_sync(self) -> Iterator[None]:
        """Keep this and other processes from syncing. Raises CatalogueBusy while one syncs."""
        if not self._syncing.acquire(blocking=False):
            raise CatalogueBusy(self.data_dir)
        try:
            with self._catalogue.sync_lock():
                yield
        finally:
            self._syncing.release()

    def _prune_leftovers(self) -> None:
        """Drop contents whose files a killed sync forgot, before they fill up answers."""
        unfinished = any(root.unfinished for root in self._catalogue.roots.all())
        if not unfinished or self._catalogue.connections.is_read_only:
            return
        with suppress(CatalogueBusy, CatalogueUnwritable), self._instead_of_sync():
            self._previews.drop_thumbnails(self._catalogue.contents.prune())

    def _tend_thumbnails(self) -> None:
        """Verify the stored thumbnails, and make what is lacking, behind everything else."""
        try:
            self._thumbnails.verify(self._closing)
        finally:
            self._thumbnails_verified.set()
        self._thumbnail_maker.make(1, lambda *_: not self._closing.wait(_REST_SECONDS))
        self._previews.sign_missing(self._closing)

    def _make_lacking_thumbnails(
        self, control: SyncControl, report: Callable[[int, int], bool]
    ) -> None:
        """At the end of a sync, without a rest; once it is known whether the stored ones are sound."""
        while not self._thumbnails_verified.wait(_STEP_SECONDS):
            if control.is_cancelled:
                return
        self._thumbnail_maker.make(settings.decode_workers(), report)

    def _warm_up(self) -> None:
        """Start the decode worker of questions before the first one comes."""
        try:
            self._question_reader.start()
        except DecoderUnavailable as error:  # raised again by the first question
            log.warning("%s", error.title)
        self._follow_drives()

    def _follow_drives(self) -> None:
        """Find folders whose drive is mounted elsewhere now, before a match is opened."""
        if self._catalogue.connections.is_read_only:
            return
        if not self._availability.offline(LOOK_SECONDS).roots:
            return
        with suppress(CatalogueBusy, CatalogueUnwritable), self._instead_of_sync():
            if follow_moved_folders(self._catalogue):
                self._follow_folders()
