"""Which indexed folders and volumes are offline, answered without waiting for a disk.

    availability = Availability()
    availability.follow(catalogue.roots.by_volume())   # at the start and after every sync
    offline = availability.offline()         # cheap enough to ask with every question
    is_offline = (file.root, file.volume) in offline.volumes

A photo is offline when its folder cannot be listed, or when the volume it was last seen on is not
mounted. An empty mount point can be listed, but belongs to another volume.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fashion_finder.catalogue.records import Root
from fashion_finder.domain import RootId
from fashion_finder.indexing.volumes import Volumes, is_stable

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 2.0
"""An answer younger than this is given again without looking."""

WAIT_SECONDS: Final = 0.1
"""How long a caller waits for a new look before it gets the last answer."""


@dataclass(frozen=True, slots=True)
class Offline:
    """What is not connected."""

    roots: frozenset[RootId] = frozenset()  # folders with nothing online
    volumes: frozenset[tuple[RootId, str]] = frozenset()  # of a folder's photos, by their volume


class Availability:
    """Looks at the indexed folders on demand; any thread may ask.

    A thread of its own does the looking, at most every ``FRESH_SECONDS``.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recorded: tuple[tuple[Root, str], ...] = ()
        self._offline = Offline()
        self._looked = float("-inf")
        self._looking = False
        self._changed = threading.Condition()

    def follow(self, recorded: Iterable[tuple[Root, str]]) -> None:
        """Watch these folders and the volumes their photos were last seen on.

        A folder without photos comes with the volume ``''``.
        """
        with self._changed:
            self._recorded = tuple(recorded)
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
                    recorded = self._recorded
                volumes = Volumes()
                current = {root.path: volumes.at(root.path) for root, _ in recorded}
                offline = find_offline(recorded, current, volumes.mounted())
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
) -> Offline:
    """Decide what is offline; touches no disk.

    Args:
        recorded: folders, with the volumes their photos were last seen on.
        current: the volume that each folder is on now; None when it cannot be listed.
        mounted: where each volume is mounted.
    """
    volumes_of: dict[RootId, set[str]] = {}
    for root, volume in recorded:
        volumes_of.setdefault(root.id, set()).add(volume)

    def is_offline(root: Root, volume: str) -> bool:
        now = current[root.path]
        if now is None:
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
    return Offline(roots, offline)
