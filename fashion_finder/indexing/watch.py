"""Notices what changes in the indexed folders, and tells which of them to bring up to date.

    watcher = Watcher(changed)            # changed((folder, ...)) is called in the watcher's thread
    watcher.follow(folders)               # again whenever the indexed folders are others
    watcher.start() ... watcher.pause(), watcher.resume() ... watcher.stop()

Folders on local disks tell their changes by events of the system (watchdog). Shares tell nobody
what others do to them, and some systems limit how many folders can be watched: such folders are
named at intervals instead. A drive that comes back is noticed and named too. Nothing is opened and
nothing is written; a folder is only named, the sync finds out what is new.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

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
from fashion_finder.indexing.coalescing import AT_EASE, ON_BATTERY, Coalescer, Pace
from fashion_finder.indexing.power import is_on_battery
from fashion_finder.indexing.volumes import Volumes, device_at, inode_at

log = logging.getLogger(__name__)

_TELLING: Final = [
    *(FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
]
"""Reading a picture opens and closes it: those events would make every sync call for the next."""

_STOP_SECONDS: Final = 5.0


class _Observer(Protocol):
    @property
    def emitters(self) -> Collection[threading.Thread]: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...

    def schedule(self, *arguments: Any, **options: Any) -> object: ...


@dataclass(slots=True)
class _Followed:
    """One indexed folder."""

    device: int | None = None  # the volume it was on when last looked at; None: out of reach
    observer: _Observer | None = None  # None: looked through at intervals
    inode: int | None = None  # of the folder that the observer hears
    looked_through: float = 0.0


class Watcher:
    """Watches folders in threads of its own. Every method may be called from any thread."""

    def __init__(
        self,
        changed: Callable[[tuple[Path, ...]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        on_battery: Callable[[], bool] = is_on_battery,
        paces: tuple[Pace, Pace] = (AT_EASE, ON_BATTERY),
    ) -> None:
        """`changed` may take its time: what happens meanwhile is told afterwards."""
        self._changed = changed
        self._clock = clock
        self._on_battery = on_battery
        self._paces = paces
        self._wanted: frozenset[Path] = frozenset()
        self._followed: dict[Path, _Followed] = {}  # touched by the watcher's thread only
        self._mounts: frozenset[Path] = frozenset()
        self._changes = Coalescer()
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
        """Tell these in time, as if something had changed in them just now."""
        for folder in folders:
            self._saw(folder)

    def start(self) -> None:
        """Begin; call once."""
        self._thread.start()

    def pause(self) -> None:
        """Tell nothing for now; what changes meanwhile is told when it goes on."""
        with self._woken:
            self._paused = True

    def resume(self) -> None:
        """Go on telling."""
        with self._woken:
            self._paused = False
            self._woken.notify_all()

    def stop(self) -> None:
        """End, after a call of `changed` that is under way."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    # ------------------------------------------------------------ the watcher's thread

    def _run(self) -> None:
        next_look = float("-inf")
        try:
            while True:
                pace = self._paces[1] if self._on_battery() else self._paces[0]
                if self._clock() >= next_look or self._followed.keys() != self._wanted:
                    self._look(pace)
                    next_look = self._clock() + pace.look
                with self._woken:
                    if self._stopped:
                        return
                    if self._followed.keys() != self._wanted:  # told since the look above
                        continue
                    due = () if self._paused else self._changes.take(self._clock(), pace)
                    if not due:
                        self._woken.wait(self._seconds_until(next_look, pace))
                if due:
                    self._tell(due)
        finally:
            for followed in self._followed.values():
                _stop(followed)

    def _seconds_until(self, next_look: float, pace: Pace) -> float:
        until = next_look
        if not self._paused:
            until = min(until, self._changes.next_due(pace))
        return max(0.0, until - self._clock())

    def _tell(self, due: tuple[Path, ...]) -> None:
        try:
            self._changed(due)
        except Exception:
            log.exception("a bug in what follows a change")

    def _look(self, pace: Pace) -> None:
        """Follow what is wanted now, and notice drives that came and went."""
        with self._woken:
            wanted = self._wanted
        for folder in self._followed.keys() - wanted:
            _stop(self._followed.pop(folder))
            with self._woken:
                self._changes.drop(folder)
        volumes = Volumes()
        mounts = frozenset(point for points in volumes.mounted().values() for point in points)
        appeared, self._mounts = not mounts <= self._mounts, mounts
        for folder in sorted(wanted):
            known = folder in self._followed
            followed = self._followed.setdefault(folder, _Followed())
            device = device_at(folder)
            if device != followed.device or _is_deaf(followed, folder):
                _stop(followed)
                followed.device = device
                if device is not None and not volumes.is_remote(device):
                    followed.inode = inode_at(folder)
                    followed.observer = self._observe(folder)
                followed.looked_through = self._clock()
                if known and device is not None:
                    self._saw(folder)
            elif device is None:
                if known and appeared:  # perhaps its drive, at another mount point
                    self._saw(folder)
            elif (
                followed.observer is None and self._clock() - followed.looked_through >= pace.rescan
            ):
                followed.looked_through = self._clock()
                self._saw(folder)

    def _observe(self, folder: Path) -> _Observer | None:
        observer: _Observer = Observer()
        try:
            observer.schedule(
                _Handler(folder, self._saw), str(folder), recursive=True, event_filter=_TELLING
            )
            observer.start()
        except OSError as error:  # more folders than the system watches for one user
            log.warning("a folder is looked through at intervals: %s", error.strerror)
            return None
        return observer

    def _saw(self, folder: Path) -> None:
        with self._woken:
            self._changes.saw(folder, self._clock())
            self._woken.notify_all()


class _Handler(FileSystemEventHandler):  # type: ignore[misc]  # watchdog is seen as untyped
    """Tells that something in a folder may have changed which a sync would see."""

    def __init__(self, folder: Path, saw: Callable[[Path], None]) -> None:
        self._folder = folder
        self._saw = saw

    def on_any_event(self, event: FileSystemEvent) -> None:
        """See watchdog."""
        places = (event.src_path, getattr(event, "dest_path", ""))
        if event.is_directory or any(is_picture_name(Path(_text(one)).name) for one in places):
            self._saw(self._folder)


def _text(path: str | bytes) -> str:
    return path if isinstance(path, str) else path.decode(errors="surrogateescape")


def _is_deaf(followed: _Followed, folder: Path) -> bool:
    """Whether what is heard is a folder that stood at this path before.

    One that is deleted ends its watch; one that is moved away takes it along.
    """
    if followed.observer is None:
        return False
    if not all(one.is_alive() for one in followed.observer.emitters):
        return True
    return inode_at(folder) not in (None, followed.inode)


def _stop(followed: _Followed) -> None:
    observer, followed.observer = followed.observer, None
    if observer is not None:
        observer.stop()
        observer.join(_STOP_SECONDS)
