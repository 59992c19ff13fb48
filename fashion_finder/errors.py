"""Every way the world can fail us, as errors that a person can act on.

    FinderError                     title, advice, and what it is about
    +-- PictureError                one picture; everything else goes on
    |   +-- PictureMissing          no such file
    |   +-- PictureUnreadable       damaged, or not a picture at all
    |   +-- PictureTooLarge         more pixels than can be decoded safely
    |   +-- PictureTookTooLong      the decoder was stopped
    |   +-- PictureRefused          lies on another computer
    |   +-- PictureDenied           permission to read it is missing
    |   +-- PictureUnreachable      its drive or share failed, or it is being written
    +-- DecoderUnavailable          no process for reading pictures can be started
    +-- FolderError
    |   +-- FolderMissing           not there, or not a folder
    |   +-- FolderUnavailable       an indexed folder that cannot be reached now
    |   +-- FolderIsOurs            the program's own data folder
    |   +-- FolderUnknown           to be forgotten, but never indexed
    +-- CatalogueError
    |   +-- CatalogueEmpty          a search before anything was indexed
    |   +-- CatalogueOutdated       everything in it was indexed with another model
    |   +-- CatalogueNewer          written by a later version of the program
    |   +-- CatalogueDamaged
    |   +-- CatalogueBusy           another process is indexing
    |   +-- CatalogueUnwritable     disk full, read-only, no permission
    |       +-- CatalogueReadOnly   can be searched, and nothing else
    +-- ModelError
    |   +-- ModelMissing
    |   +-- ModelRefused            not a model of ours, or not safe to open
    +-- LibraryMissing              the system lacks what a window needs
    +-- NotPortable                 no executable to keep the state beside
    +-- Interrupted                 asked to stop; what is done is kept

Anything that is not a FinderError is a bug of ours: it is logged with its trace and reported.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from fashion_finder.domain import SyncSummary


class FinderError(Exception):
    """Something outside the program failed; says what, which file, and what to do."""

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
        """The failure without its file, for lists that name the file themselves."""
        return f"{self.title} ({self.detail})" if self.detail else self.title


# ---------------------------------------------------------------- pictures


class PictureError(FinderError):
    """One picture cannot be used."""

    title = "This picture cannot be used"
    passing: ClassVar[bool] = False  # the same file may be readable next time, unchanged


class PictureMissing(PictureError):
    """There is no such file."""

    title = "There is no such picture"
    advice = "Check the name and that its drive is connected."


class PictureUnreadable(PictureError):
    """The bytes are not a picture that can be decoded."""

    title = "This picture cannot be read"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureTooLarge(PictureError):
    """Decoding it would take more memory than is safe."""

    title = "This picture is too large"
    advice = "Save a smaller copy of it, at most 178 megapixels."


class PictureTookTooLong(PictureError):
    """The decoder did not finish, or died; it was stopped."""

    title = "Reading this picture took too long or failed badly"
    advice = "Open it in another program and save it again as JPEG or PNG."


class PictureRefused(PictureError):
    """Opening it would open a network connection."""

    title = "This picture lies on another computer"
    advice = "Copy it to this computer first, or index the shared folder it lies in."


class PictureDenied(PictureError):
    """The system does not let us read it."""

    title = "Permission to read this picture is missing"
    advice = "Change the file's permissions, or ask its owner."
    passing = True


class PictureUnreachable(PictureError):
    """The drive or share failed, or another program is writing the file."""

    title = "This picture cannot be reached now"
    advice = "Check its drive or share, and try again later."
    passing = True


class DecoderUnavailable(FinderError):
    """No process for reading pictures can be started; no picture is to blame."""

    title = "Pictures cannot be read at the moment"
    advice = "Close other programs, or start the computer again. Nothing indexed is lost."


# ---------------------------------------------------------------- folders


class FolderError(FinderError):
    """A folder cannot be used."""

    title = "This folder cannot be used"


class FolderMissing(FolderError):
    """There is no such folder."""

    title = "There is no such folder"
    advice = "Check the name and that its drive is connected."


class FolderUnavailable(FolderError):
    """An indexed folder cannot be reached; nothing of it is forgotten."""

    title = "This folder cannot be reached now"
    advice = "Connect its drive or share and try again. Nothing indexed was forgotten."


class FolderIsOurs(FolderError):
    """The folder holds the program's own data."""

    title = "This folder holds the program's own data"
    advice = "Choose a folder with your photos."


class FolderUnknown(FolderError):
    """The folder was never indexed."""

    title = "This folder is not indexed"
    advice = "'fashion-finder status' lists the indexed folders."


# ---------------------------------------------------------------- catalogue


class CatalogueError(FinderError):
    """The catalogue cannot be used."""

    title = "The catalogue cannot be used"


class CatalogueEmpty(CatalogueError):
    """Nothing has been indexed yet."""

    title = "Nothing is indexed yet"
    advice = "Index a folder of photos first: fashion-finder index FOLDER"


class CatalogueOutdated(CatalogueError):
    """Photos are indexed, but with another model, and none is made searchable anew yet."""

    title = "Your photos were indexed with another model"
    advice = (
        "They become searchable again one by one while the window is open, or with"
        " fashion-finder index FOLDER. Nothing indexed is lost."
    )


class CatalogueNewer(CatalogueError):
    """A later version of the program wrote it."""

    title = "The catalogue was made by a newer version of Fashion Finder"
    advice = "Install that version again, or choose another data folder."


class CatalogueDamaged(CatalogueError):
    """SQLite cannot make sense of the file."""

    title = "The catalogue is damaged"
    advice = (
        "'fashion-finder rebuild' keeps it aside and indexes your folders again; your photos are"
        " not touched."
    )


class CatalogueBusy(CatalogueError):
    """Another process is indexing into it."""

    title = "The catalogue is in use"
    advice = "Another Fashion Finder is indexing. Wait until it has finished, or close it."


class CatalogueUnwritable(CatalogueError):
    """The disk is full or read-only, or permission is missing."""

    title = "The catalogue cannot be written"
    advice = (
        "Free some space and check the permissions of the data folder. Nothing indexed is lost."
    )


class CatalogueReadOnly(CatalogueUnwritable):
    """The data folder was read-only when it was opened: what is in it can be searched."""

    title = "The data folder can only be read"
    advice = (
        "What is indexed can be searched. To index, make the data folder writable and start again,"
        " or choose another one."
    )


# ---------------------------------------------------------------- model


class ModelError(FinderError):
    """The model cannot be used."""

    title = "The model cannot be used"


class ModelMissing(ModelError):
    """There is no model file."""

    title = "The model file is missing"
    advice = "Install Fashion Finder again, or name a model with --model."


class ModelRefused(ModelError):
    """The file breaks the model contract or would not be safe to open."""

    title = "This model file cannot be used"
    advice = "Use a model written by scripts/export_onnx.py."


class LibraryMissing(FinderError):
    """What every desktop has is not here, as on a server."""

    title = "A library that the window needs is missing"
    advice = "Install it with the system's packages. The commands work without a window."


class NotPortable(FinderError):
    """State beside the program was asked for, where there is no executable."""

    title = "Only the executable can keep its data beside it"
    advice = "Name a folder with --data-dir instead."


class Interrupted(FinderError):
    """The work was asked to stop; everything already done is kept."""

    title = "Stopped"
    advice = "Run it again to go on from here."

    def __init__(self, summary: SyncSummary | None = None) -> None:
        super().__init__()
        self.summary = summary  # what was done before the stop
