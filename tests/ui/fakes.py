"""Stand-ins for the engine, with answers decided by the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage

from fashion_finder import settings
from fashion_finder.catalogue.selection import PackedTexts, Searchable
from fashion_finder.domain import (
    AS_IT_IS,
    EVERYTHING,
    Agreement,
    Answer,
    Closeness,
    ContentId,
    FacetCounts,
    Filters,
    FolderStatus,
    LeftOut,
    Likeness,
    Match,
    ModelInfo,
    Part,
    PictureDetails,
    Pixels,
    PreparedPicture,
    Question,
    Recognised,
    Refinement,
    Region,
    RootId,
    SkippedFile,
    Status,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.engine import Engine, Rebuilt, SyncControl
from fashion_finder.engine.catalogue_filter import Picked
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.engine.listing import Listing, list_newest_first
from fashion_finder.errors import CatalogueEmpty

MODEL = ModelInfo(
    stamp="0" * 16,
    name="test",
    version="1",
    dimension=8,
    parts=(Part("style", 0, 5, 0.25), Part("colour", 5, 8, 0.75)),
    vocabularies={
        "type": ("Dresses", "Scarves", "Ties"),
        "colour_name": ("Red", "Green", "Turquoise Blue", "Navy Blue", "Multi"),
    },
    temperatures={},
    thresholds={},
    licence="Apache-2.0",
    training_data="none",
)
STEPS = (
    Closeness.SAME_PIECE,
    Closeness.SAME_PIECE,
    Closeness.VERY_SIMILAR,
    Closeness.VERY_SIMILAR,
    Closeness.VERY_SIMILAR,
)


def encoded(colour: str = "#884466", kind: str = "PNG", width: int = 60, height: int = 80) -> bytes:
    """A picture of one colour, as a file's bytes."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(data.data())


def thumbnail(content: ContentId) -> bytes:
    """A JPEG whose colour tells which picture it is."""
    return encoded(QColor.fromHsv(content * 47 % 360, 90, 200).name(), "JPEG", 192, 256)


def pixels(width: int = 30, height: int = 40) -> Pixels:
    """An RGB array."""
    return np.full((height, width, 3), (120, 60, 90), dtype=np.uint8)


def read() -> PreparedPicture:
    """A question that was read."""
    square = np.full((224, 224, 3), 255, np.uint8)
    return PreparedPicture(b"digest", 9, 30, 40, square, b"", pixels())


def matches(count: int = 5, start: int = 1, folder: Path = Path("/photos")) -> tuple[Match, ...]:
    """Answers with ascending ids from `start`, best first."""
    return tuple(
        Match(
            content=ContentId(start + i),
            path=folder / f"piece {start + i}.jpg",
            similarity=0.95 - i * 0.1,
            closeness=STEPS[i % len(STEPS)],
        )
        for i in range(count)
    )


def answer(question: Question, found: tuple[Match, ...] | None = None) -> Answer:
    """An answer to a question."""
    return Answer(
        question=question,
        matches=matches() if found is None else found,
        itself=None,
        searched=103,
        preview=pixels(),
    )


def listing(
    count: int = 40, filters: Filters = EVERYTHING, *, start: int = 1, files_each: int = 1
) -> Listing:
    """Files of pictures with ids from `start`, the newest first, a day between two."""
    numbers = np.arange(count, dtype=np.int64)
    noon = int(datetime(2024, 5, 17, 12, 0).astimezone().timestamp())
    files = Searchable(
        items=numbers,
        contents=numbers // files_each + start,
        volume_of=np.zeros(count, np.int64),
        times=(noon - numbers * 86400) * 10**9,
        volumes=((RootId(1), "disk"),),
    )
    paths = PackedTexts.pack(b"piece %d.jpg\0" % (start + number) for number in range(count))
    picked = Picked(files, numbers, np.zeros(count, np.bool_), paths, (Path("/photos"),))
    return list_newest_first(filters, picked)


class FakeEngine(Engine):
    """Answers as the test decides, and opens nothing. Blocks where the test holds a gate shut."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.filtered: list[Filters] = []  # with every question
        self.refined: list[Refinement] = []  # with every question
        self.pictures: list[PreparedPicture | None] = []  # what it was given as read already
        self.piece: Region | None = Region(0.25, 0.25, 0.75, 0.75)
        self.synced: list[tuple[Path, ...]] = []
        self.known_only: list[bool] = []  # with every sync
        self.read_anew: list[tuple[Path, ...]] = []  # folders and files, read again
        self.forgotten: list[Path] = []
        self.forget_error: Exception | None = None
        self.answer_to: Callable[[Question], Answer] = answer
        self.folders: tuple[FolderStatus, ...] = (folder_status(Path("/photos")),)
        self.skipped: tuple[SkippedFile, ...] = ()
        self.unlisted: tuple[SkippedFile, ...] = ()
        self.left_out = LeftOut()
        self.summary = SyncSummary(found=103, added=103, seconds=1.0)
        self.reports: tuple[SyncProgress, ...] = ()
        self.sync_error: Exception | None = None
        self.status_error: Exception | None = None
        self.explain_error: Exception | None = None
        self.thumbnail_of: Callable[[ContentId], bytes | None] = thumbnail
        self.browsed: list[Filters] = []
        self.listing_of: Callable[[Filters], Listing] = lambda filters: listing(103, filters)
        self.counted: list[Filters] = []
        self.counts = FacetCounts(
            total=103,
            types=(("Dresses", 70), ("Ties", 33), ("Scarves", 0)),
            colours=(("Red", 60), ("Navy Blue", 43)),
            folders=((Path("/photos"), 103),),
            oldest=date(2019, 3, 1),
            newest=date(2024, 5, 17),
            offline=0,
        )
        self.finding = threading.Event()  # set: questions are answered
        self.finding.set()
        self.syncing = threading.Event()  # set: a sync may finish
        self.syncing.set()
        self.is_on_gui_thread = False

    @property
    def info(self) -> ModelInfo:
        return MODEL

    def close(self) -> None:
        self.note_thread()

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
        self.note_thread()
        assert (count, apart) == (settings.MOST_ANSWERS, True)
        self.asked.append(question)
        self.filtered.append(filters)
        self.refined.append(refinement)
        self.pictures.append(picture)
        assert self.finding.wait(20)
        if not self.folders:
            raise CatalogueEmpty
        found = replace(self.answer_to(question), refinement=refinement, filters=filters)
        return replace(found, picture=picture or read())

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        self.note_thread()
        return self.piece

    def sync(
        self,
        folders: Iterable[Path] = (),
        *,
        progress: Callable[[SyncProgress], None] | None = None,
        control: SyncControl | None = None,
        known_only: bool = False,
    ) -> SyncSummary:
        folders = tuple(folders)
        self.synced.append(folders)
        self.known_only.append(known_only)
        summary = self._run(progress, control)
        known = {folder.path for folder in self.folders}
        self.folders += tuple(folder_status(path) for path in folders if path not in known)
        return summary

    def read_again(
        self,
        paths: Iterable[Path],
        *,
        progress: Callable[[SyncProgress], None] | None = None,
        control: SyncControl | None = None,
    ) -> SyncSummary:
        self.read_anew.append(tuple(paths))
        return self._run(progress, control)

    def _run(
        self, progress: Callable[[SyncProgress], None] | None, control: SyncControl | None
    ) -> SyncSummary:
        self.note_thread()
        assert progress is not None and control is not None
        for report in self.reports:
            progress(report)
        while not self.syncing.wait(0.01):
            control.checkpoint()
        control.checkpoint()
        if self.sync_error is not None:
            raise self.sync_error
        return self.summary

    def forget(self, folder: Path) -> int:
        self.note_thread()
        if self.forget_error is not None:
            raise self.forget_error
        self.forgotten.append(folder)
        gone = [status for status in self.folders if status.path == folder]
        self.folders = tuple(status for status in self.folders if status.path != folder)
        return sum(status.photos for status in gone)

    def status(self) -> Status:
        self.note_thread()
        if self.status_error is not None:
            raise self.status_error
        photos = sum(folder.photos for folder in self.folders)
        return Status(self.folders, photos, self.skipped, MODEL, self.unlisted, self.left_out)

    def thumbnail(self, content: ContentId) -> bytes | None:
        self.note_thread()
        return self.thumbnail_of(content)

    def load_preview(self, path: Path, side: int, *, may_fetch: bool = False) -> Pixels:
        self.note_thread()
        return pixels(side * 3 // 4, side)

    def facet_counts(self, filters: Filters = EVERYTHING) -> FacetCounts:
        self.note_thread()
        self.counted.append(filters)
        return self.counts

    def browse(self, filters: Filters = EVERYTHING) -> Listing:
        self.note_thread()
        self.browsed.append(filters)
        return self.listing_of(filters)

    def details(self, match: Match) -> PictureDetails:
        self.note_thread()
        changed = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)
        words = (Recognised("type", "Tshirts", 0.9), Recognised("colour_name", "Mauve", 0.3))
        return PictureDetails(1200, 1600, 345678, changed, words)

    def explain(self, answer: Answer, match: Match) -> Agreement:
        self.note_thread()
        if self.explain_error is not None:
            raise self.explain_error
        heat = np.zeros((40, 30), np.float32)
        heat[10:30, 5:25] = 1
        alike = (Likeness.SAME_TYPE, Likeness.SIMILAR_CUT)
        return Agreement(answer.preview, heat, heat, alike)

    def note_thread(self) -> None:
        """Remember whether the window's thread was ever made to wait for this."""
        if threading.current_thread() is threading.main_thread():
            self.is_on_gui_thread = True


class FakeHandle(EngineHandle):
    """Lends a fake engine, and touches no disk when that is rebuilt or erased."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__(Path("/data"))
        self.fake = engine
        self.rebuilt: Rebuilt | None = Rebuilt(Path("/data/kept"), (Path("/photos"),))
        self.rebuild_error: Exception | None = None
        self.erase_error: Exception | None = None
        self.erasures = 0
        self.open()

    def rebuild(self) -> Rebuilt | None:
        self.fake.note_thread()
        with self.reopen():
            if self.rebuild_error is not None:
                raise self.rebuild_error
            self.fake.status_error = None
            return self.rebuilt

    def erase(self) -> None:
        self.fake.note_thread()
        with self.retire():
            if self.erase_error is not None:
                raise self.erase_error
            self.erasures += 1

    def _open_engine(self) -> Engine:
        return self.fake


SAMPLE = (Path("/data/sample-wardrobe"), Path("/data/sample-question/example.png"))


def copy_sample() -> tuple[Path, Path]:
    """The sample's folder and its example question."""
    assert threading.current_thread() is not threading.main_thread()
    return SAMPLE


def folder_status(path: Path, photos: int = 103, *, unfinished: bool = False) -> FolderStatus:
    """An indexed folder."""
    return FolderStatus(RootId(1), path, photos, available=True, unfinished=unfinished)
