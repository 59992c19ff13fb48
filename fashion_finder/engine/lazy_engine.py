"""The engine as the window uses it: opened behind it, waited for, and exchanged when it must be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fashion_finder import settings
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import (
    EVERYTHING,
    Agreement,
    Answer,
    ContentId,
    FacetCounts,
    Filters,
    Match,
    ModelInfo,
    PictureDetails,
    Pixels,
    PreparedPicture,
    Question,
    Refinement,
    Region,
    Status,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.engine.erase import erase_everything
from fashion_finder.engine.facade import Engine
from fashion_finder.engine.handle import EngineSlot
from fashion_finder.engine.integrity_check import WhenDamaged
from fashion_finder.engine.listing import Listing
from fashion_finder.engine.rebuild import Rebuilt, rebuild
from fashion_finder.indexing.control import SyncControl
from fashion_finder.logs import end_logging, end_watching_for_crashes
from fashion_finder.paths import prepare_data_dir
from fashion_finder.sample.wardrobe import draw_example, draw_wardrobe


class OpeningFinder:
    """The engine for the window: opened by the first who runs `open`, waited for by the others.

    No method may be called on the GUI thread.
    """

    def __init__(self, data_dir: Path, model: Path | None, when_damaged: WhenDamaged) -> None:
        """`when_damaged` is called in a thread of the engine's."""
        self._data_dir = data_dir
        self._model = model
        self._when_damaged = when_damaged
        self._slot = EngineSlot(self._open_engine)
        self._filters = EVERYTHING

    def open(self) -> None:
        """Open the engine; a failure is raised to everybody who asks for it."""
        self._slot.open()

    def close(self) -> None:
        """Close the engine, if it was ever opened."""
        self._slot.close()

    def _open_engine(self) -> Engine:
        data_dir = prepare_data_dir(self._data_dir)
        return Engine.open(data_dir, self._model, when_damaged=self._when_damaged)

    def find(
        self, question: Question, refinement: Refinement, picture: PreparedPicture | None
    ) -> Answer:
        """Answer a question, its own indexed picture set apart."""
        with self._slot.lent() as engine:
            return engine.find_similar(
                question,
                settings.MOST_ANSWERS,
                filters=self._filters,
                apart=True,
                refinement=refinement,
                picture=picture,
            )

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        """Where in a picture its main piece is; None when nothing stands out."""
        with self._slot.lent() as engine:
            return engine.main_piece(picture)

    def sync(
        self,
        folders: Sequence[Path],
        progress: Callable[[SyncProgress], None],
        control: SyncControl,
        known_only: bool = False,
    ) -> SyncSummary:
        """Bring folders up to date."""
        with self._slot.lent() as engine:
            return engine.sync(folders, progress=progress, control=control, known_only=known_only)

    def forget(self, folder: Path) -> int:
        """Drop a folder from the catalogue, never its files."""
        with self._slot.lent() as engine:
            return engine.forget(folder)

    def make_control(self) -> SyncControl:
        """A fresh control for one sync."""
        return SyncControl()

    def status(self) -> Status:
        """What the catalogue holds."""
        with self._slot.lent() as engine:
            return engine.status()

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A small JPEG of an indexed picture."""
        with self._slot.lent() as engine:
            return engine.thumbnail(content)

    def load_preview(self, path: Path, side: int) -> Pixels:
        """A picture at most `side` pixels on its longer side."""
        with self._slot.lent() as engine:
            return engine.load_preview(path, side)

    def model_in_use(self) -> ModelInfo | None:
        """The model, if it is loaded by now. Does not block."""
        engine = self._slot.glance()
        return engine.info if engine is not None else None

    def filter_answers(self, filters: Filters) -> None:
        """Only pictures that meet these answer from now on."""
        self._filters = filters

    def count(self, filters: Filters) -> FacetCounts:
        """How many pictures every further filter would leave."""
        with self._slot.lent() as engine:
            return engine.facet_counts(filters)

    def browse(self, filters: Filters) -> Listing:
        """All indexed pictures that meet the filters, newest first."""
        with self._slot.lent() as engine:
            return engine.browse(filters)

    def details(self, match: Match) -> PictureDetails:
        """What is known of an answer's file."""
        with self._slot.lent() as engine:
            return engine.details(match)

    def explain(self, answer: Answer, match: Match) -> Agreement:
        """Where and in what a match is like the question."""
        with self._slot.lent() as engine:
            return engine.explain(answer, match)

    def draw_sample(self, on_drawn: Callable[[int, int], None]) -> tuple[Path, Path]:
        """Draw what is missing of the sample wardrobe; its folder and an example question."""
        folder = DataFolder(self._data_dir)
        draw_wardrobe(folder.sample_wardrobe, on_drawn=on_drawn)
        return folder.sample_wardrobe, draw_example(folder.sample_question)

    def rebuild(self) -> Rebuilt | None:
        """Keep a damaged catalogue aside and begin a new one; None when it is sound.

        The next sync without folders indexes them all again. Raises FinderError.
        """
        with self._slot.exchanged():
            return rebuild(self._data_dir)

    def erase(self) -> None:
        """Delete everything the program knows; afterwards there is no engine. Raises FinderError.

        The logs end here: they are deleted, too.
        """
        with self._slot.emptied():
            end_logging()
            end_watching_for_crashes()
            erase_everything(self._data_dir)
