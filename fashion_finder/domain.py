"""The values that travel between the parts: frozen, without behaviour, safe to hand to any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple, NewType

import numpy as np
import numpy.typing as npt

ContentId = NewType("ContentId", int)
"""Identity of a picture's bytes in the catalogue: all copies of one file share it; never reused."""

RootId = NewType("RootId", int)
"""Identity of an indexed folder."""

Pixels = npt.NDArray[np.uint8]
"""An RGB picture: uint8, [height, width, 3]."""

Rgb = tuple[int, int, int]
"""A colour in sRGB, levels 0 to 255."""

Vectors = npt.NDArray[np.float32]
"""Embeddings: float32, [count, dimension], or one of them, [dimension]."""


class Closeness(Enum):
    """How near an answer is, in words a person can trust; a cosine is not a percentage."""

    VERY_CLOSE = "very close"
    CLOSE = "close"
    WEAKER = "weaker"
    FAR = "not close"
    UNJUDGED = "not judged"  # nothing was measured that would let anything be said


# ---------------------------------------------------------------- questions and answers


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A question asked with a file, indexed or not."""

    path: Path


@dataclass(frozen=True, slots=True)
class PictureData:
    """A question asked with an encoded picture that has no file: pasted, or dragged out of a page."""

    data: bytes
    name: str = "pasted picture"


Question = PictureFile | PictureData


@dataclass(frozen=True, slots=True)
class Region:
    """A part of an upright picture, as shares of its width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Refinement:
    """What a question wants differently from "a piece like this picture"; nothing by default."""

    region: Region | None = None  # only this part of the picture is asked about
    weights: tuple[
        tuple[str, float], ...
    ] = ()  # of parts by name, summing to 1; () the model's own
    colour: str | Rgb | None = None  # in this colour: a word of the model's, or any sRGB colour
    more_like: tuple[ContentId, ...] = ()
    less_like: tuple[ContentId, ...] = ()

    @property
    def may_be_judged(self) -> bool:
        """Whether similarities may be told in words: at most a part of the picture is asked about."""
        return self == Refinement(region=self.region)


AS_IT_IS = Refinement()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pictures may answer. Every kind that is given must hold; within one kind, any of it.

    A picture with copies counts when one of its files meets folder, names, date and reach together.
    Names are compared without case and accents, up to and with the indexed folder's own name.
    """

    types: tuple[str, ...] = ()  # words of the model's vocabulary ``type``
    colours: tuple[str, ...] = ()  # of ``colour_name``
    folders: tuple[Path, ...] = ()  # indexed, or inside one that is, or around some that are
    names: tuple[str, ...] = ()  # all occur in the names of the file and the folders it lies in
    since: date | None = None  # the day the file was last changed, local time, this day included
    until: date | None = None  # this day included
    online_only: bool = False  # only files of folders that can be reached now

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many pictures each further filter would leave; the most frequent first.

    The counts of one kind heed the filters of all other kinds, not its own: they are what choosing
    another value of that kind would give.
    """

    total: int  # pictures that all filters leave
    types: tuple[tuple[str, int], ...]
    colours: tuple[tuple[str, int], ...]
    folders: tuple[tuple[Path, int], ...]  # indexed folders, in the order they were added
    oldest: date | None  # of what all but the dates leave
    newest: date | None
    offline: int  # of what all but `online_only` leaves


@dataclass(frozen=True, slots=True)
class Match:
    """One answer to a question, ready to draw."""

    content: ContentId
    path: Path
    similarity: float  # weighted cosine over the embedding's parts, 1.0 is identical; 0.0 unasked
    closeness: Closeness
    copies: tuple[Path, ...] = ()  # other files with the very same bytes
    offline: bool = False  # none of its files can be reached now
    near: tuple[Match, ...] = ()  # the same photo saved again: other bytes, each with its copies

    @property
    def file_count(self) -> int:
        """How many files show this photo, all copies counted."""
        return 1 + len(self.copies) + sum(one.file_count for one in self.near)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The model's best word in one vocabulary, such as ``type`` or ``colour_name``."""

    vocabulary: str
    word: str
    probability: float  # calibrated, in [0, 1]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the folders hold that is like the question."""

    question: Question
    matches: tuple[Match, ...]  # best first
    itself: Match | None  # the question's own picture, when it is indexed and was set apart
    searched: int  # distinct pictures that could have been found
    preview: Pixels  # the question, upright, in sRGB, at most settings.PREVIEW_SIDE pixels
    recognised: tuple[Recognised, ...] = ()
    outdated: int = 0  # indexed pictures that cannot be found yet: the model is a new one
    refinement: Refinement = AS_IT_IS
    picture: PreparedPicture | None = None  # the question as read: ask on with it, unread again

    @property
    def nothing_close(self) -> bool:
        """True when even the best match is too far to be called similar."""
        return not self.matches or self.matches[0].closeness is Closeness.FAR


# ---------------------------------------------------------------- an answer looked at closely

Heat = npt.NDArray[np.float32]
"""How much of an agreement lies where in a picture: float32, [height, width], 0 to 1."""


@dataclass(frozen=True, slots=True)
class PictureDetails:
    """What the catalogue knows of an indexed file."""

    width: int  # of the upright photo, pixels
    height: int
    size: int  # bytes
    modified: datetime  # local time
    recognised: tuple[Recognised, ...]


class Likeness(Enum):
    """In what two pictures are alike."""

    SAME_TYPE = "same type"
    SAME_COLOUR = "same colour"
    SIMILAR_COLOUR = "similar colour"
    SIMILAR_CUT = "similar cut and pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Why a match is one: in what it is like the question, and where that is seen.

    The heat maps have the shapes of the pictures, smaller; None from a model that cannot tell.
    """

    asked: Pixels  # the question, or the part of it that was asked about
    asked_heat: Heat | None
    match_heat: Heat | None
    likenesses: tuple[Likeness, ...]


# ---------------------------------------------------------------- pictures on their way in


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPicture:
    """What a decode worker hands back instead of the photo."""

    digest: bytes  # BLAKE2b-256 of the file's bytes
    size: int  # how many bytes that were
    width: int  # of the upright photo, pixels
    height: int
    square: Pixels  # [224, 224, 3], the model's input
    thumbnail: bytes  # JPEG, at most 256 pixels on the longer side
    preview: Pixels | None = None  # larger, only when asked for
    signature: bytes = b""  # tells whether another picture is the same photo, saved again


# ---------------------------------------------------------------- folders


class FileStamp(NamedTuple):
    """What a scan sees of a file without opening it.

    A tuple, because every scan makes hundreds of thousands: a frozen dataclass takes twice the time.
    """

    relative: str  # below its root, '/'-separated; undecodable bytes as surrogates (PEP 383)
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not searchable, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """An indexed folder as the catalogue knows it."""

    root: RootId
    path: Path
    photos: int
    available: bool  # reachable right now
    unfinished: bool  # its last sync was interrupted: syncing again goes on from there
    outdated: int = 0  # of `photos`, those that the next sync makes searchable with the new model


class SyncPhase(Enum):
    """What a sync is doing."""

    SCANNING = "scanning"
    READING = "reading"
    FINISHING = "finishing"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync has come; sent a few times a second."""

    phase: SyncPhase
    folder: Path
    found: int  # pictures seen by the scan so far
    done: int  # of `total`
    total: int  # pictures that need reading; 0 while scanning
    skipped: int
    rate: float  # pictures per second, over the last seconds
    seconds_left: float | None  # None until it can be told
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """What a sync did; when it ran to its end, found = added + updated + unchanged + moved + skipped.

    `skipped_files` also names folders that could not be listed, which `skipped` does not count.
    """

    found: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    forgotten: int = 0
    skipped: int = 0
    seconds: float = 0.0
    skipped_files: tuple[SkippedFile, ...] = field(default=(), repr=False)

    def __add__(self, other: SyncSummary) -> SyncSummary:
        return SyncSummary(
            found=self.found + other.found,
            added=self.added + other.added,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            moved=self.moved + other.moved,
            forgotten=self.forgotten + other.forgotten,
            skipped=self.skipped + other.skipped,
            seconds=self.seconds + other.seconds,
            skipped_files=self.skipped_files + other.skipped_files,
        )


# ---------------------------------------------------------------- the model


@dataclass(frozen=True, slots=True)
class Part:
    """A named stretch of the embedding, such as ``style`` or ``colour``."""

    name: str
    start: int
    stop: int
    weight: float  # its share of the default similarity; the weights of a model sum to 1


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model says of itself, validated."""

    stamp: str  # identity of the file's bytes: vectors of two stamps are never compared
    name: str
    version: str
    dimension: int
    parts: tuple[Part, ...]
    vocabularies: dict[str, tuple[str, ...]]
    temperatures: dict[str, float]
    thresholds: dict[Closeness, float]  # lower bounds on the similarity
    licence: str
    training_data: str


# ---------------------------------------------------------------- the whole


@dataclass(frozen=True, slots=True)
class Status:
    """What the catalogue holds."""

    folders: tuple[FolderStatus, ...]
    photos: int  # files, copies counted
    skipped: tuple[SkippedFile, ...]
    model: ModelInfo

    @property
    def outdated(self) -> int:
        """Photos, copies counted, that were indexed with another model and cannot be found yet."""
        return sum(folder.outdated for folder in self.folders)

    @property
    def to_reembed(self) -> tuple[Path, ...]:
        """Connected folders with photos that the model in use has not embedded yet."""
        return tuple(folder.path for folder in self.folders if folder.outdated and folder.available)

    @property
    def to_finish(self) -> tuple[Path, ...]:
        """Connected folders whose last sync was interrupted."""
        return tuple(
            folder.path for folder in self.folders if folder.unfinished and folder.available
        )
