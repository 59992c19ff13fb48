"""Mount points that were there when a folder was indexed, and are not any more.

A bind mount of the same file system leaves an empty folder on the same volume when it is unmounted:
its photos look deleted. So the mount points in an indexed folder, and the one it is on, are recorded
with it. Below a recorded one that is not mounted any more, a file that is not found is not gone.

A plain folder may have taken the place of the mount for good. That is so once most of the photos
that were known below it are found there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

ENOUGH: Final = 0.5
"""Share of the known files below a point that must be found there without the mount."""


def concerning(points: Iterable[Path], places: Mapping[str, Path]) -> frozenset[Path]:
    """The mount points that an indexed folder depends on.

    Args:
        points: all that are mounted.
        places: where the folder, '', and the links in it, by their relative path, really are.
    """
    found: set[Path] = set()
    mounted = set(points)
    for real in places.values():
        found.update(point for point in mounted if point.is_relative_to(real))
        found.update([next((above for above in (real, *real.parents) if above in mounted), real)])
    return frozenset(found & mounted) - {Path(place.anchor) for place in places.values()}


def below(point: Path, places: Mapping[str, Path]) -> frozenset[str]:
    """The parts of an indexed folder that lie on a mount point, relative; '' for all of it."""
    parts = set()
    for relative, real in places.items():
        if real.is_relative_to(point):
            parts.add(relative)
        elif point.is_relative_to(real):
            inside = point.relative_to(real).as_posix()
            parts.add(f"{relative}/{inside}" if relative else inside)
    return frozenset(parts)


def still_away(
    parts: Collection[str], known: Iterable[str], found: Collection[str]
) -> frozenset[str]:
    """Those of some unmounted parts whose known files are not most of them found without a mount.

    Pure: `known` and `found` are relative paths of files.
    """
    if not parts:
        return frozenset()
    all_of: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for relative in known:
        for part in parts:
            if is_below(relative, part):
                all_of[part] += 1
                there[part] += relative in found
    return frozenset(part for part in parts if there[part] < ENOUGH * all_of[part])


def is_below(relative: str, part: str) -> bool:
    """Whether a relative path is in a part; '' is all of the folder."""
    return not part or relative == part or relative.startswith(f"{part}/")
