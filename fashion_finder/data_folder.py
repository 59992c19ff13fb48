"""The data folder: the one place that names the files and folders of the program's state.

Locks and sockets of a running window are no state: they lie in the session's own folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CATALOGUE_NAME = "catalogue.sqlite3"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where each piece of state lies; touches the disk only in `state`."""

    path: Path

    @property
    def catalogue(self) -> Path:
        """The SQLite database of what is indexed; backups and damaged ones lie beside it."""
        return self.path / CATALOGUE_NAME

    @property
    def thumbnails(self) -> Path:
        """The SQLite database of thumbnails and signatures; a cache."""
        return self.path / "thumbnails.sqlite3"

    @property
    def index(self) -> Path:
        """The folder of what is derived from catalogue and model: HNSW graphs, colour directions."""
        return self.path / "index"

    @property
    def sync_lock(self) -> Path:
        """Locked by the one process that syncs."""
        return self.path / "sync.lock"

    @property
    def logs(self) -> Path:
        """The folder of the logs and crash traces."""
        return self.path / "logs"

    @property
    def log_file(self) -> Path:
        """The current log; older ones lie beside it."""
        return self.logs / "fashion-finder.log"

    @property
    def crash_log(self) -> Path:
        """The trace of a crash nobody was told of yet; earlier ones lie beside it."""
        return self.logs / "crash.log"

    @property
    def preferences(self) -> Path:
        """What the window remembers."""
        return self.path / "window.ini"

    @property
    def qt_settings(self) -> Path:
        """What Qt's own file dialog remembers; Qt gives it its name."""
        return self.path / "QtProject.conf"

    @property
    def sample_wardrobe(self) -> Path:
        """The folder of the sample pictures: the only one in here that may be indexed."""
        return self.path / "sample-wardrobe"

    @property
    def sample_question(self) -> Path:
        """The folder of the example question."""
        return self.path / "sample-question"

    def state(self) -> Iterator[Path]:
        """Every file and folder here that is the program's alone, the sync lock last.

        Files come with those named after them: write-ahead logs, backups, what was put aside. The
        sample's two folders are left out: people keep pictures of their own in them.
        """
        for file in (self.catalogue, self.thumbnails, self.preferences, self.qt_settings):
            yield from sorted(self.path.glob(f"{file.name}*"))
        yield from (self.index, self.logs)
        yield from self.path.glob(f"{self.sync_lock.name}*")
