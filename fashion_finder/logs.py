"""Logging to a small rotating file and, on request, to stderr; and a file for crash traces.

Log lines name none of the user's files: they carry an error's ``reason``, not its subject. With
``--verbose`` they may.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import traceback
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from fashion_finder.data_folder import DataFolder
from fashion_finder.own_files import make_folder, make_way_for_new, open_regular

_BYTES = 1_000_000
_LOGS_KEPT = 2  # beside the one that is written
_CRASHES_KEPT = 3
# Executors log to the second what a callback of theirs raised.
_LOGGERS = ("fashion_finder", "concurrent.futures")
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

_crash_file: IO[bytes] | None = None


class QuietFormatter(logging.Formatter):
    """Leaves out the text of exceptions, which may name the user's files."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """Frames and type."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


def set_up_logging(data_dir: Path, *, verbose: bool) -> None:
    """Log to the data folder, which must exist; a read-only one gets no log."""
    logging.raiseExceptions = False  # a full disk must not fill the terminal
    logging.getLogger("fashion_finder").setLevel(logging.DEBUG if verbose else logging.INFO)
    folder = DataFolder(data_dir)
    handlers: list[logging.Handler] = []
    try:
        make_folder(folder.logs)
        for number in range(1, _LOGS_KEPT + 1):
            make_way_for_new(folder.log_file.with_name(f"{folder.log_file.name}.{number}"))
        make_way_for_new(folder.log_file)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder.log_file,
                maxBytes=_BYTES,
                backupCount=_LOGS_KEPT,
                encoding="utf-8",
                errors="backslashreplace",
            )
        )
    except OSError as error:
        logging.getLogger(__name__).warning("no log can be written: %s", error.strerror)
    if verbose:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT) if verbose else QuietFormatter(_FORMAT))
    end_logging()
    for name in _LOGGERS:
        for handler in handlers:
            logging.getLogger(name).addHandler(handler)


def end_logging() -> None:
    """Close the log file, so that it can be deleted on every system."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for old in list(logger.handlers):
            logger.removeHandler(old)
            with suppress(OSError):  # the disk is full: what it still had to write is lost
                old.close()


# ---------------------------------------------------------------- crashes


def watch_for_crashes(data_dir: Path) -> None:
    """From now on, a crash leaves the frames of all threads in the log folder, which must exist.

    Does nothing where crashes are watched already, as with ``python -X faulthandler``.
    """
    global _crash_file
    if faulthandler.is_enabled():
        return
    path = DataFolder(data_dir).crash_log
    try:
        make_way_for_new(path)
        if path.exists() and path.stat().st_size > _BYTES:
            _put_crash_aside(path)
        _crash_file = path.open("ab", buffering=0)  # other processes append to it too
    except OSError as error:
        logging.getLogger(__name__).warning("no crash can be logged: %s", error.strerror)
        return
    faulthandler.enable(_crash_file)


def end_watching_for_crashes() -> None:
    """Close the crash file; one that others have set up goes on."""
    global _crash_file
    if _crash_file is not None:
        faulthandler.disable()
        _crash_file.close()
        _crash_file = None


def take_crash(data_dir: Path) -> str:
    """The trace of the last crash, once; "" if there was none. The file is set aside."""
    path = DataFolder(data_dir).crash_log
    try:
        with open_regular(path) as file:
            text = file.read(_BYTES).decode("utf-8", "replace")
        if text:
            _put_crash_aside(path)
    except OSError:
        return ""
    return text


def _put_crash_aside(path: Path) -> None:
    """Number it 1, the one before it 2, and so on; the oldest is dropped."""
    for number in range(1, _CRASHES_KEPT + 1):
        make_way_for_new(path.with_suffix(f".{number}.log"))
    for number in range(_CRASHES_KEPT - 1, 0, -1):
        with suppress(FileNotFoundError):
            path.with_suffix(f".{number}.log").replace(path.with_suffix(f".{number + 1}.log"))
    path.replace(path.with_suffix(".1.log"))
