"""Every way the world can fail us, as errors that a person can act on.

    FinderError                     title, advice, and the subject
    +-- PictureError                one picture; everything else carries on
    |   +-- PictureMissing          no such file
    |   +-- PictureUnreadable       damaged, or not a picture at all
    |   +-- PictureTooLarge         more pixels than can be decoded safely
    |   +-- PictureTookTooLong      the decoder was stopped
    |   +-- PictureRefused          is on another computer
    |   +-- PictureDenied           no permission to read it
    |   +-- PictureUnreachable      its drive or share failed, or it is being written
    +-- DecoderUnavailable          no decode worker can be started
    +-- FolderError
    |   +-- FolderMissing           no such folder
    |   +-- FolderUnavailable       an indexed folder that is offline
    |   +-- FolderIsOurs            the program's own data folder
    |   +-- FolderUnknown           never indexed
    +-- CatalogueError
    |   +-- CatalogueEmpty          a search before anything was indexed
    |   +-- CatalogueOutdated       everything in it was indexed with another model
    |   +-- CatalogueNewer          written by a later version of the program
    |   +-- CatalogueDamaged
    |   +-- CatalogueBusy           another process is indexing
    |   +-- CatalogueUnwritable     disk full, read-only, no permission
    |       +-- CatalogueReadOnly   can be searched, not indexed into
    +-- ModelMissing                no such file
    +-- ModelRefused                not a model of ours, or not safe to open
    +-- GuideMissing                the user guide was not installed
    +-- LibraryMissing              the system lacks what the window needs
    +-- NotPortable                 no executable to keep the data beside
    +-- Interrupted                 asked to stop; finished work is kept

Anything else is a bug of ours: it is logged with its trace and reported.
"""

from __future__ import annotations

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


# ---------------------------------------------------------------- pictures


class PictureError(FinderError):
    """One picture cannot be used."""

    title = "This picture cannot be used"
    passing: ClassVar[bool] = False  # the same file may be readable next time, unchanged


class PictureMissing(PictureError):
    """There is no such file."""

    title = "Picture not found"
    advice = "Check its name, and that its drive is connected."


class PictureUnreadable(PictureError):
    """The bytes are not a picture that can be decoded."""

    title = "This picture cannot be read"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureTooLarge(PictureError):
    """Decoding it would take too much memory."""

    title = "This picture is too large"
    advice = "Save a copy of at most 178 megapixels."


class PictureTookTooLong(PictureError):
    """The decode worker crashed, or was stopped."""

    title = "Reading this picture took too long or crashed"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureRefused(PictureError):
    """Opening it would open a network connection."""

    title = "This picture is on another computer"
    advice = "Copy it to this computer first, or index the shared folder it is in."


class PictureDenied(PictureError):
    """The system does not let us read it."""

    title = "No permission to read this picture"
    advice = "Change the file's permissions, or ask its owner."
    passing = True


class PictureUnreachable(PictureError):
    """The drive or share failed, or another program is writing the file."""

    title = "This picture cannot be read right now"
    advice = "Check its drive or share, and try again."
    passing = True


class DecoderUnavailable(FinderError):
    """No decode worker can be started; no picture is to blame."""

    title = "Pictures cannot be read right now"
    advice = "Close other programs or restart the computer. Nothing indexed is lost."


# ---------------------------------------------------------------- folders


class FolderError(FinderError):
    """A folder cannot be used."""

    title = "This folder cannot be used"


class FolderMissing(FolderError):
    """There is no such folder."""

    title = "Folder not found"
    advice = "Check its name, and that its drive is connected."


class FolderUnavailable(FolderError):
    """An indexed folder is offline; nothing in it is forgotten."""

    title = "This folder is offline"
    advice = "Connect its drive or share and try again. Nothing indexed is lost."


class FolderIsOurs(FolderError):
    """The folder holds the program's own data."""

    title = "This is Fashion Finder's own data folder"
    advice = "Choose a folder of your photos."


class FolderUnknown(FolderError):
    """The folder was never indexed."""

    title = "This folder is not indexed"
    advice = "Choose an indexed folder, or index this one first."


# ---------------------------------------------------------------- catalogue


class CatalogueError(FinderError):
    """The catalogue cannot be used."""

    title = "The catalogue cannot be used"


class CatalogueEmpty(CatalogueError):
    """Nothing has been indexed yet."""

    title = "Nothing is indexed yet"
    advice = "Index a folder of photos first."


class CatalogueOutdated(CatalogueError):
    """All photos were indexed with another model and wait to be indexed again."""

    title = "Your photos were indexed with another model"
    advice = "Index their folders again to make them searchable. Nothing indexed is lost."


class CatalogueNewer(CatalogueError):
    """A later version of the program wrote it."""

    title = "The catalogue was made by a newer version of Fashion Finder"
    advice = "Update Fashion Finder, or choose another data folder."


class CatalogueDamaged(CatalogueError):
    """SQLite cannot make sense of the file."""

    title = "The catalogue is damaged"
    advice = (
        "Rebuild it: the damaged file is kept, and your folders are indexed again. Your photos are"
        " not touched."
    )


class CatalogueBusy(CatalogueError):
    """Another process is indexing into it."""

    title = "The catalogue is in use"
    advice = "Another Fashion Finder is using it. Wait until it is done, or close it."


class CatalogueUnwritable(CatalogueError):
    """The disk is full or read-only, or permission is missing."""

    title = "The catalogue cannot be written"
    advice = "Free up disk space and check the data folder's permissions. Nothing indexed is lost."


class CatalogueReadOnly(CatalogueUnwritable):
    """The data folder was read-only when it was opened; it can still be searched."""

    title = "The data folder is read-only"
    advice = (
        "You can search what is indexed. To index more, make the folder writable and restart, or"
        " choose another one."
    )


# ---------------------------------------------------------------- model


class ModelMissing(FinderError):
    """There is no model file."""

    title = "The model file is missing"
    advice = "Reinstall Fashion Finder to restore its model."


class ModelRefused(FinderError):
    """The file breaks the model contract, or is not safe to open."""

    title = "This model file cannot be used"
    advice = "Use a model exported for Fashion Finder, or reinstall to restore its own."


class GuideMissing(FinderError):
    """The user guide that comes with the program is gone."""

    title = "The user guide is missing"
    advice = "Reinstall Fashion Finder to restore it."


class LibraryMissing(FinderError):
    """A library that every desktop has is missing, as on a server."""

    title = "A library that the window needs is missing"
    advice = "Install it from your system's packages. The commands work without it."


class NotPortable(FinderError):
    """--portable was given to a program that is not an executable."""

    title = "Only the executable can keep its data beside itself"
    advice = "Choose a folder with --data-dir instead."


class Interrupted(FinderError):
    """The work was asked to stop; everything finished is kept."""

    title = "Stopped"
    advice = "Run it again to continue."

    def __init__(self, summary: SyncSummary | None = None) -> None:
        super().__init__()
        self.summary = summary  # of what was done before
