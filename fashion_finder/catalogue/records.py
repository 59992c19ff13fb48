"""What goes into the catalogue and what comes out of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.domain import ContentId, FileStamp, Recognised, RootId, Vectors


@dataclass(frozen=True, slots=True)
class Root:
    """An indexed folder."""

    id: RootId
    path: Path
    unfinished: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when last read: searchable by `content`, or skipped for `reason`."""

    stamp: FileStamp
    volume: str  # identity of the volume it was last seen on
    content: ContentId | None
    reason: str | None


@dataclass(frozen=True, slots=True, eq=False)
class NewContent:
    """A picture never seen before, with its vector."""

    digest: bytes
    size: int
    width: int
    height: int
    vector: Vectors  # [dimension]
    tags: tuple[Recognised, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A file to record: its content's digest, or the reason it is skipped."""

    stamp: FileStamp
    volume: str
    digest: bytes | None
    reason: str | None = None


def encode_relative(relative: str) -> bytes:
    """A '/'-separated relative path as the bytes the system knows it by."""
    return os.fsencode(relative)


def decode_relative(stored: bytes) -> str:
    """The inverse of encode_relative."""
    return os.fsdecode(stored)


def file_path(root: bytes, relative: bytes) -> Path:
    """Where a file lies, from its stored parts."""
    return Path(os.fsdecode(root), decode_relative(relative))
