"""Finds indexed folders again whose drive is mounted elsewhere, or has another letter now.

A folder has moved with its volume when that volume is mounted at a new point, a path below that
point ends like the folder's own, and what lies there has the names and sizes of what was indexed.
Then the folder gets its new path and every photo in it is right again: nothing is read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from fashion_finder.catalogue.records import Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import FileStamp
from fashion_finder.indexing.availability import volume_at
from fashion_finder.indexing.volumes import Volumes, is_stable
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)

_LOOKED_AT: Final = 24
"""Files of the folder that are looked for at its new place."""

_ENOUGH: Final = 0.5
"""Share of them that must be there: some may have been deleted while the drive was elsewhere."""


def follow_moved_folders(catalogue: Catalogue) -> dict[Path, Path]:
    """Give every folder whose volume is mounted elsewhere its new path. Returns old to new paths.

    Call it while holding the sync lock. Raises CatalogueError.
    """
    roots = catalogue.roots.all()
    volumes = Volumes()
    away = [root for root in roots if not _is_in_place(root, catalogue, volumes)]
    if not away:
        return {}
    mounted = volumes.mounted()
    recorded: dict[Root, list[str]] = {root: [] for root in away}
    for root, volume in catalogue.roots.by_volume():
        if volume and root in recorded:
            recorded[root].append(volume)
    moved: dict[Path, Path] = {}
    for root, names in recorded.items():
        others = [other.path for other in roots if other.id != root.id]
        place = _find(root, [name for name in names if is_stable(name)], mounted, catalogue, others)
        if place is not None:
            catalogue.roots.move(root.id, place)
            log.info("folder %d was found again at another mount point", root.id)
            moved[root.path] = place
    return moved


def _is_in_place(root: Root, catalogue: Catalogue, volumes: Volumes) -> bool:
    here = volume_at(root.path, volumes)
    return here is not None and catalogue.roots.was_on(root.id, here)


def candidates(folder: Path, points: Iterable[Path]) -> Iterator[Path]:
    """Where a folder may lie below these mount points: the longest ends of its path first."""
    names = folder.relative_to(folder.anchor).parts
    for point in points:
        for start in range(len(names) + 1):
            place = point.joinpath(*names[start:])
            if place != folder:
                yield place


def _find(
    root: Root,
    names: Sequence[str],
    mounted: Mapping[str, Sequence[Path]],
    catalogue: Catalogue,
    others: Sequence[Path],
) -> Path | None:
    for volume in names:
        if volume not in mounted:
            continue
        sample = catalogue.files.sample(root.id, volume, _LOOKED_AT)
        for place in candidates(root.path, mounted[volume]):
            apart = not any(
                place.is_relative_to(one) or one.is_relative_to(place) for one in others
            )
            if apart and _holds(place, sample):
                return place
    return None


def _holds(place: Path, sample: Sequence[FileStamp]) -> bool:
    try:
        found = ask(place, lambda folder: sum(_is_there(folder, stamp) for stamp in sample))
    except OSError:
        return False
    return found > 0 and found >= _ENOUGH * len(sample)


def _is_there(folder: Path, stamp: FileStamp) -> bool:
    """By name and size: the time of change shifts with the time zone on FAT."""
    try:
        return (folder / stamp.relative).stat().st_size == stamp.size
    except OSError:
        return False
