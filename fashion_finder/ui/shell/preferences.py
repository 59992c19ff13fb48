"""What the window remembers between two starts, in an ini file of the data folder."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from fashion_finder.data_folder import DataFolder

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
    """What was saved last, or the defaults; an unreadable file counts as none."""
    settings = _settings(data_dir)
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
    settings = _settings(data_dir)
    settings.setValue("window/geometry", QByteArray(preferences.geometry))
    settings.setValue("pictures/last_folder", preferences.last_folder)
    settings.setValue("folders/recent", list(preferences.recent_folders))
    settings.setValue("folders/last_place", preferences.last_place)
    settings.setValue("folders/watched", preferences.watches_folders)
    settings.sync()
    with suppress(OSError):  # Qt writes it for everybody to read, and it names folders
        Path(settings.fileName()).chmod(0o600)


def _settings(data_dir: Path) -> QSettings:
    return QSettings(str(DataFolder(data_dir).preferences), QSettings.Format.IniFormat)
