"""Walks a folder and lists the pictures in it, opening none of them.

Sub-folders are entered, hidden ones are not. A folder reached twice, through links or bind mounts,
is walked once: real folders first, then links, so that a photo is known by its real path. What
cannot be looked at, folder or file, is remembered, so that it is not mistaken for deleted.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fashion_finder.domain import FileStamp, storable
from fashion_finder.errors import FolderMissing, FolderUnavailable
from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)

_new = tuple.__new__
_CHUNK = 512
"""The most pictures of one folder that are handed on together."""


class FoundFile(NamedTuple):
    """A picture that the scan found, and the volume it is on."""

    stamp: FileStamp
    volume: str


@dataclass(slots=True)
class Scan:
    """One walk. Iterate `listings` to its end, then read what it learned about the folders."""

    root: Path
    below: str = ""  # only this sub-folder, '/'-separated; '' for all
    excluded: tuple[Path, ...] = ()  # never entered: the program's own data, other roots
    folders: dict[str, str] = field(default_factory=dict)  # listed folder -> volume
    unlisted: set[str] = field(default_factory=set)  # folders and files that cannot be read
    looked: int = 0  # entries seen so far, pictures or not: rises as long as the disk answers
    _volumes: Volumes = field(default_factory=Volumes)

    def listings(self) -> Iterator[list[FoundFile]]:
        """Every picture, in no particular order; each list is from one folder.

        Raises FolderMissing or FolderUnavailable when the start itself cannot be listed.
        """
        start = self.root / self.below if self.below else self.root
        entered = {_identity(path) for path in self.excluded}
        entered.discard(_identity(start))  # asked for by name: a bind mount of a root is a root too
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
                if path == start and isinstance(error, FileNotFoundError | NotADirectoryError):
                    raise FolderMissing(path) from error
                if path == start:
                    raise FolderUnavailable(path, error.strerror or "") from error
                if not through_link:  # a dangling link is no folder at all
                    self.unlisted.add(folder)
                continue
            identity = (status.st_dev, status.st_ino)
            if identity in entered:
                entries.close()
                continue
            entered.add(identity)
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
    ) -> Iterator[list[FoundFile]]:
        prefix = f"{folder}/" if folder else ""
        found: list[FoundFile] = []
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
                        found.append(self._look(entry, relative, volume))
                        if len(found) == _CHUNK:
                            yield found
                            found = []
                except Exception as error:  # noqa: BLE001 - a bug costs one file, and is logged
                    self._miss(entry, relative, error)
        except OSError:  # the drive was unplugged meanwhile
            self.unlisted.add(folder)
        if found:
            yield found

    def _look(self, entry: os.DirEntry[str], relative: str, volume: str) -> FoundFile:
        """What is seen of a picture in a folder on this volume. Raises OSError."""
        status = entry.stat()
        # Named tuples by tuple's own constructor take a third of the time.
        numbers = storable(status.st_size), storable(status.st_mtime_ns)
        stamp: FileStamp = _new(FileStamp, (relative, *numbers))
        if entry.is_symlink():  # a linked photo is on the volume where its link leads
            volume = self._volumes.identity(status.st_dev)
        found: FoundFile = _new(FoundFile, (stamp, volume))
        return found

    def _miss(self, entry: os.DirEntry[str], relative: str, error: Exception) -> None:
        """Keep in mind what could not be looked at, unless it was deleted since it was listed."""
        if not isinstance(error, OSError):
            log.error("a bug while looking at a file", exc_info=error)
        elif isinstance(error, FileNotFoundError) and not entry.is_symlink():
            return  # the link of something offline stays
        self.unlisted.add(relative)

    def _leads_back_inside(self, relative: str) -> bool:
        """In a walk of one sub-folder: whether a full walk would reach the link's target directly."""
        if not self.below:
            return False
        target = os.path.realpath(self.root / relative)
        return Path(target).is_relative_to(os.path.realpath(self.root))


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of an excluded folder; None if its disk does not answer in time."""
    try:
        status = ask(path, Path.stat)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)
