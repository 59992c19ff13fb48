"""The values that travel between the layers: frozen, without behaviour, safe to hand to any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple, NewType

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
    """How close a match is, in words a person can trust; a cosine is not a percentage."""

    SAME_PIECE = "same piece"
    VERY_SIMILAR = "very similar"
    SIMILAR = "similar"
    DISSIMILAR = "dissimilar"
    UNJUDGED = "not judged"  # no threshold was measured for such a question

    @property
    def word(self) -> str | None:
        """What may be told of the match; None where there is nothing good to tell."""
        is_told = self not in (Closeness.DISSIMILAR, Closeness.UNJUDGED)
        return self.value if is_told else None


# ---------------------------------------------------------------- questions and answers


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A question asked with a file, indexed or not."""

    path: Path


@dataclass(frozen=True, slots=True)
class PictureData:
    """A question asked with an encoded picture without a file: pasted, or dragged from a web page."""

    data: bytes
    name: str = "pasted picture"


Question = PictureFile | PictureData


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of an upright picture, as shares of its width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Refinement:
    """How a question departs from "a piece like this picture"; not at all by default."""

    region: Region | None = None  # ask about this much of the picture only
    weights: tuple[tuple[str, float], ...] = ()  # of parts, in proportion; () for the model's own
    colour: str | Rgb | None = None  # a word of the model's vocabulary, or any sRGB colour
    more_like: tuple[ContentId, ...] = ()
    less_like: tuple[ContentId, ...] = ()

    @property
    def may_be_judged(self) -> bool:
        """Whether a closeness can be given: nothing but a region is asked for."""
        return self == Refinement(region=self.region)


AS_IT_IS = Refinement()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pictures may answer: those that meet every kind given, and any value within a kind.

    Of a picture with exact copies, one file must meet folder, names, date and `online_only` together.
    Names are compared without case and accents, from the indexed folder's own name on.
    """

    types: tuple[str, ...] = ()  # words of the model's vocabulary ``type``
    colours: tuple[str, ...] = ()  # of ``colour_name``
    folders: tuple[Path, ...] = ()  # indexed folders, or folders in or around them
    names: tuple[str, ...] = ()  # all must occur in the names of the file and its folders
    since: date | None = None  # the day the file was last changed, local time, this day included
    until: date | None = None  # this day included
    online_only: bool = False  # leave out files that are offline

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many pictures each further filter would leave, the most frequent first.

    Counts of one kind obey the filters of all other kinds, not its own: they show what choosing
    another value of that kind would give.
    """

    total: int  # what all filters leave
    types: tuple[tuple[str, int], ...]
    colours: tuple[tuple[str, int], ...]
    folders: tuple[tuple[Path, int], ...]  # indexed folders, in the order they were added
    oldest: date | None  # of what all but the dates leave
    newest: date | None
    offline: int  # of what all but `online_only` leaves: what that would hide


@dataclass(frozen=True, slots=True)
class Match:
    """One answer to a question, ready to draw."""

    content: ContentId
    path: Path
    similarity: float  # weighted cosine over the embedding's parts, at most 1.0; 0.0 when browsing
    closeness: Closeness
    copies: tuple[Path, ...] = ()  # exact copies: other files with the same bytes
    offline: bool = False  # no file of it is connected, and so `path` is not
    near: tuple[Match, ...] = ()  # near duplicates: the same photo saved again
    offline_copies: tuple[Path, ...] = ()  # of `copies`, those that are not connected

    @property
    def file_count(self) -> int:
        """How many files show this photo."""
        return 1 + len(self.copies) + sum(match.file_count for match in self.near)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that show this photo, the one to open first."""
        return (self.path, *self.copies, *(file for near in self.near for file in near.files))


@dataclass(frozen=True, slots=True)
class Recognised:
    """The model's best word in one vocabulary, such as ``type`` or ``colour_name``."""

    vocabulary: str
    word: str
    probability: float  # calibrated, in [0, 1]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The matches of a question."""

    question: Question
    matches: tuple[Match, ...]  # best first
    itself: Match | None  # the question's own picture, when indexed and set apart
    searched: int  # distinct pictures that could have been found
    preview: Pixels  # the question, upright, in sRGB, at most settings.PREVIEW_SIDE pixels
    recognised: tuple[Recognised, ...] = ()
    outdated: int = 0  # indexed pictures that still lack a vector of this model
    refinement: Refinement = AS_IT_IS
    filters: Filters = EVERYTHING  # that the matches obey
    picture: PreparedPicture | None = None  # the question as read; pass it on to refine

    @property
    def nothing_close(self) -> bool:
        """True when not even the best match can be called similar."""
        return not self.matches or self.matches[0].closeness is Closeness.DISSIMILAR


# ---------------------------------------------------------------- an answer looked at closely

Heat = npt.NDArray[np.float32]
"""How much each spot of a picture adds to an agreement: float32, [height, width], 0 to 1."""


@dataclass(frozen=True, slots=True)
class PictureDetails:
    """What the catalogue knows of an indexed file."""

    width: int  # of the upright photo, pixels
    height: int
    size: int  # bytes
    modified: datetime  # as `local_time` gives it
    recognised: tuple[Recognised, ...]
    cut_short: bool = False  # the file ends before the picture does


class Likeness(Enum):
    """What two pictures have in common."""

    SAME_TYPE = "same type"
    SAME_COLOUR = "same colour"
    SIMILAR_COLOUR = "similar colour"
    SIMILAR_CUT = "similar cut and pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What a match has in common with the question, and where.

    Heat maps have the shapes of the pictures, smaller; None when the model has no local output.
    """

    asked: Pixels  # the question, or the region that was asked about
    asked_heat: Heat | None
    match_heat: Heat | None
    likenesses: tuple[Likeness, ...]


# ---------------------------------------------------------------- pictures on their way in


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPicture:
    """What a decode worker hands back instead of the photo."""

    digest: bytes  # BLAKE2b-256 of the file's bytes
    size: int  # of the file, bytes
    width: int  # of the upright photo, pixels
    height: int
    square: Pixels  # [INPUT_SIDE, INPUT_SIDE, 3], the model's input
    thumbnail: bytes  # JPEG, at most 256 pixels on the longer side
    preview: Pixels | None = None  # larger, only when asked for
    signature: bytes = b""  # near duplicates are recognised by it
    cut_short: bool = False  # the file ends before the picture does; what it lacks is white

    @property
    def largest(self) -> Pixels:
        """The picture as large as it was kept."""
        return self.preview if self.preview is not None else self.square


# ---------------------------------------------------------------- folders

LEAST_STORED: Final = -(2**63) + 1
MOST_STORED: Final = 2**63 - 1
"""SQLite and NumPy keep whole numbers in 64 bits; the least of all has no positive counterpart."""


def storable(number: int) -> int:
    """The nearest number that fits in 64 bits: a file's time in nanoseconds may not."""
    if LEAST_STORED <= number <= MOST_STORED:
        return number
    return LEAST_STORED if number < 0 else MOST_STORED


def local_time(moment: int) -> datetime:
    """The local time of a file's time, nanoseconds since the epoch.

    UTC for years of which the system does not know the local time: Windows knows none before 1970.
    """
    time = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=moment // 1000)
    try:
        return time.astimezone()
    except (OSError, OverflowError, ValueError):
        return time


class FileStamp(NamedTuple):
    """What a scan sees of a file without opening it; its numbers are `storable`.

    A tuple: a scan makes hundreds of thousands, and a frozen dataclass takes twice the time.
    """

    relative: str  # below its root, '/'-separated; undecodable bytes as surrogates (PEP 383)
    size: int  # bytes
    mtime_ns: int
    ctime_ns: int = 0  # of its last change of any kind; 0 where none is recorded


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not searchable, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class NotRead:
    """Files of one kind in a folder, sub-folders not included, that hold pictures nobody reads."""

    folder: Path
    kind: str  # see `word_labels.not_read_line`
    count: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What folders hold that is passed over, as of the last look."""

    not_read: tuple[NotRead, ...] = ()
    system_folders: tuple[SkippedFile, ...] = ()

    @property
    def kinds(self) -> dict[str, int]:
        """How many files of each kind are not read, the most frequent kind first."""
        counts: dict[str, int] = {}
        for entry in self.not_read:
            counts[entry.kind] = counts.get(entry.kind, 0) + entry.count
        return dict(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0])))

    def __bool__(self) -> bool:
        return bool(self.not_read or self.system_folders)

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(self.not_read + other.not_read, self.system_folders + other.system_folders)


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """An indexed folder as the catalogue knows it."""

    root: RootId
    path: Path
    photos: int
    available: bool  # not offline
    unfinished: bool  # its last sync was interrupted; the next one continues
    outdated: int = 0  # of `photos`, those that wait for a vector of this model


class SyncPhase(Enum):
    """What a sync is doing."""

    SCANNING = "scanning"
    READING = "reading"
    FINISHING = "finishing"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync has come; reported a few times a second."""

    phase: SyncPhase
    folder: Path
    found: int = 0  # pictures the scan has seen so far
    done: int = 0  # of `total`
    total: int = 0  # pictures that need reading; 0 while scanning
    skipped: int = 0
    rate: float = 0.0  # pictures per second, lately
    seconds_left: float | None = None  # None until it can be estimated
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """What a sync did; once complete, found = added + updated + unchanged + moved + skipped.

    `skipped_files` also names folders that could not be listed; `skipped` does not count them.
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
    left_out: LeftOut = field(default=LeftOut(), repr=False)

    def __add__(self, other: SyncSummary) -> SyncSummary:
        names = [each.name for each in fields(SyncSummary)]
        return SyncSummary(*(getattr(self, name) + getattr(other, name) for name in names))


# ---------------------------------------------------------------- the model

INPUT_SIDE: Final = 224
"""Pixels of the square that the model takes: what ResNet50 was designed for (He et al. 2015)."""

TYPE_VOCABULARY: Final = "type"
COLOUR_VOCABULARY: Final = "colour_name"

LEAST_PROBABILITY: Final = 0.5
"""A word that is more likely wrong than right is not shown, and no reason for a match."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named slice of the embedding, such as ``style`` or ``colour``."""

    name: str
    start: int
    stop: int
    weight: float  # its share of the default similarity; the weights of a model sum to 1


COLOUR_PART = "colour"


def colour_part(parts: Sequence[Part]) -> Part | None:
    """The part that holds colours, when it is not all there is."""
    if len(parts) < 2:
        return None
    return next((part for part in parts if part.name == COLOUR_PART), None)


@dataclass(frozen=True, slots=True)
class RankedWords:
    """A vocabulary whose agreement counts in the ranking, beside the part it is about."""

    vocabulary: str
    part: str
    share: float  # of the logarithm of the agreement, at the part's default weight


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model's metadata, validated."""

    stamp: str  # identifies the file's bytes: vectors of two stamps are never compared
    name: str
    version: str
    dimension: int
    parts: tuple[Part, ...]
    vocabularies: dict[str, tuple[str, ...]]
    temperatures: dict[str, float]
    thresholds: dict[Closeness, float]  # lower bounds on what the ranking goes by
    licence: str
    training_data: str
    ranked_words: tuple[RankedWords, ...] = ()


# ---------------------------------------------------------------- the whole


@dataclass(frozen=True, slots=True)
class Status:
    """What the catalogue holds."""

    folders: tuple[FolderStatus, ...]
    photos: int  # files, exact copies counted
    skipped: tuple[SkippedFile, ...]
    model: ModelInfo
    unlisted: tuple[SkippedFile, ...] = ()  # what the last look could not open, folders mostly
    left_out: LeftOut = LeftOut()

    @property
    def outdated(self) -> int:
        """Photos that were indexed with another model and are not searchable yet."""
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
