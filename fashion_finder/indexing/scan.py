"""Walks a folder and lists the pictures in it, opening none of them.

Sub-folders are entered, hidden and system ones are not. A folder reached twice, through links or bind
mounts, is walked once: real folders first, then links, so that a photo is known by its real path.
What cannot be looked at, folder or file, is remembered, so that it is not mistaken for deleted; so is
what is passed over, so that the user can be told.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fashion_finder.domain import FileStamp, storable
from fashion_finder.errors import FolderMissing, FolderUnavailable
from fashion_finder.images import placeholders
from fashion_finder.images.formats import PICTURE, kind_of_name
from fashion_finder.indexing.system_folders import first_system_folder, system_folder
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.timeouts import ask

log = logging.getLogger(__name__)

_new = tuple.__new__
_CHUNK = 512
"""The most pictures of one folder that are handed on together."""

_LATEST_CHANGE = 0 if sys.platform == "win32" else (1 << 63) - 1
"""Change times beyond it count as not recorded: on Windows ``st_ctime`` is the time of creation."""


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
    links: dict[str, Path] = field(default_factory=dict)  # entered through them -> where they lead
    dataless: set[str] = field(default_factory=set)  # of those unlisted, folders only in the cloud
    system: set[str] = field(default_factory=set)  # system folders, and links into some
    in_cloud: list[FoundFile] = field(default_factory=list)  # pictures only in the cloud
    not_read: dict[tuple[str, str], int] = field(default_factory=dict)  # folder, kind -> files
    is_placeholder: Callable[[os.stat_result], bool] | None = (  # None: the system has none
        placeholders.is_only_in_cloud if placeholders.SYSTEM_HAS_THEM else None
    )
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
                if placeholders.is_dataless(status):
                    self.unlisted.add(folder)
                    self.dataless.add(folder)
                    continue
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
            if through_link and path.is_symlink():
                self.links[folder] = Path(os.path.realpath(path))
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
                relative = prefix + name
                try:
                    if name.startswith("."):
                        self._pass_hidden(folder, entry, volume)
                    elif entry.is_dir():
                        self._sort_folder(relative, entry, real, links)
                    elif (kind := kind_of_name(name)) is PICTURE:
                        self._look(entry, relative, volume, found)
                        if len(found) == _CHUNK:
                            yield found
                            found = []
                    elif kind is not None:
                        self.not_read[folder, kind] = self.not_read.get((folder, kind), 0) + 1
                except Exception as error:  # noqa: BLE001 - a bug costs one file, and is logged
                    self._miss(entry, relative, error)
        except OSError:  # the drive was unplugged meanwhile
            self.unlisted.add(folder)
        if found:
            yield found

    def _look(
        self, entry: os.DirEntry[str], relative: str, volume: str, found: list[FoundFile]
    ) -> None:
        """Add a picture in a folder on this volume to those found. Raises OSError."""
        status = entry.stat()
        file: FoundFile = _new(FoundFile, (_stamp(relative, status), volume))
        if entry.is_symlink() or self.is_placeholder is not None:
            self._sort_special(file, entry, status, found)
        else:
            found.append(file)

    def _miss(self, entry: os.DirEntry[str], relative: str, error: Exception) -> None:
        """Keep in mind what could not be looked at, unless it was deleted since it was listed."""
        if not isinstance(error, OSError):
            log.error("a bug while looking at a file", exc_info=error)
        elif isinstance(error, FileNotFoundError) and not entry.is_symlink():
            return  # the link of something offline stays
        self.unlisted.add(relative)

    def _sort_folder(
        self, relative: str, entry: os.DirEntry[str], real: deque[str], links: deque[str]
    ) -> None:
        if system_folder(entry.name) is not None:
            self.system.add(relative)
        elif not entry.is_symlink():
            real.append(relative)
        elif self._leads_into_system_folder(relative):
            self.system.add(relative)
        elif not self._leads_back_inside(relative):
            links.append(relative)

    def _sort_special(
        self,
        file: FoundFile,
        entry: os.DirEntry[str],
        status: os.stat_result,
        found: list[FoundFile],
    ) -> None:
        """A linked photo is on the volume where its link leads; one may be only in the cloud."""
        if entry.is_symlink():
            if self._leads_into_system_folder(file.stamp.relative):
                self.system.add(file.stamp.relative)
                return
            file = file._replace(volume=self._volumes.identity(status.st_dev))
        if self.is_placeholder is not None and self.is_placeholder(status):
            self.in_cloud.append(file)
        else:
            found.append(file)

    def _pass_hidden(self, folder: str, entry: os.DirEntry[str], volume: str) -> None:
        """Remember what hides a picture that is only in the cloud, or is a system folder."""
        hidden = placeholders.stub_for(entry.name)
        if hidden is not None and kind_of_name(hidden) is PICTURE:
            relative = f"{folder}/{hidden}" if folder else hidden
            if not os.path.lexists(self.root / relative):
                self.in_cloud.append(FoundFile(FileStamp(relative, 0, 0), volume))
        elif system_folder(entry.name) is not None and entry.is_dir():
            self.system.add(f"{folder}/{entry.name}" if folder else entry.name)

    def _leads_into_system_folder(self, relative: str) -> bool:
        target = Path(os.path.realpath(self.root / relative))
        return first_system_folder(target.parts) is not None

    def _leads_back_inside(self, relative: str) -> bool:
        """In a walk of one sub-folder: whether a full walk would reach the link's target directly."""
        if not self.below:
            return False
        target = os.path.realpath(self.root / relative)
        return Path(target).is_relative_to(os.path.realpath(self.root))


@dataclass(slots=True)
class FileScan:
    """A look at some files of a folder; says nothing about any other, nor about those not found."""

    root: Path
    relatives: tuple[str, ...]
    folders: dict[str, str] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    links: dict[str, Path] = field(default_factory=dict)
    system: set[str] = field(default_factory=set)
    in_cloud: list[FoundFile] = field(default_factory=list)  # none: who asks may have it fetched
    looked: int = 0
    _volumes: Volumes = field(default_factory=Volumes)

    def listings(self) -> Iterator[list[FoundFile]]:
        """Those of the files that are there."""
        for relative in self.relatives:
            self.looked += 1
            with suppress(OSError):
                status = os.stat(self.root / relative)
                volume = self._volumes.identity(status.st_dev)
                yield [FoundFile(_stamp(relative, status), volume)]


def _stamp(relative: str, status: os.stat_result) -> FileStamp:
    changed = status.st_ctime_ns
    if not 0 < changed <= _LATEST_CHANGE:
        changed = 0
    # Named tuples by tuple's own constructor take a third of the time.
    numbers = storable(status.st_size), storable(status.st_mtime_ns)
    stamp: FileStamp = _new(FileStamp, (relative, *numbers, changed))
    return stamp


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of an excluded folder; None if its disk does not answer in time."""
    try:
        status = ask(path, Path.stat)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)
