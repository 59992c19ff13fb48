"""Decides what a sync has to do. Pure: touches neither disk nor database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from fashion_finder.catalogue.records import KnownFile
from fashion_finder.domain import ContentId
from fashion_finder.indexing.scan import Seen


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What to read and what to forget; every picture that was found is in one of five places."""

    new: tuple[Seen, ...]
    changed: tuple[Seen, ...]
    stale: tuple[Seen, ...]  # as before, but the model is another: its vector is to be made again
    rehoused: tuple[Seen, ...]  # as before, on a volume that now goes by another identity
    unchanged: int
    still_skipped: tuple[KnownFile, ...]
    gone: tuple[KnownFile, ...]  # to be forgotten
    kept: tuple[KnownFile, ...]  # not seen, but perhaps only out of reach

    @property
    def found(self) -> int:
        """Pictures that the scan saw."""
        return len(self.to_read) + len(self.rehoused) + self.unchanged + len(self.still_skipped)

    @property
    def to_read(self) -> tuple[Seen, ...]:
        """The files to open."""
        return self.new + self.changed + self.stale


@dataclass(frozen=True, slots=True)
class Reach:
    """What the scan could see: only where it looked can something be missing."""

    folders: Mapping[str, str]  # folder that was listed -> its volume
    unlisted: AbstractSet[str] = frozenset()
    below: str = ""  # the scan was limited to this folder

    def proves_gone(self, known: KnownFile, volume: str) -> bool:
        """True when a file that was not seen is really deleted.

        The nearest folder that still exists must have been listed in full, and must lie on
        `volume`, the one the file was last seen on: an empty mount point lies on another one.
        """
        place = known.stamp.relative
        if self.below and not place.startswith(f"{self.below}/"):
            return False
        if place in self.unlisted:
            return False
        while place:
            place = place.rpartition("/")[0]
            if place in self.unlisted:
                return False
            if place in self.folders:
                return self.folders[place] == volume
        return False


def plan_sync(
    found: Iterable[Seen],
    known: Iterable[KnownFile],
    reach: Reach,
    stale: Collection[ContentId] = frozenset(),
) -> SyncPlan:
    """Compare what the scan saw with what the catalogue knows.

    `stale` contents have no vector of the current model: their files are read again. Unchanged
    files on a volume of a new identity show that it is the same volume: identities are not stable
    on every system.
    """
    before = {one.stamp.relative: one for one in known}
    new: list[Seen] = []
    changed: list[Seen] = []
    old_model: list[Seen] = []
    rehoused: list[Seen] = []
    renamed: dict[str, str] = {}  # volumes that go by another identity now
    still_skipped: list[KnownFile] = []
    unchanged = 0
    for seen in found:
        old = before.pop(seen.stamp.relative, None)
        if old is None:
            new.append(seen)
        elif old.stamp != seen.stamp:
            changed.append(seen)
        elif old.content is None:
            still_skipped.append(old)
        elif old.content in stale:
            old_model.append(seen)
        elif old.volume != seen.volume:
            rehoused.append(seen)
            renamed[old.volume] = seen.volume
        else:
            unchanged += 1
    gone: list[KnownFile] = []
    kept: list[KnownFile] = []
    for old in before.values():
        volume = renamed.get(old.volume, old.volume)
        (gone if reach.proves_gone(old, volume) else kept).append(old)
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
    """How many of the added files are really gone ones under a new name: each at most once."""
    leaving: dict[ContentId, int] = {}
    for old in gone:
        if old.content is not None:
            leaving[old.content] = leaving.get(old.content, 0) + 1
    moves = 0
    for content in added:
        if leaving.get(content, 0) > 0:
            leaving[content] -= 1
            moves += 1
    return moves
