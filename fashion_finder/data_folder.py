"""The data folder: the one place that names the files and folders of the program's state.

Locks and sockets of a running window are not state: they are in the session's own folder.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        self.sample_wardrobe: Final = path / "sample-wardrobe"  # the only folder to be indexed here
        self.sample_question: Final = path / "sample-question"  # folder

    def state(self) -> Iterator[Path]:
        """Every file and folder here that is the program's alone, the sync lock last.

        Files come with those named after them: write-ahead logs, backups, what was set aside. The
        sample's two folders are left out: people may keep pictures of their own in them.
        """
        for file in (self.catalogue, self.thumbnails, self.preferences, self.qt_settings):
            yield from sorted(self.path.glob(f"{file.name}*"))
        yield from (self.index, self.logs)
        yield from self.path.glob(f"{self.sync_lock.name}*")
