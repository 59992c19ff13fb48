"""What indexing and engine need from the layers below, as protocols that tests can implement."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fashion_finder.domain import ModelInfo, Pixels, PreparedPicture, Recognised, Vectors
from fashion_finder.errors import PictureError


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """The model's output for a batch of N pictures."""

    vectors: Vectors  # [N, dimension]; each part already scaled by the root of its weight
    tags: tuple[tuple[Recognised, ...], ...]  # N entries, empty when the model has no tags
    likely_words: tuple[bytes, ...]  # N entries, packed; b"" when the model ranks by none


class Embedder(Protocol):
    """Turns prepared pictures into embeddings."""

    @property
    def info(self) -> ModelInfo:
        """The model in use."""

    def embed(self, squares: Pixels, *, urgent: bool = False) -> Embedded:
        """Embed uint8 [N, INPUT_SIDE, INPUT_SIDE, 3]; an urgent call runs next, and alone."""

    def get_ready(self) -> None:
        """Load ahead of time what calls that are not urgent need."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A picture to read in a decode worker."""

    key: int  # the caller's own; returned with the outcome
    source: Path | bytes
    known: tuple[bytes, ...] = ()  # digests that need no decoding: they have vectors
    preview: int = 0  # longer side of the preview wanted, pixels; 0 for none
    may_fetch: bool = False  # somebody asked for it: download it if it is only in the cloud


@dataclass(frozen=True, slots=True, eq=False)
class ReadOutcome:
    """Exactly one of the three results is set."""

    key: int
    picture: PreparedPicture | None = None
    same_as: bytes | None = None  # the file's digest, when it was among the task's known ones
    error: PictureError | None = None


class PictureReader(Protocol):
    """Decodes pictures outside this process."""

    def read_all(self, tasks: Iterator[ReadTask]) -> Generator[ReadOutcome | None, None, None]:
        """Read with bounded look-ahead; outcomes come in any order. Closing it stops the reading.

        Yields None now and then while there is no outcome.
        """

    def read(self, task: ReadTask) -> PreparedPicture:
        """Read one picture now. Raises PictureError."""

    def close(self) -> None:
        """Stop the workers."""


class VectorSource(Protocol):
    """Where the search index gets its vectors from."""

    def graph_token(self) -> str:
        """What the header of the current search graphs must carry; '' before there was one."""

    def draw_graph_token(self) -> str:
        """A new token for graphs about to be saved; all earlier ones become foreign."""

    def live_contents(self, model: str) -> list[int]:
        """Ids of all contents with a vector of this model, ascending."""

    def vectors_of(self, contents: Sequence[int], model: str) -> tuple[list[int], Vectors]:
        """The given contents that have a vector, and their vectors [N, dimension]."""

    def likely_words_of(self, contents: Sequence[int], model: str) -> tuple[list[int], list[bytes]]:
        """The given contents whose likely words are stored, and those, packed."""
