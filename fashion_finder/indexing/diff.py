"""Decides what a sync has to do. Pure: touches neither disk nor database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from fashion_finder.catalogue.records import KnownFile
from fashion_finder.domain import ContentId
from fashion_finder.indexing.mount_points import is_below
from fashion_finder.indexing.scan import FoundFile
from fashion_finder.indexing.system_folders import is_inside


@dataclass(slots=True)
class SyncPlan:
    """What to read and what to forget; each picture found is in one of `new` to `in_cloud`."""

    new: list[FoundFile] = field(default_factory=list)
    changed: list[FoundFile] = field(default_factory=list)
    stale: list[FoundFile] = field(default_factory=list)  # their vector is missing or wanted again
    touched: list[FoundFile] = field(default_factory=list)  # only their change time is another
    touched_again: list[FoundFile] = field(default_factory=list)  # as before, which meant nothing
    rehoused: list[FoundFile] = field(default_factory=list)  # their volume has a new identity
    undated: list[FoundFile] = field(default_factory=list)  # of the others: to record change times
    unchanged: int = 0
    still_skipped: list[KnownFile] = field(default_factory=list)
    in_cloud: list[FoundFile] = field(default_factory=list)  # placeholders, to record as skipped
    gone: list[KnownFile] = field(default_factory=list)  # to forget
    kept: list[KnownFile] = field(default_factory=list)  # not found, but perhaps only offline

    @property
    def found(self) -> int:
        """Pictures that the scan found."""
        known = len(self.rehoused) + self.unchanged + len(self.still_skipped) + len(self.in_cloud)
        return len(self.to_read) + len(self.touched_again) + known

    @property
    def to_read(self) -> list[FoundFile]:
        """The files to open; of `touched_again`, perhaps only some."""
        return self.new + self.changed + self.stale + self.touched


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scan could see: a file can be missing only where the scan looked."""

    folders: Mapping[str, str]  # listed folder -> its volume
    unlisted: AbstractSet[str] = frozenset()
    unmounted: AbstractSet[str] = frozenset()  # what was mounted there is away
    system: AbstractSet[str] = frozenset()  # system folders that were met, and links into some

    def proves_gone(self, file: KnownFile, volume: str) -> bool:
        """True when a file that was not found has really been deleted, or lies in a system folder.

        If deleted, its nearest folder that still exists must have been listed in full and be on
        `volume`, where the file was last seen: an empty mount point is on another one, unless it was a
        bind mount.
        """
        path = file.stamp.relative
        if is_inside(path):
            return True
        if any(is_below(path, part) for part in self.unmounted):
            return False
        while path and path not in self.unlisted:
            if path in self.system:
                return True
            path = path.rpartition("/")[0]
            if path in self.folders and path not in self.unlisted:
                return self.folders[path] == volume
        return False


def plan_sync(
    found: Iterable[FoundFile],
    known: Iterable[KnownFile],
    coverage: Coverage,
    stale: Collection[ContentId] = frozenset(),
    placeholders: Iterable[FoundFile] = (),
    *,
    again: bool = False,
) -> SyncPlan:
    """Compare what the scan found with what the catalogue knows.

    `placeholders` are only in the cloud: what is known of them stays, be they searchable or skipped.
    `stale` contents have no vector of the current model, so their files are read again; with `again`,
    all are. An unchanged file proves that its volume is the same one under a new identity, which
    some systems change.

    A change time that moved while size and modification time did not may mean other bytes, or only
    new permissions, a new name, a backup, or a file system that makes it up: see `KnownFile`.
    """
    before = {file.stamp.relative: file for file in known}
    plan = SyncPlan()
    renamed: dict[str, str] = {}  # volume's old identity -> new one
    for file in found:
        old = before.pop(file.stamp.relative, None)
        if old is None:
            plan.new.append(file)
            continue
        is_dated = old.stamp == file.stamp
        if not is_dated and old.stamp[:3] != file.stamp[:3]:
            plan.changed.append(file)
            continue
        before_that, now = old.stamp.ctime_ns, file.stamp.ctime_ns
        if old.content is not None and old.volume != file.volume:
            renamed[old.volume] = file.volume
        if again or (old.content is not None and old.content in stale):
            plan.stale.append(file)
        elif not is_dated and before_that and now and abs(before_that) != now:
            (plan.touched if before_that > 0 else plan.touched_again).append(file)
        elif old.content is not None and old.volume != file.volume:
            stamp = old.stamp if before_that < 0 else file.stamp
            plan.rehoused.append(FoundFile(stamp, file.volume))
        else:
            if not before_that and now:
                plan.undated.append(file)
            if old.content is None:
                plan.still_skipped.append(old)
            else:
                plan.unchanged += 1
    _leave_in_cloud(placeholders, before, plan)
    for old in before.values():
        volume = renamed.get(old.volume, old.volume)
        (plan.gone if coverage.proves_gone(old, volume) else plan.kept).append(old)
    return plan


def _leave_in_cloud(
    placeholders: Iterable[FoundFile], before: dict[str, KnownFile], plan: SyncPlan
) -> None:
    for file in placeholders:
        old = before.pop(file.stamp.relative, None)
        if old is None:
            plan.in_cloud.append(file)
        elif old.content is None:
            plan.still_skipped.append(old)
        else:
            plan.unchanged += 1


def count_moves(added: Iterable[ContentId], gone: Iterable[KnownFile]) -> int:
    """How many of the added files are gone ones under a new name, each counted once."""
    leaving = Counter(file.content for file in gone if file.content is not None)
    return (Counter(added) & leaving).total()
