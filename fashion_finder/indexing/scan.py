"""Walks a folder and tells what pictures it holds, opening none of them.

Sub-folders are entered, hidden ones are not. A folder reached twice, by links or bind mounts, is
walked once: real folders first, then linked ones, so that a photo is known by its real path.
What cannot be looked at, a folder or a file, is remembered: it may not be taken for deleted.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fashion_finder.domain import FileStamp
from fashion_finder.errors import FolderMissing, FolderUnavailable
from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.timeouts import ask

_Identity = tuple[int, int]
_new = tuple.__new__
_AT_ONCE = 512
"""Of a folder with very many pictures, as many are handed on together."""


class Seen(NamedTuple):
    """A picture met by the scan, and the volume it lies on."""

    stamp: FileStamp
    volume: str


@dataclass(slots=True)
class Scan:
    """One walk. Iterate `listings` to its end, then read what it learned about the folders."""

    root: Path
    below: str = ""  # only this sub-folder, '/'-separated; '' for all
    excluded: tuple[Path, ...] = ()  # never entered: the program's own data, other roots
    folders: dict[str, str] = field(default_factory=dict)  # listed folder -> volume
    unlisted: set[str] = field(default_factory=set)  # folders and files out of reach
    looked: int = 0  # entries met so far, pictures or not: it rises as long as the disk answers
    _volumes: Volumes = field(default_factory=Volumes)

    def listings(self) -> Iterator[list[Seen]]:
        """Every picture, in no particular order, some of one folder at a time.

        Raises FolderMissing or FolderUnavailable when the start itself cannot be listed.
        """
        start = self.root / self.below if self.below else self.root
        seen = {_identity(path) for path in self.excluded}
        seen.discard(_identity(start))  # asked for by name: one bind mount of a root is a root too
        real: deque[str] = deque([self.below])
        links: deque[str] = deque()
        while real or links:
            through_link = not real
            folder = (real or links).popleft()
            self.looked += 1
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
            with entries:
                yield from self._list(folder, volume, entries, real, links)

    def _list(
        self,
        folder: str,
        volume: str,
        entries: Iterator[os.DirEntry[str]],
        real: deque[str],
        links: deque[str],
    ) -> Iterator[list[Seen]]:
        prefix = f"{folder}/" if folder else ""
        found: list[Seen] = []
        try:
            for entry in entries:
                self.looked += 1
                name = entry.name
                if name.startswith("."):
                    continue
                relative = prefix + name
                try:
                    if entry.is_dir():
                        if not entry.is_symlink():
                            real.append(relative)
                        elif not self._leads_back_inside(relative):
                            links.append(relative)
                    elif is_picture_name(name):
                        status = entry.stat()
                        # Named tuples by the tuple's own constructor: a third of the time.
                        stamp = _new(FileStamp, (relative, status.st_size, status.st_mtime_ns))
                        at = self._volume_of_link(status) if entry.is_symlink() else volume
                        found.append(_new(Seen, (stamp, at)))
                        if len(found) == _AT_ONCE:
                            yield found
                            found = []
                except OSError as error:
                    # Gone since the folder was listed, or a link to what is out of reach now.
                    if entry.is_symlink() or not isinstance(error, FileNotFoundError):
                        self.unlisted.add(relative)
        except OSError:  # the drive went away while it was listed
            self.unlisted.add(folder)
        if found:
            yield found

    def _volume_of_link(self, status: os.stat_result) -> str:
        """The photo lies where the link leads."""
        return self._volumes.identity(status.st_dev)

    def _leads_back_inside(self, relative: str) -> bool:
        """In a walk of one sub-folder: whether a linked folder is met by its real path elsewhere."""
        if not self.below:
            return False
        target = os.path.realpath(self.root / relative)
        return Path(target).is_relative_to(os.path.realpath(self.root))


def _identity(path: Path) -> _Identity | None:
    """Of a folder that is left out; one on a dead share may not hold up the walk of another."""
    try:
        status = ask(path, Path.stat)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _start_failed(path: Path, error: OSError) -> FolderMissing | FolderUnavailable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FolderMissing(path)
    return FolderUnavailable(path, error.strerror or "")
