"""How a folder lies among the indexed ones: overlapping folders hold each file once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.indexing.system_folders import first_system_folder
from fashion_finder.paths import real_path


@dataclass(frozen=True, slots=True)
class Covered:
    """The folder is an indexed one, or inside one."""

    root: Root
    below: str  # '' for the root itself, else the relative path, '/'-separated


@dataclass(frozen=True, slots=True)
class Fresh:
    """A folder that no other covers, and the indexed ones inside it with their relative paths."""

    path: Path
    inner: tuple[tuple[Root, str], ...]


def locate(
    folder: Path, resolved: Path, roots: Sequence[tuple[Root, Path]], data_dir: Path
) -> Covered | Fresh:
    """Find the folder among the roots. `resolved` is free of links; `roots` come with theirs.

    A scan enters neither hidden nor system folders, nor the program's own `data_dir`. A folder inside
    one of those that was asked for by name stands alone.
    """
    for root, path in roots:
        if _enters(path, resolved, data_dir):
            return Covered(root, _relative(resolved, path))
    inside = [(root, path) for root, path in roots if _enters(resolved, path, data_dir)]
    return Fresh(folder, tuple((root, _relative(path, resolved)) for root, path in inside))


def without_nested(folders: Sequence[Path]) -> list[Path]:
    """Each folder once, leaving out those inside another, which its scan covers."""
    distinct = list(dict.fromkeys(folders))
    return [
        folder
        for folder in distinct
        if not any(_visible_below(real_path(folder), real_path(other)) for other in distinct)
    ]


def _visible_below(inner: Path, outer: Path) -> bool:
    if inner == outer or not inner.is_relative_to(outer):
        return False
    parts = inner.relative_to(outer).parts
    return not any(name.startswith(".") for name in parts) and first_system_folder(parts) is None


def _enters(outer: Path, inner: Path, data_dir: Path) -> bool:
    """Whether a scan of `outer` reaches `inner`."""
    if inner.is_relative_to(data_dir) and not outer.is_relative_to(data_dir):
        return False
    return inner == outer or _visible_below(inner, outer)


def _relative(path: Path, above: Path) -> str:
    relative = path.relative_to(above).as_posix()
    return "" if relative == "." else relative
