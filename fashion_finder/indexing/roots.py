"""Where a folder stands among the indexed ones: overlapping folders hold each file once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.records import Root


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


def place(folder: Path, resolved: Path, roots: Sequence[tuple[Root, Path]]) -> Covered | Fresh:
    """Find the folder's place. `resolved` paths are free of links, `roots` pairs carry theirs."""
    for root, root_resolved in roots:
        if resolved.is_relative_to(root_resolved):
            return Covered(root, _relative(resolved, root_resolved))
    inner = tuple(
        (root, _relative(root_resolved, resolved))
        for root, root_resolved in roots
        if root_resolved.is_relative_to(resolved)
    )
    return Fresh(folder, inner)


def _relative(path: Path, above: Path) -> str:
    relative = path.relative_to(above).as_posix()
    return "" if relative == "." else relative
