"""The rows that go into the catalogue and come out of it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fashion_finder.domain import ContentId, FileStamp, Recognised, RootId, Vectors

_ENCODING, _ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()


@dataclass(frozen=True, slots=True)
class Root:
    """An indexed folder."""

    id: RootId
    path: Path
    unfinished: bool


class KnownFile(NamedTuple):
    """A file when it was last read: searchable by `content`, or skipped for `reason`."""

    stamp: FileStamp  # its change time is negative once it moved although the bytes were the same
    volume: str  # it was last seen on
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
    cut_short: bool = False  # its file ends before the picture does
    likely_words: bytes = b""  # packed; empty when the model ranks by no words


@dataclass(frozen=True, slots=True)
class Filed:
    """A file to record: its content's digest, or the reason it is skipped."""

    stamp: FileStamp  # as in `KnownFile`
    volume: str
    digest: bytes | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A file that holds a content."""

    item: int  # its row
    path: Path
    volume: tuple[RootId, str]  # its folder, and the volume it was last seen on


def encode_relative(relative: str) -> bytes:
    """A '/'-separated relative path as the system's bytes."""
    return os.fsencode(relative)


def decode_relative(stored: bytes) -> str:
    """The inverse of encode_relative: what os.fsdecode does, in a third of its time."""
    return stored.decode(_ENCODING, _ERRORS)


def file_path(root: bytes, relative: bytes) -> Path:
    """The path of a file, from its stored folder and relative path."""
    return Path(os.fsdecode(root), decode_relative(relative))
