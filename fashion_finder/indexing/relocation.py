"""Finds indexed folders again whose drive has another mount point or letter.

A folder has moved with its volume when the volume is mounted elsewhere, a path below that mount
point ends like the folder's own, and what lies there has the names and sizes of what was indexed.
The folder then gets its new path, which makes every photo in it right again; nothing is read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from fashion_finder.catalogue.records import Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import FileStamp
from fashion_finder.indexing.volumes import Volumes, is_stable
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)

_SAMPLE: Final = 24
"""Files of the folder to look for at its new path."""

_ENOUGH: Final = 0.5
"""Share of them that must be there: some may have been deleted on another computer."""


def follow_moved_folders(catalogue: Catalogue) -> dict[Path, Path]:
    """Give every folder whose volume is mounted elsewhere its new path. Returns old to new paths.

    The caller holds the sync lock. Raises CatalogueError.
    """
    roots = catalogue.roots.all()
    volumes = Volumes()
    missing = [
        root
        for root in roots
        if (volume := volumes.at(root.path)) is None or not catalogue.roots.was_on(root.id, volume)
    ]
    if not missing:
        return {}
    mounted = volumes.mounted()
    moved: dict[Path, Path] = {}
    for root in missing:
        others = [other.path for other in roots if other.id != root.id]
        path = next(_new_paths(root, catalogue, mounted, others), None)
        if path is not None:
            catalogue.roots.move(root.id, path)
            log.info("folder %d was found again at another mount point", root.id)
            moved[root.path] = path
    return moved


def candidates(folder: Path, points: Iterable[Path]) -> Iterator[Path]:
    """Where a folder may be below these mount points: the longest ends of its path first."""
    names = folder.relative_to(folder.anchor).parts
    for point in points:
        for start in range(len(names) + 1):
            path = point.joinpath(*names[start:])
            if path != folder:
                yield path


def _new_paths(
    root: Root,
    catalogue: Catalogue,
    mounted: Mapping[str, Sequence[Path]],
    others: Sequence[Path],
) -> Iterator[Path]:
    """Where its files are, on a volume they were seen on and apart from the other folders."""
    for owner, volume in catalogue.roots.by_volume():
        if owner.id != root.id or volume not in mounted or not is_stable(volume):
            continue
        sample = catalogue.files.sample(root.id, volume, _SAMPLE)
        for path in candidates(root.path, mounted[volume]):
            apart = not any(
                path.is_relative_to(other) or other.is_relative_to(path) for other in others
            )
            if apart and _holds(path, sample):
                yield path


def _holds(folder: Path, sample: Sequence[FileStamp]) -> bool:
    """Whether enough of the files are there."""
    try:
        found = ask(folder, lambda path: sum(_matches(path, stamp) for stamp in sample))
    except OSError:
        return False
    return found > 0 and found >= _ENOUGH * len(sample)


def _matches(folder: Path, stamp: FileStamp) -> bool:
    """By name and size: on FAT the modification time shifts with the time zone."""
    try:
        return (folder / stamp.relative).stat().st_size == stamp.size
    except OSError:
        return False
