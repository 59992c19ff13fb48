"""The command line: reads it, calls the engine, prints, and turns failures into exit codes."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fashion_finder import __version__, report
from fashion_finder.domain import EVERYTHING, Filters, PictureFile
from fashion_finder.engine import Engine
from fashion_finder.engine.erase import erase_everything
from fashion_finder.engine.rebuild import rebuild
from fashion_finder.errors import FinderError, Interrupted, LibraryMissing
from fashion_finder.indexing.control import SyncControl
from fashion_finder.indexing.watch import Watcher
from fashion_finder.logs import set_up_logging, watch_for_crashes
from fashion_finder.paths import (
    DATA_DIR_VARIABLE,
    absolute_path,
    default_data_dir,
    portable_data_dir,
    prepare_data_dir,
)
from fashion_finder.settings import ANSWERS

log = logging.getLogger(__name__)

DONE = 0
FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

_EPILOG = f"""\
commands:
  index FOLDER...    add folders, or bring them up to date
  search IMAGE...    the most similar indexed pictures
  status             what is indexed, and what could not be
  forget FOLDER      drop a folder from the catalogue, never its files
  watch              bring folders up to date whenever something in them changes
  rebuild            keep a damaged catalogue aside, and index its folders again
  erase              delete everything the program knows, never your photos

'fashion-finder COMMAND --help' tells more. A picture called like a command is given as ./index.
All state lives in --data-dir, or {DATA_DIR_VARIABLE}, or the system's place for it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; wrong usage exits by itself with 2."""
    _make_streams_forgiving()
    options = parse(sys.argv[1:] if arguments is None else list(arguments))
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except Interrupted as stopped:
        print(f"fashion-finder: {stopped}", file=sys.stderr)
        return INTERRUPTED
    except FinderError as error:
        log.debug("failed", exc_info=True)
        print(f"fashion-finder: {report.plain(error)}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception:
        log.exception("a bug")
        print(
            "fashion-finder: This is a fault of the program, not yours. Your photos and what is"
            " indexed are safe. Run it again with --verbose for the details.",
            file=sys.stderr,
        )
        if getattr(options, "verbose", False):
            raise
        return FAILED


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; options that all commands share may stand anywhere."""
    common = _common_options()
    shared, rest = common.parse_known_args(arguments)
    if rest and rest[0] in _COMMANDS:
        parser = argparse.ArgumentParser(
            prog=f"fashion-finder {rest[0]}", parents=[common], allow_abbrev=False
        )
        run = _COMMANDS[rest[0]](parser)
        rest = rest[1:]
    else:
        parser = argparse.ArgumentParser(
            prog="fashion-finder",
            description="Find the pieces in your own folders that look most like a picture.",
            epilog=_EPILOG,
            parents=[common],
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        run = _window_options(parser)
    options = parser.parse_args(rest, namespace=shared)
    options.run = run
    return options


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser("fashion-finder", add_help=False, allow_abbrev=False)
    common.add_argument(
        "--data-dir", type=_folder, default=argparse.SUPPRESS, help="folder for all state"
    )
    common.add_argument(
        "--portable",
        action="store_true",
        default=argparse.SUPPRESS,
        help="keep all state beside the program",
    )
    common.add_argument(
        "--model", type=Path, default=argparse.SUPPRESS, help="another ONNX model to use"
    )
    common.add_argument(
        "--verbose", action="store_true", default=argparse.SUPPRESS, help="log to stderr, in detail"
    )
    common.add_argument("--version", action="version", version=f"fashion-finder {__version__}")
    return common


_Command = Callable[[argparse.Namespace], int]


def _window_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("image", type=Path, nargs="?", help="a picture to ask with")
    parser.add_argument("--demo", action="store_true", help="show the sample wardrobe")
    parser.add_argument(
        "--screenshot", type=Path, help="with --demo: save the window's picture, and end"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="try every part once, print versions, and end"
    )
    parser.add_argument(
        "--timing", action="store_true", help="print when the window and the model are ready"
    )
    return _window


def _index_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    return _index


def _search_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    parser.add_argument("-k", dest="count", type=_positive, default=ANSWERS, help="matches wanted")
    parser.add_argument("--folder", type=Path, help="only pictures in this folder")
    parser.add_argument("--json", action="store_true", help="one JSON object per question")
    return _search


def _status_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("--json", action="store_true", help="as JSON")
    return _status


def _forget_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    return _forget


def _watch_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("--json", action="store_true", help="one JSON object per update")
    return _watch


def _rebuild_options(parser: argparse.ArgumentParser) -> _Command:
    del parser  # it has none of its own
    return _rebuild


def _erase_options(parser: argparse.ArgumentParser) -> _Command:
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    return _erase


_COMMANDS: dict[str, Callable[[argparse.ArgumentParser], _Command]] = {
    "index": _index_options,
    "search": _search_options,
    "status": _status_options,
    "forget": _forget_options,
    "watch": _watch_options,
    "rebuild": _rebuild_options,
    "erase": _erase_options,
}


# ---------------------------------------------------------------- commands


def _window(options: argparse.Namespace) -> int:
    try:
        from fashion_finder import app  # Qt is loaded only for the window
    except ImportError as error:
        raise LibraryMissing(detail=str(error)) from error

    window = app.WindowOptions(
        data_dir=_data_dir(options),
        model=getattr(options, "model", None),
        picture=options.image,
        demo=options.demo,
        screenshot=options.screenshot,
        timing=options.timing,
        verbose=getattr(options, "verbose", False),
    )
    if options.smoke:
        return app.run_smoke(window)
    return app.run_demo(window) if options.demo else app.run(window)


def _index(options: argparse.Namespace) -> int:
    line = report.ProgressLine()
    control = SyncControl()
    with _engine(options) as engine, _cancelled_by_ctrl_c(control):
        try:
            summary = engine.sync(options.folders, progress=line.show, control=control)
        finally:
            line.end()
    if options.json:
        report.print_json(report.summary_object(summary))
    else:
        report.print_summary(summary)
    return DONE


def _search(options: argparse.Namespace) -> int:
    code = DONE
    filters = Filters(folders=(options.folder,)) if options.folder is not None else EVERYTHING
    with _engine(options) as engine:
        for image in options.images:
            try:
                answer = engine.find_similar(PictureFile(image), options.count, filters=filters)
            except FinderError as error:
                print(f"fashion-finder: {report.plain(error)}", file=sys.stderr)
                code = FAILED
                continue
            if options.json:
                report.print_json(report.answer_object(answer))
            else:
                report.print_answer(answer)
            sys.stdout.flush()
    return code


def _status(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        status = engine.status()
    if options.json:
        report.print_json(report.status_object(status))
    else:
        report.print_status(status)
    return DONE


def _forget(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        dropped = engine.forget(options.folder)
    print(f"{dropped} photos forgotten; their files are untouched.")
    return DONE


def _watch(options: argparse.Namespace) -> int:
    """Until Ctrl+C; a folder that fails is told, and watched on."""
    control = SyncControl()

    def update(folders: Sequence[Path]) -> None:
        try:
            summary = engine.sync(folders, control=control, known_only=bool(folders))
        except Interrupted:
            return
        except FinderError as error:
            print(f"fashion-finder: {report.plain(error)}", file=sys.stderr, flush=True)
            return
        watcher.follow(folder.path for folder in engine.status().folders)
        if options.json:
            report.print_json(report.summary_object(summary))
        else:
            report.print_summary(summary)
        sys.stdout.flush()

    with _engine(options) as engine, _cancelled_by_ctrl_c(control):
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
    rebuilt = rebuild(_data_dir(options))
    if rebuilt is None:
        print("The catalogue is sound; nothing was changed.")
        return DONE
    print(f"The damaged catalogue is kept as {report.plain(rebuilt.kept)}")
    if not rebuilt.folders:
        print("Its folders cannot be read any more. Index them: fashion-finder index FOLDER")
        return DONE
    line = report.ProgressLine()
    control = SyncControl()
    with _engine(options) as engine, _cancelled_by_ctrl_c(control):
        try:
            summary = engine.sync(progress=line.show, control=control)
        finally:
            line.end()
    report.print_summary(summary)
    return DONE


def _erase(options: argparse.Namespace) -> int:
    data_dir = _data_dir(options)
    if not options.yes:
        print(
            f"This deletes {report.plain(data_dir)}: the catalogue, the search index, the"
            " thumbnails, the logs and the settings. Your photos are not touched.",
            file=sys.stderr,
        )
        print("Type 'erase' to go on: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != "erase":
            print("Nothing was deleted.", file=sys.stderr)
            return FAILED
    erase_everything(data_dir)
    print("Everything the program knew is deleted. Your photos are untouched.")
    return DONE


# ---------------------------------------------------------------- shared by the commands


def _data_dir(options: argparse.Namespace) -> Path:
    chosen: Path | None = getattr(options, "data_dir", None)
    if chosen is not None:
        return absolute_path(chosen)
    return portable_data_dir() if getattr(options, "portable", False) else default_data_dir()


def _engine(options: argparse.Namespace) -> Engine:
    data_dir = prepare_data_dir(_data_dir(options))
    set_up_logging(data_dir, verbose=getattr(options, "verbose", False))
    watch_for_crashes(data_dir)
    return Engine.open(data_dir, getattr(options, "model", None))


@contextmanager
def _cancelled_by_ctrl_c(control: SyncControl) -> Iterator[None]:
    """The first Ctrl+C ends the sync after its batch; a second one does not wait."""

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


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return number


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("no folder is named")
    return Path(text)


def _make_streams_forgiving() -> None:
    """A file name may not fit the terminal's encoding; that is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
