"""Notices changes in the indexed folders and reports which of them to bring up to date.

    watcher = Watcher(changed)            # calls changed((folder, ...)) in the watcher's thread
    watcher.follow(folders)               # again whenever the indexed folders change
    watcher.start() ... watcher.pause(), watcher.resume() ... watcher.stop()

Folders on local disks report changes through the system's events (watchdog). Shares send no events
for what others do, and some systems limit how many folders can be watched: such folders are reported
at intervals instead. A drive that comes back is noticed and reported too. Nothing is opened or
written; only the folder is named, and the sync finds out what is new.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing.system_folders import first_system_folder
from fashion_finder.indexing.volumes import Volumes, device_at, inode_at
from fashion_finder.indexing.watchdog_faults import is_working, keep_quiet

log = logging.getLogger(__name__)

_EVENTS: Final = [
    *(FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
]
"""Not those of opening and closing a file to read it, with which every sync would cause the next."""

_STOP_SECONDS: Final = 5.0

_SUPPLIES: Final = Path("/sys/class/power_supply")


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
    """Folders with changes not reported yet: a copied folder is one change, not a thousand.

    Times are seconds of one clock.
    """

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


@dataclass(slots=True)
class _Followed:
    """One indexed folder."""

    device: int | None = None  # the volume it was on at the last look; None: offline
    observer: Any = None  # None: reported at intervals
    inode: int | None = None  # of the folder that the observer watches
    checked: float = 0.0  # when it was last checked for changes


def is_on_battery(supplies: Path = _SUPPLIES) -> bool:
    """True when a battery is discharging; False where that is unknown (outside Linux).

    The format is the kernel's ABI/testing/sysfs-class-power. The battery of a mouse or pen has the
    scope ``Device`` and does not count.
    """

    def read(path: Path) -> str:
        try:
            return path.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""

    return any(
        read(supply / "type") == "Battery"
        and read(supply / "scope") != "Device"
        and read(supply / "status") == "Discharging"
        for supply in supplies.glob("*")
    )


class Watcher:
    """Watches folders in threads of its own; any thread may call any method."""

    def __init__(
        self,
        changed: Callable[[tuple[Path, ...]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        on_battery: Callable[[], bool] = is_on_battery,
        paces: tuple[Pace, Pace] = (ON_MAINS, ON_BATTERY),
    ) -> None:
        """`changed` may be slow: what happens meanwhile is reported afterwards."""
        self._changed = changed
        self._clock = clock
        self._on_battery = on_battery
        self._paces = paces
        self._wanted: frozenset[Path] = frozenset()
        self._followed: dict[Path, _Followed] = {}  # used by the watcher's thread only
        self._mounts: frozenset[Path] = frozenset()
        self._changes = ChangeQueue()
        self._paused = False
        self._stopped = False
        self._woken = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def follow(self, folders: Iterable[Path]) -> None:
        """Watch these folders from now on, and no others."""
        with self._woken:
            self._wanted = frozenset(folders)
            self._woken.notify_all()

    def suspect(self, folders: Iterable[Path]) -> None:
        """Report these in due course, as if something had just changed in them."""
        for folder in folders:
            self._note_change(folder)

    def start(self) -> None:
        """Start watching; call once."""
        self._thread.start()

    def pause(self) -> None:
        """Report nothing for now; what changes meanwhile is reported after `resume`."""
        with self._woken:
            self._paused = True

    def resume(self) -> None:
        """Report again."""
        with self._woken:
            self._paused = False
            self._woken.notify_all()

    def stop(self) -> None:
        """Stop, after a running call of `changed`."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    # ------------------------------------------------------------ the watcher's thread

    def _run(self) -> None:
        next_look = float("-inf")
        end_quiet = keep_quiet()
        try:
            while True:
                pace = self._paces[1] if self._on_battery() else self._paces[0]
                if self._clock() >= next_look or self._followed.keys() != self._wanted:
                    self._look(pace)
                    next_look = self._clock() + pace.look
                with self._woken:
                    if self._stopped:
                        return
                    if self._followed.keys() != self._wanted:  # changed since the look above
                        continue
                    due = () if self._paused else self._changes.pop_due(self._clock(), pace)
                    if not due:
                        until = next_look
                        if not self._paused:
                            until = min(until, self._changes.next_due(pace))
                        self._woken.wait(max(0.0, until - self._clock()))
                if due:
                    self._report(due)
        finally:
            for followed in self._followed.values():
                _stop(followed)
            end_quiet()

    def _report(self, due: tuple[Path, ...]) -> None:
        try:
            self._changed(due)
        except Exception:
            log.exception("a bug in the handling of a change")

    def _look(self, pace: Pace) -> None:
        """Watch the wanted folders, and notice drives that came or went."""
        with self._woken:
            wanted = self._wanted
        for folder in self._followed.keys() - wanted:
            _stop(self._followed.pop(folder))
            with self._woken:
                self._changes.discard(folder)
        volumes = Volumes()
        mounts = frozenset(point for points in volumes.mounted().values() for point in points)
        appeared, self._mounts = not mounts <= self._mounts, mounts
        for folder in sorted(wanted):
            known = folder in self._followed
            followed = self._followed.setdefault(folder, _Followed())
            device = device_at(folder)
            if device != followed.device or _is_stale(followed, folder):
                _stop(followed)
                followed.device = device
                if device is not None and not volumes.is_remote(device):
                    followed.inode = inode_at(folder)
                    followed.observer = self._observe(folder)
                followed.checked = self._clock()
                if known and device is not None:
                    self._note_change(folder)
            elif device is None:
                if known and appeared:  # perhaps its drive, at another mount point
                    self._note_change(folder)
            elif followed.observer is None and self._clock() - followed.checked >= pace.rescan:
                followed.checked = self._clock()
                self._note_change(folder)

    def _observe(self, folder: Path) -> Any:
        observer = Observer()
        try:
            observer.schedule(
                _Handler(folder, self._note_change),
                str(folder),
                recursive=True,
                event_filter=_EVENTS,
            )
            observer.start()
        except OSError as error:  # more folders than the system watches for one user
            log.warning("a folder cannot be watched, only checked at intervals: %s", error.strerror)
            return None
        return observer

    def _note_change(self, folder: Path) -> None:
        with self._woken:
            self._changes.add(folder, self._clock())
            self._woken.notify_all()


class _Handler(FileSystemEventHandler):  # type: ignore[misc]  # watchdog is seen as untyped
    """Reports that something in a folder may have changed that concerns a sync."""

    def __init__(self, folder: Path, changed: Callable[[Path], None]) -> None:
        self._folder = folder
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """See watchdog."""
        names = (os.fsdecode(event.src_path), os.fsdecode(getattr(event, "dest_path", "")))
        paths = [Path(name) for name in names if name and not self._is_left_out(Path(name))]
        if any(event.is_directory or is_picture_name(path.name) for path in paths):
            self._changed(self._folder)

    def _is_left_out(self, path: Path) -> bool:
        """Whether no scan meets it: a NAS writes its thumbnails beside every new photo."""
        inside = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
        return first_system_folder(inside.parts) is not None


def _is_stale(followed: _Followed, folder: Path) -> bool:
    """Whether the observer has failed, or watches a folder that used to be at this path.

    Deleting a folder ends its watch; a folder that is moved keeps it.
    """
    if followed.observer is None:
        return False
    if not is_working(followed.observer):
        return True
    return inode_at(folder) not in (None, followed.inode)


def _stop(followed: _Followed) -> None:
    observer, followed.observer = followed.observer, None
    if observer is not None:
        observer.stop()
        observer.join(_STOP_SECONDS)
