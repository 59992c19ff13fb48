"""Where the data folder, the model and the user guide are, and what a path really is."""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path

import platformdirs

from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.errors import (
    CatalogueUnwritable,
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
    return platformdirs.user_data_path("fashion-finder", appauthor=False)


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


def prepare_data_dir(data_dir: Path) -> Path:
    """Make the data folder, readable by its owner only. Raises CatalogueUnwritable.

    An existing folder is closed to others only if it is empty or was ours before: other people may
    use what else it holds. The files we put there are private in any case.
    """
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        try:
            data_dir.mkdir(mode=0o700)
        except FileExistsError:
            names = [entry.name for entry in data_dir.iterdir()]
            if os.name == "posix" and (not names or CATALOGUE_NAME in names):
                with suppress(OSError):  # a read-only disk, somebody else's folder, no permissions
                    data_dir.chmod(stat.S_IMODE(data_dir.stat().st_mode) & 0o700)
    except OSError as error:
        raise CatalogueUnwritable.because(data_dir, error) from error
    return data_dir


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
