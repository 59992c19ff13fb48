"""Every way the world can fail us, as errors that a person can act on.

    FinderError                     title, advice, and the subject
    +-- PictureError                one picture cannot be used; everything else carries on
    |   +-- PictureMissing          no such file
    |   +-- PictureUnknown          never indexed
    |   +-- PictureUnreadable       damaged, or not a picture at all
    |   |   +-- PictureHitBug       a bug of ours, met while it was read or recorded
    |   +-- PictureTooLarge         more pixels than can be decoded safely
    |   +-- PictureTookTooLong      its decoding crashes, or does not end
    |   +-- PictureRefused          is on another computer: opening it would open a connection
    |   +-- PictureDenied           no permission to read it
    |   +-- PictureUnreachable      its drive or share failed, or it is being written
    |   +-- PictureInCloud          has not been downloaded; nobody asked for that
    |   |   +-- PictureUnanswered   its drive or share did not answer in time
    |   +-- PicturePostponed        the computer could not decode it this time
    +-- DecoderUnavailable          no decode worker can be started; no picture is to blame
    +-- FolderError
    |   +-- FolderMissing           no such folder
    |   +-- FolderUnavailable       an indexed folder that is offline; nothing in it is forgotten
    |   +-- FolderIsOurs            the program's own data folder
    |   +-- FolderIsSystems         thumbnails, deleted photos, the library of another program
    |   +-- FolderUnknown           never indexed
    +-- CatalogueError
    |   +-- CatalogueEmpty          a search before anything was indexed
    |   +-- CatalogueOutdated       all of it was indexed with another model, and waits for this one
    |   +-- CatalogueNewer          written by a later version of the program
    |   +-- CatalogueDamaged        SQLite cannot make sense of the file
    |   +-- CatalogueBusy           another process is indexing
    |   +-- CatalogueUnwritable     no permission, no such place
    |       +-- CatalogueReadOnly   can be searched, not indexed into
    |       +-- CatalogueDiskFull   no room
    |       +-- CatalogueDiskFailed  reading or writing failed
    |       +-- CatalogueUnlockable  its disk has no file locks
    |       +-- DataFolderRefused   others could change what is kept there
    +-- ModelError
    |   +-- ModelMissing            no such file
    |   +-- ModelRefused            breaks the model contract, or is not safe to open
    +-- PartUnknown                 the model's embedding has no such part to weigh
    +-- GuideMissing                the user guide was not installed
    +-- LibraryMissing              the system lacks what the window needs, as on a server
    +-- NotPortable                 --portable without an executable to keep the data beside
    +-- Interrupted                 asked to stop; finished work is kept

Anything else is a bug of ours: it is logged with its trace and reported.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import ClassVar

from fashion_finder.domain import SyncSummary


class FinderError(Exception):
    """Something outside the program failed: what, which file, and what to do about it."""

    title: ClassVar[str] = "Something went wrong"
    advice: ClassVar[str] = "Try again."

    def __init__(self, subject: Path | str | None = None, detail: str = "") -> None:
        super().__init__(subject, detail)
        self.subject = subject
        self.detail = detail

    def __str__(self) -> str:
        about = f": {self.subject}" if self.subject is not None else ""
        because = f" ({self.detail})" if self.detail else ""
        return f"{self.title}{about}{because}. {self.advice}"

    @property
    def reason(self) -> str:
        """The failure without its subject, for lists that name the file themselves."""
        return f"{self.title} ({self.detail})" if self.detail else self.title


class PictureError(FinderError):
    title = "This picture cannot be used"
    passing: ClassVar[bool] = False  # the same file may be readable next time, unchanged


class PictureMissing(PictureError):
    title = "Picture not found"
    advice = "Check its name, and that its drive is connected."


class PictureUnknown(PictureError):
    title = "This picture is not indexed"
    advice = "Index its folder first."


class PictureUnreadable(PictureError):
    title = "This picture cannot be read"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureHitBug(PictureUnreadable):
    passing = True  # a later version may have mended it

    def __init__(
        self, subject: Path | str | None = None, detail: str = "a bug in this program; see the log"
    ) -> None:
        super().__init__(subject, detail)


class PictureTooLarge(PictureError):
    title = "This picture is too large"
    advice = "Save a copy of at most 178 megapixels."


class PictureTookTooLong(PictureError):
    title = "Reading this picture took too long or crashed"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureRefused(PictureError):
    title = "This picture is on another computer"
    advice = "Copy it to this computer first, or index the shared folder it is in."


class PictureDenied(PictureError):
    title = "No permission to read this picture"
    advice = "Change the file's permissions, or ask its owner."
    passing = True


class PictureUnreachable(PictureError):
    title = "This picture cannot be read right now"
    advice = "Check its drive or share, and try again."
    passing = True


class PictureInCloud(PictureError):
    title = "This picture is only in the cloud"
    advice = "Download it, or let your cloud service keep it on this computer."
    passing = True


class PictureUnanswered(PictureUnreachable):
    """Its reading was given up; the drive may have been waking."""


class PicturePostponed(PictureError):
    title = "This picture could not be read this time"
    advice = "Close other programs, and try again."
    passing = True


class DecoderUnavailable(FinderError):
    title = "Pictures cannot be read right now"
    advice = "Close other programs or restart the computer. Nothing indexed is lost."


class FolderError(FinderError):
    title = "This folder cannot be used"


class FolderMissing(FolderError):
    title = "Folder not found"
    advice = "Check its name, and that its drive is connected."


class FolderUnavailable(FolderError):
    title = "This folder is offline"
    advice = "Connect its drive or share and try again. Nothing indexed is lost."


class FolderIsOurs(FolderError):
    title = "This is Fashion Finder's own data folder"
    advice = "Choose a folder of your photos."


class FolderIsSystems(FolderError):
    title = "Folders like this are not indexed"
    advice = "Choose the folder that holds the photos themselves."


class FolderUnknown(FolderError):
    title = "This folder is not indexed"
    advice = "Choose an indexed folder, or index this one first."


class CatalogueError(FinderError):
    title = "The catalogue cannot be used"


class CatalogueEmpty(CatalogueError):
    title = "Nothing is indexed yet"
    advice = "Index a folder of photos first."


class CatalogueOutdated(CatalogueError):
    title = "Your photos were indexed with another model"
    advice = "Index their folders again to make them searchable. Nothing indexed is lost."


class CatalogueNewer(CatalogueError):
    title = "The catalogue was made by a newer version of Fashion Finder"
    advice = "Update Fashion Finder, or choose another data folder."


class CatalogueDamaged(CatalogueError):
    title = "The catalogue is damaged"
    advice = (
        "Rebuild it: the damaged file is kept, and your folders are indexed again. Your photos are"
        " not touched."
    )


class CatalogueBusy(CatalogueError):
    title = "The catalogue is in use"
    advice = "Another Fashion Finder is using it. Wait until it is done, or close it."


class CatalogueUnwritable(CatalogueError):
    title = "The catalogue cannot be written"
    advice = "Check the permissions of the data folder, and its drive. Nothing indexed is lost."

    @staticmethod
    def because(subject: Path | str | None, error: OSError) -> CatalogueUnwritable:
        """The error for a failure of the system."""
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        kind = CatalogueDiskFull if is_full else CatalogueUnwritable
        return kind(subject, error.strerror or "")


class CatalogueDiskFull(CatalogueUnwritable):
    title = "The disk of the catalogue is full"
    advice = "Free up disk space. Nothing indexed is lost."


class CatalogueDiskFailed(CatalogueUnwritable):
    title = "The catalogue's drive or share does not work"
    advice = (
        "Check its connection, and your quota on it, or keep the data folder on another drive."
        " Nothing indexed is lost."
    )


class CatalogueUnlockable(CatalogueUnwritable):
    title = "The catalogue's drive or share cannot lock files"
    advice = "Keep the data folder on another drive, or mount the share with file locks."


class CatalogueReadOnly(CatalogueUnwritable):
    title = "The data folder is read-only"
    advice = (
        "You can search what is indexed. To index more, make the folder writable and restart, or"
        " choose another one."
    )


class DataFolderRefused(CatalogueUnwritable):
    title = "Others could change this data folder"
    advice = "Choose an empty folder that belongs to you and that only you may write to."


class ModelError(FinderError):
    title = "The model cannot be used"


class ModelMissing(ModelError):
    title = "The model file is missing"
    advice = "Reinstall Fashion Finder to restore its model."


class ModelRefused(ModelError):
    title = "This model file cannot be used"
    advice = "Use a model exported for Fashion Finder, or reinstall to restore its own."


class PartUnknown(FinderError):
    title = "The model has no such part"
    advice = "Weigh only the parts it has."


class GuideMissing(FinderError):
    title = "The user guide is missing"
    advice = "Reinstall Fashion Finder to restore it."


class LibraryMissing(FinderError):
    title = "A library that the window needs is missing"
    advice = "Install it from your system's packages. The commands work without it."


class NotPortable(FinderError):
    title = "Only the executable can keep its data beside itself"
    advice = "Choose a folder with --data-dir instead."


class Interrupted(FinderError):
    title = "Stopped"
    advice = "Run it again to continue."

    def __init__(self, summary: SyncSummary | None = None) -> None:
        super().__init__()
        self.summary = summary  # of what was done before
