"""What a path refers to: an indexed folder, our own data folder, another computer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fashion_finder.catalogue.records import Root
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import RootId
from fashion_finder.errors import (
    FolderIsOurs,
    FolderIsSystems,
    FolderMissing,
    FolderUnavailable,
    FolderUnknown,
    PictureMissing,
    PictureRefused,
)
from fashion_finder.indexing.roots import Covered, locate
from fashion_finder.indexing.system_folders import enclosing, reason
from fashion_finder.paths import absolute_path, real_path
from fashion_finder.settings import SCAN_SECONDS
from fashion_finder.timeouts import NoAnswerError, ask


class PathResolver:
    """Resolves paths against what is indexed now."""

    def __init__(self, data_dir: Path, catalogue: Catalogue) -> None:
        self._data_dir = data_dir
        self._catalogue = catalogue

    def located(self, folder: Path) -> list[tuple[RootId, str]]:
        """The indexed folders, and paths in them, that make up a folder. Raises FolderUnknown."""
        real = real_path(folder)
        roots = [(root, real_path(root.path)) for root in self._catalogue.roots.all()]
        placed = locate(folder, real, roots, real_path(self._data_dir))
        if isinstance(placed, Covered):
            return [(placed.root.id, placed.below)]
        if not placed.inner:
            raise FolderUnknown(folder)
        return [(root.id, "") for root, _ in placed.inner]

    def root_at(self, folder: Path) -> Root:
        """The indexed folder by its path, or by where its path really leads.

        Raises FolderUnknown.
        """
        roots = self._catalogue.roots.all()
        for resolved in (absolute_path, real_path):
            for root in roots:
                if resolved(root.path) == resolved(folder):
                    return root
        raise FolderUnknown(folder)

    def usable(self, folder: Path) -> Path:
        """The absolute path of a folder that may be synced. Raises FolderError."""
        real, ours = real_path(folder), DataFolder(real_path(self._data_dir))
        if real.is_relative_to(ours.path) and not real.is_relative_to(ours.sample_wardrobe):
            raise FolderIsOurs(folder)
        is_indexed = self.is_indexed(folder)
        system = enclosing(absolute_path(folder), real)
        if system is not None and not is_indexed:
            raise FolderIsSystems(folder, reason(system))
        if not is_folder(folder) and not is_indexed:
            _wait_for(folder)
            return self.usable(folder)
        return absolute_path(folder)

    def sorted_out(self, paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
        """Folders and files among these paths; missing files are left out unless all are.

        Raises PictureMissing.
        """
        folders: list[Path] = []
        files: list[Path] = []
        missing: list[Path] = []
        for path in map(absolute_path, paths):
            if _is_file(path):
                files.append(path)
            elif is_folder(path) or self.is_indexed(path):
                folders.append(path)
            else:
                missing.append(path)
        if missing and not files and not folders:
            raise PictureMissing(missing[0])
        return folders, files

    def is_indexed(self, folder: Path) -> bool:
        """Whether exactly this folder is indexed, online or offline."""
        real = real_path(folder)
        return any(real == real_path(root.path) for root in self._catalogue.roots.all())

    def refuse_remote(self, path: Path) -> None:
        """Opening a share sends it Windows credentials, so only indexed ones may be.

        Raises PictureRefused.
        """
        if not path.drive.startswith("\\\\"):
            return
        if not any(path.is_relative_to(root.path) for root in self._catalogue.roots.all()):
            raise PictureRefused(path)


def _is_file(path: Path) -> bool:
    try:
        return ask(path, Path.is_file)
    except (OSError, ValueError):
        return False


def _wait_for(folder: Path) -> None:
    """Wait for a drive that wakes up. Raises FolderMissing, FolderUnavailable."""
    try:
        if ask(folder.expanduser(), Path.is_dir, SCAN_SECONDS, patient=True):
            return
    except NoAnswerError as error:
        raise FolderUnavailable(folder, error.strerror or "") from error
    except (OSError, RuntimeError):
        pass
    raise FolderMissing(folder)


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; does not wait for a share that does not answer."""
    try:
        return ask(path.expanduser(), Path.is_dir)
    except (OSError, RuntimeError):
        return False
