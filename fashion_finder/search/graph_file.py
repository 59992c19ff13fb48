"""The search graph's file and the header beside it: nothing of them is believed unread.

hnswlib crashes the process on a damaged file. The header's first line is the hash of its second,
which tells what the graph was made from and what its file must hash to. What was verified is what
is opened: the file gets a private name first, and so another process that saves a newer graph
meanwhile replaces the public name only.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

log = logging.getLogger(__name__)

GRAPH_NAME = "graph.bin"
HEADER_NAME = "graph.json"

FORMAT = 2

_OPENED = ".opened"
_NEW = ".new"


@dataclass(frozen=True, slots=True)
class GraphHeader:
    """What the graph file was made from and what its bytes must hash to."""

    token: str  # drawn by the catalogue for this file alone
    model: str
    dimension: int
    points: int
    bytes: int
    checksum: str  # BLAKE2b-256, hexadecimal
    library: str
    twins: list[list[int]]  # labels of one and the same vector; the first one's is in the graph
    format: int = FORMAT


def partial(folder: Path, name: str) -> Path:
    """Where a file is written before it gets its name."""
    return folder / f"{name}.{os.getpid()}{_NEW}"


def clear_leftovers(folder: Path) -> None:
    """Delete what processes that were killed have left behind. Raises OSError."""
    for suffix in (_NEW, _OPENED):
        for leftover in folder.glob(f"*{suffix}"):
            leftover.unlink(missing_ok=True)


def put_in_place(
    folder: Path, token: str, model: str, dimension: int, points: int, twins: list[list[int]]
) -> None:
    """Give a graph that was written under its partial name a header, and both their names.

    Killed between the two, the old header no longer matches: the graph is built again. Raises
    OSError.
    """
    written = partial(folder, GRAPH_NAME)
    header = GraphHeader(
        token=token,
        model=model,
        dimension=dimension,
        points=points,
        bytes=written.stat().st_size,
        checksum=checksum(written),
        library=version("hnswlib"),
        twins=twins,
    )
    text = json.dumps(asdict(header))
    header_written = partial(folder, HEADER_NAME)
    header_written.write_text(f"{_hash(text)}\n{text}", encoding="utf-8")
    os.replace(written, folder / GRAPH_NAME)
    os.replace(header_written, folder / HEADER_NAME)


@contextmanager
def verified(
    folder: Path, token: str, model: str, dimension: int
) -> Iterator[tuple[GraphHeader, Path] | None]:
    """The header and a name of the graph file while the block runs, or None: not to be trusted."""
    header = _read_header(folder / HEADER_NAME)
    if header is None or not token:
        yield None
        return
    expected = (FORMAT, token, model, dimension, version("hnswlib"))
    actual = (header.format, header.token, header.model, header.dimension, header.library)
    if actual != expected:
        log.info("the search graph is of another catalogue, model or version")
        yield None
        return
    with _private_name(folder / GRAPH_NAME) as path:
        yield (header, path) if path is not None and _is_sound(path, header) else None


def checksum(path: Path) -> str:
    """BLAKE2b-256 of a file's bytes, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


def _is_sound(path: Path, header: GraphHeader) -> bool:
    try:
        if path.stat().st_size == header.bytes and checksum(path) == header.checksum:
            return True
    except OSError as error:
        log.warning("the search graph cannot be read: %s", type(error).__name__)
        return False
    log.warning("the search graph is damaged; it will be built again")
    return False


@contextmanager
def _private_name(path: Path) -> Iterator[Path | None]:
    private = path.with_name(f"{path.name}.{os.getpid()}{_OPENED}")
    try:
        private.unlink(missing_ok=True)
        os.link(path, private)
    except FileNotFoundError:
        yield None
        return
    except OSError:  # a file system without links, or one that is read-only: nobody writes there
        yield path
        return
    try:
        yield private
    finally:
        with suppress(OSError):  # the next save deletes it
            private.unlink()


def _read_header(path: Path) -> GraphHeader | None:
    try:
        promised, text = path.read_text(encoding="utf-8").split("\n", 1)
        if _hash(text) != promised:
            log.warning("the search graph's header is damaged")
            return None
        return GraphHeader(**json.loads(text))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        log.warning("the search graph's header cannot be read: %s", type(error).__name__)
        return None


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
