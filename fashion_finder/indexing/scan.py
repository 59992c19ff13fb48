"""Walks a folder and tells what pictures it holds, opening none of them.

Sub-folders are entered, hidden ones are not. A folder reached twice, by links or bind mounts, is
walked once: real folders first, then linked ones, so that a photo is known by its real path.
A folder that cannot be listed is remembered: nothing below it may be taken for deleted.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fashion_finder.domain import FileStamp
from fashion_finder.errors import FolderMissing, FolderUnavailable
from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing.volumes import Volumes

_Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture met by the scan, and the volume it lies on."""

    stamp: FileStamp
    volume: str


@dataclass(slots=True)
class Scan:
    """One walk. Iterate `files` to its end, then read what it learned about the folders."""

    root: Path
    below: str = ""  # only this sub-folder, '/'-separated; '' for all
    excluded: Path | None = None  # never entered: the program's own data
    pulse: Callable[[], None] = lambda: None  # called for every folder; may raise to stop
    folders: dict[str, str] = field(default_factory=dict)  # listed folder -> volume
    unlisted: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)  # reached through a link
    _volumes: Volumes = field(default_factory=Volumes)

    def files(self) -> Iterator[Seen]:
        """Every picture, in no particular order.

        Raises FolderMissing or FolderUnavailable when the start itself cannot be listed.
        """
        start = self.root / self.below if self.below else self.root
        seen: set[_Identity] = set()
        excluded = _identity(self.excluded) if self.excluded is not None else None
        if excluded is not None:
            seen.add(excluded)
        real: deque[str] = deque([self.below])
        links: deque[str] = deque()
        while real or links:
            through_link = not real
            folder = (real or links).popleft()
            self.pulse()
            path = self.root / folder if folder else self.root
            try:
                status = os.stat(path)
                entries = os.scandir(path)
            except OSError as error:
                if path == start:
                    raise _start_failed(path, error) from error
                if not through_link:  # a dangling link is no folder at all
                    self.unlisted.add(folder)
                continue
            identity = (status.st_dev, status.st_ino)
            if identity in seen:
                entries.close()
                continue
            seen.add(identity)
            volume = self._volumes.identity(status.st_dev)
            self.folders[folder] = volume
            if through_link:
                self.linked.add(folder)
            with entries:
                yield from self._list(folder, volume, entries, real, links)

    def _list(
        self,
        folder: str,
        volume: str,
        entries: Iterator[os.DirEntry[str]],
        real: deque[str],
        links: deque[str],
    ) -> Iterator[Seen]:
        prefix = f"{folder}/" if folder else ""
        try:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                relative = prefix + entry.name
                if _is_folder(entry):
                    (links if entry.is_symlink() else real).append(relative)
                elif is_picture_name(entry.name):
                    stamp = _stamp(entry, relative)
                    if stamp is not None:
                        yield Seen(stamp, volume)
        except OSError:  # the drive went away while it was listed
            self.unlisted.add(folder)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _stamp(entry: os.DirEntry[str], relative: str) -> FileStamp | None:
    """None for a file that went away, or a link that leads nowhere."""
    try:
        status = entry.stat()
    except OSError:
        return None
    return FileStamp(relative, status.st_size, status.st_mtime_ns)


def _identity(path: Path) -> _Identity | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _start_failed(path: Path, error: OSError) -> FolderMissing | FolderUnavailable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FolderMissing(path)
    return FolderUnavailable(path, error.strerror or "")
