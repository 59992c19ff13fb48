"""The search graphs' files and the header beside them; nothing in them is trusted unverified.

hnswlib crashes the process on a damaged file. The header's first line is the hash of its second,
which says what the graphs were made from and what each file must hash to. A file is named by its
checksum, so a name always means the same bytes. The bytes that were verified are the ones opened:
the file gets a private name first.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fashion_finder.own_files import make_way, open_regular, read_regular

log = logging.getLogger(__name__)

HEADER_NAME = "graphs.json"

FORMAT = 3

_MOST_HEADER = 256 << 20
"""Bytes: a header lists the labels of equal vectors, some ten bytes each."""

_DUPLICATES = "twins"  # their name in the file, since its first format
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, RecursionError, MemoryError)
_PREFIX, _SUFFIX = "graph-", ".bin"
_OPENED = ".opened"
_NEW = ".new"


@dataclass(frozen=True, slots=True)
class GraphFile:
    """One graph's file, and what its bytes must hash to."""

    name: str
    points: int
    bytes: int
    checksum: str  # BLAKE2b-256, hexadecimal
    duplicates: list[list[int]]  # labels of equal vectors; only the first is in the graph


@dataclass(frozen=True, slots=True)
class GraphHeader:
    """The graphs that are searched together, and what they were made from."""

    token: str  # drawn by the catalogue for these files alone
    model: str
    dimension: int
    library: str
    files: tuple[GraphFile, ...]
    format: int = FORMAT


def partial(folder: Path, name: str) -> Path:
    """Where a file is written before it gets its name. Raises OSError."""
    path = folder / f"{name}.{os.getpid()}{_NEW}"
    make_way(path)
    return path


def put_in_place(written: Path, points: int, duplicates: list[list[int]]) -> GraphFile:
    """Give a graph that was written under a partial name its own. Raises OSError."""
    total = checksum(written)
    name = f"{_PREFIX}{total[:16]}{_SUFFIX}"
    file = GraphFile(name, points, written.stat().st_size, total, duplicates)
    make_way(written.with_name(name))
    os.replace(written, written.with_name(name))
    return file


def is_in_place(folder: Path, file: GraphFile) -> bool:
    """Whether the file still exists: another process deletes what it does not use."""
    try:
        about = (folder / file.name).lstat()
        return stat.S_ISREG(about.st_mode) and about.st_size == file.bytes
    except OSError:
        return False


def write_header(
    folder: Path, token: str, model: str, dimension: int, files: Sequence[GraphFile]
) -> None:
    """Make these files the graphs and delete all others. Raises OSError.

    If the process is killed before, the old header lacks the catalogue's token, and the graphs are
    built again.
    """
    header = GraphHeader(token, model, dimension, version("hnswlib"), tuple(files))
    fields = asdict(header)
    for entry in fields["files"]:
        entry[_DUPLICATES] = entry.pop("duplicates")
    text = json.dumps(fields)
    written = partial(folder, HEADER_NAME)
    written.write_text(f"{_hash(text)}\n{text}", encoding="utf-8")
    make_way(folder / HEADER_NAME)
    os.replace(written, folder / HEADER_NAME)
    kept = {file.name for file in files}
    for pattern in (f"*{_SUFFIX}", f"*{_NEW}", f"*{_OPENED}", "graph.json"):
        for leftover in folder.glob(pattern):
            if leftover.name not in kept:
                with suppress(OSError):  # another process has it open
                    leftover.unlink()


def read_header(folder: Path, token: str, model: str, dimension: int) -> GraphHeader | None:
    """The header, or None when there is none that can be trusted."""
    try:
        header = _parse_header(folder)
    except FileNotFoundError:
        return None
    except _UNREADABLE as error:
        log.warning("the search graphs' header cannot be read: %s", type(error).__name__)
        return None
    expected = GraphHeader(token, model, dimension, version("hnswlib"), header.files)
    if not token or header != expected:
        log.info("the search graphs are of another catalogue, model or version")
        return None
    return header


def is_damaged(folder: Path) -> bool:
    """Whether what is saved there cannot be read; False where nothing is. Reads all of it."""
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
        return True
    try:
        header = _parse_header(folder)
    except FileNotFoundError:
        return False
    except _UNREADABLE:
        return True
    return not all(_is_sound(folder / file.name, file) for file in header.files)


def _parse_header(folder: Path) -> GraphHeader:
    """Raises what `_UNREADABLE` lists."""
    written = read_regular(folder / HEADER_NAME, _MOST_HEADER)
    promised, text = written.decode("utf-8").split("\n", 1)
    if _hash(text) != promised:
        raise ValueError("the checksum is another one")
    fields: dict[str, Any] = json.loads(text)
    for entry in fields["files"]:
        entry["duplicates"] = entry.pop(_DUPLICATES)
    fields["files"] = tuple(GraphFile(**entry) for entry in fields["files"])
    return GraphHeader(**fields)


@contextmanager
def verified(folder: Path, file: GraphFile) -> Iterator[Path | None]:
    """A name of the graph's file while the block runs, or None when it is not to be trusted."""
    path = folder / file.name
    private = path.with_name(f"{file.name}.{os.getpid()}{_OPENED}")
    with suppress(OSError):  # without links, or where nothing can be written, its own name must do
        private.unlink(missing_ok=True)
        os.link(path, private)
        path = private
    try:
        yield path if _is_sound(path, file) else None
    finally:
        with suppress(OSError):  # the next save deletes it
            private.unlink()


def checksum(path: Path) -> str:
    """BLAKE2b-256 of a file's bytes, hexadecimal. Raises OSError."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


def _is_sound(path: Path, file: GraphFile) -> bool:
    try:
        if path.stat().st_size == file.bytes and checksum(path) == file.checksum:
            return True
        log.warning("a search graph is damaged; it will be built again")
    except OSError as error:
        log.warning("a search graph cannot be read: %s", type(error).__name__)
    return False


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
