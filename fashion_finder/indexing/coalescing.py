"""Gathers changes until they calm down: a copied folder is one change, not a thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pace:
    """How long changes are gathered, and how often folders without events are looked through."""

    quiet: float  # seconds without a change, after which it is told
    most: float  # seconds after which a change is told even if others follow it
    rescan: float  # seconds between two looks at a folder that tells no changes by itself
    look: float  # seconds between two looks at which drives are there


AT_EASE = Pace(quiet=2.0, most=30.0, rescan=15 * 60.0, look=5.0)
ON_BATTERY = Pace(quiet=30.0, most=300.0, rescan=60 * 60.0, look=30.0)


@dataclass(slots=True)
class Coalescer:
    """The folders that changed and were not told yet. Times are seconds of one clock."""

    _changes: dict[Path, tuple[float, float]] = field(default_factory=dict)  # first, last

    def saw(self, folder: Path, now: float) -> None:
        """Something in this folder changed."""
        first, _ = self._changes.get(folder, (now, now))
        self._changes[folder] = (first, now)

    def take(self, now: float, pace: Pace) -> tuple[Path, ...]:
        """The folders whose changes have calmed down, or waited for long enough."""
        due = tuple(folder for folder in self._changes if self._due(folder, pace) <= now)
        for folder in due:
            del self._changes[folder]
        return due

    def next_due(self, pace: Pace) -> float:
        """When the next folder will be due, if nothing else changes; infinity for never."""
        return min((self._due(folder, pace) for folder in self._changes), default=float("inf"))

    def drop(self, folder: Path) -> None:
        """This folder is no longer of interest."""
        self._changes.pop(folder, None)

    def _due(self, folder: Path, pace: Pace) -> float:
        first, last = self._changes[folder]
        return min(last + pace.quiet, first + pace.most)
