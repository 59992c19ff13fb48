"""The data folder: the one place that names the files and folders of the program's state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

CATALOGUE_NAME: Final = "catalogue.sqlite3"


class DataFolder:
    """Where each piece of state is; touches the disk only in `state`."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self.catalogue: Final = path / CATALOGUE_NAME  # backups and damaged ones are beside it
        self.thumbnails: Final = path / "thumbnails.sqlite3"  # with the signatures; a cache
        self.index: Final = path / "index"  # folder of HNSW graphs and colour directions; a cache
        self.sync_lock: Final = path / "sync.lock"  # locked by the one process that syncs
        self.logs: Final = path / "logs"  # folder, also of crash traces
        self.log_file: Final = self.logs / "fashion-finder.log"  # older ones are beside it
        self.crash_log: Final = self.logs / "crash.log"  # not reported yet; earlier ones beside it
        self.preferences: Final = path / "window.ini"
        self.qt_settings: Final = path / "QtProject.conf"  # of Qt's file dialog, which names it
        # Of a running window, where the session has no folder of its own for them.
        self.window_lock: Final = path / "window.lock"
        self.window_socket: Final = path / "window.socket"
        self.sample_wardrobe: Final = path / "sample-wardrobe"  # the only folder to be indexed here
        self.sample_question: Final = path / "sample-question"  # folder

    def holds_only_state(self, names: Iterable[str]) -> bool:
        """Whether files and folders of these names are all of the program's making."""
        parts = [value for value in vars(self).values() if value != self.path]
        own = tuple(part.name for part in parts if part.parent == self.path)
        return all(name.startswith(own) for name in names)

    def state(self) -> Iterator[Path]:
        """Every file and folder here that is the program's alone, the sync lock last.

        Files come with those named after them: write-ahead logs, backups, what was set aside. The
        sample's two folders are left out: people may keep pictures of their own in them.
        """
        for file in (self.catalogue, self.thumbnails, self.preferences, self.qt_settings):
            yield from sorted(self.path.glob(f"{file.name}*"))
        yield from (self.index, self.logs)
        for file in (self.window_lock, self.window_socket, self.sync_lock):
            yield from self.path.glob(f"{file.name}*")
