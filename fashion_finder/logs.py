"""Logging: a small rotating file in the data folder, and stderr when asked for.

Log lines name no file or folder of the user's: they carry an error's ``reason``, not its subject.
With ``--verbose`` they may.
"""

from __future__ import annotations

import logging
import logging.handlers
import traceback
from pathlib import Path
from types import TracebackType

LOG_NAME = "fashion-finder.log"
_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class QuietFormatter(logging.Formatter):
    """Where an error happened and of what kind, without its text: that may name the user's files."""

    def formatException(  # noqa: N802 - logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Frames and type."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


def set_up_logging(data_dir: Path, *, verbose: bool) -> None:
    """Log to the data folder, which must exist; a folder that cannot be written gets no log."""
    logging.raiseExceptions = False  # a full disk must not fill the terminal
    root = logging.getLogger("fashion_finder")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    handlers: list[logging.Handler] = []
    try:
        (data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                data_dir / "logs" / LOG_NAME,
                maxBytes=_BYTES,
                backupCount=2,
                encoding="utf-8",
                errors="backslashreplace",
            )
        )
    except OSError as error:
        logging.getLogger(__name__).warning("no log can be written: %s", error.strerror)
    if verbose:
        handlers.append(logging.StreamHandler())
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT) if verbose else QuietFormatter(_FORMAT))
        root.addHandler(handler)
