"""A search as a value: a question, what refines it, and which pictures may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fashion_finder.domain import (
    AS_IT_IS,
    EVERYTHING,
    Filters,
    PictureData,
    PreparedPicture,
    Question,
    Refinement,
)


@dataclass(frozen=True, slots=True, eq=False)
class RawPicture:
    """Pixels without a file; encoding them is slow and left to a worker."""

    encode: Callable[[], PictureData]  # raises PictureUnreadable


@dataclass(frozen=True, slots=True)
class Search:
    """What the engine is asked. Once answered, it holds its picture and needs no file any more."""

    question: Question | RawPicture
    name: str  # of the picture, ready to show
    refinement: Refinement = AS_IT_IS
    filters: Filters = EVERYTHING
    picture: PreparedPicture | None = None  # about 2 MB
