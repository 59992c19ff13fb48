"""Where the data folder, the model and the user guide are, and what a path really is."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

import platformdirs

from fashion_finder.data_folder import CATALOGUE_NAME, DataFolder
from fashion_finder.errors import (
    CatalogueUnwritable,
    DataFolderRefused,
    FinderError,
    GuideMissing,
    ModelMissing,
    NotPortable,
)
from fashion_finder.timeouts import NoAnswerError, ask

DATA_DIR_VARIABLE = "FASHION_FINDER_DATA_DIR"
MODEL_NAME = "resnet50_embed.onnx"
GUIDE_NAME = "user-guide.md"
PORTABLE_NAME = "Fashion Finder Data"
OWN_NAME = "fashion-finder"  # of the data folder, in its usual place and in folders of other things

# What systems leave in folders that people call empty.
_NOISE = frozenset({".DS_Store", ".directory", "Thumbs.db", "desktop.ini", "lost+found"})


def default_data_dir() -> Path:
    """The folder of all state: the environment's choice, else the system's usual place.

    A program once started with --portable finds its folder again without the option.
    """
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    if chosen:
        return absolute_path(Path(chosen))
    portable = _beside_the_program()
    if portable is not None and portable.is_dir():
        return portable
    return platformdirs.user_data_path(OWN_NAME, appauthor=False)


def portable_data_dir() -> Path:
    """The folder beside the executable, as on a USB stick. Raises NotPortable."""
    folder = _beside_the_program()
    if folder is None:
        raise NotPortable
    return folder


def _beside_the_program() -> Path | None:
    """None where the program is not a frozen executable."""
    if not getattr(sys, "frozen", False):
        return None
    program = Path(sys.executable)
    # On macOS, the program is inside a bundle.
    bundle = next((parent for parent in program.parents if parent.suffix == ".app"), program)
    return bundle.parent / PORTABLE_NAME


def absolute_path(path: Path) -> Path:
    """Absolute, with ``~`` and ``..`` worked out but links left in; never raises."""
    return Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111 - these never raise


def real_path(path: Path) -> Path:
    """Free of links and spelled as its folders list it; never raises, not even for a loop of links.

    Many file systems find a folder under several spellings: it is one folder all the same. A path
    on a share that does not answer is returned as written.
    """
    written = absolute_path(path)
    try:
        return ask(written, _without_links)
    except NoAnswerError:
        return written


def _without_links(path: Path) -> Path:
    spelled = Path(os.path.realpath(path))
    listed = Path(spelled.anchor)
    for name in spelled.parts[1:]:
        listed /= _listed_name(listed, name)
    return listed


def _listed_name(folder: Path, name: str) -> str:
    """The name itself where the file system tells spellings apart, or nothing exists."""
    try:
        variants = {_composed(name), unicodedata.normalize("NFD", name), name.swapcase()} - {name}
        if not any(_is_same(folder / name, folder / variant) for variant in variants):
            return name
        names = os.listdir(folder)  # noqa: PTH208 - names are enough
        if name in names:
            return name
        folded = _composed(name).casefold()
        alike = [listed for listed in names if _composed(listed).casefold() == folded]
        return next((like for like in alike if _is_same(folder / name, folder / like)), name)
    except OSError:
        return name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_same(path: Path, other: Path) -> bool:
    return other.exists() and other.samefile(path)


# ---------------------------------------------------------------- the data folder


def settled_data_dir(wanted: Path) -> Path:
    """The folder that keeps the state when this one is asked for: itself, or our own one in it.

    It is itself where it is missing, or holds nothing but our state and belongs to this user alone,
    or holds a catalogue already. A folder of other things, or of other people, is left as it is.
    Raises DataFolderRefused.
    """
    _refuse_foreign_links(wanted)
    if not wanted.is_dir() or _is_for_us(wanted):
        return wanted
    own = wanted / OWN_NAME
    if os.path.lexists(own) and (own.is_symlink() or not _belongs_to_us(own)):
        raise DataFolderRefused(own)
    return own


def prepare_data_dir(data_dir: Path) -> Path:
    """Make the data folder, for its owner only. Returns where it is: see `settled_data_dir`.

    The permissions of a folder that is there already are not touched; the files we put there are
    private in any case. Raises CatalogueUnwritable.
    """
    folder = settled_data_dir(data_dir)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if settled_data_dir(folder) != folder:  # somebody was faster, where many may write
                raise DataFolderRefused(folder) from None
            os.listdir(folder)  # noqa: PTH208 - fails where it is no folder
    except OSError as error:
        raise CatalogueUnwritable.because(folder, error) from error
    return folder


def _is_for_us(folder: Path) -> bool:
    try:
        names = set(os.listdir(folder)) - _NOISE  # noqa: PTH208 - names are enough
    except OSError:
        return True  # said by whoever uses it
    if any(name.startswith(CATALOGUE_NAME) for name in names):
        return not _is_open_to_others(folder) or _is_this_users(folder / CATALOGUE_NAME)
    is_named_for_us = folder.name in {OWN_NAME, PORTABLE_NAME}
    if not is_named_for_us and not DataFolder(folder).holds_only_state(names):
        return False
    return _belongs_to_us(folder) and not _is_open_to_others(folder)


def _belongs_to_us(folder: Path) -> bool:
    return _is_this_users(folder) or not _keeps_permissions(folder)


def _is_this_users(path: Path) -> bool:
    """By the file system, which may give all files to one user."""
    if os.name != "posix":
        return True
    try:
        return path.lstat().st_uid == os.geteuid()
    except OSError:
        return False


def _is_open_to_others(folder: Path) -> bool:
    """Whether other users may write to it; a group that is only its owner's counts as nobody."""
    if os.name != "posix":
        return False
    about = folder.stat()
    others = about.st_mode & stat.S_IWOTH
    group = about.st_mode & stat.S_IWGRP and about.st_gid != about.st_uid
    return bool(others or group) and _keeps_permissions(folder)


def _keeps_permissions(folder: Path) -> bool:
    """Whether the file system knows owners and permissions: FAT shows the same for all files."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            about = os.fstat(file.fileno())
    except OSError:
        return True
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _refuse_foreign_links(path: Path) -> None:
    """Another user may lead us anywhere with a link, and elsewhere the next time."""
    if os.name != "posix":
        return
    for part in (path, *path.parents):
        with suppress(OSError):
            about = part.lstat()
            if stat.S_ISLNK(about.st_mode) and about.st_uid not in {0, os.geteuid()}:
                raise DataFolderRefused(part)


# ---------------------------------------------------------------- what is installed


def model_path() -> Path:
    """The model of this installation. Raises ModelMissing."""
    return _installed(Path(MODEL_NAME), Path("models", MODEL_NAME), ModelMissing)


def guide_path() -> Path:
    """The user guide of this installation, with its pictures beside it. Raises GuideMissing."""
    return _installed(Path("guide", GUIDE_NAME), Path("docs", GUIDE_NAME), GuideMissing)


def _installed(packaged: Path, checked_out: Path, missing: type[FinderError]) -> Path:
    """Package data when installed or frozen, else the checkout's; never the working directory's."""
    package = Path(__file__).resolve().parent
    for candidate in (package / packaged, package.parent / checked_out):
        if candidate.is_file():
            return candidate
    raise missing(package / packaged)
