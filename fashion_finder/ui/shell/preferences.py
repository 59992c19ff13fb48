"""What the window remembers between two starts, in an ini file of the data folder."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from fashion_finder.data_folder import DataFolder
from fashion_finder.own_files import make_way, make_way_for_new

log = logging.getLogger(__name__)

_MOST_BYTES = 1 << 20  # of a file of settings
MOST = 10  # folders in the menu


@dataclass(frozen=True, slots=True)
class Preferences:
    """Values only; reading and writing them is disk work and not for the GUI thread."""

    geometry: bytes = b""
    last_folder: str = ""  # where the last picture was opened from
    recent_folders: tuple[str, ...] = ()  # newest first
    last_place: str = ""  # where the last folder to index was chosen
    watches_folders: bool = True


def with_newest(recent: Iterable[str], folders: Iterable[Path]) -> tuple[str, ...]:
    """The list after `folders` were used."""
    return tuple(dict.fromkeys([*map(str, folders), *recent]))[:MOST]


def for_menu(recent: Iterable[str], indexed: Iterable[Path]) -> tuple[Path, ...]:
    """What to offer: the recent ones that are still indexed, then the other indexed ones."""
    known = [str(folder) for folder in indexed]
    ordered = dict.fromkeys([*(folder for folder in recent if folder in known), *known])
    return tuple(map(Path, ordered))[:MOST]


def load_preferences(data_dir: Path) -> Preferences:
    """What was saved last, or the defaults; an unreadable file counts as none.

    Whatever would hold Qt up at this file, or at the one of its file dialog, makes way.
    """
    folder = DataFolder(data_dir)
    for file in (folder.preferences, folder.qt_settings):
        _make_way(file)
    settings = _settings(data_dir)
    settings.allKeys()  # reads them: only then Qt knows
    if settings.status() is not QSettings.Status.NoError:
        log.warning("the preferences are damaged: the defaults stand in")
    geometry = settings.value("window/geometry")
    recent = settings.value("folders/recent", [], list)  # one folder is a plain word there
    return Preferences(
        geometry=bytes(geometry.data()) if isinstance(geometry, QByteArray) else b"",
        last_folder=str(settings.value("pictures/last_folder", "", str)),
        recent_folders=tuple(map(str, recent)) if isinstance(recent, list) else (),
        last_place=str(settings.value("folders/last_place", "", str)),
        watches_folders=bool(settings.value("folders/watched", True, bool)),
    )


def save_preferences(data_dir: Path, preferences: Preferences) -> None:
    """Write them; does nothing while there is no data folder to write to."""
    if not data_dir.is_dir():
        return
    _make_way(DataFolder(data_dir).preferences)
    settings = _settings(data_dir)
    settings.setValue("window/geometry", QByteArray(preferences.geometry))
    settings.setValue("pictures/last_folder", preferences.last_folder)
    settings.setValue("folders/recent", list(preferences.recent_folders))
    settings.setValue("folders/last_place", preferences.last_place)
    settings.setValue("folders/watched", preferences.watches_folders)
    settings.sync()
    for path in (Path(settings.fileName()), DataFolder(data_dir).qt_settings):
        with suppress(OSError):  # Qt writes them for everybody to read, and they name folders
            path.chmod(0o600)


def _make_way(file: Path) -> None:
    """Let Qt find an ordinary file of ordinary size or none, and no lock that nobody holds.

    There is one window to a data folder, and Qt holds the lock only while it writes.
    """
    lock = file.with_name(f"{file.name}.lock")
    try:
        make_way_for_new(file)
        if file.exists() and file.stat().st_size > _MOST_BYTES:
            log.warning("%s is too large: it is made again", file.name)
            file.unlink()
        make_way(lock)
        lock.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be replaced: %s", file.name, error.strerror)


def _settings(data_dir: Path) -> QSettings:
    return QSettings(str(DataFolder(data_dir).preferences), QSettings.Format.IniFormat)
