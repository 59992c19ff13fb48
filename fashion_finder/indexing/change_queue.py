"""Holds changes until they settle: a copied folder is one change, not a thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon changes are reported, and how often to look where no events come from."""

    quiet: float  # seconds without a change after which it is reported
    most: float  # seconds after which it is reported even if more follow
    rescan: float  # seconds between reports of a folder that sends no events
    look: float  # seconds between looks at which drives are connected


ON_MAINS = Pace(quiet=2.0, most=30.0, rescan=15 * 60.0, look=5.0)
ON_BATTERY = Pace(quiet=30.0, most=300.0, rescan=60 * 60.0, look=30.0)


@dataclass(slots=True)
class ChangeQueue:
    """Folders with changes not reported yet. Times are seconds of one clock."""

    _changes: dict[Path, tuple[float, float]] = field(default_factory=dict)  # first, last

    def add(self, folder: Path, now: float) -> None:
        """Note that something in the folder changed."""
        first, _ = self._changes.get(folder, (now, now))
        self._changes[folder] = (first, now)

    def pop_due(self, now: float, pace: Pace) -> tuple[Path, ...]:
        """Remove and return the folders whose changes have settled or waited long enough."""
        due = tuple(folder for folder in self._changes if self._due(folder, pace) <= now)
        for folder in due:
            del self._changes[folder]
        return due

    def next_due(self, pace: Pace) -> float:
        """When the next folder is due, if nothing else changes; infinity for never."""
        return min((self._due(folder, pace) for folder in self._changes), default=float("inf"))

    def discard(self, folder: Path) -> None:
        """Forget the folder's changes."""
        self._changes.pop(folder, None)

    def _due(self, folder: Path, pace: Pace) -> float:
        first, last = self._changes[folder]
        return min(last + pace.quiet, first + pace.most)
