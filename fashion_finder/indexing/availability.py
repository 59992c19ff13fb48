"""Which indexed folders and volumes are offline, answered without waiting for a disk.

    availability = Availability()
    # At the start and after every sync:
    availability.follow(catalogue.roots.by_volume(), catalogue.roots.mounts())
    offline = availability.offline()         # cheap enough to ask with every question
    is_offline = offline.holds(file)

A photo is offline when its folder cannot be listed, or when the volume it was last seen on is not
mounted. An empty mount point can be listed, but belongs to another volume; that of a bind mount is
known by what was mounted when the folder was indexed.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fashion_finder.catalogue.records import Located, Root
from fashion_finder.domain import RootId
from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing import mount_points
from fashion_finder.indexing.volumes import Volumes, is_stable
from fashion_finder.paths import real_path
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 2.0
"""An answer younger than this is given again without looking."""

WAIT_SECONDS: Final = 0.1
"""How long a caller waits for a new look before it gets the last answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """A folder inside an indexed one."""

    root: RootId
    below: str  # relative, '/'-separated
    path: Path


@dataclass(frozen=True, slots=True)
class Offline:
    """What is not connected."""

    roots: frozenset[RootId] = frozenset()  # folders with nothing online
    volumes: frozenset[tuple[RootId, str]] = frozenset()  # of a folder's photos, by their volume
    parts: frozenset[Part] = frozenset()  # folders inside the others that nothing is mounted on

    def holds(self, file: Located) -> bool:
        """Whether a file is offline."""
        if file.volume in self.volumes:
            return True
        return any(file.path.is_relative_to(part.path) for part in self.parts)


class Availability:
    """Looks at the indexed folders on demand; any thread may ask.

    A thread of its own does the looking, at most every ``FRESH_SECONDS``.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recorded: tuple[tuple[Root, str], ...] = ()
        self._mounts: tuple[tuple[Root, Path], ...] = ()
        self._offline = Offline()
        self._looked = float("-inf")
        self._looking = False
        self._changed = threading.Condition()

    def follow(
        self, recorded: Iterable[tuple[Root, str]], mounts: Iterable[tuple[Root, Path]] = ()
    ) -> None:
        """Watch these folders, the volumes their photos were last seen on, and mount points.

        A folder without photos comes with the volume ``''``.
        """
        with self._changed:
            self._recorded = tuple(recorded)
            self._mounts = tuple(mounts)
            self._looked = float("-inf")

    def offline(self, wait: float = WAIT_SECONDS) -> Offline:
        """What is offline, at most ``FRESH_SECONDS`` old.

        When a disk does not answer within `wait` seconds, the last answer; at first, nothing.
        """
        with self._changed:
            if not self._looking and self._clock() - self._looked >= FRESH_SECONDS:
                self._looking = True
                threading.Thread(target=self._look, name="availability", daemon=True).start()
            self._changed.wait_for(lambda: not self._looking, wait)
            return self._offline

    def _look(self) -> None:
        offline: Offline | None = None
        try:
            while True:
                with self._changed:
                    recorded, mounts = self._recorded, self._mounts
                volumes = Volumes()
                current = {root.path: volumes.at(root.path) for root, _ in recorded}
                empty = _empty_parts(mounts, volumes.points())
                offline = find_offline(recorded, current, volumes.mounted(), empty)
                with self._changed:
                    if recorded is self._recorded:
                        return
        except Exception:
            log.exception("a bug while looking for volumes")
        finally:
            with self._changed:
                self._offline = offline if offline is not None else self._offline
                self._looked = self._clock()
                self._looking = False
                self._changed.notify_all()


def find_offline(
    recorded: Sequence[tuple[Root, str]],
    current: Mapping[Path, str | None],
    mounted: Mapping[str, Sequence[Path]],
    empty: AbstractSet[Part] = frozenset(),
) -> Offline:
    """Decide what is offline; touches no disk.

    Args:
        recorded: folders, with the volumes their photos were last seen on.
        current: the volume that each folder is on now; None when it cannot be listed.
        mounted: where each volume is mounted.
        empty: parts of folders that were mounted, and are empty without that.
    """
    all_empty = {part.root for part in empty if not part.below}
    volumes_of: dict[RootId, set[str]] = {}
    for root, volume in recorded:
        volumes_of.setdefault(root.id, set()).add(volume)

    def is_offline(root: Root, volume: str) -> bool:
        now = current[root.path]
        if now is None or root.id in all_empty:
            return True
        if volume in ("", now) or not is_stable(volume):
            return False
        points = mounted.get(volume, ())
        if now in volumes_of[root.id]:  # another volume, mounted inside the folder or linked to
            return not points
        return not any(point.is_relative_to(root.path) for point in points)

    offline = frozenset((root.id, volume) for root, volume in recorded if is_offline(root, volume))
    roots = frozenset(
        root
        for root, volumes in volumes_of.items()
        if all((root, volume) in offline for volume in volumes)
    )
    return Offline(roots, offline, frozenset(part for part in empty if part.root not in roots))


def _empty_parts(
    mounts: Sequence[tuple[Root, Path]], mounted: AbstractSet[Path]
) -> frozenset[Part]:
    """What lies on recorded mount points that are not mounted, and holds nothing to index now."""
    if not mounted:  # unknown: not on Linux
        return frozenset()
    away = [(root, point) for root, point in mounts if point not in mounted]
    parts = {
        Part(root.id, part, root.path / part)
        for root, point in away
        for part in mount_points.below(point, {"": real_path(root.path)})
    }
    return frozenset(part for part in parts if _is_empty(part.path))


def _is_empty(folder: Path) -> bool:
    """Whether nothing of a folder would be indexed; True when it cannot be listed."""
    try:
        return not ask(folder, _holds_anything)
    except OSError:
        return True


def _holds_anything(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(
            not entry.name.startswith(".") and (entry.is_dir() or is_picture_name(entry.name))
            for entry in entries
        )
