"""The command line: parses it, calls the engine, prints, and turns failures into exit codes."""

from __future__ import annotations

import argparse
import io
import logging
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fashion_finder import __version__, report
from fashion_finder.domain import EVERYTHING, Filters, PictureFile, Refinement, SyncSummary
from fashion_finder.engine import Engine, rebuild
from fashion_finder.engine.erase import erase_everything
from fashion_finder.engine.integrity_check import find_derived_damage
from fashion_finder.errors import (
    CatalogueDamaged,
    CatalogueEmpty,
    CatalogueOutdated,
    FinderError,
    FolderUnknown,
    Interrupted,
    LibraryMissing,
)
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.watch import Watcher
from fashion_finder.logs import set_up_logging, watch_for_crashes
from fashion_finder.paths import (
    DATA_DIR_VARIABLE,
    absolute_path,
    default_data_dir,
    portable_data_dir,
    prepare_data_dir,
    settled_data_dir,
)
from fashion_finder.settings import ANSWERS

log = logging.getLogger(__name__)

DONE = 0
FAILED = 1
INTERRUPTED = 130

_HINTS: dict[type[FinderError], str] = {
    CatalogueDamaged: " Run: fashion-finder rebuild",
    CatalogueEmpty: " Run: fashion-finder index FOLDER",
    CatalogueOutdated: " Run: fashion-finder index FOLDER",
    FolderUnknown: " To list the indexed folders, run: fashion-finder status",
}

_BUG = (
    "This is a bug in the program, not your fault. Your photos and the catalogue are safe. Run it"
    " again with --verbose for the details."
)

_DESCRIPTION = "Find the pieces in your own folders that look most like a picture."
_EPILOG = f"""\
commands:
  index FOLDER...    add folders, or bring them up to date
  search IMAGE...    find the most similar indexed pictures
  status             show what is indexed and what was skipped
  forget FOLDER      remove a folder from the catalogue, never its files
  watch              keep folders up to date as files in them change
  rebuild            set a damaged catalogue aside and index its folders again
  erase              delete everything the program knows, never your photos

'fashion-finder COMMAND --help' explains a command. Write ./index for a picture named like a command.
All state is kept in --data-dir, in {DATA_DIR_VARIABLE}, or in the system's usual place.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; wrong usage exits by itself with 2."""
    for stream in (sys.stdout, sys.stderr):  # a file name may not fit the terminal's encoding
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = parse(sys.argv[1:] if arguments is None else list(arguments))
    try:
        code: int = options.run(options)
        if sys.stdout is not None:  # as without a console, or with `>&-`
            sys.stdout.flush()  # a closed pipe is noticed here, not at the interpreter's end
        return code
    except Interrupted as stopped:
        print(f"fashion-finder: {stopped}", file=sys.stderr)
        return INTERRUPTED
    except FinderError as error:
        log.debug("failed", exc_info=True)
        _print_error(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # what reads our output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception:
        log.exception("a bug")
        print(f"fashion-finder: {_BUG}", file=sys.stderr)
        if options.verbose:
            raise
        return FAILED


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; options that all commands share may stand anywhere."""
    common = _common_options()
    shared, rest = common.parse_known_args(arguments)
    command = rest.pop(0) if rest and rest[0] in _COMMANDS else None
    parser = argparse.ArgumentParser(
        prog=f"fashion-finder {command}" if command else "fashion-finder",
        description=None if command else _DESCRIPTION,
        epilog=None if command else _EPILOG,
        parents=[common],
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_arguments(parser, command)
    options = parser.parse_args(rest, namespace=shared)
    options.run = _window if command is None else _COMMANDS[command]
    return options


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser("fashion-finder", add_help=False, allow_abbrev=False)
    common.add_argument("--data-dir", type=_folder, help="keep all state in this folder")
    common.add_argument("--portable", action="store_true", help="keep all state beside the program")
    common.add_argument("--model", type=Path, help="use another ONNX model")
    common.add_argument("--verbose", action="store_true", help="log to stderr, in detail")
    common.add_argument("--version", action="version", version=f"fashion-finder {__version__}")
    return common


def _add_arguments(parser: argparse.ArgumentParser, command: str | None) -> None:
    """Add the arguments of a command, or of the window without one, to the common options."""
    add = parser.add_argument
    match command:
        case None:
            add("image", type=Path, nargs="?", help="a picture to search with")
            add("--demo", action="store_true", help="show the sample wardrobe")
            add(
                "--screenshot", type=Path, help="with --demo: save a picture of the window, and end"
            )
            add("--smoke", action="store_true", help="try every part, print versions, and end")
            add("--timing", action="store_true", help="print when window and model are ready")
        case "index":
            add("folders", type=Path, nargs="+", metavar="FOLDER")
            add(
                "--read-again",
                action="store_true",
                help="read every picture anew, changed or not; also takes single files",
            )
            add("--json", action="store_true", help="print the summary as JSON")
        case "search":
            add("images", type=Path, nargs="+", metavar="IMAGE")
            add("-k", dest="count", type=_positive, default=ANSWERS, help="number of matches")
            add("--folder", type=Path, help="only pictures in this folder")
            add(
                "--weights",
                type=_weights,
                default=(),
                metavar="PART=NUMBER,...",
                help="how much each part counts, in proportion: cut=1,colour=2,pattern=0",
            )
            add("--json", action="store_true", help="print one JSON object per picture")
        case "status":
            add("--json", action="store_true", help="print JSON")
        case "forget":
            add("folder", type=Path, metavar="FOLDER")
        case "watch":
            add("--json", action="store_true", help="print one JSON object per update")
        case "erase":
            add("--yes", action="store_true", help="do not ask first")


# ---------------------------------------------------------------- commands


def _window(options: argparse.Namespace) -> int:
    try:
        from fashion_finder import app  # Qt is loaded only for the window
    except ImportError as error:
        raise LibraryMissing(detail=str(error)) from error

    window = app.WindowOptions(
        data_dir=_data_dir(options),
        model=options.model,
        picture=options.image,
        demo=options.demo,
        screenshot=options.screenshot,
        timing=options.timing,
        verbose=options.verbose,
    )
    if options.smoke:
        return app.run_smoke(window)
    return app.run_demo(window) if options.demo else app.run(window)


def _index(options: argparse.Namespace) -> int:
    summary = _sync(options, options.folders, again=options.read_again)
    report.print_summary(summary, as_json=options.json)
    return DONE


def _search(options: argparse.Namespace) -> int:
    code = DONE
    filters = Filters(folders=(options.folder,)) if options.folder is not None else EVERYTHING
    refinement = Refinement(weights=options.weights)
    with _engine(options) as engine:
        for image in options.images:
            try:
                answer = engine.find_similar(
                    PictureFile(image), options.count, filters=filters, refinement=refinement
                )
            except FinderError as error:
                _print_error(error)
                code = FAILED
                continue
            report.print_answer(answer, as_json=options.json)
            sys.stdout.flush()
    return code


def _status(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        report.print_status(engine.status(), as_json=options.json)
    return DONE


def _forget(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        dropped = engine.forget(options.folder)
    print(f"{report.counted(dropped, 'photo')} removed from the catalogue. Your files stay.")
    return DONE


def _watch(options: argparse.Namespace) -> int:
    """Until Ctrl+C; a folder that fails is reported, and watched further."""
    control = SyncControl()

    def update(folders: Sequence[Path]) -> None:
        try:
            summary = engine.sync(folders, control=control, known_only=bool(folders))
        except Interrupted:
            return
        except FinderError as error:
            _print_error(error)
            return
        except Exception:  # must not end the watch: the next change may well be handled
            log.exception("a bug while updating")
            print(f"fashion-finder: {_BUG}", file=sys.stderr, flush=True)
            return
        watcher.follow(folder.path for folder in engine.status().folders)
        report.print_summary(summary, as_json=options.json)
        sys.stdout.flush()

    with _engine(options) as engine, _cancelled_by_ctrl_c(control):
        _tell_of_disk(engine)
        watcher = Watcher(update)
        watcher.follow(folder.path for folder in engine.status().folders)
        watcher.start()  # before the first update, so that nothing falls between the two
        try:
            update(())
            control.wait_until_cancelled()
        finally:
            control.cancel()
            watcher.stop()
    return DONE


def _rebuild(options: argparse.Namespace) -> int:
    data_dir = _data_dir(options)
    damaged = find_derived_damage(data_dir)  # first: what follows makes some of it again
    rebuilt = rebuild(data_dir)
    if rebuilt is None:
        if not damaged:
            print("The catalogue is fine. Nothing was changed.")
            return DONE
        summary = _sync(options)
        print(f"The catalogue is fine. Damaged, and made again: {', '.join(damaged)}.")
        report.print_summary(summary)
        return DONE
    print(f"The damaged catalogue is kept as {report.plain(rebuilt.kept)}")
    if not rebuilt.folders:
        print("Its list of folders is lost. Index them again: fashion-finder index FOLDER")
        return DONE
    report.print_summary(_sync(options))
    return DONE


def _erase(options: argparse.Namespace) -> int:
    data_dir = _data_dir(options)
    if not options.yes:
        print(
            f"This deletes {report.plain(data_dir)}: the catalogue, the search index, the"
            " thumbnails, the logs and the preferences. Your photos are not touched.",
            file=sys.stderr,
        )
        print("Type 'erase' to continue: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != "erase":
            print("Nothing was deleted.", file=sys.stderr)
            return FAILED
    erase_everything(data_dir)
    print("Everything the program knew is deleted. Your photos are untouched.")
    return DONE


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "index": _index,
    "search": _search,
    "status": _status,
    "forget": _forget,
    "watch": _watch,
    "rebuild": _rebuild,
    "erase": _erase,
}


# ---------------------------------------------------------------- shared by the commands


def _sync(
    options: argparse.Namespace, folders: Sequence[Path] = (), *, again: bool = False
) -> SyncSummary:
    """Bring folders up to date, all known ones when none is named, with progress on stderr.

    With `again`, read folders and files anew.
    """
    line = report.ProgressLine()
    control = SyncControl()
    with _engine(options) as engine, _cancelled_by_ctrl_c(control):
        _tell_of_disk(engine)
        try:
            run = engine.read_again if again else engine.sync
            return run(folders, progress=line.show, control=control)
        finally:
            line.end()


def _print_error(error: FinderError) -> None:
    """Print what failed, what to do about it, and the command that does it, if there is one."""
    hint = _HINTS.get(type(error), "")
    print(f"fashion-finder: {report.plain(error)}{hint}", file=sys.stderr, flush=True)


def _tell_of_disk(engine: Engine) -> None:
    if engine.lacks_wal:
        print(
            "fashion-finder: The data folder's drive or share has no shared memory. Everything"
            " works, but searches wait for indexing at times.",
            file=sys.stderr,
        )


def _data_dir(options: argparse.Namespace) -> Path:
    if options.data_dir is not None:
        wanted = absolute_path(options.data_dir)
    else:
        wanted = portable_data_dir() if options.portable else default_data_dir()
    return settled_data_dir(wanted)


def _engine(options: argparse.Namespace) -> Engine:
    data_dir = prepare_data_dir(_data_dir(options))
    set_up_logging(data_dir, verbose=options.verbose)
    watch_for_crashes(data_dir)
    return Engine.open(data_dir, options.model)


@contextmanager
def _cancelled_by_ctrl_c(control: SyncControl) -> Iterator[None]:
    """The first Ctrl+C ends the sync after its batch; the second ends it at once."""

    def cancel(number: int, frame: FrameType | None) -> None:
        del number, frame
        if control.is_cancelled:
            raise KeyboardInterrupt
        control.cancel()

    previous = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _weights(text: str) -> tuple[tuple[str, float], ...]:
    """Parse ``cut=1,colour=2``: numbers that are not negative, and not all zero."""
    weights: dict[str, float] = {}
    for entry in text.split(","):
        name, sign, number = entry.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not sign or not name.strip() or not 0 <= weight < math.inf or name.strip() in weights:
            raise argparse.ArgumentTypeError(f"{entry!r} is not a part, '=' and its weight")
        weights[name.strip()] = weight
    if not sum(weights.values()):
        raise argparse.ArgumentTypeError("at least one part must count")
    return tuple(weights.items())


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("a folder is expected")
    return Path(text)
