"""Where a folder stands among the indexed ones: overlapping folders hold each file once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.paths import real_path


@dataclass(frozen=True, slots=True)
class Covered:
    """The folder is an indexed one, or lies in one."""

    root: Root
    below: str  # '' for the root itself, else the relative path, '/'-separated


@dataclass(frozen=True, slots=True)
class Fresh:
    """A folder that no other covers, and the indexed ones inside it with their relative paths."""

    path: Path
    inner: tuple[tuple[Root, str], ...]


def place(
    folder: Path, resolved: Path, roots: Sequence[tuple[Root, Path]], ours: Path
) -> Covered | Fresh:
    """Find the folder's place. `resolved` paths are free of links, `roots` pairs carry theirs.

    A scan enters neither hidden folders nor `ours`, the program's data folder: what lies in one
    and was asked for by name stands for itself, below no other.
    """
    for root, root_resolved in roots:
        if _enters(root_resolved, resolved, ours):
            return Covered(root, _relative(resolved, root_resolved))
    inner = tuple(
        (root, _relative(root_resolved, resolved))
        for root, root_resolved in roots
        if _enters(resolved, root_resolved, ours)
    )
    return Fresh(folder, inner)


def without_nested(folders: Sequence[Path]) -> list[Path]:
    """Each folder once, and none that lies in another: a scan of that one comes to it."""
    distinct = list(dict.fromkeys(folders))
    return [
        folder
        for folder in distinct
        if not any(
            folder != other and _visible_below(real_path(folder), real_path(other))
            for other in distinct
        )
    ]


def _visible_below(inner: Path, outer: Path) -> bool:
    if inner == outer or not inner.is_relative_to(outer):
        return False
    return not any(part.startswith(".") for part in inner.relative_to(outer).parts)


def _enters(outer: Path, inner: Path, ours: Path) -> bool:
    """Whether a scan of `outer` would come to `inner`."""
    if inner.is_relative_to(ours) and not outer.is_relative_to(ours):
        return False
    return inner == outer or _visible_below(inner, outer)


def _relative(path: Path, above: Path) -> str:
    relative = path.relative_to(above).as_posix()
    return "" if relative == "." else relative
