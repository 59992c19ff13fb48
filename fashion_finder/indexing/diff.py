"""Decides what a sync has to do. Pure: touches neither disk nor database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from fashion_finder.catalogue.records import KnownFile
from fashion_finder.domain import ContentId
from fashion_finder.indexing.scan import FoundFile


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What to read and what to forget; every picture found is in exactly one of the first six."""

    new: tuple[FoundFile, ...]
    changed: tuple[FoundFile, ...]
    stale: tuple[FoundFile, ...]  # unchanged, but without a vector of the current model
    rehoused: tuple[FoundFile, ...]  # unchanged, but their volume has a new identity
    unchanged: int
    still_skipped: tuple[KnownFile, ...]
    gone: tuple[KnownFile, ...]  # to forget
    kept: tuple[KnownFile, ...]  # not found, but perhaps only offline

    @property
    def found(self) -> int:
        """Pictures that the scan found."""
        return len(self.to_read) + len(self.rehoused) + self.unchanged + len(self.still_skipped)

    @property
    def to_read(self) -> tuple[FoundFile, ...]:
        """The files to open."""
        return self.new + self.changed + self.stale


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scan could see: a file can only be missing where it looked."""

    folders: Mapping[str, str]  # listed folder -> its volume
    unlisted: AbstractSet[str] = frozenset()

    def proves_gone(self, file: KnownFile, volume: str) -> bool:
        """True when a file that was not found has really been deleted.

        Its nearest folder that still exists must have been listed in full and be on `volume`, where
        the file was last seen: an empty mount point is on another one.
        """
        path = file.stamp.relative
        while path and path not in self.unlisted:
            path = path.rpartition("/")[0]
            if path in self.folders and path not in self.unlisted:
                return self.folders[path] == volume
        return False


def plan_sync(
    found: Iterable[FoundFile],
    known: Iterable[KnownFile],
    coverage: Coverage,
    stale: Collection[ContentId] = frozenset(),
) -> SyncPlan:
    """Compare what the scan found with what the catalogue knows.

    `stale` contents have no vector of the current model, so their files are read again. An unchanged
    file proves that its volume is the same one under a new identity, which some systems change.
    """
    before = {file.stamp.relative: file for file in known}
    new: list[FoundFile] = []
    changed: list[FoundFile] = []
    old_model: list[FoundFile] = []
    rehoused: list[FoundFile] = []
    renamed: dict[str, str] = {}  # volume's old identity -> new one
    still_skipped: list[KnownFile] = []
    unchanged = 0
    for file in found:
        old = before.pop(file.stamp.relative, None)
        if old is None:
            new.append(file)
        elif old.stamp != file.stamp:
            changed.append(file)
        elif old.content is None:
            still_skipped.append(old)
        elif old.content in stale:
            old_model.append(file)
        elif old.volume != file.volume:
            rehoused.append(file)
            renamed[old.volume] = file.volume
        else:
            unchanged += 1
    gone: list[KnownFile] = []
    kept: list[KnownFile] = []
    for old in before.values():
        volume = renamed.get(old.volume, old.volume)
        (gone if coverage.proves_gone(old, volume) else kept).append(old)
    return SyncPlan(
        new=tuple(new),
        changed=tuple(changed),
        stale=tuple(old_model),
        rehoused=tuple(rehoused),
        unchanged=unchanged,
        still_skipped=tuple(still_skipped),
        gone=tuple(gone),
        kept=tuple(kept),
    )


def count_moves(added: Iterable[ContentId], gone: Iterable[KnownFile]) -> int:
    """How many of the added files are gone ones under a new name, each counted once."""
    leaving = Counter(file.content for file in gone if file.content is not None)
    return (Counter(added) & leaving).total()
