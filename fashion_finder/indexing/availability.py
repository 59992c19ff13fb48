"""Which indexed photos are out of reach now, known without waiting for a disk.

    availability = Availability()
    availability.follow(catalogue.parts())     # at the start and after every sync
    away = availability.away()                 # cheap: ask at every question
    offline = (item.root, item.volume) in away.parts

A photo is out of reach when its folder cannot be looked at, or when the volume it was last seen on
is not mounted: an empty mount point is there, but lies on another volume.
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
from fashion_finder.indexing.volumes import Volumes, device_at, is_stable

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 2.0
"""An answer of this age is given again without looking."""

GLANCE_SECONDS: Final = 0.1
"""The longest that whoever asks is kept waiting; then the last answer must do."""

Part = tuple[RootId, str]
"""The photos of an indexed folder that were last seen on one volume."""


@dataclass(frozen=True, slots=True)
class Away:
    """What cannot be reached."""

    roots: frozenset[RootId] = frozenset()  # folders of which nothing can be reached
    parts: frozenset[Part] = frozenset()


class Availability:
    """Looks at the indexed folders when it is asked; any thread may ask.

    The looking is done by a thread of its own, at most every ``FRESH_SECONDS``.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._parts: tuple[tuple[Root, str], ...] = ()
        self._away = Away()
        self._looked = float("-inf")
        self._looking = False
        self._changed = threading.Condition()

    def follow(self, parts: Iterable[tuple[Root, str]]) -> None:
        """From now on, tell of these folders and the volumes their photos were seen on.

        A folder without photos comes with the volume ``''``.
        """
        with self._changed:
            self._parts = tuple(parts)
            self._looked = float("-inf")

    def away(self, wait: float = GLANCE_SECONDS) -> Away:
        """What is out of reach; never older than ``FRESH_SECONDS`` unless a disk is slow to answer.

        Then the last answer is given after `wait` seconds; before the first one, nothing is away.
        """
        with self._changed:
            if not self._looking and self._clock() - self._looked >= FRESH_SECONDS:
                self._looking = True
                threading.Thread(target=self._look, name="availability", daemon=True).start()
            self._changed.wait_for(lambda: not self._looking, wait)
            return self._away

    def _look(self) -> None:
        away: Away | None = None
        try:
            while True:
                with self._changed:
                    parts = self._parts
                volumes = Volumes()
                here = {root.path: volume_at(root.path, volumes) for root, _ in parts}
                away = what_is_away(parts, here, volumes.mounted())
                with self._changed:
                    if parts is self._parts:
                        return
        except Exception:
            log.exception("a bug while looking for volumes")
        finally:
            with self._changed:
                self._away = away if away is not None else self._away
                self._looked = self._clock()
                self._looking = False
                self._changed.notify_all()


def what_is_away(
    parts: Sequence[tuple[Root, str]],
    here: Mapping[Path, str | None],
    mounted: Mapping[str, Sequence[Path]],
) -> Away:
    """Decide what is out of reach; touches no disk.

    Args:
        parts: folders, with the volumes their photos were last seen on.
        here: the volume that each folder lies on now; None when it cannot be looked at.
        mounted: where each volume is mounted.
    """
    recorded: dict[RootId, set[str]] = {}
    for root, volume in parts:
        recorded.setdefault(root.id, set()).add(volume)

    def is_away(root: Root, volume: str) -> bool:
        now = here[root.path]
        if now is None:
            return True
        if volume in ("", now) or not is_stable(volume):
            return False
        points = mounted.get(volume, ())
        if now in recorded[root.id]:  # another volume, mounted inside it or linked from it
            return not points
        return not any(point.is_relative_to(root.path) for point in points)

    away = frozenset((root.id, volume) for root, volume in parts if is_away(root, volume))
    roots = frozenset(
        root for root, volumes in recorded.items() if all((root, one) in away for one in volumes)
    )
    return Away(roots, away)


def volume_at(folder: Path, volumes: Volumes) -> str | None:
    """The volume that a folder lies on, or None when it cannot be listed now."""
    device = device_at(folder)
    return None if device is None else volumes.identity(device)
