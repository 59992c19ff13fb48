"""Folders that a system or another program makes for itself: they hold no photos of their own.

Thumbnails, deleted photos, snapshots of what lies beside them, and the libraries of photo programs,
in which every photo has several files. The names in the table are given by no person. They are
compared whole and without case, because FAT, SMB and macOS change it, but for the two that could also
be words: `RECYCLED` and `RECYCLER` are always written in capitals by Windows, so that a collection
called "Recycled" is indexed.

Sources: the makers' own manuals, and reports about neighbouring programs (photoprism #555 and #4921,
immich #12324, Nextcloud recognize #1385, Dynaframe3 #71).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class SystemFolders:
    """Folders of one origin; `holds` completes the sentence "A system folder: ..."."""

    holds: str
    names: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()  # of packages, folders that macOS shows as one file
    capitals: tuple[str, ...] = ()  # names that only count as they are written here
    pattern: str = r"(?!)"  # for names that hold a number


TABLE: Final = (
    # Synology DSM: thumbnails in every folder; deleted files and snapshots at the top of a share.
    SystemFolders("thumbnails of a Synology NAS", ("@eaDir",)),
    SystemFolders("deleted files of a NAS", ("#recycle", "@Recycle")),
    SystemFolders("snapshots of a NAS", ("#snapshot", "@Recently-Snapshot", "@sharesnap")),
    SystemFolders("temporary files of a NAS", ("@tmp", ".@upload_cache")),
    # QNAP QTS: thumbnails, and copies of videos and photos for slower players.
    SystemFolders("thumbnails of a QNAP NAS", (".@__thumb", "@Transcode")),
    # Western Digital My Cloud, in every folder of a share.
    SystemFolders("thumbnails of a My Cloud NAS", (".wdmc", ".wdphotos")),
    # NetApp, ZFS, and Snapper (Btrfs): every snapshot is a copy of the whole folder.
    SystemFolders("snapshots of a file system", ("~snapshot", ".snapshot", ".snapshots", ".zfs")),
    # Samba's vfs_recycle, with its own default and Unraid's name.
    SystemFolders("deleted files of a share", (".recycle", ".Recycle.Bin")),
    # Netatalk, which is how a NAS speaks to a Mac; and the archives that macOS writes.
    SystemFolders("Mac metadata", (".AppleDouble", "__MACOSX", "TheVolumeSettingsFolder")),
    SystemFolders("deleted files of a Mac", ("Network Trash Folder", ".Trashes")),
    # freedesktop.org's Trash specification: .Trash, .Trash-1000; macOS: .Trash in the home folder.
    SystemFolders("deleted files", pattern=r"\.trash(-\d+)?"),
    # Windows Vista and later; before it NTFS, FAT.
    SystemFolders("deleted files of Windows", ("$RECYCLE.BIN",), capitals=("RECYCLER", "RECYCLED")),
    # Restore points; what chkdsk and fsck could not put back where it belonged.
    SystemFolders("data of Windows", ("System Volume Information",)),
    SystemFolders("remains of a disk repair", ("lost+found",), pattern=r"found\.\d{3}"),
    # Time Machine on HFS+.
    SystemFolders("backups of a Mac", ("Backups.backupdb",)),
    # Nextcloud and ownCloud keep these beside a user's files; `appdata_oc...` holds previews.
    SystemFolders("deleted files of Nextcloud", ("files_trashbin", ".trashbin")),
    SystemFolders("earlier versions in Nextcloud", ("files_versions",)),
    SystemFolders("previews of Nextcloud", pattern=r"appdata_oc[0-9a-z]{10}"),
    # Syncthing and Dropbox keep what was replaced or deleted.
    SystemFolders("earlier versions", (".stversions", ".dropbox.cache")),
    # Apple Photos, iPhoto, Aperture, Lightroom, Capture One: originals, edits and thumbnails side by
    # side. Not Capture One's "CaptureOne" beside the photos of a session: its previews have endings
    # of their own, and people give that name to their exports.
    SystemFolders(
        "the library of a photo program; export its photos to index them",
        endings=(
            *(".photoslibrary", ".photolibrary", ".migratedphotolibrary"),
            *(".aplibrary", ".migratedaplibrary", ".lrlibrary", ".cocatalog"),
        ),
    ),
    SystemFolders("the library of a video program", endings=(".imovielibrary", ".fcpbundle")),
    # Lightroom Classic: "... Previews.lrdata", "... Smart Previews.lrdata".
    SystemFolders("previews of Lightroom", endings=(".lrdata",)),
    # Picasa kept the originals of edited photos here; its newer copies are the photos themselves.
    SystemFolders("originals that Picasa replaced", (".picasaoriginals",)),
    SystemFolders("deleted files of digiKam", (".dtrash",)),
    # Android and older Linux desktops.
    SystemFolders("thumbnails", (".thumbnails",)),
)

ELSEWHERE: Final = "It leads into a system folder"
"""Why a link is left out."""

_NAMES: Final = {name.casefold(): row for row in TABLE for name in row.names}
_CAPITALS: Final = {name: row for row in TABLE for name in row.capitals}
_ENDINGS: Final = {ending: row for row in TABLE for ending in row.endings}
_PATTERNS: Final = tuple((re.compile(row.pattern), row) for row in TABLE if row.pattern != r"(?!)")
_HOME_TRASH: Final = ("share", "trash")  # $XDG_DATA_HOME/Trash, too plain a name by itself


def system_folder(name: str) -> SystemFolders | None:
    """The row of the table that a folder of this name falls under; None for a person's folder."""
    folded = name.casefold()
    row = _NAMES.get(folded) or _CAPITALS.get(name)
    if row is None and "." in folded:
        row = _ENDINGS.get(folded[folded.rindex(".") :])
        if row is not None and folded in _ENDINGS:  # nothing before the ending
            return None
    if row is None:
        return next((row for pattern, row in _PATTERNS if pattern.fullmatch(folded)), None)
    return row


def first_system_folder(parts: Iterable[str]) -> str | None:
    """The outermost system folder among the parts of a path."""
    before = ""
    for part in parts:
        folded = part.casefold()
        if system_folder(part) is not None or (before, folded) == _HOME_TRASH:
            return part
        before = folded
    return None


def is_inside(relative: str) -> bool:
    """Whether a file, '/'-separated, lies in a system folder."""
    folder = relative.rpartition("/")[0]
    return bool(folder) and first_system_folder(folder.split("/")) is not None


def reason(name: str) -> str:
    """Why a folder of this name, or a link that leads to one, is left out."""
    row = system_folder(name)
    if row is None:
        return "A system folder: deleted files" if name.casefold() == "trash" else ELSEWHERE
    return f"A system folder: {row.holds}"


def enclosing(folder: Path, real: Path) -> str | None:
    """The system folder that a folder is, or lies in, by its path or by where that really leads."""
    return first_system_folder(folder.parts) or first_system_folder(real.parts)
