"""Every way the world can fail us, as errors that a person can act on.

    FinderError                     title, advice, and the subject
    +-- PictureError                one picture cannot be used; everything else carries on
    |   +-- PictureMissing          no such file
    |   +-- PictureUnreadable       damaged, or not a picture at all
    |   +-- PictureTooLarge         more pixels than can be decoded safely
    |   +-- PictureTookTooLong      the decoder crashed or was stopped
    |   +-- PictureRefused          is on another computer: opening it would open a connection
    |   +-- PictureDenied           no permission to read it
    |   +-- PictureUnreachable      its drive or share failed, or it is being written
    +-- DecoderUnavailable          no decode worker can be started; no picture is to blame
    +-- FolderError
    |   +-- FolderMissing           no such folder
    |   +-- FolderUnavailable       an indexed folder that is offline; nothing in it is forgotten
    |   +-- FolderIsOurs            the program's own data folder
    |   +-- FolderUnknown           never indexed
    +-- CatalogueError
    |   +-- CatalogueEmpty          a search before anything was indexed
    |   +-- CatalogueOutdated       all of it was indexed with another model, and waits for this one
    |   +-- CatalogueNewer          written by a later version of the program
    |   +-- CatalogueDamaged        SQLite cannot make sense of the file
    |   +-- CatalogueBusy           another process is indexing
    |   +-- CatalogueUnwritable     disk full, read-only, no permission
    |       +-- CatalogueReadOnly   can be searched, not indexed into
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


class PictureUnreadable(PictureError):
    title = "This picture cannot be read"
    advice = "Open it in another program and save it again as JPEG or PNG."


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
    advice = "Free up disk space and check the data folder's permissions. Nothing indexed is lost."


class CatalogueReadOnly(CatalogueUnwritable):
    title = "The data folder is read-only"
    advice = (
        "You can search what is indexed. To index more, make the folder writable and restart, or"
        " choose another one."
    )


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
