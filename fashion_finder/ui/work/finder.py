"""What the window needs of the engine; tests bring their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from fashion_finder.domain import (
    Agreement,
    Answer,
    ContentId,
    FacetCounts,
    Filters,
    Match,
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
from fashion_finder.engine.listing import Listing
from fashion_finder.engine.rebuild import Rebuilt
from fashion_finder.indexing.control import SyncControl


class Finder(Protocol):
    """The engine as the window sees it. Every method blocks: never call one on the GUI thread."""

    def find(
        self, question: Question, refinement: Refinement, picture: PreparedPicture | None
    ) -> Answer:
        """Answer a question, its own indexed picture set apart. Raises FinderError.

        `picture` is the question as an earlier answer has read it.
        """

    def main_piece(self, picture: PreparedPicture) -> Region | None:
        """Where in a picture its main piece is; None when nothing stands out."""

    def sync(
        self,
        folders: Sequence[Path],
        progress: Callable[[SyncProgress], None],
        control: SyncControl,
        known_only: bool = False,
    ) -> SyncSummary:
        """Bring folders up to date; none means all known ones. Raises FinderError.

        With `known_only`, folders that are not indexed (any more) are passed over.
        """

    def forget(self, folder: Path) -> int:
        """Drop a folder from the catalogue, never its files; photos dropped. Raises FinderError."""

    def make_control(self) -> SyncControl:
        """A fresh control for one sync. Does not block."""

    def status(self) -> Status:
        """What the catalogue holds. Raises FinderError."""

    def thumbnail(self, content: ContentId) -> bytes | None:
        """A small JPEG of an indexed picture."""

    def load_preview(self, path: Path, side: int) -> Pixels:
        """A picture at most `side` pixels on its longer side. Raises FinderError."""

    def filter_answers(self, filters: Filters) -> None:
        """Only pictures that meet these answer from now on. Does not block."""

    def count(self, filters: Filters) -> FacetCounts:
        """How many pictures every further filter would leave. Raises FinderError."""

    def browse(self, filters: Filters) -> Listing:
        """All indexed pictures that meet the filters, newest first. Raises FinderError."""

    def details(self, match: Match) -> PictureDetails:
        """What is known of an answer's file. Raises FinderError."""

    def explain(self, answer: Answer, match: Match) -> Agreement:
        """Where and in what a match is like the question. Raises FinderError."""

    def copy_sample(self) -> tuple[Path, Path]:
        """Copy the sample wardrobe; its folder and the example question. Raises FinderError."""

    def rebuild(self) -> Rebuilt | None:
        """Keep a damaged catalogue aside and begin a new one; None when it is sound.

        The next sync without folders indexes them all again. Raises FinderError.
        """

    def erase(self) -> None:
        """Delete everything the program knows; afterwards there is no engine. Raises FinderError."""
